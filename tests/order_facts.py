"""The least that must be on record before an operator may order: a firm, a product, a place."""

from datetime import datetime, timedelta
from typing import Any

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.ids.subject import OrderId, PartyId, PlaceId, ProductId
from voltrail.statements.party import Party, Role
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.product import Attestability, Product
from voltrail.statements.qualification import (
    EvidenceItem,
    EvidenceState,
    Item,
    Qualification,
    Verdict,
)
from voltrail.statements.statement import Header

MAKER = PartyId.of("kestrel")
PRODUCT = ProductId.of("kestrel", "KP-24")
YEAR = timedelta(days=365)


def place_of(operator: PartyId) -> PlaceId:
    return PlaceId.of(*operator.parts, "office-kai")


def order_of(operator: PartyId, number: str = "PO-900") -> OrderId:
    return OrderId.of(*operator.parts, number)


def wanted(operator: PartyId, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """What an order says in JSON, allowed once the groundwork is laid."""
    return {
        "order": order_of(operator),
        "product": PRODUCT,
        "seller": MAKER,
        "place": place_of(operator),
        "quantity": 4,
        "channel": "direct",
        **changes,
    }


def lay_groundwork(desk: Desk, at: datetime) -> None:
    """State a maker that sells its own product to an office of the light path, qualified."""
    low, place = Grade.LOW, place_of(desk.operator)
    evidence = tuple(Item(item, EvidenceState.PRESENT) for item in EvidenceItem)
    facts: list[tuple[Any, Any]] = [
        (Party(MAKER, "Kestrel Cellworks", "SE", (Role.MANUFACTURER,)), MAKER),
        (Product(PRODUCT, MAKER, "KP-24", "pack", "LFP", Attestability.PASSIVE), PRODUCT),
        (
            Place(
                place,
                "Office on the quay",
                PlaceClass.OFFICE,
                desk.operator,
                low,
                low,
                Environment.CONTROLLED,
                "UTC",
            ),
            place,
        ),
        (
            Qualification(
                MAKER,
                ("pack",),
                ("direct",),
                1,
                Verdict.QUALIFIED,
                evidence,
                at - YEAR,
                at + YEAR,
                MAKER,
            ),
            MAKER,
        ),
    ]
    for fact, about in facts:
        record.state(desk, fact, Header(desk.operator, at), about)
