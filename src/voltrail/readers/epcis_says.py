"""
What an EPCIS event says in our words: half of a hand-over, an assembly, a condition, a correction.

Fills only what the event knows; who recorded it, and which of our subjects the foreign identities
are, is for the one who records. Reads no file.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from urllib.parse import unquote

from msgspec import Struct

from voltrail.quantities import Quantity
from voltrail.readers import measured
from voltrail.readers.epcis_fields import Where
from voltrail.readers.epcis_model import Amount, Event, Measured, Sensed, Side
from voltrail.readers.foreign import Draft, Named
from voltrail.statements.assembly import Action
from voltrail.statements.custody import Half

OURS = "urn:voltrail:epcis:"  # fields of our own in an event
NUMBER = "urn:voltrail:number:"  # begins a number of ours that is no URI by itself
_HALVES = {"shipping": Half.GIVEN, "receiving": Half.TAKEN, "accepting": Half.TAKEN}
_JOINED = {
    "AggregationEvent": "packed",
    "AssociationEvent": "built in",
    "TransformationEvent": "made of",
}
_NUMBERED_BY = ("desadv", "bol", "recadv", "po")
_CREATED = {"commissioning", "creating_class_instance"}
_LOT = "urn:epcglobal:cbv:mda#lotNumber"


class HandOverHalf(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """One half of a hand-over, as its party observed it."""

    half: Half
    at: datetime
    event: Event
    number: str = ""
    giver: Named | None = None
    taker: Named | None = None
    items: tuple[Named, ...] = ()
    amounts: tuple[Amount, ...] = ()
    where: Named | None = None
    container: Named | None = None


class Joined(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Parts joined to a whole, seen in it, or taken out; `how`: packed, built in, made of."""

    how: str
    action: Action
    at: datetime
    event: Event
    inputs: tuple[Named, ...] = ()
    input_amounts: tuple[Amount, ...] = ()
    outputs: tuple[Named, ...] = ()
    output_amounts: tuple[Amount, ...] = ()
    where: Named | None = None


class MeasuredCondition(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The lowest and highest of one measured property; `unread` holds numbers of unknown units."""

    property: str
    readings: int
    begins: datetime
    ends: datetime
    lowest: Quantity | None = None
    highest: Quantity | None = None
    unread: tuple[str, ...] = ()
    items: tuple[Named, ...] = ()
    amounts: tuple[Amount, ...] = ()
    event_id: str = ""


class Commissioned(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Units or a lot that began to exist, where and when."""

    at: datetime
    event: Event
    items: tuple[Named, ...] = ()
    amounts: tuple[Amount, ...] = ()
    lot_number: str = ""
    where: Named | None = None


class Withdrawn(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """An earlier event is declared wrong; what stands in its place."""

    at: datetime
    event: Event
    reason: str = ""
    instead: tuple[str, ...] = ()


class Observed(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What none of our statements means: the step and the dispositions, as words."""

    at: datetime
    event: Event
    step: str = ""
    dispositions: tuple[str, ...] = ()


def drafts(event: Event, where: Where, digest: str) -> Iterator[Draft]:
    """
    Yield what an event says: one draft, and one more for each property that sensors measured.

    Args:
        event: as read
        where: its place, for remarks
        digest: of the file

    Yields:
        Drafts.

    Source: EPCIS 2.0, section 7.4; CBV 2.0, section 7; our choice: ADR 0047.
    """
    yield _main(event, where, digest)
    for said in _conditions(event, where):
        yield Draft(where.place, "condition", said, digest)


def _main(event: Event, where: Where, digest: str) -> Draft:
    if event.withdrawn is not None:
        wrong = event.withdrawn
        gone = Withdrawn(wrong.at, event, wrong.reason, wrong.instead)
        return Draft(where.place, "correction", gone, digest)
    if event.step in _HALVES and event.type != "TransformationEvent" and event.action != "DELETE":
        return Draft(where.place, "custody", _half(event, where), digest)
    if event.type in _JOINED:
        if event.parent is not None and event.parent in event.items:
            where.remark(f"{event.parent.text[:80]} is said to be packed into itself.")
        return Draft(where.place, "assembly", _joined(event), digest)
    if event.step in _CREATED and event.action == "ADD":
        lot = str(event.ilmd.get(_LOT, ""))
        place = event.location or event.read_point
        made = Commissioned(event.at, event, event.items, event.amounts, lot, place)
        return Draft(where.place, "unit" if event.items else "lot", made, digest)
    words = (event.disposition,) if event.disposition else ()
    seen = Observed(event.at, event, event.step, (*words, *event.set_dispositions))
    return Draft(where.place, "event", seen, digest)


def _half(event: Event, where: Where) -> HandOverHalf:
    giver, taker = _possessor(event.sources), _possessor(event.destinations)
    if giver is None or taker is None:
        where.remark("No possessing party stands on both sides; say who gave and who took.")
    number = next(
        (one.number for kind in _NUMBERED_BY for one in event.papers if one.type == kind), ""
    )
    if not number:
        where.remark("No despatch advice, bill of lading or order joins the two halves.")
    return HandOverHalf(
        _HALVES[event.step], event.at, event, _ours(number), giver, taker,
        event.items, event.amounts, event.read_point or event.location, event.parent,
    )  # fmt: skip


def _ours(number: str) -> str:
    """Return a number without what we put before it when we wrote it."""
    return unquote(number[len(NUMBER) :]) if number.startswith(NUMBER) else number


def _possessor(sides: Sequence[Side]) -> Named | None:
    return next((one.who for one in sides if one.type == "possessing_party"), None)


def _joined(event: Event) -> Joined:
    place = event.read_point or event.location
    how = _JOINED[event.type]
    if event.type == "TransformationEvent":
        return Joined(
            how, Action.ADD, event.at, event, event.inputs, event.input_amounts,
            event.outputs, event.output_amounts, place,
        )  # fmt: skip
    whole = (event.parent,) if event.parent is not None else ()
    action = Action(event.action.lower())
    return Joined(how, action, event.at, event, event.items, event.amounts, whole, (), place)


def _conditions(event: Event, where: Where) -> Iterator[MeasuredCondition]:
    """Yield the extremes of each property over all sensor elements of an event."""
    groups: dict[tuple[str, str], list[tuple[Sensed, Measured]]] = {}
    for element in event.sensors:
        for report in element.reports:
            if any(_numbers(report)):
                groups.setdefault((report.kind, report.uom), []).append((element, report))
    for (kind, unit), pairs in groups.items():
        told = [one for _, report in pairs for one in _numbers(report)]
        times = [one for pair in pairs for one in _times(*pair)] or [event.at]
        low, high = (measured.quantity(one, unit) for one in (min(told), max(told)))
        known = low is not None and high is not None
        if not known:
            where.remark(f"{kind or 'A measurement'} is in {unit or 'no unit'}; kept as text.")
        unread = () if known else tuple(f"{format(one, 'f')} {unit}".strip() for one in told)
        yield MeasuredCondition(
            kind, len(pairs), min(times), max(times), low if known else None,
            high if known else None, unread, event.items, event.amounts, event.id,
        )  # fmt: skip


def _numbers(report: Measured) -> list[Decimal]:
    return [one for one in (report.value, report.lowest, report.highest) if one is not None]


def _times(element: Sensed, report: Measured) -> list[datetime]:
    own = [report.at] if report.at is not None else []
    around = [one for one in (element.at, element.begins, element.ends) if one is not None]
    return own or around
