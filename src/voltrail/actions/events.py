"""What is on record about one thing as EPCIS events: page by page, by time and business step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, ProductError, UnknownSubjectError
from voltrail.ids.identify import identify
from voltrail.ids.subject import SubjectId, is_identity, parse
from voltrail.projections import identities
from voltrail.projections.fold import view
from voltrail.statements.assembly import Assembly
from voltrail.statements.custody import HandOver
from voltrail.statements.fields import stamp
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement
from voltrail.writers import epcis

MOST = 1_000  # [events] in one page; our choice: ADR 0057
_KINDS = (HandOver, Assembly, Installation, Movement)


class Asked(Struct, frozen=True):
    """Which events: from a time on, before a time, of some steps, after a mark, how many."""

    since: datetime | None = None
    before: datetime | None = None
    steps: frozenset[str] = frozenset()
    after: int = -1
    most: int = 30


class Events(Struct, frozen=True):
    """Events in register order as a query's answer; the mark of the next page, if there is one."""

    subject: SubjectId
    document: Mapping[str, Any]
    next: int | None


def meant(desk: Desk, code: str, at: datetime) -> SubjectId:
    """
    Return which of our subjects an identity is: ours, or a code that the record knows.

    Args:
        desk: where it is kept
        code: a URN of ours, or any code that `identify` reads
        at: now, for dates in codes

    Returns:
        The one subject.

    Raises:
        MalformedError: the code is written wrong, or means more than one thing.
        UnknownSubjectError: nothing on record says what it is.

    Source: mission, PV-01; ADR 0057.
    """
    if is_identity(code):
        return parse(code)
    found = identities.meant(desk.entries, desk.views, identify(code, at.date()))
    if found.clash is not None:
        raise MalformedError(str(found.clash), hint="Ask by one of our identities.")
    if len(found.subjects) > 1:
        names = ", ".join(one.key for one in found.subjects[:3])
        raise MalformedError(f"The code means {names}.", hint="Ask by one of our identities.")
    if not found.subjects:
        raise UnknownSubjectError(
            "Nothing on record says what this code is.", hint="Record it with the unit or product."
        )
    return found.subjects[0]


def events(desk: Desk, subject: SubjectId, asked: Asked, at: datetime) -> Events:
    """
    Return the hand-overs, assemblies, installations and moves about a thing as events.

    Args:
        desk: where they are kept
        subject: a unit, a lot, or whatever was spoken of
        asked: which of them
        at: when the answer is made

    Returns:
        Events in register order; a fact that EPCIS has no event for is left out.

    Source: EPCIS 2.0, section 8.2.7; ADR 0057.
    """
    found: list[tuple[int, Mapping[str, Any]]] = []
    facts = [
        one
        for one in view(desk.entries, desk.views, subject).facts
        if isinstance(one.fact, _KINDS) and one.withdrawn_by is None
    ]
    for one in sorted(facts, key=lambda one: one.entry.index):
        if one.entry.index > asked.after:
            told = _event(one.fact, one.entry.index, one.entry.log_time)
            if told is not None and _fits(told, asked):
                found.append((one.entry.index, told))
    page = found[: max(1, min(asked.most, MOST))]
    more = page[-1][0] if len(found) > len(page) else None
    return Events(subject, epcis.answer([event for _, event in page], at), more)


def _event(fact: Any, index: int, logged: datetime) -> Mapping[str, Any] | None:  # noqa: ANN401
    try:
        made = epcis.event(fact)
    except ProductError:
        return None
    return {**made, "recordTime": stamp(logged), "voltrail:entry": index}


def _fits(told: Mapping[str, Any], asked: Asked) -> bool:
    at = datetime.fromisoformat(told["eventTime"])
    early = asked.since is not None and at < asked.since
    late = asked.before is not None and at >= asked.before
    return not (early or late or (asked.steps and told.get("bizStep") not in asked.steps))
