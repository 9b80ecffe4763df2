"""
Whether the certificates filed for the product are current, and really are for it.

Reads certificates as filed. Does not know whether the paper itself is genuine.
"""

from datetime import datetime

from voltrail.controls.model import (
    NoLimits,
    Verdict,
    control,
    holds,
    not_applicable,
    unproven,
    violated,
)
from voltrail.ids.subject import PartyId
from voltrail.projections.dossier import Dossier
from voltrail.projections.lot import own_record
from voltrail.projections.view import Recorded
from voltrail.statements.certificate import Certificate

_NO_ARRIVAL = "No arrival is on record."
_NO_CERTIFICATE = "No certificate is filed for this product."


@control("CRT-01", needs=("arrival", "certificate"))
def certificate_was_current_at_receipt(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    A certificate filed for the product was issued and not expired on the day of receipt.

    Why: an expired certificate says nothing of what is made today.
    Remedy: obtain the current certificate from the issuing body and file it.
    Source: mission, signs of a legitimate supplier (verifiable certifications).
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    filed = _filed(dossier)
    if not filed:
        return unproven(_NO_CERTIFICATE, came)
    day = came.fact.received_at.date()
    for one in reversed(filed):
        if one.fact.issued <= day and (one.fact.expires is None or day <= one.fact.expires):
            return holds(f"Certificate {one.fact.number} was current on {day}.", one, came)
    newest = filed[-1].fact
    return violated(f"Certificate {newest.number} was not current on {day}.", came, *filed)


@control("CRT-02", needs=("arrival", "product", "certificate"))
def certificate_is_for_this_model(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Every certificate filed for the product names the product's own model.

    Why: a true certificate of another model is the easiest forgery.
    Remedy: ask the issuing body for the certificate of this model; withdraw the other one.
    Source: mission, threat 1.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    filed, model = _filed(dossier), dossier.model
    if model is None:
        return unproven("The ordered product is not specified on record.")
    if not filed:
        return unproven(_NO_CERTIFICATE, model)
    for one in filed:
        if _plain(one.fact.model) != _plain(model.fact.model):
            return violated(
                f"Certificate {one.fact.number} is for {one.fact.model}, "
                f"reused for {model.fact.model}.",
                one,
                model,
            )
    return holds(f"{len(filed)} certificates name {model.fact.model}.", model, *filed)


@control("CRT-03", needs=("arrival", "certificate"))
def certificate_is_held_by_the_maker(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Every certificate filed for the product was issued to the maker of the lot.

    Why: somebody else's certificate covers somebody else's production.
    Remedy: obtain the certificate that was issued to the manufacturer.
    Source: mission, threat 1.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    filed, maker = _filed(dossier), PartyId.of(came.fact.lot.parts[0])
    if not filed:
        return unproven(_NO_CERTIFICATE, came)
    for one in filed:
        if one.fact.holder != maker:
            return violated(
                f"Certificate {one.fact.number} was issued to {one.fact.holder.key}, "
                f"not {maker.key}.",
                one,
                came,
            )
    return holds(f"{maker.key} holds the certificates.", *filed)


@control("CRT-04", needs=("arrival", "certificate", "lot"))
def certificate_covers_the_factory(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Where a certificate names a factory, the lot was made there.

    Why: a certified product from an uncertified factory is an uncertified product.
    Remedy: obtain the certificate of the factory that made the lot.
    Source: mission, evidence package (factory certification).
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    filed = _filed(dossier)
    if not filed:
        return unproven(_NO_CERTIFICATE, came)
    bound = [one for one in filed if one.fact.factory is not None]
    if not bound:
        return not_applicable("The certificates are not bound to a factory.", *filed)
    record = own_record(dossier.lot)
    if record is None or record.fact.factory is None:
        return unproven("The maker has not stated in which factory the lot was made.", *bound)
    made = record.fact.factory
    if all(one.fact.factory != made for one in bound):
        return violated(f"No certificate covers the factory {made.key}.", record, *bound)
    return holds(f"A certificate covers the factory {made.key}.", record, *bound)


def _plain(model: str) -> str:
    return "".join(model.casefold().split())


def _filed(dossier: Dossier) -> tuple[Recorded[Certificate], ...]:
    """Return the certificates filed for the ordered product, but not those of another lot."""
    came, product = dossier.arrival, dossier.product.subject
    lot = None if came is None else came.fact.lot
    return tuple(
        one
        for one in dossier.product.standing(Certificate)
        if one.fact.filed_for == product and one.fact.lot in (None, lot)
    )
