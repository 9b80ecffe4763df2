"""A small world for rules: facts with issuers and log times, and what is found in them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from voltrail.canonical import digest
from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections import anomalies
from voltrail.projections.rules.model import Anomaly, Tolerances
from voltrail.projections.view import EntryRef, Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.fields import Digest
from voltrail.statements.kinds import type_of
from voltrail.statements.lot import LotRecord
from voltrail.statements.order import Order
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.statement import Header

START = datetime(2026, 3, 1, tzinfo=UTC)
MAKER, SELLER, CARRIER = PartyId.of("kestrel"), PartyId.of("norvolt"), PartyId.of("rheintrans")
BROKER, OPERATOR, CLERK = PartyId.of("shade"), PartyId.of("gridco"), PersonId.of("p-1")
LOT, OTHER_LOT = LotId.of("kestrel", "L-1"), LotId.of("kestrel", "L-2")
PRODUCT = ProductId.of("kestrel", "KP-48")
ORDER, ARRIVAL = OrderId.of("PO-1"), ArrivalId.of("A-1")
PLANT, HUB, DOCK = PlaceId.of("kestrel", "plant"), PlaceId.of("hub"), PlaceId.of("gridco", "dc-1")
UNIT = UnitId.of("kestrel", "S-1")
TOLERANCES = Tolerances()


def day(number: float) -> datetime:
    """A time that many days after the start."""
    return START + timedelta(days=number)


class Told:
    """What was said so far; each saying is put on record an hour after it was claimed."""

    def __init__(self) -> None:
        self.facts: list[Recorded[Any]] = []
        self._next = count(1)

    def say(self, fact: object, by: SubjectId, at: float, **told: Any) -> Recorded[Any]:  # noqa: ANN401
        """State a fact."""
        index = next(self._next)
        named = [
            value
            for name in ("unit", "arrival", "lot", "order", "place", "document", "product")
            if isinstance(value := getattr(fact, name, None), SubjectId)
        ]
        logged, supersedes = told.get("logged"), told.get("supersedes")
        log_time = day(at) + timedelta(hours=1) if logged is None else day(logged)
        where = EntryRef(index, digest(f"{index}".encode()), log_time)
        header = Header(by, day(at), supersedes=None if supersedes is None else Digest(supersedes))
        one = Recorded(
            fact,
            header,
            told.get("about") or tuple(named[:1]) or (by,),
            type_of(type(fact)),
            where,
            keys=told.get("keys", ()),
        )  # fmt: skip
        self.facts.append(one)
        return one

    def hop(self, number: str, giver: PartyId, taker: PartyId, sent: float,
            got: float | None = None, **fields: object) -> None:  # fmt: skip
        """Both halves of a hand-over; `given` and `taken` change one half, None leaves it out."""
        given, taken = fields.pop("given", {}), fields.pop("taken", {})
        both = {"lot": LOT, "quantity": 10, **fields}
        for half, who, at, changes in (
            (Half.GIVEN, giver, sent, given),
            (Half.TAKEN, taker, sent if got is None else got, taken),
        ):
            if changes is not None:
                said = {"giver": giver, "taker": taker, "at": day(at), **both, **changes}
                self.say(HandOver(number=number, half=half, **said), who, at)

    def place(self, where: PlaceId, north: str | None, east: str | None, **fields: object) -> None:
        """A place on the globe."""
        fact = Place(
            where, where.key, PlaceClass.WAREHOUSE, OPERATOR, Grade.LOW, Grade.LOW,
            Environment.CONTROLLED, "Europe/Berlin", latitude=north, longitude=east, **fields,
        )  # fmt: skip
        self.say(fact, OPERATOR, 0)

    def places(self) -> None:
        """The plant in Shenzhen, the hub in Rotterdam, the dock in Frankfurt."""
        self.place(PLANT, "22.543", "114.058")
        self.place(HUB, "51.948", "4.142")
        self.place(DOCK, "50.110", "8.682")

    def lot(self, lot: LotId = LOT, at: float = 0, **fields: object) -> Recorded[Any]:
        """The maker's record."""
        return self.say(LotRecord(lot, PRODUCT, **{"quantity": 10, **fields}), MAKER, at)

    def order(self, **fields: object) -> None:
        """An order to the dock."""
        given = {"place": DOCK, "quantity": 10, "channel": "direct", "ordered_at": day(0), **fields}
        self.say(Order(ORDER, PRODUCT, SELLER, **given), CLERK, 0)

    def arrival(self, at: float, **fields: object) -> Recorded[Any]:
        """Goods at the dock."""
        given = {"arrival": ARRIVAL, "place": DOCK, "quantity": 10, "lot": LOT, **fields}
        return self.say(Arrival(order=ORDER, received_at=day(at), **given), CLERK, at)

    def tick(self, at: float) -> None:
        """Something harmless that shows how far the record goes."""
        self.lot(at=at)

    def find(self, rule: str | None = None, **numbers: int) -> list[Anomaly]:
        """What is found, by all rules or by one."""
        found = anomalies.find(self.facts, Tolerances(**numbers))
        return [one for one in found if rule in (None, one.rule)]
