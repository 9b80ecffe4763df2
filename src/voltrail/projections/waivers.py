"""
Which exceptions cover some goods, and which of them binds at a time.

An exception covers goods when every scope field it gives fits all of them; one that gives nothing
covers nothing. It ends by its own date, without any act. Does not change a finding.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, OrderId, PartyId, PlaceId, ProductId
from voltrail.projections.view import Recorded
from voltrail.statements.waiver import Waiver
from voltrail.trust.anchors import Anchors


class Reach(Struct, frozen=True):
    """What an exception's scope is compared with; nothing where goods have not come yet."""

    order: OrderId | None = None
    arrival: ArrivalId | None = None
    lot: LotId | None = None
    product: ProductId | None = None
    supplier: PartyId | None = None
    place: PlaceId | None = None
    units: tuple[str, ...] = ()


def covering(
    waivers: Iterable[Recorded[Waiver]], reach: Reach, anchors: Anchors
) -> tuple[Recorded[Waiver], ...]:
    """
    Return the exceptions that cover some goods, at whatever time.

    Args:
        waivers: every standing exception on record
        reach: the goods, or the order before they came
        anchors: the bindings in force; an approver whose key was stolen by then approved nothing

    Returns:
        Exceptions in the order given.

    Source: ISO 9000, concession; mission, CO-07.
    """
    return tuple(one for one in waivers if fits(one.fact, reach) and _vouched(one, anchors))


def binding(
    waivers: Iterable[Recorded[Waiver]], control: str, at: datetime
) -> Recorded[Waiver] | None:
    """
    Return the exception from one control that is in force at a time, the longest one.

    Args:
        waivers: those that cover the goods
        control: id of the control
        at: the time of judging

    Returns:
        The exception, or None.

    Source: mission, CO-07.
    """
    found = [one for one in waivers if one.fact.control == control and in_force(one.fact, at)]
    return max(found, key=lambda one: (one.fact.valid_until, one.entry.digest), default=None)


def in_force(waiver: Waiver, at: datetime) -> bool:
    """
    Return whether an exception has begun and not ended.

    Args:
        waiver: as stated
        at: the time

    Returns:
        True from its beginning until just before its end.

    Source: mission, CO-07.
    """
    return waiver.valid_from <= at < waiver.valid_until


def fits(waiver: Waiver, reach: Reach) -> bool:
    """
    Return whether the scope of an exception fits all of some goods.

    Args:
        waiver: as stated
        reach: the goods

    Returns:
        True where at least one field is given, and every field given fits.

    Source: docs/spec/waiver.md.
    """
    answers = tuple(_answers(waiver, reach))
    return bool(answers) and all(answers)


def _answers(waiver: Waiver, reach: Reach) -> Iterator[bool]:
    for name in ("order", "arrival", "lot", "product", "supplier", "place"):
        given = getattr(waiver, name)
        if given is not None:
            yield given == getattr(reach, name)
    if waiver.unit is not None:  # one unit's exception frees no other unit of the arrival
        yield reach.units == (str(waiver.unit),)


def _vouched(one: Recorded[Waiver], anchors: Anchors) -> bool:
    """Return whether no approver's key was already stolen when the exception came."""
    return not any(
        anchor.was_stolen(one.entry.log_time)
        for person in one.fact.approved_by
        for anchor in anchors.of_issuer(person)
        if anchor.covers(one.predicate_type, None)
    )
