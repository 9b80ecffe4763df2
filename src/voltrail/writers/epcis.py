"""
EPCIS 2.0 JSON from statements: hand-overs, assemblies, installations and moves as events.

Our identities are URIs and stand as they are. What EPCIS has no field for stands under our own
namespace. `readers.epcis` reads the events back. Signs nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity, Unit
from voltrail.readers.epcis_says import NUMBER, OURS
from voltrail.statements.assembly import Action, Assembly, Certainty, Part
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.fields import stamp
from voltrail.statements.installation import Installation
from voltrail.statements.movement import BIZ_STEPS, Movement

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_STEPS = {Half.GIVEN: "shipping", Half.TAKEN: "receiving"}
# UN/ECE Recommendation 20, revision 17
_CODES = {
    Unit.kg: "KGM", Unit.g: "GRM", Unit.items: "", Unit.m: "MTR", Unit.mm: "MMT",
    Unit.kWh: "KWH", Unit.W_h: "WHR", Unit.A_h: "AMH",
}  # fmt: skip


def write(facts: Iterable[Any], at: datetime) -> bytes:
    """
    Return facts as one EPCIS document.

    Args:
        facts: hand-overs, assemblies, installations, moves
        at: when the document is made

    Returns:
        JSON in UTF-8, one event for each fact, in their order.

    Raises:
        MalformedError: a fact that no event can say.

    Source: EPCIS 2.0, sections 7.4 and 9; CBV 2.0.
    """
    document = {
        "@context": [CONTEXT, {"voltrail": OURS}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": stamp(at),
        "epcisBody": {"eventList": [event(one) for one in facts]},
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def answer(events: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any]:
    """
    Return events as the answer to a query.

    Args:
        events: objects of events
        at: when the answer is made

    Returns:
        An EPCIS query document.

    Source: EPCIS 2.0, section 12.6.
    """
    return {
        "@context": [CONTEXT, {"voltrail": OURS}],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": stamp(at),
        "epcisBody": {
            "queryResults": {
                "queryName": "SimpleEventQuery",
                "resultsBody": {"eventList": list(events)},
            }
        },
    }


def event(fact: Any) -> dict[str, Any]:  # noqa: ANN401 — any fact
    """
    Return one fact as an event.

    Args:
        fact: a hand-over, an assembly, an installation or a move

    Returns:
        The event's object.

    Raises:
        MalformedError: another fact, or one that no event can say.

    Source: EPCIS 2.0, section 7.4.
    """
    made = _WRITERS.get(type(fact))
    if made is None:
        raise MalformedError(
            f"A {type(fact).__name__} is no event of EPCIS.",
            hint="Export hand-overs, assemblies, installations and moves.",
        )
    return {name: value for name, value in made(fact).items() if value not in (None, [], "")}


def _hand_over(fact: HandOver) -> dict[str, Any]:
    return {
        **_head("ObjectEvent", fact.at, "OBSERVE"),
        "bizStep": _STEPS[fact.half],
        "quantityList": [{"epcClass": fact.lot, "quantity": fact.quantity}],
        "readPoint": _point(fact.where),
        "bizTransactionList": [
            {"type": "desadv", "bizTransaction": NUMBER + quote(fact.number, safe="")}
        ],
        "sourceList": [{"type": "possessing_party", "source": fact.giver}],
        "destinationList": [{"type": "possessing_party", "destination": fact.taker}],
        "voltrail:arrival": fact.arrival,
        "voltrail:seals": list(fact.seals),
        "voltrail:container": fact.container,
    }


def _assembly(fact: Assembly) -> dict[str, Any]:
    wholes = [part.unit for part in fact.outputs]
    ours = {
        "voltrail:number": fact.number,
        "voltrail:assembler": fact.assembler,
        "voltrail:level": fact.level.value,
        "voltrail:bomRevision": fact.bom_revision,
        "voltrail:possible": [
            str(one.unit or one.lot) for one in fact.inputs if one.certainty is Certainty.POSSIBLE
        ],
    }
    if len(wholes) == 1 and wholes[0] is not None:
        return {
            **_head("AssociationEvent", fact.at, fact.action.value.upper()),
            "parentID": wholes[0],
            "childEPCs": _units(fact.inputs),
            "childQuantityList": _lots(fact.inputs),
            "bizStep": "disassembling" if fact.action is Action.DELETE else "assembling",
            "readPoint": _point(fact.where),
            **ours,
        }
    if fact.action is not Action.ADD:
        raise MalformedError(
            f"{fact.number} takes several wholes apart at once; EPCIS has no event for that.",
            hint="State one assembly for each whole.",
        )
    return {
        **_head("TransformationEvent", fact.at, ""),
        "inputEPCList": _units(fact.inputs),
        "inputQuantityList": _lots(fact.inputs),
        "outputEPCList": _units(fact.outputs),
        "outputQuantityList": _lots(fact.outputs),
        "bizStep": "assembling",
        "readPoint": _point(fact.where),
        **ours,
    }


def _installation(fact: Installation) -> dict[str, Any]:
    return {
        **_head("AssociationEvent", fact.installed_at, "ADD"),
        "parentID": fact.place,
        "childEPCs": [fact.unit],
        "bizStep": "installing",
        "readPoint": _point(fact.place),
        "voltrail:arrival": fact.arrival,
        "voltrail:by": fact.by,
        "voltrail:firmware": fact.firmware,
    }


def _movement(fact: Movement) -> dict[str, Any]:
    if fact.unit_table is not None:
        raise MalformedError(
            f"Move {fact.number} names its units in a table; no event holds one.",
            hint="Hand the table over beside the events.",
        )
    alone = fact.container is not None and not (fact.units or fact.lot)
    box = [NUMBER + quote(str(fact.container), safe="")] if alone else []
    return {
        **_head("ObjectEvent", fact.at, "OBSERVE"),
        "epcList": [*map(str, fact.units), *box],
        "quantityList": [{"epcClass": fact.lot, "quantity": fact.quantity}] if fact.lot else [],
        "bizStep": BIZ_STEPS[fact.verb],
        "readPoint": _point(fact.came_from),
        "bizLocation": _point(fact.to),
        "voltrail:number": fact.number,
        "voltrail:by": fact.by,
        "voltrail:container": fact.container,
        "voltrail:seals": list(fact.seals_set),
    }


def _head(kind: str, at: datetime, action: str) -> dict[str, Any]:
    return {
        "type": kind,
        "eventTime": stamp(at),
        "eventTimeZoneOffset": "+00:00",
        "action": action,
    }


def _point(place: str | None) -> dict[str, str] | None:
    return {"id": place} if place is not None else None


def _units(parts: Iterable[Part]) -> list[str]:
    return [str(one.unit) for one in parts if one.unit is not None]


def _lots(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [
        {"epcClass": str(one.lot), **_amount(one.quantity)}
        for one in parts
        if one.unit is None and one.lot is not None
    ]


def _amount(quantity: Quantity | None) -> dict[str, Any]:
    if quantity is None:
        return {}
    code = _CODES.get(quantity.unit)
    if code is None:
        raise MalformedError(
            f"{quantity} of a lot is no amount that EPCIS knows.", hint="Count it or weigh it."
        )
    return {"quantity": _number(quantity.value), **({"uom": code} if code else {})}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_WRITERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    HandOver: _hand_over,
    Assembly: _assembly,
    Installation: _installation,
    Movement: _movement,
}
