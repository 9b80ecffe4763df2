"""
Whether the goods came through the channel that the maker and the seller declared.

Reads authorizations, disclosures and the parties named in custody. Does not know whether custody is
complete.
"""

from datetime import datetime

from voltrail.controls.model import About, NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import PartyId
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.channel import Authorization, Disclosure
from voltrail.statements.custody import HandOver
from voltrail.statements.order import Order

_NO_ARRIVAL = "No arrival is on record."
_NO_ORDER = "No order is on record for this arrival."
_NO_CUSTODY = "No hand-over of this lot is on record."


@control("CHN-01", needs=("arrival", "order", "product", "authorization"), about=About.ORDER)
def seller_may_sell_for_the_maker(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The seller is the maker, or held the maker's own authorization when the order was placed.

    Why: counterfeit and rejected goods enter through sellers the maker does not know.
    Remedy: ask the manufacturer to sign an authorization for this seller and family.
    Source: mission, signs of a legitimate supplier; NIST SP 800-161r1, SR-11.
    """
    came, placed, model = dossier.arrival, dossier.placed, dossier.model
    if placed is None:
        return unproven(_NO_ARRIVAL if came is None else _NO_ORDER)
    made = placed.fact.product if came is None else came.fact.lot
    maker, seller = PartyId.of(made.parts[0]), placed.fact.seller
    if seller == maker:
        grounds = (placed,) if came is None else (came, placed)
        return holds(f"{seller.key} made the goods and sold them.", *grounds)
    if model is None:
        return unproven("The ordered product is not specified on record.", placed)
    claimed = _claimed(dossier, maker, seller)
    own = [one for one in claimed if one.issuer == maker]
    if claimed and not own:
        who = claimed[-1].issuer.key
        return violated(f"The authorization was issued by {who}, not by {maker.key}.", *claimed)
    fitting = [one for one in own if model.fact.family in one.fact.families]
    for one in fitting:
        if one.fact.valid_from <= placed.fact.ordered_at < one.fact.valid_until:
            return holds(f"{maker.key} authorized {seller.key}.", placed, one)
    day = placed.fact.ordered_at.date()
    if own:
        return violated(
            f"No authorization by {maker.key} covered the order of {day}.", placed, *own
        )
    return unproven(f"No authorization of {seller.key} by {maker.key} is on record.", placed)


@control("CHN-02", needs=("arrival", "order", "custody", "disclosure"))
def every_party_in_custody_is_disclosed(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    Whoever held the goods is the maker, the seller, the operator, or was named by one of them.

    Why: a hidden intermediary is a chance to substitute, tamper or forge paper.
    Remedy: have the maker or seller explain the party; disclose it, or return the goods.
    Source: mission, threat 3; NIST SP 800-161r1, SR-4.
    """
    came, placed = dossier.arrival, dossier.placed
    if came is None or placed is None:
        return unproven(_NO_ARRIVAL if came is None else _NO_ORDER)
    hops = _hops(dossier, came)
    if not hops:
        return unproven(_NO_CUSTODY, came)
    known = {PartyId.of(came.fact.lot.parts[0]), placed.fact.seller, dossier.operator}
    named = _disclosed(dossier, came, placed)
    for hop in hops:
        told = {
            party
            for one in named
            if one.fact.valid_from <= hop.fact.at
            for party in one.fact.parties
        }
        for party in (hop.fact.giver, hop.fact.taker):
            if party not in known | told:
                return violated(
                    f"Undeclared intermediary: {party.key} held the goods, nobody disclosed it.",
                    hop,
                    *named,
                )
    return holds("Every party that held the goods is known or disclosed.", *hops, *named)


@control("CHN-03", needs=("arrival", "custody"))
def deliverer_is_a_party_of_custody(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Whoever delivered the goods to the dock appears in their custody.

    Why: goods brought by a stranger may be other goods.
    Remedy: obtain the hand-over to the deliverer, signed by the party that gave.
    Source: mission, threat 3; ISO 28000:2022, 8.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    hops = _hops(dossier, came)
    if came.fact.delivered_by is None:
        return unproven("The dock did not record who delivered.", came)
    if not hops:
        return unproven(_NO_CUSTODY, came)
    carrier = came.fact.delivered_by
    if all(carrier not in (hop.fact.giver, hop.fact.taker) for hop in hops):
        return violated(f"{carrier.key} delivered, but no hand-over names it.", came, *hops)
    return holds(f"{carrier.key} delivered and is named in custody.", came, *hops)


def _hops(dossier: Dossier, came: Recorded[Arrival]) -> tuple[Recorded[HandOver], ...]:
    found = dossier.lot.standing(HandOver)
    return tuple(
        one
        for one in found
        if one.fact.lot == came.fact.lot and one.fact.arrival in (None, came.fact.arrival)
    )


def _claimed(
    dossier: Dossier, maker: PartyId, seller: PartyId
) -> tuple[Recorded[Authorization], ...]:
    found = dossier.seller.standing(Authorization)
    return tuple(one for one in found if one.fact.maker == maker and one.fact.seller == seller)


def _disclosed(
    dossier: Dossier, came: Recorded[Arrival], placed: Recorded[Order]
) -> tuple[Recorded[Disclosure], ...]:
    entitled = {PartyId.of(came.fact.lot.parts[0]), placed.fact.seller}
    found = {
        one.entry.index: one
        for view in (dossier.maker, dossier.seller)
        for one in view.standing(Disclosure)
        if one.issuer in entitled and one.issuer == one.fact.supplier
    }
    return tuple(found[index] for index in sorted(found))
