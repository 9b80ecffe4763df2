"""
Questions about one subject: what is on record, what was decided, what holds it, may it go in.

Reads only. The answers are kernel values; pages and the API render them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.actions import element
from voltrail.actions.describe import sentence_of
from voltrail.actions.desk import Desk
from voltrail.actions.hold import Standing, holds
from voltrail.actions.judge import ACCEPT_FIRST, requires
from voltrail.actions.prove import within
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import ArrivalId, LotId, PartyId, ProductId, SubjectId, UnitId
from voltrail.projections.dossier import dossier
from voltrail.projections.fold import view
from voltrail.projections.holds import Goods, covers
from voltrail.projections.service import InService, in_service
from voltrail.projections.stock import StockRow, row_of
from voltrail.projections.store import ArrivalRow
from voltrail.projections.view import Recorded, recorded
from voltrail.statements import kinds
from voltrail.statements.attestation import AttestationResult, TrustTier
from voltrail.statements.custody import HandOver
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.lot import LotRecord
from voltrail.statements.stock import Stock
from voltrail.wording import worded

__all__ = [
    "ArrivalStory",
    "InstallAnswer",
    "arrival",
    "brought",
    "entry",
    "held",
    "in_service_before",
    "may_install",
    "refuted",
    "sentence_of",
    "subject",
]


class ArrivalStory(Struct, frozen=True):
    """An arrival as a page shows it, and whether two accept it before its first unit goes in."""

    row: ArrivalRow
    decision: Recorded[DecisionRecord] | None
    history: tuple[Recorded[DecisionRecord], ...]
    facts: tuple[Recorded[Any], ...]
    custody: tuple[Recorded[HandOver], ...]
    holds: tuple[Standing, ...] = ()
    service: InService = InService()
    accept_first: bool = True


class InstallAnswer(Struct, frozen=True):
    """Whether a unit may be installed, why, and the entries that say so."""

    allowed: bool
    sentence: str
    entries: tuple[int, ...] = ()


def subject(desk: Desk, which: SubjectId) -> tuple[Recorded[Any], ...]:
    """
    Return everything on record about a subject, oldest claim first.

    Args:
        desk: where it is kept
        which: the subject

    Returns:
        Recorded facts, those withdrawn since included.

    Raises:
        UnknownSubjectError: nobody has spoken of it.

    Source: design, section 5.4.
    """
    found = view(desk.entries, desk.views, which).facts
    if not found:
        raise UnknownSubjectError(
            f"Nobody has spoken of {which}.", hint="Check the spelling, or hand in a statement."
        )
    return found


def arrival(desk: Desk, which: ArrivalId) -> ArrivalStory:
    """
    Return an arrival with its decision, history and everything the decision could rest on.

    Args:
        desk: where it is kept
        which: the arrival

    Returns:
        The story.

    Raises:
        UnknownSubjectError: no such arrival.

    Source: mission, EE-02.
    """
    row = desk.views.row(which)
    if row is None:
        raise UnknownSubjectError(
            f"No arrival {which} is on record.", hint="Check the number on the delivery note."
        )
    seen = dossier(desk, which)
    own = view(desk.entries, desk.views, which)
    decided = sorted(own.every(DecisionRecord), key=lambda one: -one.entry.index)
    facts = tuple(sorted(seen.facts, key=lambda one: (one.header.claimed_time, one.entry.index)))
    return ArrivalStory(
        row=row,
        decision=decided[0] if decided else None,
        history=tuple(decided[1:]),
        facts=facts,
        custody=seen.lot.standing(HandOver),
        holds=_at(desk, frozenset(one.entry.index for one in seen.holds)),
        service=in_service(seen),
        accept_first=requires(desk, seen, ACCEPT_FIRST),
    )


def hand_overs(facts: Iterable[Recorded[Any]]) -> tuple[Recorded[HandOver], ...]:
    """
    Return the hand-over halves among facts that nobody withdrew.

    Args:
        facts: what is on record about a subject

    Returns:
        The halves, in the order they came in.

    Source: our choice: ADR 0030.
    """
    return tuple(
        one for one in facts if isinstance(one.fact, HandOver) and one.withdrawn_by is None
    )


def entry(desk: Desk, index: int) -> Recorded[Any]:
    """
    Return the recorded fact at an index.

    Args:
        desk: where it is kept
        index: place in the register

    Returns:
        The fact; `fact` is None where its predicate type is unknown here.

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: design, section 5.4.
    """
    within(desk, index)
    (found,) = desk.entries.at([index])
    return recorded(found)


def may_install(desk: Desk, unit: UnitId, at: datetime) -> InstallAnswer:
    """
    Return whether a unit may be installed: the one answer page, API and command line give.

    Args:
        desk: where it is kept
        unit: which unit
        at: the time of asking

    Returns:
        Allowed only where its one arrival is released, nothing holds it, and the last answer of
        its element, where one was asked, was not wrong.

    Source: design, walls; mission, II-07, PV-03.
    """
    arrivals = sorted(desk.views.sightings([unit]).get(unit, frozenset()))
    before, wrong = in_service_before(desk, unit), refuted(desk, unit)
    if wrong is not None:
        return InstallAnswer(
            allowed=False,
            sentence=worded("The element of %(unit)s gave a wrong answer.", unit=unit.key),
            entries=(wrong.entry.index,),
        )
    if before is not None:
        return _brought(before, unit, len(arrivals))
    if not arrivals:
        said = worded("No arrival with %(unit)s is on record.", unit=unit)
        return InstallAnswer(allowed=False, sentence=said)
    if len(arrivals) > 1:
        return InstallAnswer(
            allowed=False,
            sentence=worded(
                "%(unit)s was seen in %(count)s arrivals; one is a clone.",
                unit=unit.key,
                count=len(arrivals),
            ),
        )
    row = desk.views.row(arrivals[0])
    if row is None or row.disposition != "release":
        why = worded("Not judged yet.") if row is None else row.sentence
        return InstallAnswer(
            allowed=False, sentence=why, entries=() if row is None else (row.decided,)
        )
    return InstallAnswer(
        allowed=True,
        sentence=worded("Released as of %(day)s: %(why)s", day=at.date(), why=row.sentence),
        entries=(row.decided,),
    )


_STOCK = kinds.uri("stock")


def refuted(desk: Desk, unit: UnitId) -> Recorded[AttestationResult] | None:
    """
    Return the wrong answer that a unit's element gave last.

    Args:
        desk: where it is kept
        unit: which unit

    Returns:
        The recorded result, or None where the last answer was right or nobody asked.

    Source: ADR 0043.
    """
    found = element.last(desk, unit)
    wrong = found is not None and found.fact.status is TrustTier.CONTRAINDICATED
    return found if wrong else None


def in_service_before(desk: Desk, unit: UnitId) -> Recorded[Stock] | None:
    """
    Return the newest statement that says a unit was in service before Voltrail.

    Args:
        desk: where it is kept
        unit: which unit

    Returns:
        The recorded statement, or None.

    Source: our choice: ADR 0021.
    """
    if not desk.views.indices(_STOCK):
        return None
    return view(desk.entries, desk.views, unit).newest(Stock)


def brought(desk: Desk, unit: UnitId, facts: Sequence[Recorded[Any]] = ()) -> StockRow | None:
    """
    Return what the list said of a unit that was in service before Voltrail.

    Args:
        desk: where it is kept
        unit: which unit
        facts: what is on record about it, oldest claim first, where somebody read it already

    Returns:
        Its row, or None where it was not brought in, or the table is not here.

    Source: our choice: ADR 0021.
    """
    said = [one for one in facts if isinstance(one.fact, Stock) and one.withdrawn_by is None]
    found = said[-1] if said else None if facts else in_service_before(desk, unit)
    return None if found is None else row_of(found.fact, desk.blobs, unit)


def _brought(before: Recorded[Stock], unit: UnitId, arrivals: int) -> InstallAnswer:
    """Say that nothing about a unit was proven; one that arrives again is two units."""
    sentence = worded("Unproven, in service before Voltrail; no evidence says what it is.")
    if arrivals:
        sentence = worded(
            "%(unit)s was in service before Voltrail and arrived again; one is a clone.", unit=unit
        )
    return InstallAnswer(allowed=False, sentence=sentence, entries=(before.entry.index,))


def held(desk: Desk, which: SubjectId) -> tuple[Standing, ...]:
    """
    Return the standing holds that fit a lot, a unit, a product or a party, newest first.

    Args:
        desk: where it is kept
        which: the subject; an arrival's holds are in its story

    Returns:
        Holds with who has lifted them; nothing for other kinds of subject.

    Source: design, walls; mission, II-07.
    """
    found = tuple(one for one in holds(desk) if one.stands)
    if isinstance(which, PartyId):
        return tuple(one for one in found if one.hold.fact.selector.party == which)
    if isinstance(which, ProductId):
        return tuple(one for one in found if one.hold.fact.selector.product == which)
    goods = _goods(desk, which) if found else ()
    return tuple(
        one for one in found if any(covers(one.hold.fact.selector, each) for each in goods)
    )


def _at(desk: Desk, indices: frozenset[int]) -> tuple[Standing, ...]:
    if not indices:
        return ()
    return tuple(one for one in holds(desk) if one.hold.entry.index in indices)


def _goods(desk: Desk, which: SubjectId) -> tuple[Goods, ...]:
    """Return what a selector is compared with: the lot, or the unit as each arrival lists it."""
    if isinstance(which, LotId):
        nowhere = ArrivalId.of(*which.parts)
        maker = PartyId.of(which.parts[0])
        return (_lot_goods(desk, which, nowhere, frozenset({maker}), frozenset()),)
    if not isinstance(which, UnitId):
        return ()
    arrivals = sorted(desk.views.sightings([which]).get(which, frozenset()))
    rows = [row for row in map(desk.views.row, arrivals) if row is not None]
    return tuple(
        _lot_goods(
            desk,
            LotId.read(row.lot),
            ArrivalId.read(row.arrival),
            frozenset(PartyId.read(one) for one in (row.maker, row.seller) if one),
            frozenset({which.parts[-1]}),
        )
        for row in rows
    )


def _lot_goods(
    desk: Desk,
    lot: LotId,
    arrival: ArrivalId,
    parties: frozenset[PartyId],
    serials: frozenset[str],
) -> Goods:
    record = view(desk.entries, desk.views, lot).newest(LotRecord)
    product = None if record is None else record.fact.product
    firmware = None if record is None else record.fact.firmware_version
    listed = frozenset() if record is None else frozenset(record.fact.serials)
    return Goods(arrival, lot, product, firmware, parties, serials or listed)
