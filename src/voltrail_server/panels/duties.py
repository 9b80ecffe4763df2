"""Open duties in words, with the one place that each leads to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, address, key_of, unnamed


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as a queue shows it."""

    key: str
    subject: str
    address: str
    asked: str
    role: str
    place: Named
    why: str
    due: str
    late: bool
    yours: bool


def line(
    duty: Any,  # noqa: ANN401 — a duty
    viewer: tuple[frozenset[str], datetime],
    naming: Naming = unnamed,
) -> DutyLine:
    """Return a duty in words, for somebody who holds some functions, at a time."""
    names, at = viewer
    return DutyLine(
        key_of(duty.subject),
        address(duty.subject),
        _way(duty),
        words.said(duty.verb.replace("-", " ").capitalize()),
        words.said(duty.role),
        naming(duty.scope),
        words.said(duty.why),
        words.stamp(duty.due),
        duty.late(at),
        duty.role in names,
    )


def _way(duty: Any) -> str:  # noqa: ANN401 — a duty
    """Return where a duty is done: the step of its arrival's playbook, or the page of its own."""
    if duty.verb == "settle-key":
        return "/people/keys/"
    where = address(duty.subject)
    return f"{where}#playbook" if where.startswith("/arrivals/") else where
