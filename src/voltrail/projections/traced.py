"""
What stands against itself about the goods of one arrival, so far as was looked.

Looks at the arrival, its lot, the papers filed for lot and product, the units of which something is
on record, and the firms that made or held the lot: these alone see what two lots say of each other.
Bounded, and says where it stopped. Whatever is read can be read again from a pack. Does not judge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct, field

from voltrail.ids.subject import ArrivalId, Kind, LotId, PartyId, SubjectId, UnitId
from voltrail.projections.anomalies import Stored, in_order, judged
from voltrail.projections.gathering import Gathering
from voltrail.projections.rules.bearing import SAID_BY, Bearing, gather, onward
from voltrail.projections.rules.model import Anomaly, tolerances
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.certificate import Certificate
from voltrail.statements.custody import HandOver
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.lot import LotRecord
from voltrail.statements.order import Order

MOST_UNITS = 200  # [units] our choice: ADR 0050
MOST_FIRMS = 12  # [firms] our choice: ADR 0050
MOST_SAID = 50  # [statements] of a firm from its first on, and as many up to its newest: ADR 0050
_ROUNDS = 3  # [reads] a unit leads to its lot, that to its maker's plant, and no rule goes further
_STOCK = kinds.uri("stock")  # names units by their table, says nothing that a rule reads


_Asked = tuple[SubjectId, datetime | None]


class Traced(Struct, frozen=True):
    """
    The findings about an arrival's goods, the facts they rest on, and where looking stopped.

    `own` is what is on record about the goods themselves; `cut` are firms that said more than was
    read; `more_units` says that more units have something on record than were looked at.
    """

    found: tuple[Anomaly, ...] = ()
    own: tuple[Recorded[Any], ...] = ()
    facts: Mapping[int, Recorded[Any]] = field(default_factory=dict)
    more_units: bool = False
    cut: tuple[PartyId, ...] = ()


class Look(Protocol):
    """Whoever looks for a dossier."""

    def about(self, arrival: ArrivalId, at: datetime | None) -> Traced:
        """Return what stands against itself about an arrival's goods at a time of judging."""


class Lookout:
    """Looks for the dossiers of one gathering, when one asks, and at each subject once."""

    def __init__(
        self,
        views: ViewStore,
        room: Gathering,
        delivered: Mapping[ArrivalId, Sequence[str]],
        seen: Mapping[str, frozenset[str]],
        supposed: Iterable[Recorded[Any]] = (),
    ) -> None:
        """Look at a gathering's size, at deliveries whose units and sightings are known."""
        self._views, self._room = views, room
        self._delivered, self._seen = delivered, seen
        self._source = Stored(room, views, seen, supposed)
        self._bearings: dict[_Asked, tuple[Bearing, tuple[Anomaly, ...]]] = {}
        self._cut: dict[SubjectId, bool] = {}
        self._warm: dict[ArrivalId, tuple[tuple[SubjectId, ...], bool]] | None = None

    def about(self, arrival: ArrivalId, at: datetime | None) -> Traced:
        """
        Return what stands against itself about an arrival's goods.

        Args:
            arrival: one of the deliveries
            at: the time of judging; how far the record goes where absent

        Returns:
            Findings by rule, and where looking stopped.

        Source: our choice: ADR 0050.
        """
        came = delivery(self._room, arrival)
        if came is None:
            return Traced()
        if self._warm is None:
            self._warm = self._read_ahead()
        listed, more = self._warm[arrival]
        looked = [self._look(one, at) for one in listed]
        goods = [bearing for bearing, _ in looked]
        firms = self._firms(came.lot, goods)
        self._room.fetch(firms[:MOST_FIRMS])
        looked += [self._look(one, at) for one in firms[:MOST_FIRMS]]
        telling = (bearing for bearing, each in looked if each)
        facts = {one.entry.index: one for bearing in telling for one in bearing.facts}
        wanted = {*listed, *self._delivered.get(arrival, ())}
        found = (one for _, each in looked for one in each if one.subject in wanted)
        return Traced(
            in_order(one for one in found if _concerns(one, came, facts)),
            tuple(_stated(one for each in goods for one in each.own)),
            facts,
            more,
            tuple(one for one in firms if self._cut.get(one, True)),
        )

    def _read_ahead(self) -> dict[ArrivalId, tuple[tuple[SubjectId, ...], bool]]:
        """Read for all deliveries at once what looking at them will ask for."""
        units = {unit for each in self._delivered.values() for unit in each}
        known = self._spoken_of(units)
        found = {}
        for arrival, delivered in self._delivered.items():
            if (came := delivery(self._room, arrival)) is not None:
                spoken = sorted({unit for unit in delivered if unit in known})
                looked = [UnitId.read(unit) for unit in spoken[:MOST_UNITS]]
                listed = (arrival, came.lot, *papers(self._room, came), *looked)
                found[arrival] = listed, len(spoken) > MOST_UNITS
                # one more is read, so that a pack knows that there are more
                self._room.fetch(spoken[MOST_UNITS : MOST_UNITS + 1])
        elsewhere = {one for unit in known for one in self._seen.get(unit, ())}
        self._room.fetch(elsewhere)
        front = {one for listed, _ in found.values() for one in listed}
        self._read_onward({str(one) for one in front})
        return found

    def _spoken_of(self, units: set[str]) -> set[str]:
        """Return the units that a statement names, or that came more than once."""
        if not units:
            return set()
        quiet = set(self._room.indices_alone(_STOCK))
        links = self._views.indices_many(units, self._room.below)
        named = {unit for unit, indices in links.items() if not quiet.issuperset(indices)}
        return named | {unit for unit in units if len(self._seen.get(unit, ())) > 1}

    def _read_onward(self, keys: set[str]) -> None:
        done = set[str]()
        for _ in range(_ROUNDS):
            self._room.fetch(keys)
            done |= keys
            facts = [one for key in keys for one in self._source.standing(key)]
            keys = onward(facts, Kind.LOT) - done

    def _look(self, subject: SubjectId, at: datetime | None) -> tuple[Bearing, tuple[Anomaly, ...]]:
        found = self._bearings.get((subject, at))
        if found is None:
            source = self._firm(subject) if subject.kind is Kind.PARTY else self._source
            bearing = gather(source, subject, at)
            found = self._bearings[subject, at] = bearing, judged(bearing, tolerances())
        return found

    def _firm(self, subject: SubjectId) -> "_Ends":
        said, self._cut[subject] = self._room.standing_ends(f"{SAID_BY}{subject}", MOST_SAID)
        self._room.fetch(onward(said, Kind.PARTY))
        return _Ends(self._source, f"{SAID_BY}{subject}", said)

    def _firms(self, lot: LotId, goods: Iterable[Bearing]) -> list[PartyId]:
        """Return who made or held the lot, or put its units together; the maker first."""
        maker, found = PartyId.of(lot.parts[0]), set[PartyId]()
        for one in (each for bearing in goods for each in bearing.own):
            if isinstance(one.fact, HandOver) and one.fact.lot == lot:
                found |= {one.fact.giver, one.fact.taker}
            elif isinstance(one.fact, Assembly):
                found.add(one.fact.assembler)
        return [maker, *sorted(found - {maker})]


class _Ends:
    """A source in which one long record is its two ends; everything else passes through."""

    def __init__(self, source: Stored, key: str, ends: tuple[Recorded[Any], ...]) -> None:
        self._source, self._key, self._kept = source, key, ends

    @property
    def as_of(self) -> datetime | None:
        """The log time of the newest entry."""
        return self._source.as_of

    def standing(self, key: str) -> tuple[Recorded[Any], ...]:
        """Return what stands under a key, oldest claim first."""
        return self._kept if key == self._key else self._source.standing(key)


def delivery(room: Gathering, arrival: ArrivalId) -> Arrival | None:
    """
    Return the newest record of an arrival.

    Args:
        room: where it is
        arrival: which one

    Returns:
        What the dock stated; None where nobody did.

    Source: our choice: ADR 0006.
    """
    found = room.view(arrival).newest(Arrival)
    return None if found is None else found.fact


def papers(room: Gathering, came: Arrival) -> tuple[SubjectId, ...]:
    """
    Return the documents that are filed for a lot or its product.

    Args:
        room: where lot, order and product are
        came: the arrival

    Returns:
        Documents in order.

    Source: our choice: ADR 0050.
    """
    lot, products = room.view(came.lot), set[SubjectId]()
    products |= {one.fact.product for one in room.view(came.order).every(Order)}
    products |= {one.fact.product for one in lot.every(LotRecord)}
    filed = (one for each in sorted(products) for one in room.view(each).standing(Certificate))
    own = (*filed, *lot.standing(Certificate))
    return tuple(sorted({one.fact.document for one in own if one.fact.lot in (None, came.lot)}))


def _stated(facts: Iterable[Recorded[Any]]) -> Iterator[Recorded[Any]]:
    """Yield facts once each, our own conclusions left out: a decision rests on no earlier one."""
    for one in {each.entry.index: each for each in facts}.values():
        if not isinstance(one.fact, DecisionRecord):
            yield one


def _concerns(one: Anomaly, came: Arrival, facts: Mapping[int, Recorded[Any]]) -> bool:
    """Return whether a finding is about this delivery, not only about another or a decision."""
    rests = [facts[index].fact for index in one.entries if index in facts]
    if any(isinstance(fact, DecisionRecord) for fact in rests):
        return False
    if one.subject != came.lot:
        return True
    named = {found for fact in rests if (found := getattr(fact, "arrival", None)) is not None}
    return not named or came.arrival in named
