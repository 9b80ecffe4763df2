"""
Which holds stand, and whether one of them covers an arrival.

A selector covers an arrival when every field it gives fits; a selector that gives nothing covers
nothing. Two different persons lift a hold; one does not. Does not judge.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, PartyId, ProductId
from voltrail.projections.view import Recorded
from voltrail.statements.hold import Hold, HoldLift, Selector
from voltrail.trust.anchors import Anchors

TWO_PEOPLE = 2  # [persons] design: a hold is lifted by two people


class Goods(Struct, frozen=True):
    """What a selector is compared with."""

    arrival: ArrivalId
    lot: LotId
    product: ProductId | None
    firmware_version: str | None
    parties: frozenset[PartyId]
    serials: frozenset[str]


def standing(
    holds: Iterable[Recorded[Hold]],
    lifts: Iterable[Recorded[HoldLift]],
    goods: Goods,
    anchors: Anchors,
) -> tuple[Recorded[Hold], ...]:
    """
    Return the holds that cover some goods and are not lifted.

    Args:
        holds: every hold on record
        lifts: every lift on record
        goods: what arrived
        anchors: the bindings in force; a lift counts while its person's keys stood when it came

    Returns:
        Holds in the order given.

    Source: design, walls; mission, II-07.
    """
    lifters: dict[str, set[str]] = {}
    for lift in lifts:
        if not _vouched(lift, anchors):
            continue
        lifters.setdefault(lift.fact.hold, set()).add(lift.issuer)
    return tuple(
        one
        for one in holds
        if len(lifters.get(one.entry.digest, ())) < TWO_PEOPLE and covers(one.fact.selector, goods)
    )


def _vouched(lift: Recorded[HoldLift], anchors: Anchors) -> bool:
    """Return whether no key that could have made a lift was already stolen when it came."""
    own = [one for one in anchors.of_issuer(lift.issuer) if one.covers(lift.predicate_type, None)]
    return not any(one.was_stolen(lift.entry.log_time) for one in own)


def covers(selector: Selector, goods: Goods) -> bool:
    """
    Return whether a selector covers some goods, in whole or in part.

    Args:
        selector: of a hold
        goods: what arrived

    Returns:
        True where every given field fits.

    Source: design, walls.
    """
    answers = tuple(_answers(selector, goods))
    return bool(answers) and all(answers)


def _answers(selector: Selector, goods: Goods) -> Iterator[bool]:
    if selector.unit is not None:
        maker, serial = selector.unit.parts[0], selector.unit.parts[-1]
        yield maker == goods.lot.parts[0] and serial in goods.serials
    if selector.lot is not None:
        yield selector.lot == goods.lot
    if selector.arrival is not None:
        yield selector.arrival == goods.arrival
    if selector.product is not None:
        yield selector.product == goods.product
    if selector.firmware_version is not None:
        yield selector.firmware_version == goods.firmware_version
    if selector.party is not None:
        yield selector.party in goods.parties
    if selector.serial_from is not None or selector.serial_to is not None:
        yield _in_range(selector, goods)


def _in_range(selector: Selector, goods: Goods) -> bool:
    """Return whether any serial lies in the range; goods without serials cannot be ruled out."""
    low, high = selector.serial_from or "", selector.serial_to or "\U0010ffff"
    return not goods.serials or any(low <= serial <= high for serial in goods.serials)
