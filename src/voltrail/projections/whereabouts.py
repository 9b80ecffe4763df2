"""
Where each unit is, who holds it, since when, and which seals were set last.

A function of the SET of facts: they sort by their own time, then digest. Whoever asks brings the
facts; what bears on one unit is told by its identity, and by the container it was last put into.
Does not judge whether a move was allowed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import LotId, PartyId, PlaceId, UnitId
from voltrail.projections.view import Recorded
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.arrival import Arrival
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.retirement import Retirement

AT, IN, SEALED = "at:", "container:", "sealed:"


class State(StrEnum):
    """What a unit is doing where it is."""

    RECEIVED = "received"
    STAGED = "staged"
    STORED = "stored"
    OUT = "taken-out"
    INSTALLED = "installed"
    MAINTENANCE = "in-maintenance"
    LEFT = "left"


AFTER = {
    MovementVerb.RECEIVE: State.RECEIVED,
    MovementVerb.STAGE: State.STAGED,
    MovementVerb.STORE: State.STORED,
    MovementVerb.TAKE_OUT: State.OUT,
    MovementVerb.INSTALL: State.INSTALLED,
    MovementVerb.MAINTAIN: State.MAINTENANCE,
}


class Whereabouts(Struct, frozen=True):
    """The last known place of something, its holder, since when, and the entry that says so."""

    state: State
    place: PlaceId | None
    holder: PartyId | None
    since: datetime
    entry: int
    container: str | None = None


class Count(Struct, frozen=True):
    """How many items are in one state at one place [items]; no state: nobody says anything."""

    place: PlaceId | None
    state: State | None
    holder: PartyId | None
    items: int


class Sealed(Struct, frozen=True):
    """The seals that were set last on a place or a container, by which entry, when."""

    seals: tuple[str, ...]
    entry: int
    at: datetime


class _Seen(Struct, frozen=True):
    """One fact as it bears on where something is."""

    at: datetime
    fact: Recorded[Any]
    state: State
    place: PlaceId | None
    holder: PartyId | None


def wheres(
    unit: UnitId, facts: Iterable[Recorded[Any]], older: Whereabouts | None = None
) -> tuple[Whereabouts, ...]:
    """
    Return where a unit was last said to be, and where else a record says that it is in service.

    Args:
        unit: which one
        facts: what bears on it, withdrawn facts left out: arrivals that list it, moves that name
            it or its containers, installations, records of two, retirements
        older: where a list from before Voltrail says that it stands

    Returns:
        One whereabouts for each place, the last said at the end: more than one only where records
        contradict each other, and nothing moved it since; `older` where no fact is later.

    Source: mission, CU-03; ADR 0051, ADR 0052.
    """
    found: tuple[Whereabouts, ...] = () if older is None else (older,)
    box = None if older is None else older.container
    for one in _ordered(facts, unit):
        last = found[-1] if found else None
        if last is not None and last is older and one.at < last.since:
            continue
        told = one.fact.fact
        if isinstance(told, Movement):
            if is_of_box_alone(told) and told.container != box:
                continue
            box = told.container
        else:
            box = None  # who comes, goes into service or leaves is in no container of the site
        found = (*_beside(found, one), _next(last, one, box))
    return found


def loose(lot: LotId, facts: Iterable[Recorded[Any]]) -> tuple[Count, ...]:
    """
    Return where the items of a lot are that nobody named one by one [items].

    Args:
        lot: which one
        facts: what bears on it, withdrawn facts left out

    Returns:
        A count for each place, state and holder; below zero where more left than came.

    Source: mission, CU-03; ADR 0051.
    """
    pools: dict[tuple[PlaceId | None, State, PartyId | None], int] = {}
    for one in _ordered(facts, None):
        amount = _amount(one.fact.fact, lot)
        if not amount:
            continue
        if not isinstance(one.fact.fact, Arrival):
            _take(pools, getattr(one.fact.fact, "came_from", None), amount)
        key = (one.place, one.state, one.holder)
        pools[key] = pools.get(key, 0) + amount
    return tuple(
        Count(place, state, holder, items)
        for (place, state, holder), items in sorted(pools.items(), key=_by_name)
        if items
    )


def counts(found: Iterable[Whereabouts | None]) -> tuple[Count, ...]:
    """
    Return how many of some units are in which state at which place [items].

    Args:
        found: the whereabouts of each; None where nobody says anything of it

    Returns:
        A count for each place, state and holder, those nobody saw last.

    Source: mission, CU-03.
    """
    told = Counter(None if one is None else (one.place, one.state, one.holder) for one in found)
    known = sorted(((key, n) for key, n in told.items() if key is not None), key=_by_name)
    unseen = [Count(None, None, None, told[None])] if told[None] else []
    return (*(Count(*key, items) for key, items in known), *unseen)


def sealed(scope: str, facts: Iterable[Recorded[Any]]) -> Sealed | None:
    """
    Return the seals that were set last on a place or a container.

    Args:
        scope: as `scopes_of` gives it
        facts: moves; one that was undone has still set its seals

    Returns:
        The seals, none where they were taken off; None where nobody ever spoke of a seal there.

    Source: mission, CU-04; ADR 0051.
    """
    told = [
        one
        for one in facts
        if isinstance(one.fact, Movement) and seals_of(one.fact, scope).are_told
    ]
    if not told:
        return None
    last = max(told, key=lambda one: (one.fact.at, one.entry.digest))
    return Sealed(seals_of(last.fact, scope).set, last.entry.index, last.fact.at)


class Seals(Struct, frozen=True):
    """What a move says of the seals of one thing."""

    found: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    missing: bool = False

    @property
    def are_told(self) -> bool:
        """Whether it says anything of them."""
        return bool(self.found or self.set or self.missing)


def scopes_of(move: Any) -> tuple[str, ...]:  # noqa: ANN401 — a move, recorded or wanted
    """
    Return what a move can find and set seals on: its place, and its container.

    Args:
        move: recorded, or as it is wanted

    Returns:
        A text that names each.

    Source: our choice: ADR 0051.
    """
    place = f"{AT}{move.to}"
    return (place, f"{IN}{move.container}") if move.container else (place,)


def seals_of(move: Any, scope: str) -> Seals:  # noqa: ANN401 — a move, recorded or wanted
    """
    Return what a move says of the seals of its place, or of its container.

    Args:
        move: recorded, or as it is wanted
        scope: one that `scopes_of` gives; of another one it says nothing

    Returns:
        Seals found and set, and whether one is missing.

    Source: our choice: ADR 0051.
    """
    if scope not in scopes_of(move):
        return Seals()
    if move.container and scope.startswith(AT):
        found, made = move.place_seals_found, move.place_seals_set
    else:
        found, made = move.seals_found, move.seals_set
    return Seals(found, made, move.seals_missing and not found)


def keys_of(one: Recorded[Any]) -> Iterator[str]:
    """
    Yield the keys under which places, containers and seals are asked for.

    Args:
        one: a recorded fact

    Yields:
        A prefix and a place or container, each once.

    Source: our choice: ADR 0051.
    """
    fact = one.fact
    places: set[PlaceId | None] = set()
    if isinstance(fact, Movement):
        places = {fact.to, fact.came_from}
        if fact.container:
            yield f"{IN}{fact.container}"
        for scope in scopes_of(fact):
            if seals_of(fact, scope).are_told:
                yield f"{SEALED}{scope}"
    elif isinstance(fact, Arrival | Installation) or _goes_in(fact):
        places = {fact.place}
    yield from sorted(f"{AT}{place}" for place in places if place is not None)


def _next(found: Whereabouts | None, one: _Seen, box: str | None) -> Whereabouts:
    """Return the whereabouts after one more fact; what only says the same again changes nothing."""
    same = found is not None and (found.state, found.place, found.holder) == (
        one.state,
        one.place,
        one.holder,
    )
    if found is not None and same and found.container == box:
        return found
    return Whereabouts(one.state, one.place, one.holder, one.at, one.fact.entry.index, box)


def _beside(found: tuple[Whereabouts, ...], one: _Seen) -> tuple[Whereabouts, ...]:
    """Return where else a unit is in service, which a record of another place does not end."""
    if one.state is not State.INSTALLED or isinstance(one.fact.fact, Movement):
        return ()
    return tuple(was for was in found if was.state is one.state and was.place != one.place)


def _ordered(facts: Iterable[Recorded[Any]], unit: UnitId | None) -> list[_Seen]:
    unique = {one.entry.digest: one for one in facts}
    seen = (one for fact in unique.values() for one in _seen(fact, unit))
    return sorted(seen, key=lambda one: (one.at, one.fact.entry.digest))


def _seen(one: Recorded[Any], unit: UnitId | None) -> Iterator[_Seen]:
    """Yield a fact as it bears on a unit; without a unit, on so much of a lot."""
    fact, issuer = one.fact, one.issuer
    who = issuer if isinstance(issuer, PartyId) else None
    if isinstance(fact, Arrival):
        yield _Seen(fact.received_at, one, State.RECEIVED, fact.place, who)
    elif isinstance(fact, Movement) and _speaks_of(fact, unit):
        yield _Seen(fact.at, one, AFTER[fact.verb], fact.to, fact.holder)
    elif isinstance(fact, Retirement) and (unit is None or unit in fact.units):
        yield _Seen(fact.at, one, State.LEFT, fact.where, fact.to)
    elif isinstance(fact, Installation) and fact.unit == unit:
        yield _Seen(fact.installed_at, one, State.INSTALLED, fact.place, who)
    elif _goes_in(fact) and unit in fact.units:
        owner = PartyId.of(fact.arrival.parts[0])
        yield _Seen(fact.at, one, State.INSTALLED, fact.place, owner)


def _goes_in(fact: Any) -> bool:  # noqa: ANN401 — any fact
    return isinstance(fact, Acceptance) and fact.puts_in


def _speaks_of(fact: Movement, unit: UnitId | None) -> bool:
    """Return whether a move is of a unit, of its box, or of a table that was read already."""
    if unit is None:
        return fact.lot is not None
    return fact.may_name(unit) or is_of_box_alone(fact)


def is_of_box_alone(fact: Movement) -> bool:
    """
    Return whether a move names a container and nothing that is in it.

    Args:
        fact: the move

    Returns:
        True where it carries along whatever was put into the container.

    Source: our choice: ADR 0051.
    """
    return not (fact.units or fact.unit_table or fact.lot)


def _amount(fact: Any, lot: LotId) -> int:  # noqa: ANN401 — any fact
    """Return how many unnamed items of a lot a fact speaks of [items]."""
    if getattr(fact, "lot", None) != lot:
        return 0
    if isinstance(fact, Arrival):
        named = fact.serial_table.rows if fact.serial_table else len(fact.serials)
        return max(0, fact.quantity - named)
    return (fact.quantity or 0) if isinstance(fact, Movement | Retirement) else 0


def _take(
    pools: dict[tuple[PlaceId | None, State, PartyId | None], int],
    place: PlaceId | None,
    amount: int,
) -> None:
    """Take items out of what is at a place, or anywhere, in the order in which it came there."""
    open_ = [
        key
        for key, items in pools.items()
        if items > 0 and key[1] is not State.LEFT and place in (None, key[0])
    ]
    for key in open_:
        part = min(pools[key], amount)
        pools[key] -= part
        amount -= part
    if amount:
        short = (place, State.OUT, None)
        pools[short] = pools.get(short, 0) - amount


def _by_name(one: Any) -> tuple[str, ...]:  # noqa: ANN401 — a key and its count
    return tuple(str(part or "~") for part in one[0])


def at_place(found: Mapping[UnitId, Whereabouts | None], place: PlaceId) -> tuple[UnitId, ...]:
    """
    Return which of some units are at a place.

    Args:
        found: the whereabouts of each
        place: which place

    Returns:
        Units in order of identity; those that left are nowhere.

    Source: mission, CU-03.
    """
    here = (
        unit
        for unit, one in found.items()
        if one is not None and one.place == place and one.state is not State.LEFT
    )
    return tuple(sorted(here))
