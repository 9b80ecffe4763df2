"""
Rules about where goods may go and through whose hands: R12 and R13.

Lists count when the maker or the seller stated them for itself.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from voltrail.ids.subject import Kind, PartyId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.globe import lies_in
from voltrail.projections.rules.hops import Hop, hops
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.channel import Authorization, Disclosure
from voltrail.statements.order import Order
from voltrail.statements.place import Place


@rule("R12", Severity.HIGH, Kind.LOT)
def undeclared_intermediary(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A party held the goods that neither maker nor seller named, though one of them gave a list.

    Where no list was in force at the hand-over, nobody is accused.

    Why: a hidden intermediary is a chance to substitute, tamper or forge paper.
    Remedy: maker or seller discloses the party, or explains how it came to hold the goods.
    Source: NIST SP 800-161r1, SR-4; our choice: ADR 0048.
    """
    known = _known(about)
    accused = set[PartyId]()
    for hop in hops(about, about.subject):
        lists = _lists(about, known, hop.sent)
        named = {party for one in lists for party in one.fact.parties}
        named |= _authorized(about, hop.sent)
        for party in (hop.giver, hop.taker):
            if lists and party not in known | named | accused:
                accused.add(party)
                said = f"{party.key} held the goods in hand-over {hop.number}; nobody declared it."
                yield Found(about.subject, (*hop.halves, *lists), said)


@rule("R13", Severity.HIGH, Kind.ARRIVAL)
def diverted_goods(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    Goods came to another place than ordered, or were handed for this arrival to somebody else.

    Regions of an authorization are words of the maker and are not compared with places.

    Why: goods that left their route were open to anybody there.
    Remedy: the buyer corrects the order, or the carrier says why the goods went elsewhere.
    Source: our choice: ADR 0048.
    """
    came = about.newest(Arrival, arrival=about.subject)
    placed = None if came is None else about.newest(Order, order=came.fact.order)
    if came is None or placed is None:
        return
    ordered, found = placed.fact.place, came.fact.place
    if not (lies_in(about, ordered, found) or lies_in(about, found, ordered)):
        said = f"It was ordered to {ordered.key} and came to {found.key}."
        yield Found(about.subject, (came, placed), said)
    site = about.newest(Place, place=ordered)
    walked = hops(about, came.fact.lot)
    for hop in walked:
        if hop.arrival == about.subject and site and _is_strange(hop, walked, came, site):
            said = f"{hop.taker.key} took it, {site.fact.operator.key} ordered it."
            yield Found(about.subject, (*hop.halves, placed), said)


def _known(about: Bearing) -> frozenset[PartyId]:
    found = {PartyId.of(about.subject.parts[0])}
    for came in about.of(Arrival):
        if came.fact.lot != about.subject:
            continue
        site = about.newest(Place, place=came.fact.place)
        found |= {site.fact.operator} if site else set()
        found |= {came.issuer} if isinstance(came.issuer, PartyId) else set()
        placed = about.newest(Order, order=came.fact.order)
        found |= {placed.fact.seller} if placed else set()
    return frozenset(found)


def _lists(
    about: Bearing, known: frozenset[PartyId], at: datetime
) -> tuple[Recorded[Disclosure], ...]:
    return tuple(
        one
        for one in about.of(Disclosure)
        if one.fact.supplier in known
        and one.issuer == one.fact.supplier
        and one.fact.valid_from <= at
    )


def _authorized(about: Bearing, at: datetime) -> set[PartyId]:
    maker = PartyId.of(about.subject.parts[0])
    return {
        one.fact.seller
        for one in about.of(Authorization)
        if one.fact.maker == maker == one.issuer
        and one.fact.valid_from <= at < one.fact.valid_until
    }


def _is_strange(
    hop: Hop, walked: tuple[Hop, ...], came: Recorded[Arrival], site: Recorded[Any]
) -> bool:
    """Return whether goods for an arrival ended with somebody who neither ordered nor brought."""
    passed_on = any(one.giver == hop.taker for one in walked)
    return not passed_on and hop.taker not in (site.fact.operator, came.fact.delivered_by)
