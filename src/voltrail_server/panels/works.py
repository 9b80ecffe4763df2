"""Long work in words: how it stands, how far it is, what came of it. Knows no table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail_server.panels import words
from voltrail_server.panels.words import Word

STATES = {
    "waiting": Word("waiting", "Waiting", "dot", "quiet"),
    "running": Word("running", "Running", "dot", "quiet"),
    "silent": Word("silent", "Gives no sign", "unknown", "unknown"),
    "stopping": Word("stopping", "Stopping", "dot", "quiet"),
    "done": Word("done", "Done", "dot", "quiet"),
    "failed": Word("failed", "Failed", "refuse", "refuse"),
    "stopped": Word("stopped", "Stopped", "dot", "quiet"),
}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """Work as lists and its page show it."""

    id: str
    title: str
    by: str
    word: Word
    sentence: str
    hint: str
    trace: str
    done: int
    total: int
    percent: int
    counted: str
    link: str
    created: str
    age: str
    ended: str
    going_on: bool
    may_stop: bool
    may_repeat: bool


def line(work: Any, at: datetime) -> WorkLine:  # noqa: ANN401 — a row of work
    """Return work in words."""
    dead = work.is_dead(at)
    state = "silent" if dead else str(work.state)
    if state == "running" and work.stop_asked:
        state = "stopping"
    sentence, hint = _told(work, state)
    return WorkLine(
        id=str(work.pk),
        title=work.title,
        by=str(work.started_by or _("a program")),
        word=STATES[state],
        sentence=sentence,
        hint=hint,
        trace=work.trace,
        done=work.done,
        total=work.total,
        percent=min(100, work.done * 100 // work.total) if work.total else 0,
        counted=_counted(work),
        link=work.link,
        created=words.stamp(work.created_at),
        age=words.age(work.created_at, at),
        ended=words.stamp(work.ended_at),
        going_on=not work.is_over and not dead,
        may_stop=not work.is_over and not work.stop_asked,
        may_repeat=dead or state in ("failed", "stopped"),
    )


def _told(work: Any, state: str) -> tuple[str, str]:  # noqa: ANN401 — a row of work
    if state == "waiting":
        return _("It waits for a worker."), ""
    if state == "silent":
        return (
            _("The worker gave no sign for a minute; it was probably ended."),
            _("Try again: it goes on where it was."),
        )
    return work.sentence, work.hint


def _counted(work: Any) -> str:  # noqa: ANN401 — a row of work
    if not work.total:
        return f"{words.number(work.done)} {work.counted}".strip() if work.done else ""
    numbers = {"done": words.number(work.done), "total": words.number(work.total)}
    return _("%(done)s of %(total)s") % numbers + (f" {work.counted}" if work.counted else "")
