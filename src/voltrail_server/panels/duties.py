"""Open duties in words, with the one place that each leads to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voltrail_server.panels import words

_DESKS = {"arrival": "arrivals", "order": "orders", "lot": "lots", "party": "parties"}


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as a queue shows it."""

    key: str
    address: str
    asked: str
    role: str
    place: str
    why: str
    due: str
    late: bool


def line(duty: Any, at: datetime) -> DutyLine:  # noqa: ANN401 — a duty
    """Return a duty in words."""
    _, _, kind, key = duty.subject.split(":", 3)
    desk = _DESKS.get(kind)
    return DutyLine(
        key,
        f"/{desk}/{key}/" if desk else f"/subjects/{duty.subject}/",
        duty.verb.replace("-", " ").capitalize(),
        duty.role,
        duty.scope.split(":", 3)[3] if duty.scope else "",
        duty.why,
        words.stamp(duty.due),
        duty.late(at),
    )
