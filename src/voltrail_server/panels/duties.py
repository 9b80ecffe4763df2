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
    address: str
    asked: str
    role: str
    place: Named
    why: str
    due: str
    late: bool


def line(
    duty: Any,  # noqa: ANN401 — a duty
    at: datetime,
    naming: Naming = unnamed,
) -> DutyLine:
    """Return a duty in words."""
    return DutyLine(
        key_of(duty.subject),
        address(duty.subject),
        words.said(duty.verb.replace("-", " ").capitalize()),
        words.said(duty.role),
        naming(duty.scope),
        words.said(duty.why),
        words.stamp(duty.due),
        duty.late(at),
    )
