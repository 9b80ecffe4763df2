"""
Move goods: check, record, hold where a seal was changed; undo; report who came without permission.

A move is refused with every reason at once, and nothing is recorded. Where the seals are not those
that were set, the goods are where they are: the move is recorded and they are held, so that no next
step is taken until two persons lift the hold.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import fields, replace

from voltrail import canonical
from voltrail.actions import located, record, show
from voltrail.actions.desk import Desk
from voltrail.actions.hindrance import (
    NOT_PERMITTED,
    Against,
    Wanted,
    against,
    changed,
    last_sealed,
)
from voltrail.actions.record import Registered
from voltrail.errors import (
    MalformedError,
    NotPermittedError,
    UnknownSubjectError,
    UnmetError,
)
from voltrail.ids.subject import ArrivalId, CaseId, PersonId, PlaceId, SubjectId, UnitId
from voltrail.projections.fold import view
from voltrail.projections.view import Recorded
from voltrail.projections.whereabouts import AT, Sealed, loose, seals_of
from voltrail.statements import fields as codec
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, Selector
from voltrail.statements.movement import Movement
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import MAX_SUBJECTS, Header
from voltrail.wording import worded

MOST_UNITS = 500  # [units] of one move; the door holds longer lists as tables
_MOST_HOLDS = 20  # [holds] of single units; more are held by the deliveries that they came with


class Moved(Struct, frozen=True):
    """Where a move stands in the register, which units it moved, and the holds it led to."""

    placed: Registered
    units: tuple[UnitId, ...]
    holds: tuple[Registered, ...] = ()


def read(raw: bytes) -> Wanted:
    """
    Return what somebody wants to move, from JSON.

    Args:
        raw: the fields of `Wanted`

    Returns:
        What is wanted.

    Raises:
        MalformedError: no such object, a field missing, unknown or of another form.

    Source: mission, CU-03.
    """
    found = canonical.parse(raw, what="move")
    known = {one.encode_name for one in fields(Wanted)}
    strange = sorted(found.keys() - known)
    if strange:
        raise MalformedError(
            f"The move has a field {strange[0][:40]!r} that is not known.",
            hint=f"Give: {', '.join(sorted(known))}.",
        )
    return codec.read(Wanted, found, "The move")


def move(desk: Desk, wanted: Wanted, at: datetime, *, report: bool = False) -> Moved:
    """
    Return the place of a move in the register, and of the holds that a changed seal led to.

    Args:
        desk: holds the operator's key
        wanted: what, to where, by whom, which seals
        at: log time; the time of the move where none is given
        report: whether an entry without permission is remembered as a signal

    Returns:
        The move, its units, its holds.

    Raises:
        MalformedError: the move names nothing, too much, or a time to come.
        UnmetError: what stands against it, all of it; nothing was moved.
        RefusedError: what the register refuses it with.

    Source: mission, CU-03, CU-04; ADR 0051.
    """
    when = wanted.at or at
    _need_sense(wanted, when, at)
    kept: Registered | None = None
    with desk.entries.transaction():
        wanted = _completed(desk, wanted)
        units = wanted.units or _inside(desk, wanted)
        reasons = against(desk, wanted, units, when)
        if not reasons:
            return _record(desk, wanted, units, (when, at))
        barred = [one for one in reasons if one.name == NOT_PERMITTED]
        if report and barred:
            kept = _report(desk, wanted, barred[0], at)
    first = reasons[0]
    more = len(reasons) - 1
    said = worded("%(said)s And %(more)s more.", said=first.sentence, more=more)
    raise UnmetError(
        said if more else first.sentence,
        hint=first.hint,
        unmet=reasons,
        attempt=None if kept is None else kept.index,
    )


def one_move(desk: Desk, index: int) -> Recorded[Movement]:
    """
    Return the move of an entry, as it stands now.

    Args:
        desk: where it is kept
        index: its place in the register

    Returns:
        The recorded move; `withdrawn_by` where it was undone.

    Raises:
        UnknownSubjectError: the register has no such entry, or it is no move.

    Source: mission, CU-03.
    """
    found = show.entry(desk, index)
    if not isinstance(found.fact, Movement):
        raise UnknownSubjectError(
            worded("Entry %(index)s is no move.", index=index),
            hint=worded("Open it from the page of its unit or place."),
        )
    about = view(desk.entries, desk.views, found.subjects[0]).every(Movement)
    return next((one for one in about if one.entry.index == index), found)


def undo(desk: Desk, index: int, by: tuple[PersonId, bool], why: str, at: datetime) -> Registered:
    """
    Return the place of the correction that withdraws a move; its holds stay.

    Args:
        desk: holds the operator's key
        index: the move's place in the register
        by: who undoes it, and whether they may do so for others
        why: one sentence
        at: log time

    Returns:
        Index and digest of the correction.

    Raises:
        UnknownSubjectError: no such move.
        NotPermittedError: it is somebody else's.
        MalformedError: it was undone before, the goods moved on since, or no reason is given.
        RefusedError: what the register refuses it with.

    Source: mission, CU-03; ADR 0051.
    """
    if not why.strip():
        raise MalformedError(worded("No reason is given."), hint=worded("Say in one sentence why."))
    (person, may_all), found = by, one_move(desk, index)
    if found.fact.by != person and not may_all:
        raise NotPermittedError(
            worded("This move is somebody else's."),
            hint=worded("Ask %(who)s to undo it.", who=found.fact.by.key),
        )
    if found.withdrawn_by is not None:
        raise MalformedError(
            worded("This move was undone before."),
            hint=worded("Read entry %(index)s.", index=found.withdrawn_by),
        )
    later = _later(desk, found)
    if later is not None:
        raise MalformedError(
            worded("The goods moved on since."),
            hint=worded("Undo entry %(index)s first.", index=later),
        )
    fact = Correction(Digest(found.entry.digest), f"{person.key}: {why.strip()}")
    return record.state(desk, fact, Header(desk.operator, at), *found.subjects)


def _need_sense(wanted: Wanted, when: datetime, at: datetime) -> None:
    if when > at:
        raise MalformedError(
            worded("The move is said to be in the future."),
            hint=worded("Give the time at which it was done, or none."),
        )
    if len(wanted.units) > MOST_UNITS:
        raise MalformedError(
            worded("One move names at most %(most)s units.", most=MOST_UNITS),
            hint=worded("Make several moves of it."),
        )
    if len(set(wanted.units)) < len(wanted.units):
        raise MalformedError(
            worded("One unit stands twice in the move."), hint=worded("Name each unit once.")
        )
    if wanted.seals_missing and wanted.seals_found:
        raise MalformedError(
            worded("A seal was found, and it is said to be missing."),
            hint=worded("Say one of the two."),
        )


def _completed(desk: Desk, wanted: Wanted) -> Wanted:
    """Return what is wanted with where the goods come from, where the record knows one place."""
    if wanted.came_from is not None:
        return wanted
    if wanted.lot is not None:
        facts = view(desk.entries, desk.views, wanted.lot).facts
        told = loose(wanted.lot, (one for one in facts if one.withdrawn_by is None))
        places = {one.place for one in told if one.items > 0}
        places.discard(None)
        return replace(wanted, came_from=places.pop() if len(places) == 1 else None)
    return wanted


def _inside(desk: Desk, wanted: Wanted) -> tuple[UnitId, ...]:
    """Return what a move of a container carries along."""
    if wanted.lot is not None:
        return ()
    if wanted.container is None:
        raise MalformedError(
            worded("The move names nothing."),
            hint=worded("Name units, a number of one lot, or a container."),
        )
    found = located.in_container(desk, wanted.container)
    if not found:
        raise UnknownSubjectError(
            worded("Nothing on record is in container %(name)s.", name=wanted.container),
            hint=worded("Scan the units that are in it."),
        )
    return found


def _record(
    desk: Desk, wanted: Wanted, units: Sequence[UnitId], times: tuple[datetime, datetime]
) -> Moved:
    """State the move, and a hold for whatever went under a seal that was changed."""
    when, at = times
    last = last_sealed(desk, wanted)
    fact = _fact(desk, wanted, units, when)
    placed = record.state(desk, fact, Header(desk.operator, at), *_subjects(fact, units))
    where = changed(wanted, last)
    if where is None:
        return Moved(placed, tuple(units))
    cause = _cause(wanted, where, last[where])
    case = CaseId.of(desk.operator.key, f"seal-{placed.index}")
    holds = tuple(
        record.state(
            desk, Hold(case, selector, cause, wanted.by), Header(desk.operator, at), case, about
        )
        for selector, about in _held(desk, wanted, units)
    )
    return Moved(placed, tuple(units), holds)


def _cause(wanted: Wanted, where: str, last: Sealed) -> str:
    """Say what was found, and what had been set there by which entry."""
    found = ", ".join(seals_of(wanted, where).found) or "no seal"
    before = f"seal {', '.join(last.seals)}" if last.seals else "no seal"
    name = wanted.to.key if where.startswith(AT) else wanted.container
    return f"Found {found} at {name}; {before} was set there by entry {last.entry}."


def _held(
    desk: Desk, wanted: Wanted, units: Sequence[UnitId]
) -> Iterator[tuple[Selector, SubjectId]]:
    """Yield what is held: each unit; of many, the deliveries they came with; else the lot."""
    if wanted.lot is not None:
        yield Selector(lot=wanted.lot), wanted.lot
        return
    seen = desk.views.sightings(units) if len(units) > _MOST_HOLDS else {}
    arrivals = sorted({one for unit in units for one in seen.get(unit, frozenset())})
    for arrival in map(ArrivalId.read, arrivals):
        yield Selector(arrival=arrival), arrival
    for unit in units:
        if unit not in seen:
            yield Selector(unit=unit), unit


def _fact(desk: Desk, wanted: Wanted, units: Sequence[UnitId], when: datetime) -> Movement:
    entries = desk.entries.at(sorted(set(wanted.corrects))) if wanted.corrects else ()
    found = {one.place for one in located.located(desk, units).values() if one is not None}
    found.discard(None)
    before = wanted.came_from or (found.pop() if len(found) == 1 else None)
    return Movement(
        number=wanted.number or f"M-{when:%Y%m%dT%H%M%S}-{desk.entries.size()}",
        holder=desk.operator,
        verb=wanted.verb,
        to=wanted.to,
        at=when,
        by=wanted.by,
        units=wanted.units,
        lot=wanted.lot,
        quantity=wanted.quantity,
        container=wanted.container,
        came_from=before,
        contractor=wanted.contractor,
        seals_found=wanted.seals_found,
        seals_set=wanted.seals_set,
        seals_missing=wanted.seals_missing,
        place_seals_found=wanted.place_seals_found,
        place_seals_set=wanted.place_seals_set,
        corrects=tuple(Digest(one.parsed.envelope) for one in entries),
        note=wanted.note,
    )


def _subjects(fact: Movement, units: Sequence[UnitId]) -> tuple[SubjectId, ...]:
    """Return what the statement is about; more than fits is linked by its own fields."""
    named: tuple[SubjectId, ...] = (fact.lot,) if fact.lot else tuple(units)
    return named[:MAX_SUBJECTS]


def _later(desk: Desk, found: Recorded[Movement]) -> int | None:
    """Return the entry of a move that came after this one, of any of the same goods."""
    fact = found.fact
    keys = [*fact.units, *((fact.lot,) if fact.lot else found.subjects)]
    for one in keys:
        for other in view(desk.entries, desk.views, one).standing(Movement):
            if (other.fact.at, other.entry.index) > (fact.at, found.entry.index):
                return other.entry.index
    return None


def _report(desk: Desk, wanted: Wanted, barred: Against, at: datetime) -> Registered:
    """Remember that somebody wanted to enter a place without permission."""
    place = barred.about if isinstance(barred.about, PlaceId) else wanted.to
    parties = (wanted.contractor,) if wanted.contractor else ()
    said = f"{barred.sentence} Wanted: {wanted.verb}, {len(wanted.units) or 1} of its goods."
    fact = Signal(SignalKind.ENTRY, said, parties)
    return record.state(desk, fact, Header(desk.operator, at), place)
