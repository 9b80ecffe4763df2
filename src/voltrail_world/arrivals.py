"""
One shipment from the works to the dock, told act by act; every lie is one field of `Shipment`.

A shipment with nothing but defaults is clean. Does not know which shipments the story holds.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from msgspec import Struct, structs
from msgspec.structs import replace

from voltrail import canonical
from voltrail.ids.subject import ArrivalId, LotId, OrderId, PartyId, PlaceId, ProductId, UnitId
from voltrail.statements import fields as codec
from voltrail.statements import kinds
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.arrival import Arrival
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.fields import Digest
from voltrail.statements.firmware import FirmwareReading
from voltrail.statements.inspection import Inspection, Plan, Result, Stage, Test
from voltrail.statements.installation import Installation
from voltrail.statements.intake import Intake
from voltrail.statements.lot import LotRecord, ShippingEvent, TestResult
from voltrail.statements.order import Order
from voltrail.statements.product import Attestability
from voltrail.statements.statement import Header
from voltrail_world.cast import (
    CYCLER,
    FJORDLINIE,
    KESTREL_WORKS,
    MERET,
    MODEL,
    NORDLICHT,
    RUNA,
    SODALITH_WORKS,
    VERSIONS,
    World,
)

TAKEN, REFUSED = "taken", "refused"
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_LOOKS = (Test.PACKAGING, Test.SEALS, Test.SERIALS, Test.LABELS, Test.SHIPPING_CONDITION)
_TESTS = (Test.CAPACITY, Test.RESISTANCE, Test.CYCLE, Test.THERMAL, Test.STABILITY)
_WORKS = {"kestrel": KESTREL_WORKS, "sodalith": SODALITH_WORKS}


class Act(Struct, frozen=True):
    """Something handed in: when, its bytes, what it is, whether the register takes it, by whom."""

    at: datetime
    raw: bytes
    note: str
    expected: str = TAKEN
    by: PartyId = NORDLICHT


class Shipment(Struct, frozen=True):
    """A lot, its order, its way and its reception; fields with defaults are how it may go wrong."""

    number: str
    product: ProductId
    seller: PartyId
    place: PlaceId
    day: datetime
    policy: Digest
    way: tuple[PartyId, ...] = ()
    quantity: int = 16
    channel: str = "direct"
    first_serial: int = 0
    record: str = "signed"
    record_lacks: str = ""
    signed_by: PartyId | None = None
    lost_half: tuple[int, Half] | None = None
    short: int = 0
    serials: tuple[str, ...] = ()
    image: Digest | None = None
    nonconforming: int = 0
    installed: bool = False

    @property
    def maker(self) -> PartyId:
        """Who made the goods."""
        return PartyId.of(self.product.parts[0])

    @property
    def lot(self) -> LotId:
        """The production lot."""
        return LotId.of(self.maker.key, f"L26-{self.number}")

    @property
    def arrival(self) -> ArrivalId:
        """The delivery."""
        return ArrivalId.of("nordlicht", f"2026-{self.number}")

    @property
    def order(self) -> OrderId:
        """The purchase order line."""
        return OrderId.of("nordlicht", f"PO-{self.number}")

    @property
    def made(self) -> tuple[str, ...]:
        """The serials that left the works."""
        first = self.first_serial or int(self.number) * 1_000
        return tuple(f"S{first + place:06d}" for place in range(self.quantity))

    @property
    def delivered(self) -> tuple[str, ...]:
        """The serials the dock read."""
        return self.serials or self.made

    @property
    def hands(self) -> tuple[PartyId, ...]:
        """Everybody who held the goods, in order."""
        return (self.maker, *self.way, FJORDLINIE, NORDLICHT)

    @property
    def smart(self) -> bool:
        """Whether the product holds a controller."""
        return MODEL[self.product].attestability is not Attestability.PASSIVE


def image_of(product: ProductId) -> Digest:
    """
    Return the digest of a product's approved firmware image.

    Args:
        product: one with a controller

    Returns:
        SHA-256 of invented bytes.

    Source: our choice: design, section 2, invented world.
    """
    return Digest(canonical.digest(f"image {product} {VERSIONS[product]}".encode()))


def acts_of(world: World, going: Shipment) -> Iterator[Act]:
    """
    Yield what is said about one shipment, in the order it is said.

    Args:
        world: holds everybody's keys
        going: the shipment

    Returns:
        Acts in order of time.

    Source: our choice: design, section 2, invented world.
    """
    yield _order(world, going)
    if going.record != "none":
        yield _lot(world, going)
    yield from _hand_overs(world, going)
    yield _arrival(world, going)
    if going.smart:
        yield _firmware(world, going)
    yield from _inspections(world, going)
    if going.installed:
        yield from _service(world, going)


def _order(world: World, going: Shipment) -> Act:
    at = going.day - 21 * _DAY
    fact = Order(
        going.order,
        going.product,
        going.seller,
        going.place,
        going.quantity,
        going.channel,
        at,
        going.policy,
    )
    return Act(at, world.say(fact, Header(NORDLICHT, at), going.order), "order placed")


def _lot(world: World, going: Shipment) -> Act:
    at = going.day - 9 * _DAY
    fact = _record(going)
    if going.record == "unsigned":
        intake = Intake(going.maker, "e-mail", kinds.uri("lot"), codec.write(fact))
        header = Header(NORDLICHT, at)
        return Act(at, world.say(intake, header, going.lot), "lot record came in unsigned")
    by = (going.signed_by or going.maker,)
    raw = world.say(fact, Header(going.maker, at), going.lot, by=by)
    if by == (going.maker,):
        return Act(at, raw, "lot record", by=going.maker)
    return Act(at, raw, "lot record under a key of another firm", REFUSED)


def _record(going: Shipment) -> LotRecord:
    report = Digest(canonical.digest(f"report {going.lot}".encode()))
    tests = ("capacity", "internal-resistance", "insulation")
    reason = None if going.smart else "No controller in the product."
    whole = LotRecord(
        lot=going.lot,
        product=going.product,
        manufacturer=going.maker,
        lot_number=going.lot.parts[1],
        production_date=(going.day - 14 * _DAY).date(),
        firmware_version=VERSIONS.get(going.product, "none"),
        firmware_reason=reason,
        test_results=tuple(TestResult(test, "pass", report) for test in tests),
        shipping=(ShippingEvent(going.hands[1], going.day - 8 * _DAY, going.quantity),),
        quantity=going.quantity,
        factory=_WORKS[going.maker.key],
        serials=going.made,
    )
    if not going.record_lacks:
        return whole
    empty: dict[str, Any] = {field.name: field.default for field in structs.fields(LotRecord)}
    lacking: dict[str, Any] = {going.record_lacks: empty[going.record_lacks]}
    return replace(whole, **lacking)


def _hand_overs(world: World, going: Shipment) -> Iterator[Act]:
    last = len(going.hands) - 2
    for hop, (giver, taker) in enumerate(pairwise(going.hands)):
        at = going.day - 8 * _DAY + hop * 2 * _DAY if hop < last else going.day
        for half, speaker in ((Half.GIVEN, giver), (Half.TAKEN, taker)):
            if going.lost_half == (hop, half):
                continue
            short = going.short if (hop, half) == (0, Half.TAKEN) else 0
            fact = HandOver(
                lot=going.lot,
                number=f"H{hop + 1}",
                half=half,
                giver=giver,
                taker=taker,
                at=at,
                quantity=going.quantity - short,
                arrival=going.arrival if hop == last else None,
                seals=(f"SEAL-{going.number}",),
            )
            said = at + _HOUR if half is Half.TAKEN else at
            raw = world.say(fact, Header(speaker, said), going.lot)
            yield Act(said, raw, f"hand-over {hop + 1}, {half}", by=speaker)


def _arrival(world: World, going: Shipment) -> Act:
    at = going.day + 2 * _HOUR
    fact = Arrival(
        arrival=going.arrival,
        order=going.order,
        lot=going.lot,
        place=going.place,
        quantity=len(going.delivered),
        received_at=going.day + _HOUR,
        delivered_by=FJORDLINIE,
        seals=(f"SEAL-{going.number}",),
        serials=going.delivered,
    )
    header = Header(NORDLICHT, at, place=going.place)
    return Act(at, world.say(fact, header, going.arrival), "arrival at the dock")


def _firmware(world: World, going: Shipment) -> Act:
    return _reading(world, going, going.image or image_of(going.product), 3 * _HOUR)


def _reading(
    world: World, going: Shipment, image: Digest, after: timedelta, unit: UnitId | None = None
) -> Act:
    at = going.day + after
    can = MODEL[going.product].attestability
    how = "attestation" if can is Attestability.ATTESTABLE else "telemetry"
    read = 1 if unit else len(going.delivered)
    version = VERSIONS[going.product]
    fact = FirmwareReading(going.arrival, going.product, image, version, read, at, how, unit)
    header = Header(NORDLICHT, at, place=going.place)
    subjects = (going.arrival,) if unit is None else (going.arrival, unit)
    return Act(at, world.say(fact, header, *subjects), "firmware read")


def _inspections(world: World, going: Shipment) -> Iterator[Act]:
    whole = Plan(going.quantity, 0, 1, "every item is looked at")
    sample = Plan(5, 0, 1, "ISO 2859-1, level II, AQL 0.65")
    look = tuple(Result(test, going.quantity, 0) for test in _LOOKS)
    yield _inspection(world, going, (Stage.RECEIPT, 1, whole, look))
    tried = tuple(
        Result(test, 5, going.nonconforming if test is Test.CAPACITY else 0) for test in _TESTS
    )
    yield _inspection(world, going, (Stage.SAMPLE, 1, sample, tried))
    if going.nonconforming:
        again = tuple(Result(test, 5, 0) for test in _TESTS)
        yield _inspection(world, going, (Stage.SAMPLE, 2, sample, again))


def _inspection(
    world: World, going: Shipment, what: tuple[Stage, int, Plan, tuple[Result, ...]]
) -> Act:
    stage, run, plan, results = what
    at = going.day + (4 * _HOUR if stage is Stage.RECEIPT else run * _DAY)
    tools = () if stage is Stage.RECEIPT else (CYCLER,)
    fact = Inspection(going.arrival, stage, run, plan, results, at, tools)
    header = Header(NORDLICHT, at, place=going.place)
    return Act(at, world.say(fact, header, going.arrival), f"{stage} inspection, run {run}")


def _service(world: World, going: Shipment) -> Iterator[Act]:
    unit = UnitId.of(going.maker.key, going.delivered[0])
    yield _acceptance(world, going, AcceptanceVerb.ACCEPT, going.day + 2 * _DAY - 2 * _HOUR)
    yield _acceptance(world, going, AcceptanceVerb.INSTALL, going.day + 2 * _DAY - _HOUR, unit)
    at, image = going.day + 2 * _DAY, image_of(going.product)
    fact = Installation(unit, going.arrival, going.place, at, MERET, image)
    raw = world.say(fact, Header(NORDLICHT, at, place=going.place), unit, going.arrival)
    yield Act(at, raw, "unit installed")
    strange = Digest(canonical.digest(b"an image nobody approved"))
    yield _reading(world, going, strange, 3 * _DAY, unit)


def _acceptance(
    world: World, going: Shipment, verb: AcceptanceVerb, at: datetime, *units: UnitId
) -> Act:
    both = (MERET, RUNA)
    number = f"{going.number}-{verb}"
    fact = Acceptance(number, verb, going.arrival, going.place, at, both, units)
    raw = world.say(fact, Header(MERET, at), going.arrival, *units, by=both)
    return Act(at, raw, f"two persons sign: {verb}")
