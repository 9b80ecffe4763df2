"""
Whether the goods passed from hand to hand without a gap, whole and sealed.

A hand-over has two halves; a half counts only when its own party stated it. Does not know whether
the parties were disclosed.
"""

from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from voltrail.controls.model import NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import PartyId, PersonId
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.custody import Half, HandOver

_NO_ARRIVAL = "No arrival is on record."
_NO_CUSTODY = "No hand-over of this lot is on record."


class ClockLimits(Struct, frozen=True):
    """How far the clocks of two parties may differ [h]."""

    max_difference_h: int = 24


class _Hop(Struct, frozen=True, dict=True):
    """One hand-over: the halves that its own parties stated."""

    given: Recorded[HandOver] | None
    taken: Recorded[HandOver] | None

    @cached_property
    def halves(self) -> tuple[Recorded[HandOver], ...]:
        return tuple(one for one in (self.given, self.taken) if one is not None)

    @cached_property
    def fact(self) -> HandOver:
        return self.halves[-1].fact

    @cached_property
    def left(self) -> HandOver:
        return self.halves[0].fact


@control("CUS-01", needs=("arrival", "custody"))
def every_hand_over_has_both_halves(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Giver and taker each signed their half of every hand-over.

    Why: one half is one party's word about another.
    Remedy: obtain the missing half, signed by the party that gave or took.
    Source: design, glossary (custody transfer); mission, provenance.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, dossier.arrival)
    if not hops:
        return unproven(_NO_CUSTODY, dossier.arrival)
    for hop in hops:
        if (hop.left.giver, hop.left.taker) != (hop.fact.giver, hop.fact.taker):
            return violated(
                f"The halves of hand-over {hop.fact.number} name other parties.", *hop.halves
            )
        if len(hop.halves) == 1:
            fact = hop.fact
            silent = fact.taker if hop.taken is None else fact.giver
            return unproven(
                f"Hand-over {fact.number} has one half: {silent.key} did not sign.", *hop.halves
            )
    return holds(f"{len(hops)} hand-overs, both halves signed.", *_facts(hops))


@control("CUS-02", needs=("arrival", "custody"))
def custody_has_no_gap(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Custody begins with the maker, and each hand-over is given by the hand that last took it.

    Why: a lot that nobody held is a lot that anybody could have swapped.
    Remedy: obtain the missing hand-over, naming this arrival, signed by whoever held the lot.
    Source: mission, threat 3; design, section 5.1.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, came)
    if not hops:
        return unproven(_NO_CUSTODY, came)
    for before, after in pairwise(hops):
        if before.fact.taker != after.left.giver:
            return violated(
                f"Custody gap: {before.fact.taker.key} took it, {after.left.giver.key} gave it.",
                *before.halves,
                *after.halves,
            )
    maker, first = came.fact.lot.parts[0], hops[0].left.giver
    if first != PartyId.of(maker):
        return unproven(f"Custody begins with {first.key}, not with {maker}.", *hops[0].halves)
    return holds(f"{len(hops)} hand-overs, no gap.", *_facts(hops))


@control("CUS-03", needs=("arrival", "custody"))
def quantities_agree_along_the_way(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    What was given was taken, nobody passed on more than they took, and as much came in.

    Why: units that appear or vanish on the way were added or exchanged.
    Remedy: count the arrival again, and have both parties of the named hand-over explain.
    Source: mission, chain of custody.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, came)
    if not hops:
        return unproven(_NO_CUSTODY, came)
    for hop in hops:
        if len({one.fact.quantity for one in hop.halves}) > 1:
            gave, took = hop.left.quantity, hop.fact.quantity
            return violated(
                f"Hand-over {hop.fact.number}: {gave:,} given, {took:,} taken.", *hop.halves
            )
    for before, after in pairwise(hops):
        if after.left.quantity > before.fact.quantity:
            return violated("More was passed on than was taken.", *before.halves, *after.halves)
    last, counted = hops[-1].fact.quantity, came.fact.quantity
    if last != counted:
        return violated(f"{last:,} were taken last, {counted:,} arrived.", came, *hops[-1].halves)
    return holds(f"{counted:,} units, counted alike by everybody.", came, *_facts(hops))


@control("CUS-04", needs=("arrival", "custody"))
def seals_agree_along_the_way(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Each seal that was given was taken, and the dock found the last ones.

    Why: another seal means that somebody opened the goods.
    Remedy: hold the goods, photograph the seals, and ask both parties of the named hand-over.
    Source: mission, quarantine triggers (broken seal); ISO 28000:2022, 8.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, came)
    if not hops:
        return unproven(_NO_CUSTODY, came)
    if not came.fact.seals and not any(one.fact.seals for one in _facts(hops)):
        return unproven("No seal is on record for this arrival.", came)
    for hop in hops:
        if len({frozenset(one.fact.seals) for one in hop.halves}) > 1:
            return violated(
                f"Seals differ between giver and taker in hand-over {hop.fact.number}.", *hop.halves
            )
    if set(came.fact.seals) != set(hops[-1].fact.seals):
        return violated("The dock found other seals than were handed over.", came, *hops[-1].halves)
    return holds("The seals agree at every hand-over.", came, *_facts(hops))


@control("CUS-05", needs=("arrival", "custody"))
def last_taker_is_the_operator(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The last hand-over on record is the one to the operator.

    Why: goods that somebody else still holds on paper are other goods.
    Remedy: sign the taken half at the dock, and have the deliverer sign the given half.
    Source: mission, attested stages (shipment hand-over).
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, dossier.arrival)
    if not hops:
        return unproven(_NO_CUSTODY, dossier.arrival)
    taker = hops[-1].fact.taker
    if taker != dossier.operator:
        return violated(f"On record {taker.key} still holds the goods.", *hops[-1].halves)
    return holds("The operator took the goods last.", *hops[-1].halves)


@control("CUS-06", needs=("arrival", "custody"), limits=ClockLimits)
def hand_overs_follow_in_time(dossier: Dossier, limits: ClockLimits, at: datetime) -> Verdict:
    """
    Nobody gave before they took, both halves name the same time, and receipt comes last.

    Why: times that contradict each other were written afterwards.
    Remedy: ask the parties of the named hand-over for their shipping papers.
    Source: our choice: ADR 0007.
    """
    came, slack = dossier.arrival, timedelta(hours=limits.max_difference_h)
    if came is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, came)
    if not hops:
        return unproven(_NO_CUSTODY, came)
    for hop in hops:
        if abs(hop.fact.at - hop.left.at) > slack:
            return violated(f"Hand-over {hop.fact.number}: the halves differ in time.", *hop.halves)
    for before, after in pairwise(hops):
        if after.left.at < before.fact.at:
            return violated(
                f"{after.left.giver.key} gave in hand-over {after.left.number} before it took.",
                *before.halves,
                *after.halves,
            )
    if hops[-1].fact.at > came.fact.received_at + slack:
        return violated("The last hand-over is later than the receipt.", came, *hops[-1].halves)
    return holds("The hand-overs follow each other in time.", came, *_facts(hops))


def _facts(hops: tuple[_Hop, ...]) -> tuple[Recorded[HandOver], ...]:
    return tuple(one for hop in hops for one in hop.halves)


def _hops(dossier: Dossier, came: Recorded[Arrival]) -> tuple[_Hop, ...]:
    """Return this arrival's hand-overs in the order the goods went, beginning with the maker."""
    kept: tuple[_Hop, ...] | None = dossier.walked.get(came.entry.index)
    if kept is None:
        kept = dossier.walked[came.entry.index] = _found(dossier, came)
    return kept


def _found(dossier: Dossier, came: Recorded[Arrival]) -> tuple[_Hop, ...]:
    halves = [one for one in dossier.lot.standing(HandOver) if _counts(dossier, one, came)]
    named = [one for one in halves if one.fact.arrival is not None]
    maker = PartyId.of(came.fact.lot.parts[0])
    if any(one.fact.giver == maker for one in named):
        halves = named
    numbered: dict[str, dict[Half, Recorded[HandOver]]] = {}
    for one in halves:
        numbered.setdefault(one.fact.number, {})[one.fact.half] = one
    hops = (numbered[number] for number in sorted(numbered))
    return _walked([_Hop(one.get(Half.GIVEN), one.get(Half.TAKEN)) for one in hops], maker)


def _counts(dossier: Dossier, one: Recorded[HandOver], came: Recorded[Arrival]) -> bool:
    fact = one.fact
    party = fact.giver if fact.half is Half.GIVEN else fact.taker
    own = one.issuer == party or (party == dossier.operator and isinstance(one.issuer, PersonId))
    return own and fact.lot == came.fact.lot and fact.arrival in (None, came.fact.arrival)


def _walked(hops: list[_Hop], holder: PartyId) -> tuple[_Hop, ...]:
    waiting = sorted(hops, key=lambda hop: (hop.left.at, hop.left.number))
    walked: list[_Hop] = []
    while waiting:
        follows = [hop for hop in waiting if hop.left.giver == holder]
        chosen = (follows or waiting)[0]
        waiting.remove(chosen)
        walked.append(chosen)
        holder = chosen.fact.taker
    return tuple(walked)
