"""
What stands against a move of goods: every reason at once, each with what to do about it.

Looks at each unit, at the place, at who moves, and at the seals. Records nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from voltrail.actions import located, show, whereabouts
from voltrail.actions.desk import Desk
from voltrail.actions.door import put_in
from voltrail.actions.entry import barred
from voltrail.actions.hold import holds
from voltrail.ids.subject import LotId, PartyId, PersonId, PlaceId, SubjectId, UnitId
from voltrail.projections.fold import view
from voltrail.projections.gathering import Gathering
from voltrail.projections.whereabouts import (
    AT,
    SEALED,
    Sealed,
    State,
    Whereabouts,
    loose,
    scopes_of,
    sealed,
    seals_of,
)
from voltrail.statements.fields import Fact, Instant, Many, Text, Whole
from voltrail.statements.movement import MovementVerb
from voltrail.statements.place import Place
from voltrail.wording import Worded, worded

NOT_PERMITTED = "not-permitted"
_VERB = MovementVerb
# our choice: ADR 0051. What may come next; what is in store is taken out first.
NEXT: dict[State | None, frozenset[MovementVerb]] = {
    None: frozenset({_VERB.RECEIVE}),
    State.RECEIVED: frozenset(_VERB),
    State.STAGED: frozenset(_VERB),
    State.STORED: frozenset({_VERB.TAKE_OUT}),
    State.OUT: frozenset(_VERB) - {_VERB.TAKE_OUT},
    State.INSTALLED: frozenset({_VERB.MAINTAIN, _VERB.INSTALL}),
    State.MAINTENANCE: frozenset(_VERB) - {_VERB.TAKE_OUT, _VERB.MAINTAIN},
    State.LEFT: frozenset(),
}


class Wanted(Fact, frozen=True):
    """What somebody wants to move, to where; so much of one lot is counted in items."""

    verb: MovementVerb
    to: PlaceId
    by: PersonId
    units: Many[UnitId] = ()
    lot: LotId | None = None
    quantity: Whole | None = None
    container: Text | None = None
    came_from: PlaceId | None = None
    contractor: PartyId | None = None
    seals_found: Many[Text] = ()
    seals_set: Many[Text] = ()
    seals_missing: bool = False
    place_seals_found: Many[Text] = ()
    place_seals_set: Many[Text] = ()
    corrects: Many[Whole] = ()
    number: Text | None = None
    at: Instant | None = None
    note: Text | None = None


class Against(Struct, frozen=True):
    """One thing that stands against a move: about what, why, what to do, and the entry."""

    name: str
    sentence: Worded
    hint: Worded
    about: SubjectId | None = None
    entry: int | None = None


def against(
    desk: Desk, wanted: Wanted, units: Sequence[UnitId], at: datetime
) -> tuple[Against, ...]:
    """
    Return everything that stands against a move.

    Args:
        desk: what is on record
        wanted: what is to be moved
        units: which units that is, also where only a container is named
        at: when it is done

    Returns:
        Every reason; none where it may be done.

    Source: mission, CU-03, CU-04; ADR 0051.
    """
    found = located.located(desk, units)
    known, any_held = located.is_known(desk, units), any(one.stands for one in holds(desk))
    return (
        *_place(desk, wanted),
        *_entry(desk, wanted, found, at),
        *_seal(desk, wanted),
        *_closed(desk, wanted, found),
        *(_unknown(unit) for unit in units if unit not in known),
        *(
            one
            for unit in units
            if unit in known
            for one in _unit(desk, wanted, (unit, found[unit]), any_held=any_held)
        ),
        *(_install(desk, wanted, units, at) if wanted.verb is _VERB.INSTALL else ()),
        *_amount(desk, wanted),
    )


def last_sealed(desk: Desk, wanted: Wanted) -> dict[str, Sealed]:
    """
    Return the seals that were set last where a move is done, also by moves that were undone.

    Args:
        desk: what is on record
        wanted: the move

    Returns:
        Those of its place and its container, as far as anybody ever spoke of one there.

    Source: mission, CU-04; ADR 0051.
    """
    room = Gathering(desk.entries, desk.views)
    told = ((scope, sealed(scope, room.facts(f"{SEALED}{scope}"))) for scope in scopes_of(wanted))
    return {scope: last for scope, last in told if last is not None}


def changed(wanted: Wanted, last: Mapping[str, Sealed]) -> str | None:
    """
    Return where somebody changed the seals since they were set.

    Args:
        wanted: what was found now
        last: what was set last

    Returns:
        The first place or container where others were found, or one is missing; None where none
        was changed, or nothing can be compared.

    Source: mission, CU-04; ADR 0051.
    """
    for scope, before in last.items():
        now = seals_of(wanted, scope)
        if (now.found or now.missing or before.seals) and set(now.found) != set(before.seals):
            return scope
    return None


def _place(desk: Desk, wanted: Wanted) -> Iterator[Against]:
    if view(desk.entries, desk.views, wanted.to).newest(Place) is None:
        yield Against(
            "no-place",
            worded("No place %(place)s is on record.", place=wanted.to.key),
            worded("Choose a place of the list, or classify the new one first."),
            wanted.to,
        )


def _entry(desk: Desk, wanted: Wanted, found: located.Found, at: datetime) -> Iterator[Against]:
    """Yield that whoever moves may not enter a place that this touches."""
    left = {one.place for one in found.values() if one is not None}
    touched = [one for one in (wanted.to, wanted.came_from, *sorted(filter(None, left))) if one]
    for one in barred(desk, touched, (wanted.by, wanted.contractor), at):
        yield Against(
            NOT_PERMITTED,
            worded("%(who)s may not enter %(place)s now.", who=one.who.key, place=one.place.key),
            worded("Ask whoever allows entry there, or let somebody do it who may enter."),
            one.place,
            one.entry,
        )


def _seal(desk: Desk, wanted: Wanted) -> Iterator[Against]:
    for scope, last in last_sealed(desk, wanted).items():
        now = seals_of(wanted, scope)
        if not last.seals or now.found or now.missing:
            continue
        yield Against(
            "seal",
            worded(
                "Seal %(seals)s was set here on %(day)s, and nobody says what was found.",
                seals=", ".join(last.seals),
                day=f"{last.at:%Y-%m-%d}",
            ),
            worded("Scan the seal that you found, or say that it is missing."),
            wanted.to,
            last.entry,
        )


def _closed(desk: Desk, wanted: Wanted, found: located.Found) -> Iterator[Against]:
    """Yield other places under seal: around this one, or where something still lies."""
    lying = {one.place for one in found.values() if one is not None and one.state is not State.OUT}
    outer = whereabouts.around(desk, wanted.to)
    if wanted.lot is not None and _out_of_store(desk, wanted) < (wanted.quantity or 0):
        lying.add(wanted.came_from)
    places = {*outer, *lying} - {wanted.to, None}
    room = Gathering(desk.entries, desk.views)
    for place in sorted(filter(None, places)):
        scope = f"{AT}{place}"
        last = sealed(scope, room.facts(f"{SEALED}{scope}"))
        if last is not None and last.seals:
            said = worded(
                "%(place)s is closed by seal %(seals)s.",
                place=place.key,
                seals=", ".join(last.seals),
            )
            hint = worded("Take it out at that place first, and say which seal you found.")
            yield Against("seal", said, hint, place, last.entry)


def _unknown(unit: UnitId) -> Against:
    return Against(
        "unknown",
        worded("Nobody has spoken of %(unit)s.", unit=unit.key),
        worded("Scan it again, or record the delivery that it came with."),
        unit,
    )


def _unit(
    desk: Desk, wanted: Wanted, one_of: tuple[UnitId, Whereabouts | None], *, any_held: bool
) -> Iterator[Against]:
    """Yield that a unit is held, has left, is elsewhere, or is not ready for the step."""
    unit, now = one_of
    for one in show.held(desk, unit) if any_held else ():
        yield Against(
            "held",
            worded("%(unit)s is held: %(why)s", unit=unit.key, why=one.hold.fact.cause),
            worded("Leave it where it is; two persons lift the hold."),
            unit,
            one.hold.entry.index,
        )
    if now is not None and now.state is State.LEFT:
        yield Against(
            "left",
            worded("%(unit)s left on %(day)s.", unit=unit.key, day=f"{now.since:%Y-%m-%d}"),
            worded("Hold it and have quality look: what left cannot be here."),
            unit,
            now.entry,
        )
    elif now is None or now.entry not in wanted.corrects:
        yield from _step(desk, wanted, unit, now)


def _step(desk: Desk, wanted: Wanted, unit: UnitId, now: Whereabouts | None) -> Iterator[Against]:
    """Yield that a unit is elsewhere than said, or that something else comes first."""
    said = wanted.to if wanted.verb is _VERB.TAKE_OUT else wanted.came_from
    if now is not None and said is not None and not _is_at(desk, now, said):
        yield Against(
            "elsewhere",
            worded(
                "%(unit)s is on record at %(place)s since %(since)s, not at %(said)s.",
                unit=unit.key,
                place=now.place.key if now.place else worded("no place"),
                since=f"{now.since:%Y-%m-%d %H:%MZ}",
                said=said.key,
            ),
            worded("Is it really here? Then name entry %(entry)s as wrong.", entry=now.entry),
            unit,
            now.entry,
        )
        return
    state = None if now is None else now.state
    if wanted.verb not in NEXT[state]:
        yield Against(
            "step",
            worded("%(unit)s is not ready for this step.", unit=unit.key),
            _FIRST.get(state, worded("Record where it is first.")),
            unit,
            None if now is None else now.entry,
        )


def _install(
    desk: Desk, wanted: Wanted, units: Sequence[UnitId], at: datetime
) -> Iterator[Against]:
    """Yield units that the existing rules do not let into service, at this place."""
    for unit in units:
        answer = show.may_install(desk, unit, at)
        if not answer.allowed:
            said = worded(
                "%(unit)s may not be installed. %(why)s", unit=unit.key, why=answer.sentence
            )
            hint = worded("Open the unit to see what stands against it.")
            yield Against("not-to-install", said, hint, unit, next(iter(answer.entries), None))
            continue
        done = put_in(view(desk.entries, desk.views, unit), unit)
        if done is None or not whereabouts.are_one(desk, done.fact.place, wanted.to):
            said = worded(
                "No two persons put %(unit)s into service at %(place)s.",
                unit=unit.key,
                place=wanted.to.key,
            )
            hint = worded("Have two persons sign that it goes in; then record the move.")
            yield Against("not-put-in", said, hint, unit)


def _amount(desk: Desk, wanted: Wanted) -> Iterator[Against]:
    """Yield that there are not so many unnamed items of a lot where they are said to be."""
    if wanted.lot is None:
        return
    if wanted.verb is _VERB.INSTALL:
        said = worded("Units go into service one by one.")
        yield Against("not-put-in", said, worded("Scan each unit instead."), wanted.lot)
    for one in show.held(desk, wanted.lot):
        said = worded("%(unit)s is held: %(why)s", unit=wanted.lot.key, why=one.hold.fact.cause)
        hint = worded("Leave it where it is; two persons lift the hold.")
        yield Against("held", said, hint, wanted.lot, one.hold.entry.index)
    facts = view(desk.entries, desk.views, wanted.lot).facts
    there = [
        one
        for one in loose(wanted.lot, (one for one in facts if one.withdrawn_by is None))
        if one.place == wanted.came_from and one.items > 0 and one.state is not State.LEFT
    ]
    items = sum(one.items for one in there if wanted.verb in NEXT[one.state])
    if items < (wanted.quantity or 0):
        said = worded(
            "%(count)s items of %(lot)s can be moved so from there.",
            count=items,
            lot=wanted.lot.key,
        )
        hint = worded("Say from where they come; units that a list names are scanned one by one.")
        yield Against("too-few", said, hint, wanted.lot)


def _out_of_store(desk: Desk, wanted: Wanted) -> int:
    """Return how many unnamed items of a lot were taken out where they come from [items]."""
    lot = wanted.lot
    if lot is None:
        return 0
    facts = (one for one in view(desk.entries, desk.views, lot).facts if one.withdrawn_by is None)
    there = (one for one in loose(lot, facts) if one.place == wanted.came_from)
    return sum(one.items for one in there if one.state is State.OUT)


def _is_at(desk: Desk, now: Whereabouts, place: PlaceId) -> bool:
    return now.place is not None and whereabouts.are_one(desk, now.place, place)


_FIRST: dict[State | None, Worded] = {
    None: worded("Receive it first: nobody says where it is."),
    State.STORED: worded("It is in store: take it out first."),
    State.INSTALLED: worded("It is in service: take it into maintenance first."),
    State.MAINTENANCE: worded("It is in maintenance already."),
    State.OUT: worded("It is out of store already."),
}
