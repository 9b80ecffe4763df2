"""What proves the custody of a unit: the hand-overs of its lot, from the maker to who has it."""

from itertools import pairwise

from msgspec.structs import replace

from voltrail.ids.subject import PartyId
from voltrail.projections.five.model import Answer, Confidence, Question, Subject, answered
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.hops import Hop, hops
from voltrail.wording import Worded, worded

_ASK_HALVES = worded("Ask every party that held the goods to sign its half of the hand-over.")


def what_custody_evidence(about: Subject, lots: tuple[Bearing, ...]) -> Answer:
    """
    Return what is on record of the hands a unit went through.

    Args:
        about: the unit
        lots: what bears on each of its lots

    Returns:
        Proven where the hand-overs begin with the maker, follow each other, and both parties of
        each signed; one source where only one party of some did; else not proven.

    Source: mission, PV-05; ADR 0053.
    """
    walked = _walked(about, lots)
    told = [half for hop in walked for half in hop.halves]
    fault, ask = _fault(about, walked)
    found = answered(
        Question.CUSTODY,
        fault or _whole(walked),
        told,
        about.operator,
        missing=_ASK_HALVES if fault else None,
        ask=ask,
    )
    if fault is None or not told:
        return found
    is_broken = _first_gap(about, walked) is not None
    word = Confidence.NOT_PROVEN if is_broken else Confidence.ONE_SOURCE
    return replace(found, confidence=word)


def _walked(about: Subject, lots: tuple[Bearing, ...]) -> list[Hop]:
    """Return the hand-overs up to the newest arrival by time; those of others are left out."""
    came = about.arrivals[-1].fact if about.arrivals else None
    found = [
        hop
        for bearing in lots
        if came is None or bearing.subject == came.lot
        for hop in hops(bearing, bearing.subject)
        if hop.arrival is None or (came is not None and hop.arrival == came.arrival)
    ]
    named = [hop for hop in found if hop.arrival is not None]
    return named if any(hop.giver == _maker(about) for hop in named) else found


def _maker(about: Subject) -> PartyId:
    """Return whose lot it is, by the name of the lot that came last."""
    lots = [one.fact.lot for one in about.arrivals] or list(about.lots)
    return PartyId.of(lots[-1].parts[0]) if lots else about.maker


def _whole(walked: list[Hop]) -> Worded:
    first, last = walked[0].giver.key, walked[-1].taker.key
    return worded(
        "%(count)s hand-overs from %(first)s to %(last)s, each signed by both parties.",
        count=f"{len(walked):,}",
        first=first,
        last=last,
    )


def _fault(about: Subject, walked: list[Hop]) -> tuple[Worded | None, PartyId | None]:
    """Return what is missing of a whole chain, and whom to ask."""
    if not walked:
        return worded("No hand-over of its lot is on record."), _maker(about)
    gap = _first_gap(about, walked)
    if gap is not None:
        return gap
    for hop in walked:
        if len(hop.halves) == 1:
            silent = hop.taker if hop.taken is None else hop.giver
            named = {"number": hop.number, "silent": silent.key}
            return worded(
                "Hand-over %(number)s has one half: %(silent)s did not sign.", **named
            ), silent
    return None, None


def _first_gap(about: Subject, walked: list[Hop]) -> tuple[Worded, PartyId] | None:
    """Return where somebody is missing in the chain, not only a signature."""
    maker, first = _maker(about), walked[0].giver
    if first != maker:
        named = {"first": first.key, "maker": maker.key}
        return worded("Custody begins with %(first)s, not with %(maker)s.", **named), maker
    for before, after in pairwise(walked):
        if before.taker != after.giver:
            named = {"took": before.taker.key, "gave": after.giver.key}
            return worded("%(took)s took it and %(gave)s gave it on: a gap.", **named), before.taker
    return None
