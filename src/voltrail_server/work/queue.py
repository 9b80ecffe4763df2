"""
Begin work, stop it, try it again; and whose it is.

Row and queue entry are written in one transaction: there is no work that no worker hears of. One
person stops and repeats their own work; administrators all.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from voltrail.errors import NotPermittedError, StaleEvidenceError, UnknownSubjectError
from voltrail_server import wiring
from voltrail_server.people import functions
from voltrail_server.people.models import Account, Role
from voltrail_server.work import runner, verbs
from voltrail_server.work.models import ENDED, SILENT, State, Work

ATTEMPTS = 3  # begun by itself no more often: what kills its worker each time waits for a person
LISTED = 100  # [works] the newest ones that a list shows


def begin(by: Account | None, verb: str, title: str, arguments: Mapping[str, Any]) -> Work:
    """Return work that a worker will do; in tests, and where told so, it is done at once."""
    verbs.function_of(verb)
    kept = json.loads(json.dumps(dict(arguments)))
    with transaction.atomic():
        made = Work.objects.create(
            verb=verb,
            title=title[:200],
            arguments=kept,
            started_by=by,
            created_at=wiring.now(),
        )
        runner.run.enqueue(str(made.pk))
    made.refresh_from_db()
    return made


def do_now(by: Account | None, verb: str, title: str, arguments: Mapping[str, Any]) -> Work:
    """Return work that this process did itself: for commands, which wait for the end."""
    made = Work.objects.create(
        verb=verb,
        title=title[:200],
        arguments=dict(arguments),
        started_by=by,
        created_at=wiring.now(),
    )
    runner.run.call(str(made.pk))
    made.refresh_from_db()
    return made


def find(by: Account | None, work: UUID) -> Work:
    """Return somebody's work; nobody (a program of the operator) and administrators see all."""
    found = Work.objects.select_related("started_by").filter(pk=work).first()
    if found is None:
        raise UnknownSubjectError("No such work is known.", hint="Look at the list of work.")
    if not _may(by, found):
        raise NotPermittedError(
            "This work was begun by somebody else.", hint="Ask them, or an administrator."
        )
    return found


def listing(by: Account) -> list[Work]:
    """Return a person's newest work; an administrator's list holds everybody's."""
    found: QuerySet[Work] = Work.objects.select_related("started_by")
    if Role.ADMINISTRATOR not in functions.names(by):
        found = found.filter(started_by=by)
    return list(found[:LISTED])


def going_on(by: Account, most: int) -> list[Work]:
    """Return a person's newest work that is not over."""
    return list(Work.objects.filter(started_by=by).exclude(state__in=ENDED)[:most])


def stop(work: Work) -> None:
    """Ask a worker to stop at the next step; what waits or is dead stops at once."""
    at = wiring.now()
    Work.objects.filter(pk=work.pk).exclude(state__in=ENDED).update(stop_asked=True)
    still = Q(state=State.WAITING) | (
        Q(state=State.RUNNING) & (Q(heartbeat=None) | Q(heartbeat__lt=at - SILENT))
    )
    Work.objects.filter(still, pk=work.pk).update(state=State.STOPPED, ended_at=at)


def again(work: Work) -> None:
    """Let a worker go on with work that failed, was stopped, or whose worker died."""
    at = wiring.now()
    if work.state not in (State.FAILED, State.STOPPED) and not work.is_dead(at):
        raise StaleEvidenceError(
            "This work is still going on, or done.", hint="Wait for its end, or stop it first."
        )
    with transaction.atomic():
        changed = Work.objects.filter(pk=work.pk, attempt=work.attempt, state=work.state).update(
            state=State.WAITING, stop_asked=False, trace="", hint="", ended_at=None, sentence=""
        )
        if changed:
            runner.run.enqueue(str(work.pk))


def revive() -> int:
    """Begin again what dead workers left behind, unless it killed several; return how much."""
    silent = wiring.now() - SILENT
    dead = Work.objects.filter(state=State.RUNNING, attempt__lt=ATTEMPTS).filter(
        Q(heartbeat=None) | Q(heartbeat__lt=silent)
    )
    found = list(dead)
    for one in found:
        again(one)
    return len(found)


def _may(by: Account | None, work: Work) -> bool:
    return by is None or Role.ADMINISTRATOR in functions.names(by) or work.started_by_id == by.pk
