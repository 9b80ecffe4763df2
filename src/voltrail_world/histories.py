"""
Histories of lots in which nothing is wrong: what each party says, when, and when it is registered.

Drawn from one seed: makers with factories, carriers, a distributor, sites that stand on the globe.
Knows how goods move and what papers go with them; does not know what anybody calls an anomaly.
"""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from voltrail.ids.subject import (
    ArrivalId,
    DocumentId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections.view import EntryRef, Recorded
from voltrail.quantities import Quantity
from voltrail.statements import kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, BomLine, Part, WholeLevel
from voltrail.statements.certificate import Certificate
from voltrail.statements.channel import Disclosure
from voltrail.statements.condition import Condition
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.fields import Digest
from voltrail.statements.inspection import Inspection, Plan, Result, Stage, Test
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord, ShippingEvent, TestResult
from voltrail.statements.order import Order
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.product import Attestability, Product
from voltrail.statements.statement import Header
from voltrail.statements.unit import Level, UnitRecord

BEGINS = datetime(2026, 1, 5, 8, tzinfo=UTC)
OPERATOR, FITTER = PartyId.of("gridco"), PersonId.of("p-fitter")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TYPES = {name: kinds.uri(short) for short, (_, name, _v) in kinds.KINDS.items()}

# name, class, latitude and longitude [deg], and whose place it is
PLACES = (
    ("works-east", PlaceClass.FACTORY, "31.2304", "121.4737", "amber"),
    ("works-west", PlaceClass.FACTORY, "47.4979", "19.0402", "basalt"),
    ("port", PlaceClass.WAREHOUSE, "53.5511", "9.9937", "dock"),
    ("depot", PlaceClass.WAREHOUSE, "52.2297", "21.0122", "dock"),
    ("hall", PlaceClass.DATA_CENTER, "50.1109", "8.6821", "gridco"),
    ("mast", PlaceClass.TELECOM, "59.3293", "18.0686", "gridco"),
)
PLACE = {name: PlaceId.of(owner, name) for name, _, _, _, owner in PLACES}
DAYS = {("works-east", "port"): 30, ("works-west", "port"): 2, ("port", "depot"): 2}
LAST_LEG = {"hall": 1, "mast": 2}  # [d] from the depot


@dataclass
class Tale:
    """One lot's history while it is told, and the names that a fault may need."""

    number: int
    maker: PartyId
    factory: str
    site: str
    begun: datetime
    said: dict[str, Recorded[Any]] = field(default_factory=dict)

    @property
    def lot(self) -> LotId:
        """The lot."""
        return LotId.of(self.maker.key, f"L{self.number:04}")

    @property
    def product(self) -> ProductId:
        """Its model."""
        return ProductId.of(self.maker.key, "PK-24")

    @property
    def arrival(self) -> ArrivalId:
        """Its one arrival."""
        return ArrivalId.of(OPERATOR.key, f"A{self.number:04}")

    @property
    def order(self) -> OrderId:
        """The order it came on."""
        return OrderId.of(OPERATOR.key, f"O{self.number:04}")

    @property
    def serials(self) -> tuple[str, ...]:
        """The serials of its packs."""
        return tuple(f"S{self.number:04}{place:02}" for place in range(1, 13))

    @property
    def cells(self) -> LotId:
        """The lot of cells that its packs were made of."""
        return LotId.of(self.maker.key, f"C{self.number:04}")

    def unit(self, place: int) -> UnitId:
        """One of its packs."""
        return UnitId.of(self.maker.key, self.serials[place])

    def say(
        self, name: str, fact: object, issuer: SubjectId, at: datetime, *about: SubjectId
    ) -> None:
        """Say something, and have it registered two hours later."""
        kind = _TYPES[type(fact).__name__]
        ref = EntryRef(0, "", at + 2 * _HOUR)
        self.said[name] = Recorded(fact, Header(issuer, at), about or (self.lot,), kind, ref)


@dataclass(frozen=True)
class Planted:
    """A fault that was planted: the rule it is about, the subject, and what may be said besides."""

    rule: str
    subject: SubjectId
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class History:
    """Everything on record, in register order, and what was planted in it."""

    facts: tuple[Recorded[Any], ...]
    planted: tuple[Planted, ...]


def quantity(value: str, unit: str) -> Quantity:
    """Return a quantity."""
    return Quantity.parse({"value": value, "unit": unit})


def ground() -> list[Recorded[Any]]:
    """Return what is known before anything moves: places, models, partners, certificates."""
    tale = Tale(0, OPERATOR, "", "", BEGINS - 90 * _DAY)
    for name, cls, north, east, owner in PLACES:
        place = Place(
            PLACE[name],
            name.title(),
            cls,
            PartyId.of(owner),
            Grade.HIGH,
            Grade.MEDIUM,
            Environment.CONTROLLED,
            "Europe/Berlin",
            latitude=north,
            longitude=east,
        )
        tale.say(f"place-{name}", place, OPERATOR, tale.begun, PLACE[name])
    for maker, factory in (("amber", "works-east"), ("basalt", "works-west")):
        _introduced(tale, PartyId.of(maker), factory)
    return list(tale.said.values())


def _introduced(tale: Tale, maker: PartyId, factory: str) -> None:
    """Tell a maker's model, partners and certificate."""
    product = ProductId.of(maker.key, "PK-24")
    model = Product(
        product,
        maker,
        "PK-24",
        "rack",
        "LFP",
        Attestability.PASSIVE,
        quantity("100", "A.h"),
        quantity("48", "V"),
    )
    tale.say(f"model-{maker.key}", model, OPERATOR, tale.begun, product)
    named = tuple(map(PartyId.of, ("sealine", "truckers", "dock")))
    tale.say(f"named-{maker.key}", Disclosure(maker, named, tale.begun), maker, tale.begun, maker)
    paper = Certificate(
        document=DocumentId.of("lab", f"R-{maker.key}"),
        number=f"R-{maker.key}",
        standard="UN 38.3",
        issuing_body="lab",
        holder=maker,
        model="PK-24",
        filed_for=product,
        issued=(tale.begun - 30 * _DAY).date(),
        expires=(tale.begun + 700 * _DAY).date(),
        factory=PLACE[factory],
        content=digest(f"paper {maker.key}"),
    )
    tale.say(f"paper-{maker.key}", paper, OPERATOR, tale.begun, product)


def clean(number: int, draw: random.Random) -> Tale:
    """Return the history of one lot in which nothing is wrong."""
    maker, factory = draw.choice([("amber", "works-east"), ("basalt", "works-west")])
    begun = BEGINS + number * _DAY + draw.randrange(0, 600) * timedelta(minutes=1)
    tale = Tale(number, PartyId.of(maker), factory, draw.choice(["hall", "mast"]), begun)
    _ordered(tale)
    _made(tale)
    taken = _moved(tale, draw)
    _received(tale, taken)
    return tale


def _ordered(tale: Tale) -> None:
    wanted = Order(
        tale.order, tale.product, tale.maker, PLACE[tale.site], 12, "direct", tale.begun - 20 * _DAY
    )
    tale.say("order", wanted, OPERATOR, wanted.ordered_at, tale.order)


def _made(tale: Tale) -> None:
    """Tell the lot of cells, each pack that was built of them, and the lot of packs."""
    made = tale.begun
    cells = LotRecord(
        tale.cells,
        ProductId.of(tale.maker.key, "CELL"),
        tale.maker,
        f"C{tale.number:04}",
        (made - 5 * _DAY).date(),
        "none",
        "passive",
        (TestResult("capacity", "passed", digest(f"cells {tale.number}")),),
        quantity=192,
        factory=PLACE[tale.factory],
    )
    tale.say("cells", cells, tale.maker, made - 4 * _DAY, tale.cells)
    for place, _serial in enumerate(tale.serials):
        _built(tale, place)
        unit = UnitRecord(tale.unit(place), tale.lot, Level.PACK)
        tale.say(f"unit-{place}", unit, tale.maker, made + _HOUR, tale.unit(place))
    lot = LotRecord(
        tale.lot,
        tale.product,
        tale.maker,
        f"L{tale.number:04}",
        made.date(),
        "none",
        "passive",
        (TestResult("capacity", "passed", digest(f"report {tale.number}")),),
        (ShippingEvent(PartyId.of("sealine"), made + _DAY, 12),),
        12,
        PLACE[tale.factory],
        serials=tale.serials,
    )
    tale.say("lot", lot, tale.maker, made + 2 * _HOUR, tale.lot)


def _built(tale: Tale, place: int) -> None:
    built = Assembly(
        assembler=tale.maker,
        number=f"B{tale.number:04}-{place}",
        action=Action.ADD,
        level=WholeLevel.PACK,
        at=tale.begun - _DAY + place * timedelta(minutes=20),
        inputs=(Part(lot=tale.cells, quantity=quantity("16", "items")),),
        outputs=(Part(unit=tale.unit(place), lot=tale.lot),),
        where=PLACE[tale.factory],
        bom_revision="A",
        bom=(BomLine("cell", "C-100", "A", tale.maker), BomLine("bms", "B-1", "A", tale.maker)),
    )
    tale.say(f"built-{place}", built, tale.maker, built.at + _HOUR, tale.unit(place))


def _moved(tale: Tale, draw: random.Random) -> datetime:
    """Tell each leg: given here, taken there; return when the operator took the goods."""
    sealine, dock, truckers = map(PartyId.of, ("sealine", "dock", "truckers"))
    at = tale.begun + _DAY
    steps = (
        (tale.maker, sealine, tale.factory, 0),
        (sealine, dock, "port", DAYS[tale.factory, "port"]),
        (dock, truckers, "port", 1),
        (truckers, dock, "depot", DAYS["port", "depot"]),
        (dock, truckers, "depot", 1),
        (truckers, OPERATOR, tale.site, LAST_LEG[tale.site]),
    )
    for number, (giver, taker, where, days) in enumerate(steps, 1):
        begun, at = at, at + days * _DAY + draw.randrange(0, 180) * timedelta(minutes=1)
        if days > 1:
            _logged(tale, number, begun, at)
        for half, speaker, later in ((Half.GIVEN, giver, 0), (Half.TAKEN, taker, 10)):
            said = HandOver(
                tale.lot,
                f"H{number}",
                half,
                giver,
                taker,
                at + later * timedelta(minutes=1),
                12,
                PLACE[where],
                tale.arrival if taker == OPERATOR else None,
                (f"Z{tale.number:04}",),
                f"BOX{tale.number:04}",
            )
            tale.say(f"{half}{number}", said, speaker, said.at + timedelta(minutes=5))
    return at


def _logged(tale: Tale, number: int, begun: datetime, ended: datetime) -> None:
    leg = Condition(
        tale.lot, f"H{number}", begun, ended, quantity("8", "degC"), quantity("27", "degC")
    )
    tale.say(f"leg{number}", leg, PartyId.of("sealine"), ended)


def _received(tale: Tale, taken: datetime) -> None:
    at = taken + _HOUR
    came = Arrival(
        tale.arrival,
        tale.order,
        tale.lot,
        PLACE[tale.site],
        12,
        at,
        PartyId.of("truckers"),
        (f"Z{tale.number:04}",),
        tale.serials,
    )
    tale.say("arrival", came, OPERATOR, at, tale.arrival)
    looked = Inspection(
        tale.arrival,
        Stage.SAMPLE,
        1,
        Plan(3, 0, 1, "ISO 2859-1"),
        (Result(Test.CAPACITY, 3, 0, units=tuple(tale.unit(n) for n in range(3))),),
        at + _DAY,
    )
    tale.say("inspection", looked, OPERATOR, at + _DAY, tale.arrival)
    for place in range(4):
        put = Installation(tale.unit(place), tale.arrival, PLACE[tale.site], at + 3 * _DAY, FITTER)
        tale.say(f"installed-{place}", put, OPERATOR, at + 3 * _DAY, tale.unit(place))


def registered(facts: Iterable[Recorded[Any]]) -> tuple[Recorded[Any], ...]:
    """Return facts in the order of their log times, each with its place and a digest of its own."""
    ordered = sorted(facts, key=lambda one: one.entry.log_time)
    return tuple(
        _placed(one, EntryRef(index, digest(f"entry {index}"), one.entry.log_time))
        for index, one in enumerate(ordered)
    )


def _placed(one: Recorded[Any], ref: EntryRef) -> Recorded[Any]:
    return Recorded(one.fact, one.header, one.subjects, one.predicate_type, ref)


def digest(text: str) -> Digest:
    """Return some digest."""
    return Digest(hashlib.sha256(text.encode()).hexdigest())
