"""
The one task of the queue: take a piece of work, do it, write down what came of it.

Only one attempt owns the row: whoever begins again takes the next number, and an older attempt
that wakes up writes nothing. A failure keeps one sentence for people and a trace id for the log,
where a refusal is one line and only a mistake of ours shows how it came about.
"""

import logging
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.work import verbs
from voltrail_server.work.models import State, Work
from voltrail_server.work.progress import Progress, ReplacedError, StoppedError

_LOG = logging.getLogger(__name__)
_MISTAKE = 500  # the status from which an error is the server's, such as a corrupt register


@task()
def run(work: str) -> None:
    """Do a piece of work, unless it was stopped or another worker has it."""
    found = _taken(UUID(work))
    if found is None:
        return
    progress = Progress(found.pk, found.attempt, wiring.now)
    try:
        with _alive(progress):
            result = verbs.function_of(found.verb)(progress, found.arguments)
        _end(found, State.DONE, result)
    except ReplacedError:
        _LOG.warning("Work %s goes on elsewhere; attempt %s ends.", found.pk, found.attempt)
    except StoppedError:
        _end(found, State.STOPPED, {"sentence": _("Stopped. What was done so far stands.")})
    except Exception as error:  # noqa: BLE001 — whatever it was, somebody waits for an answer
        _fail(found, error)


def _taken(work: UUID) -> Work | None:
    at = wiring.now()
    changed = Work.objects.filter(pk=work, state=State.WAITING).update(
        state=State.RUNNING, attempt=F("attempt") + 1, started_at=at, heartbeat=at
    )
    return Work.objects.get(pk=work) if changed else None


def _alive(progress: Progress) -> AbstractContextManager[None]:
    return nullcontext() if settings.VOLTRAIL_WORK == "immediate" else progress.alive()


def _end(work: Work, state: State, result: Mapping[str, Any]) -> None:
    kept = dict(result)
    at = wiring.now()
    told = {"link": str(kept.pop("link", ""))[:300], "result": kept}
    if sentence := str(kept.pop("sentence", "")):
        told["sentence"] = sentence[:400]
    _own(work).update(state=state, ended_at=at, heartbeat=at, **told)


def _fail(work: Work, error: Exception) -> None:
    trace = secrets.token_hex(8)
    ours = isinstance(error, ProductError)
    if isinstance(error, ProductError) and error.status < _MISTAKE:
        said = " ".join(str(error).split())
        _LOG.warning("Work %s (%s) failed, trace %s: %s", work.pk, work.verb, trace, said)
    else:
        _LOG.error("Work %s (%s) failed, trace %s", work.pk, work.verb, trace, exc_info=error)
    sentence = str(error) if ours else _("The server made a mistake; what was done so far stands.")
    hint = getattr(error, "hint", "") or _("Try again; it goes on where it was.")
    at = wiring.now()
    _own(work).update(
        state=State.FAILED, sentence=sentence[:400], hint=hint[:400], trace=trace, ended_at=at
    )


def _own(work: Work) -> QuerySet[Work]:
    return Work.objects.filter(pk=work.pk, attempt=work.attempt, state=State.RUNNING)
