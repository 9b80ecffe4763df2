"""Dossiers built directly from facts: a good arrival at a tier 1 place, and changes to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.controls.model import REGISTRY, Outcome, Verdict
from voltrail.controls.policy import limits_of
from voltrail.ids.subject import (
    ArrivalId,
    CaseId,
    DocumentId,
    FirmwareId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections.anomalies import find
from voltrail.projections.dossier import Dossier
from voltrail.projections.fold import touched
from voltrail.projections.rules.model import tolerances
from voltrail.projections.traced import Traced
from voltrail.projections.view import EntryRef, Recorded, View, fold
from voltrail.statements import qualification
from voltrail.statements.arrival import Arrival
from voltrail.statements.certificate import Certificate
from voltrail.statements.channel import Authorization, Disclosure
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.fields import Digest
from voltrail.statements.firmware import FirmwareReading, FirmwareRelease
from voltrail.statements.hold import Hold, Selector
from voltrail.statements.inspection import Inspection, Plan, Result, Stage, Test
from voltrail.statements.kinds import type_of
from voltrail.statements.lot import LotRecord, ShippingEvent, TestResult
from voltrail.statements.order import Order
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.product import Attestability, Product
from voltrail.statements.qualification import EvidenceItem, EvidenceState, Item, Qualification
from voltrail.statements.statement import Header
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail.trust.keys import Algorithm, PublicKey

START = datetime(2026, 1, 1, tzinfo=UTC)
AT = START + timedelta(days=60)
MAKER, SELLER, CARRIER = PartyId.of("kestrel"), PartyId.of("norvolt"), PartyId.of("rheintrans")
BROKER, OPERATOR, CLERK = PartyId.of("shade"), PartyId.of("gridco"), PersonId.of("p-1")
PLACE, FACTORY = PlaceId.of("gridco", "dc-1"), PlaceId.of("kestrel", "plant-1")
PRODUCT, OTHER_PRODUCT = ProductId.of("kestrel", "KP-48"), ProductId.of("kestrel", "KP-24")
LOT, ORDER, ARRIVAL = LotId.of("kestrel", "L-1"), OrderId.of("PO-1"), ArrivalId.of("A-1")
IMAGE, OTHER_IMAGE = Digest("a" * 64), Digest("b" * 64)
SERIALS = tuple(f"S-{number:03}" for number in range(10))
BATTERY = (Test.CAPACITY, Test.RESISTANCE, Test.CYCLE, Test.THERMAL, Test.STABILITY)
DOCK = (Test.PACKAGING, Test.SEALS, Test.SERIALS, Test.LABELS, Test.SHIPPING_CONDITION)


def day(number: float) -> datetime:
    """A time that many days after the start."""
    return START + timedelta(days=number)


def recorded(fact: object, issuer: SubjectId, index: int, claimed: datetime) -> Recorded[Any]:
    """A fact as though it stood in the register at an index."""
    subjects = tuple(
        value
        for value in (getattr(fact, name, None) for name in ("arrival", "lot", "order", "place"))
        if isinstance(value, SubjectId)
    )
    if isinstance(fact, Product):
        subjects = (fact.product,)
    where = EntryRef(index, f"{index:064x}", claimed)
    return Recorded(fact, Header(issuer, claimed), subjects, type_of(type(fact)), where)


@dataclass
class World:
    """Named facts with their issuers, and the few things that are no facts."""

    facts: dict[str, Recorded[Any]] = field(default_factory=dict)
    seen: dict[str, frozenset[str]] = field(default_factory=dict)
    keys: dict[SubjectId, tuple[Anchor, ...]] = field(default_factory=dict)
    serials: tuple[str, ...] = SERIALS
    lot_serials: frozenset[str] | None = None
    tier: int = 1
    limits: dict[str, dict[str, int]] = field(default_factory=dict)
    proven: dict[int, datetime] = field(default_factory=dict)
    more_units: bool = False
    cut: tuple[PartyId, ...] = ()

    def put(self, name: str, fact: object, issuer: SubjectId, at: float, *about: SubjectId) -> None:
        """State a fact anew."""
        one = recorded(fact, issuer, len(self.facts) + 1, day(at))
        self.facts[name] = replace(one, subjects=about or one.subjects)

    def edit(self, name: str, **changes: object) -> None:
        """Change fields of a fact."""
        one = self.facts[name]
        self.facts[name] = replace(one, fact=replace(one.fact, **changes))

    def by(self, name: str, issuer: SubjectId) -> None:
        """Let somebody else have said it."""
        one = self.facts[name]
        self.facts[name] = replace(one, header=replace(one.header, issuer=issuer))

    def drop(self, *names: str) -> None:
        """Forget facts."""
        for name in names:
            del self.facts[name]

    def sign(self, name: str, *keys: Anchor) -> None:
        """Let some keys have signed a fact."""
        self.facts[name] = replace(self.facts[name], keys=tuple(one.key.key_id for one in keys))

    def lose(self, issuer: SubjectId, since: float | None) -> None:
        """Let the keys of an issuer be compromised from a day on, or nobody knows since when."""
        lost = {
            "state": KeyState.COMPROMISED,
            "compromised_since": None if since is None else day(since),
        }
        self.keys[issuer] = tuple(
            replace(one, valid_until=day(70), **lost) for one in self.keys[issuer]
        )

    def dossier(self) -> Dossier:
        """Everything on record, gathered as the projections gather it."""
        came = self.facts.get("arrival")
        if came is None:
            return Dossier(ARRIVAL, len(self.facts), OPERATOR, self._view(ARRIVAL))
        return Dossier(
            ARRIVAL,
            len(self.facts),
            OPERATOR,
            own=self._view(ARRIVAL),
            lot=self._view(LOT),
            order=self._view(ORDER),
            seller=self._view(SELLER if self._sold_by is None else self._sold_by),
            maker=self._view(MAKER),
            product=self._view(PRODUCT),
            place=self._view(PLACE),
            holds=tuple(one for one in self.facts.values() if isinstance(one.fact, Hold)),
            serials=self.serials,
            lot_serials=self.lot_serials,
            seen=self.seen,
            anchors=Anchors(tuple(one for bound in self.keys.values() for one in bound)),
            proven=self.proven,
            lookout=self,
        )

    def about(self, arrival: ArrivalId) -> Traced:
        """What stands against itself in everything on record."""
        every = tuple(self.facts.values())
        kept = {one.entry.index: one for one in every}
        found = find(every, tolerances())
        own = (one for one in every if {arrival, LOT, PRODUCT} & touched(one))
        return Traced(found, tuple(own), kept, self.more_units, self.cut)

    @property
    def _sold_by(self) -> PartyId | None:
        placed = self.facts.get("order")
        return None if placed is None else placed.fact.seller

    def _view(self, subject: SubjectId) -> View:
        return fold(subject, [one for one in self.facts.values() if subject in touched(one)])


def anchor(issuer: SubjectId, letter: bytes = b"k") -> Anchor:
    """A binding of an invented key from long ago on."""
    key = PublicKey(Algorithm.ED25519, letter + issuer.encode())
    return Anchor(key, issuer, START - timedelta(days=400))


def good() -> World:
    """An arrival with which everything is well."""
    world = World()
    for issuer in (MAKER, SELLER, CARRIER, OPERATOR, CLERK):
        world.keys[issuer] = (anchor(issuer),)
    _before_purchase(world)
    _lot(world)
    _way(world)
    _dock(world)
    return world


def _before_purchase(world: World) -> None:
    high, low = Grade.HIGH, Environment.CONTROLLED
    place = Place(PLACE, "DC 1", PlaceClass.DATA_CENTER, OPERATOR, high, high, low, "UTC")
    product = Product(PRODUCT, MAKER, "KP-48", "pack", "LFP", Attestability.ATTESTABLE)
    evidence = tuple(Item(item, EvidenceState.PRESENT) for item in EvidenceItem)
    qualified = Qualification(
        SELLER,
        ("pack",),
        ("authorized",),
        1,
        qualification.Verdict.QUALIFIED,
        evidence,
        day(-100),
        day(200),
        MAKER,
        FACTORY,
        DocumentId.of("tuev", "R-1"),
    )
    world.put("place", place, OPERATOR, -90)
    world.put("product", product, OPERATOR, -90)
    world.put("qualification", qualified, OPERATOR, -80, SELLER)
    allowed = Authorization(MAKER, SELLER, ("pack",), ("EU",), day(-100), day(200))
    world.put("authorization", allowed, MAKER, -79, SELLER)
    world.put("disclosure", Disclosure(SELLER, (CARRIER,), day(-70)), SELLER, -70, SELLER)
    order = Order(ORDER, PRODUCT, SELLER, PLACE, 10, "authorized", day(0))
    world.put("order", order, OPERATOR, 0)


def _lot(world: World) -> None:
    record = LotRecord(
        LOT,
        PRODUCT,
        MAKER,
        "L-1",
        date(2026, 1, 6),
        "4.2.0",
        None,
        (TestResult("capacity", "passed"),),
        (ShippingEvent(SELLER, day(10), 10),),
        10,
        FACTORY,
        serials=SERIALS,
    )
    world.put("lot", record, MAKER, 8)
    report = Certificate(
        DocumentId.of("tuev", "R-1"),
        "R-1",
        "IEC 62619",
        "TUV",
        MAKER,
        "KP-48",
        PRODUCT,
        date(2025, 1, 1),
        date(2027, 1, 1),
        FACTORY,
    )
    world.put("certificate", report, OPERATOR, 9, PRODUCT)
    release = FirmwareRelease(FirmwareId.of("kp", "4.2.0"), PRODUCT, "4.2.0", IMAGE, True)  # noqa: FBT003
    world.put("release", release, OPERATOR, 9, PRODUCT)


def _way(world: World) -> None:
    hops = ((MAKER, SELLER, 10), (SELLER, CARRIER, 15), (CARRIER, OPERATOR, 20))
    for number, (giver, taker, at) in enumerate(hops, 1):
        for half, speaker in ((Half.GIVEN, giver), (Half.TAKEN, taker)):
            over = HandOver(
                LOT, f"H{number}", half, giver, taker, day(at), 10, None, ARRIVAL, ("seal-1",)
            )
            world.put(f"{half}{number}", over, speaker, at)


def _dock(world: World) -> None:
    came = Arrival(ARRIVAL, ORDER, LOT, PLACE, 10, day(20), CARRIER, ("seal-1",), SERIALS)
    world.put("arrival", came, OPERATOR, 20)
    plan = Plan(3, 0, 1, "ISO 2859-1, general II")
    for stage, tests, size in ((Stage.RECEIPT, DOCK, 10), (Stage.SAMPLE, BATTERY, 3)):
        results = tuple(Result(test, size, 0) for test in tests)
        world.put(stage.value, Inspection(ARRIVAL, stage, 1, plan, results, day(21)), CLERK, 21)
    read = FirmwareReading(ARRIVAL, PRODUCT, IMAGE, "4.2.0", 10, day(21), "attestation")
    world.put("reading", read, OPERATOR, 21)


def failing(test: Test, nonconforming: int, *rest: Test, size: int = 3) -> tuple[Result, ...]:
    """Results in which one test fails and the rest pass."""
    return (Result(test, size, nonconforming), *(Result(one, size, 0) for one in rest))


def hold(cause: str) -> Hold:
    """A hold on the good lot."""
    return Hold(CaseId.of("C-7"), Selector(lot=LOT), cause, CLERK)


def unit(serial: str) -> UnitId:
    """A delivered unit."""
    return UnitId.of("kestrel", serial)


def nothing(_: World) -> None:
    """Change nothing."""


@dataclass(frozen=True)
class Story:
    """What happened, which control notices, what it answers, and words of its sentence."""

    title: str
    control: str
    outcome: Outcome
    words: str
    change: Callable[[World], object] = nothing

    def told(self) -> Verdict:
        """The control's verdict on the changed world."""
        world = good()
        self.change(world)
        return verdict(self.control, world)


def verdict(control_id: str, world: World) -> Verdict:
    """A control's verdict under the catalogue's limits."""
    families.load_all()
    control = REGISTRY[control_id]
    given = {**load.entry(control_id).limits[world.tier], **world.limits.get(control_id, {})}
    limits = limits_of(control.limits, given)
    return control.check(world.dossier(), limits, AT)  # type: ignore[no-any-return]


def agrees(story: Story) -> bool:
    """Whether a story ends as it says."""
    found = story.told()
    return found.outcome is story.outcome and story.words in found.sentence


def check(story: Story) -> None:
    """Assert that a story ends as it says, in a sentence, with the entries it rests on."""
    found = story.told()
    assert (found.outcome, story.words in found.sentence) == (story.outcome, True), found.sentence
    assert found.sentence[-1] in ".!?"
    assert len(found.sentence.split()) <= 20, found.sentence
    if found.outcome in (Outcome.HOLDS, Outcome.VIOLATED):
        assert found.entries, "a verdict names the entries it rests on"


def no_arrival(*controls: str) -> list[Story]:
    """Stories in which nothing arrived."""
    return [
        Story("nothing arrived", one, Outcome.UNPROVEN, "", lambda world: world.drop("arrival"))
        for one in controls
    ]


def all_is_well(*controls: str) -> list[Story]:
    """Stories in which nothing is wrong."""
    return [Story("all is well", one, Outcome.HOLDS, "") for one in controls]
