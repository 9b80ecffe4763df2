"""
Histories of lots in which nothing is wrong: what each party says, when, and when it is registered.

Drawn from one seed: makers with factories, carriers, a distributor, sites that stand on the globe.
Knows how goods move and what papers go with them; does not know what anybody calls an anomaly.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from voltrail.ids.subject import DocumentId, PartyId, ProductId, SubjectId
from voltrail.projections.view import EntryRef, Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Action, Assembly, BomLine, Part, WholeLevel
from voltrail.statements.certificate import Certificate
from voltrail.statements.channel import Disclosure
from voltrail.statements.condition import Condition
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.inspection import Inspection, Plan, Result, Stage, Test
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord, ShippingEvent, TestResult
from voltrail.statements.order import Order
from voltrail.statements.party import Party, Role
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.product import Attestability, Product
from voltrail.statements.specification import Line, ShownBy, Specification, SpecPart
from voltrail.statements.unit import Level, UnitRecord
from voltrail_world import enrolments, on_site, passports
from voltrail_world.tale import (
    BEGINS,
    FITTER,
    GLN,
    INNER,
    OPERATOR,
    PLACE,
    PLACES,
    Tale,
    digest,
    quantity,
)

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_DAILY = 400  # [items/d] that each factory declares
DAYS = {("works-east", "port"): 30, ("works-west", "port"): 2, ("port", "depot"): 2}
LAST_LEG = {"hall": 1, "mast": 2}  # [d] from the depot


@dataclass(frozen=True)
class Planted:
    """A fault that was planted: its rule, the subject, what may be said besides, its name."""

    rule: str
    subject: SubjectId
    beside: frozenset[str] = frozenset()
    deed: str = ""


@dataclass(frozen=True)
class History:
    """Everything on record, in register order, and what was planted in it."""

    facts: tuple[Recorded[Any], ...]
    planted: tuple[Planted, ...]


def ground() -> list[Recorded[Any]]:
    """Return what is known before anything moves: keys, places, models, partners, certificates."""
    tale = Tale(0, OPERATOR, "", "", BEGINS - 90 * _DAY)
    enrolments.introduce(tale)
    for name, cls, north, east, owner in PLACES:
        daily = _DAILY if cls is PlaceClass.FACTORY else None
        place = replace(_place(name, cls, owner), latitude=north, longitude=east)
        _about(tale, replace(place, daily_output=daily))
    kinds = {name: cls for name, cls, *_ in PLACES}
    for name, site in INNER:
        _about(tale, replace(_place(name, kinds[site], OPERATOR.key), within=PLACE[site]))
    for maker, factory in (("amber", "works-east"), ("basalt", "works-west")):
        _introduced(tale, PartyId.of(maker), factory)
    return list(tale.said.values())


def _place(name: str, cls: PlaceClass, owner: str) -> Place:
    return Place(
        PLACE[name],
        name.title(),
        cls,
        PartyId.of(owner),
        Grade.HIGH,
        Grade.MEDIUM,
        Environment.CONTROLLED,
        "Europe/Berlin",
    )


def _about(tale: Tale, place: Place) -> None:
    tale.say(f"place {place.place}", place, OPERATOR, tale.begun, place.place)


def _introduced(tale: Tale, maker: PartyId, factory: str) -> None:
    """Tell who a maker is, its model, partners and certificate."""
    firm = Party(maker, maker.key.title(), "SE", (Role.MANUFACTURER,), (GLN[maker.key],))
    tale.say(f"firm-{maker.key}", firm, OPERATOR, tale.begun, maker)
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
    asked = _asked(maker, product, tale.begun)
    tale.say(f"asked-{maker.key}", asked, OPERATOR, tale.begun, product)
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


def _asked(maker: PartyId, product: ProductId, since: datetime) -> Specification:
    """Return what is asked of a model: what it holds, and what it weighs."""
    lines = (
        Line("CAP-1", SpecPart.CAPACITY, "capacity", ShownBy.MEASUREMENT, quantity("98", "A.h")),
        Line(
            "MASS-1",
            SpecPart.COMPLIANCE,
            "mass",
            ShownBy.MEASUREMENT,
            quantity("212", "kg"),
            quantity("218", "kg"),
        ),
    )
    document = DocumentId.of(OPERATOR.key, f"SPEC-{maker.key}")
    return Specification(document, 1, "Packs", since, lines, product)


def clean(number: int, draw: random.Random) -> Tale:
    """Return the history of one lot in which nothing is wrong."""
    maker, factory = draw.choice([("amber", "works-east"), ("basalt", "works-west")])
    begun = BEGINS + number * _DAY + draw.randrange(0, 600) * timedelta(minutes=1)
    tale = Tale(number, PartyId.of(maker), factory, draw.choice(["hall", "mast"]), begun)
    _ordered(tale)
    _made(tale)
    passports.tell(tale)
    enrolments.sign_at_the_works(tale)
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
        code = (tale.code(place + 1),)
        unit = UnitRecord(tale.unit(place), tale.lot, Level.PACK, identifiers=code)
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
    on_site.tell(tale, at)
    for place in range(on_site.MOVED):
        put = Installation(tale.unit(place), tale.arrival, PLACE[tale.site], at + 3 * _DAY, FITTER)
        tale.say(f"installed-{place}", put, OPERATOR, at + 3 * _DAY, tale.unit(place))


def registered(facts: Iterable[Recorded[Any]]) -> tuple[Recorded[Any], ...]:
    """Return facts in the order of their log times, each with its place and a digest of its own."""
    ordered = sorted(facts, key=lambda one: one.entry.log_time)
    return tuple(
        replace(one, entry=EntryRef(index, digest(f"entry {index}"), one.entry.log_time))
        for index, one in enumerate(ordered)
    )
