"""
The one thing a control may look at: everything on record that bears on one arrival, up to a size.

Gathers the views of the arrival, its lot, order, seller, maker, product and place, the hold list
and where its units were seen. A missing subject is an empty view, never an error. Does not judge.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from voltrail.ids.subject import ArrivalId, PartyId, ProductId
from voltrail.projections import anchors as key_fold
from voltrail.projections.fold import of_type, serials, view
from voltrail.projections.holds import Goods, standing
from voltrail.projections.store import ViewStore
from voltrail.projections.tier import tier_of
from voltrail.projections.view import Recorded, View
from voltrail.register.blobs import BlobStore
from voltrail.register.store import EntryStore
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.hold import Hold
from voltrail.statements.lot import LotRecord
from voltrail.statements.order import Order
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail.trust.anchors import Anchors

_NOBODY = View(None)


class Dossier(Struct, frozen=True):
    """All that is known of an arrival at a register size."""

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
    serials: tuple[str, ...] = ()
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    anchors: Anchors = field(default_factory=Anchors)

    @property
    def arrival(self) -> Recorded[Arrival] | None:
        """What the dock recorded."""
        return self.own.newest(Arrival)

    @property
    def placed(self) -> Recorded[Order] | None:
        """The order the goods came on."""
        return self.order.newest(Order)

    @property
    def record(self) -> Recorded[LotRecord] | None:
        """The manufacturer's lot record."""
        return self.lot.newest(LotRecord)

    @property
    def model(self) -> Recorded[Product] | None:
        """The ordered product as specified."""
        return self.product.newest(Product)

    @property
    def site(self) -> Recorded[Place] | None:
        """The place the goods came to."""
        return self.place.newest(Place)

    @property
    def tier(self) -> int:
        """Risk tier of the place; 1, the strictest, where the place is unknown."""
        return 1 if self.site is None else tier_of(self.site.fact)

    @property
    def ordered_at(self) -> datetime | None:
        """When the order was placed."""
        return None if self.placed is None else self.placed.fact.ordered_at

    @property
    def facts(self) -> tuple[Recorded[Any], ...]:
        """Everything gathered, each entry once, in register order."""
        views = (self.own, self.lot, self.order, self.seller, self.maker, self.product, self.place)
        found = {one.entry.index: one for each in views for one in each.facts}
        found |= {one.entry.index: one for one in self.holds}
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
    size = archive.entries.size() if below is None else below
    entries, views = archive.entries, archive.views
    own = _without_decisions(view(entries, views, arrival, size))
    came = own.newest(Arrival)
    if came is None:
        return Dossier(arrival, size, archive.operator, own)
    lot = view(entries, views, came.fact.lot, size)
    order = view(entries, views, came.fact.order, size)
    placed = order.newest(Order)
    product = view(entries, views, _product(placed, lot), size)
    maker = PartyId.of(came.fact.lot.parts[0])
    delivered = serials(came.fact, archive.blobs)
    units = [f"urn:voltrail:unit:{maker.key}:{serial}" for serial in delivered]
    return Dossier(
        arrival_id=arrival,
        size=size,
        operator=archive.operator,
        own=own,
        lot=lot,
        order=order,
        seller=view(entries, views, None if placed is None else placed.fact.seller, size),
        maker=view(entries, views, maker, size),
        product=product,
        place=view(entries, views, came.fact.place, size),
        holds=_holds(archive, _goods(came.fact, placed, lot, delivered), size),
        serials=delivered,
        seen=views.sightings(units, size),
        anchors=key_fold.anchors(entries, views, archive.pinned, size),
    )


def _without_decisions(own: View) -> View:
    """Return a view without our own conclusions: a decision never rests on an earlier one."""
    kept = (one for one in own.facts if not isinstance(one.fact, DecisionRecord))
    return View(own.subject, tuple(kept))


def _product(placed: Recorded[Order] | None, lot: View) -> ProductId | None:
    if placed is not None:
        return placed.fact.product
    stated = lot.newest(LotRecord)
    return None if stated is None else stated.fact.product


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


def _holds(archive: Archive, goods: Goods, size: int) -> tuple[Recorded[Hold], ...]:
    entries, views = archive.entries, archive.views
    found = of_type(entries, views, "urn:voltrail:predicate:hold:v1", size)
    if not found:
        return ()
    lifts = of_type(entries, views, "urn:voltrail:predicate:hold-lift:v1", size)
    return standing(found, lifts, goods)
