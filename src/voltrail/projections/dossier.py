"""
The one thing a control may look at: everything on record that bears on one arrival, up to a size.

Gathers the views of the arrival, its lot, order, seller, maker, product and place, the hold list
and where its units were seen. A missing subject is an empty view, never an error. Does not judge.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from voltrail.ids.subject import ArrivalId, PartyId, ProductId, SubjectId
from voltrail.projections import anchors as key_fold
from voltrail.projections import time_proof, unit_table
from voltrail.projections.fold import serials
from voltrail.projections.gathering import Gathering
from voltrail.projections.holds import Goods, standing
from voltrail.projections.lot import own_record
from voltrail.projections.rules.model import Anomaly
from voltrail.projections.store import ViewStore
from voltrail.projections.tier import tier_of
from voltrail.projections.traced import Look, Lookout, Traced, delivery
from voltrail.projections.view import Recorded, View
from voltrail.projections.waivers import Reach, covering
from voltrail.register.blobs import BlobStore
from voltrail.register.store import EntryStore
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.hold import Hold, HoldLift
from voltrail.statements.key import KeyEvent
from voltrail.statements.lot import LotRecord, serial_column
from voltrail.statements.order import Order
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail.statements.waiver import Waiver
from voltrail.trust.anchors import Anchors, KeyState

_NOBODY = View(None)
_NOWHERE = Reach()
WAIVER_TYPE = "urn:voltrail:predicate:waiver:v1"


class Dossier(Struct, frozen=True, dict=True):
    """
    All that is known of an arrival at a register size.

    `lot_serials` are the delivered ones that the maker's committed list of the lot holds; None
    where the maker committed to none, or its bytes are not here. `proven` says by when others than
    the operator prove that entries existed, of issuers one of whose keys has ended.
    """

    arrival_id: ArrivalId
    size: int
    operator: PartyId
    own: View
    lot: View = _NOBODY
    order: View = _NOBODY
    seller: View = _NOBODY
    maker: View = _NOBODY
    product: View = _NOBODY
    place: View = _NOBODY
    holds: tuple[Recorded[Hold], ...] = ()
    reach: Reach = _NOWHERE
    waivers: tuple[Recorded[Waiver], ...] = ()
    serials: tuple[str, ...] = ()
    lot_serials: frozenset[str] | None = None
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    anchors: Anchors = field(default_factory=Anchors)
    proven: Mapping[int, datetime] = field(default_factory=dict)
    lookout: Look | None = None
    at: datetime | None = None

    def judged_at(self, at: datetime) -> "Dossier":
        """Return the same at a time of judging: by it a rule knows what is overdue."""
        return self if self.at == at else replace(self, at=at)

    @cached_property
    def traced(self) -> Traced:
        """What stands against itself about the goods; read when the first control asks."""
        return self.lookout.about(self.arrival_id, self.at) if self.lookout else Traced()

    @cached_property
    def walked(self) -> dict[int, Any]:
        """What controls made of an arrival's hand-overs, by its entry, so that it is made once."""
        return {}

    @property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """What stands against itself about the goods, by rule."""
        return self.traced.found

    @cached_property
    def arrival(self) -> Recorded[Arrival] | None:
        """What the dock recorded."""
        return self.own.newest(Arrival)

    @cached_property
    def placed(self) -> Recorded[Order] | None:
        """The order the goods came on."""
        return self.order.newest(Order)

    @cached_property
    def record(self) -> Recorded[LotRecord] | None:
        """The manufacturer's lot record."""
        return self.lot.newest(LotRecord)

    @cached_property
    def model(self) -> Recorded[Product] | None:
        """The ordered product as specified."""
        return self.product.newest(Product)

    @cached_property
    def site(self) -> Recorded[Place] | None:
        """The place the goods came to."""
        return self.place.newest(Place)

    @cached_property
    def tier(self) -> int:
        """Risk tier of the place; 1, the strictest, where the place is unknown."""
        return 1 if self.site is None else tier_of(self.site.fact)

    @cached_property
    def ordered_at(self) -> datetime | None:
        """When the order was placed."""
        return None if self.placed is None else self.placed.fact.ordered_at

    @property
    def facts(self) -> tuple[Recorded[Any], ...]:
        """Everything gathered, each entry once, in register order."""
        views = (self.own, self.lot, self.order, self.seller, self.maker, self.product, self.place)
        found = {one.entry.index: one for each in views for one in each.facts}
        found |= {one.entry.index: one for one in self.holds}
        found |= {one.entry.index: one for one in self.waivers}
        return tuple(found[index] for index in sorted(found))


class Archive(Struct, frozen=True):
    """The register and the views, as the source of dossiers."""

    entries: EntryStore
    views: ViewStore
    blobs: BlobStore
    pinned: Anchors
    operator: PartyId


def dossier(archive: Archive, arrival: ArrivalId, below: int | None = None) -> Dossier:
    """
    Return everything on record that bears on an arrival.

    Args:
        archive: where it is kept
        arrival: which arrival
        below: register size to stop at; None for all

    Returns:
        The dossier.

    Source: our choice: design, section 5.1.
    """
    (found,) = dossiers(archive, gathering(archive, below), [arrival])
    return found


def gathering(
    archive: Archive, below: int | None = None, known: Iterable[Recorded[Any]] = ()
) -> Gathering:
    """
    Return a gathering over an archive at a register size.

    Args:
        archive: where things are kept
        below: register size to stop at; None for all that stands there now
        known: facts already at hand, which need not be read

    Returns:
        The gathering.

    Source: our choice: ADR 0016.
    """
    size = archive.entries.size() if below is None else below
    return Gathering(archive.entries, archive.views, size, known)


def dossiers(
    archive: Archive,
    room: Gathering,
    arrivals: Sequence[ArrivalId],
    supposed: Sequence[Recorded[KeyEvent]] = (),
) -> tuple[Dossier, ...]:
    """
    Return the dossiers of many arrivals at the size of a gathering.

    Args:
        archive: where it is kept
        room: what was read so far; read in bulk, subject after subject
        arrivals: which ones
        supposed: key statements that nobody made yet, to see what they would change

    Returns:
        One dossier for each, in order.

    Source: our choice: design, section 5.1; in bulk: ADR 0016.
    """
    fetch(room, arrivals)
    keys = key_fold.folded((*room.of_type(key_fold.KEY_TYPE), *supposed), archive.pinned)
    listed = [_delivered(archive, room, one) for one in arrivals]
    units = {unit for goods in listed for unit in goods.units}
    seen = archive.views.sightings(units, room.below) if units else {}
    delivered = {one: goods.units for one, goods in zip(arrivals, listed, strict=True)}
    shared = _Shared(
        keys,
        room.of_type("urn:voltrail:predicate:hold:v1"),
        room.of_type("urn:voltrail:predicate:hold-lift:v1"),
        room.of_type(WAIVER_TYPE),
        frozenset(one.issuer for one in keys.anchors if one.state is not KeyState.ACTIVE),
        Lookout(archive.views, room, delivered, seen, supposed),
    )
    return tuple(
        _dossier(archive, room, shared, one, (goods, seen))
        for one, goods in zip(arrivals, listed, strict=True)
    )


def fetch(room: Gathering, arrivals: Iterable[ArrivalId]) -> None:
    """
    Read what some arrivals lean on, in three reads however many they are.

    Args:
        room: where it is kept from then on
        arrivals: which ones

    Source: our choice: ADR 0016.
    """
    listed = list(arrivals)
    room.fetch(listed)
    came = [found for found in (delivery(room, one) for one in listed) if found is not None]
    room.fetch(key for one in came for key in (one.lot, one.order, one.place))
    room.fetch(key for one in came for key in leaned_on(room, one))


def leaned_on(room: Gathering, came: Arrival) -> frozenset[SubjectId]:
    """
    Return the subjects that an arrival's judgement leans on, or may come to lean on.

    Args:
        room: where order and lot are
        came: the arrival

    Returns:
        Its lot, order and place, the maker, and every seller and product that a record of the
        order or lot names, newest or not.

    Source: our choice: ADR 0006.
    """
    found: set[SubjectId] = {came.lot, came.order, came.place, PartyId.of(came.lot.parts[0])}
    for placed in room.view(came.order).every(Order):
        found |= {placed.fact.seller, placed.fact.product}
    found |= {one.fact.product for one in room.view(came.lot).every(LotRecord)}
    return frozenset(found)


class _Shared(Struct, frozen=True):
    """What every dossier of one gathering shares."""

    anchors: Anchors
    holds: tuple[Recorded[Hold], ...]
    lifts: tuple[Recorded[HoldLift], ...]
    waivers: tuple[Recorded[Waiver], ...]
    ended: frozenset[SubjectId]
    lookout: Lookout


class _Delivered(Struct, frozen=True):
    """The serials as delivered, and the unit identities they stand for."""

    serials: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


def _delivered(archive: Archive, room: Gathering, arrival: ArrivalId) -> _Delivered:
    came = delivery(room, arrival)
    if came is None:
        return _Delivered()
    maker, listed = came.lot.parts[0], tuple(serials(came, archive.blobs))
    return _Delivered(listed, tuple(f"urn:voltrail:unit:{maker}:{one}" for one in listed))


def _dossier(
    archive: Archive,
    room: Gathering,
    shared: _Shared,
    arrival: ArrivalId,
    goods: tuple[_Delivered, Mapping[str, frozenset[str]]],
) -> Dossier:
    own, size = _without_decisions(room.view(arrival)), room.below or 0
    came, (delivered, seen) = own.newest(Arrival), goods
    if came is None:
        return Dossier(arrival, size, archive.operator, own)
    lot, order = room.view(came.fact.lot), room.view(came.fact.order)
    placed = order.newest(Order)
    goods_here = _goods(came.fact, placed, lot, delivered.serials)
    held = standing(shared.holds, shared.lifts, goods_here, shared.anchors)
    reach = _reach(came.fact, placed, lot, delivered.units)
    waived = covering(shared.waivers, reach, shared.anchors)
    found = Dossier(
        arrival_id=arrival,
        size=size,
        operator=archive.operator,
        own=own,
        lot=lot,
        order=order,
        seller=room.view(None if placed is None else placed.fact.seller),
        maker=room.view(PartyId.of(came.fact.lot.parts[0])),
        product=room.view(_product(placed, lot)),
        place=room.view(came.fact.place),
        holds=held,
        reach=reach,
        waivers=waived,
        serials=delivered.serials,
        lot_serials=_lot_serials(archive, lot, delivered.serials),
        seen={unit: seen[unit] for unit in delivered.units if unit in seen},
        anchors=shared.anchors,
        lookout=shared.lookout,
    )
    return replace(found, proven=_proven(room, found, shared.ended)) if shared.ended else found


def _proven(room: Gathering, found: Dossier, ended: frozenset[SubjectId]) -> Mapping[int, datetime]:
    """Return what others prove of entries whose issuer has a key that ended; nobody else asks."""
    return time_proof.proven(room, [one.entry.index for one in found.facts if one.issuer in ended])


def _lot_serials(archive: Archive, lot: View, delivered: tuple[str, ...]) -> frozenset[str] | None:
    """Return the delivered serials in the maker's committed list, read line by line."""
    if not delivered:
        return None
    record = own_record(lot)
    tree = None if record is None else record.fact.unit_tree
    data = None if tree is None else unit_table.kept(tree, archive.blobs)
    if tree is None or data is None:
        return None
    at = serial_column(tree.columns)
    wanted, found = {one.encode(): one for one in delivered}, set[str]()
    for line in islice(BytesIO(data), 1, None):  # after the header
        cell = line.rstrip(b"\n").split(b",", at + 1)[at : at + 1]
        found.update(wanted[serial] for serial in cell if serial in wanted)
    return frozenset(found)


def _without_decisions(own: View) -> View:
    """Return a view without our own conclusions: a decision never rests on an earlier one."""
    return View(own.subject, tuple(x for x in own.facts if not isinstance(x.fact, DecisionRecord)))


def _product(placed: Recorded[Order] | None, lot: View) -> ProductId | None:
    if placed is not None:
        return placed.fact.product
    stated = lot.newest(LotRecord)
    return None if stated is None else stated.fact.product


def _reach(
    came: Arrival, placed: Recorded[Order] | None, lot: View, units: tuple[str, ...]
) -> Reach:
    """Return what an exception's scope is compared with."""
    return Reach(
        order=came.order,
        arrival=came.arrival,
        lot=came.lot,
        product=_product(placed, lot),
        supplier=None if placed is None else placed.fact.seller,
        place=came.place,
        units=units,
    )


def _goods(
    came: Arrival, placed: Recorded[Order] | None, lot: View, delivered: tuple[str, ...]
) -> Goods:
    stated = lot.newest(LotRecord)
    maker = PartyId.of(came.lot.parts[0])
    return Goods(
        came.arrival,
        came.lot,
        _product(placed, lot),
        None if stated is None else stated.fact.firmware_version,
        frozenset({maker} if placed is None else {maker, placed.fact.seller}),
        frozenset(delivered),
    )
