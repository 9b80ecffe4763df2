"""
Whether the goods were bought from somebody who was qualified when the order was placed.

Reads orders and qualifications, and counts only what the operator itself stated. Does not know how
the goods travelled, nor what they are.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.controls.model import About, NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import PartyId, PersonId
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.statements import qualification
from voltrail.statements.arrival import Arrival
from voltrail.statements.certificate import Certificate
from voltrail.statements.order import Order
from voltrail.statements.product import Product
from voltrail.statements.qualification import EvidenceState, Qualification

_NO_ORDER = "No order is on record for this arrival."
_NO_MODEL = "The ordered product is not specified on record."
_NOT_QUALIFIED = "No current qualification of the seller is on record for this order."
_ENOUGH = frozenset({EvidenceState.PRESENT, EvidenceState.CORROBORATED})


class EvidenceLimits(Struct, frozen=True):
    """How many of the seven evidence items must be present [items]."""

    min_items: int = 7


@control("SUP-01", needs=("order", "product", "qualification"), about=About.ORDER)
def seller_was_qualified_when_the_order_was_placed(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    The seller was qualified for this family, channel and tier at the time of the order.

    Why: goods from an unexamined seller carry every risk that qualification exists to find.
    Ahead: qualify the seller for this family, channel and tier, then order.
    Remedy: send the goods back; before the next order, qualify the seller for this scope.
    Source: mission, before purchase; NIST SP 800-161r1, SR-6.
    """
    placed, model = dossier.placed, dossier.model
    if placed is None:
        return unproven(_NO_ORDER)
    if model is None:
        return unproven(_NO_MODEL, placed)
    found = _newest(dossier, placed, model)
    seller, day = placed.fact.seller.key, placed.fact.ordered_at.date()
    if found is None:
        return violated(
            f"Purchase without current qualification: {seller} had none for {model.fact.family}, "
            f"channel {placed.fact.channel}, tier {dossier.tier} on {day}.",
            placed,
            *_stated(dossier),
        )
    if found.fact.verdict is qualification.Verdict.REJECTED:
        return violated(f"Purchase from {seller}, which stood rejected on {day}.", placed, found)
    until = found.fact.valid_until.date()
    return holds(f"{seller} was qualified on {day}, until {until}.", placed, found)


@control("SUP-02", needs=("arrival", "order", "product", "qualification"), about=About.ORDER)
def qualification_names_the_real_manufacturer(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    The qualification behind the order names the maker of the delivered lot, or of the product.

    Why: a seller that does not name the maker leaves room for any maker.
    Remedy: have the seller name the manufacturer, and qualify it again.
    Source: mission, before purchase (hard rejection); NIST SP 800-161r1, SR-4.
    """
    came, placed, found = dossier.arrival, dossier.placed, _qualified(dossier)
    goods: Recorded[Arrival] | Recorded[Order] | None = came or placed
    if goods is None or found is None:
        return unproven(_NOT_QUALIFIED if goods else "No arrival is on record.")
    made = goods.fact.lot if isinstance(goods.fact, Arrival) else goods.fact.product
    maker, named = PartyId.of(made.parts[0]), found.fact.manufacturer
    if named is None:
        return violated("The qualification names no manufacturer.", found)
    if named != maker:
        return violated(
            f"The qualification names {named.key}; the {made.kind} is by {maker.key}.",
            found,
            goods,
        )
    return holds(f"The qualification names {maker.key} as manufacturer.", found)


@control("SUP-03", needs=("order", "product", "qualification", "certificate"), about=About.ORDER)
def qualification_names_a_current_test_report(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    The qualification behind the order names a test report that had not expired.

    Why: without a test report nobody independent has ever looked at the product.
    Remedy: obtain a current test report, file it, and qualify the seller again.
    Source: mission, before purchase (hard rejection).
    """
    found, placed = _qualified(dossier), dossier.placed
    if found is None or placed is None:
        return unproven(_NOT_QUALIFIED)
    report = found.fact.test_report
    if report is None:
        return violated("The qualification names no test report.", found)
    views = (dossier.product, dossier.maker, dossier.seller)
    filed = [one for view in views for one in view.standing(Certificate)]
    filed = [one for one in filed if one.fact.document == report]
    day = placed.fact.ordered_at.date()
    for one in filed:
        if one.fact.expires is not None and one.fact.expires < day:
            return violated(
                f"Test report {report.key} expired on {one.fact.expires}, before the order.",
                found,
                one,
            )
    if not filed:
        return unproven(f"Test report {report.key} is named, but not on record.", found)
    return holds(f"Test report {report.key} is named.", found, *filed)


@control(
    "SUP-04",
    needs=("order", "product", "qualification"),
    limits=EvidenceLimits,
    about=About.ORDER,
)
def evidence_package_is_complete_for_the_tier(
    dossier: Dossier, limits: EvidenceLimits, at: datetime
) -> Verdict:
    """
    Enough of the seven evidence items stand behind the qualification, and none was rejected.

    Why: each item closes a way to pose as a legitimate supplier.
    Remedy: obtain the missing items from the supplier and record the new state of the package.
    Source: mission, evidence package (seven); ISO 28000:2022, 8.
    """
    found = _qualified(dossier)
    if found is None:
        return unproven(_NOT_QUALIFIED)
    rejected = [i.item for i in found.fact.evidence if i.state is EvidenceState.REJECTED]
    if rejected:
        return violated(f"Evidence was rejected: {', '.join(rejected)}.", found)
    present = {i.item for i in found.fact.evidence if i.state in _ENOUGH}
    if len(present) < limits.min_items:
        lacking = [item for item in qualification.EvidenceItem if item not in present]
        return unproven(
            f"{len(present)} of {limits.min_items} evidence items are present; "
            f"not there: {', '.join(lacking)}.",
            found,
        )
    return holds(f"{len(present)} evidence items are present.", found)


@control("SUP-05", needs=("order",))
def order_is_the_operators_own(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The order that the goods came on was stated by the operator.

    Why: an order that others can state lets unordered goods in.
    Remedy: find out who stated the order; record the true order, or return the goods.
    Source: our choice: ADR 0007.
    """
    placed = dossier.placed
    if placed is None:
        return unproven(_NO_ORDER)
    if not _ours(dossier, placed):
        return violated(f"The order was stated by {placed.issuer.key}, not the operator.", placed)
    return holds(f"Order {placed.fact.order.key} was stated by the operator.", placed)


def _ours(dossier: Dossier, one: Recorded[Any]) -> bool:
    return one.issuer == dossier.operator or isinstance(one.issuer, PersonId)


def _stated(dossier: Dossier) -> tuple[Recorded[Qualification], ...]:
    seller = dossier.placed.fact.seller if dossier.placed else None
    found = dossier.seller.standing(Qualification)
    return tuple(one for one in found if one.fact.supplier == seller and _ours(dossier, one))


def _newest(
    dossier: Dossier, placed: Recorded[Order], model: Recorded[Product]
) -> Recorded[Qualification] | None:
    first = min(dossier.order.every(Order), key=lambda one: one.entry.index)
    known = max(first.entry.log_time, first.fact.ordered_at)
    if dossier.arrival is not None:
        known = min(known, dossier.arrival.entry.log_time)
    fitting = [
        one
        for one in _stated(dossier)
        if one.entry.log_time <= known
        and model.fact.family in one.fact.families
        and placed.fact.channel in one.fact.channels
        and one.fact.valid_from <= first.fact.ordered_at < one.fact.valid_until
        and _covers(one.fact, dossier.tier)
    ]
    return fitting[-1] if fitting else None


def _covers(fact: Qualification, tier: int) -> bool:
    """Qualified for a strict tier covers lighter ones; rejected for a light one, stricter ones."""
    rejected = fact.verdict is qualification.Verdict.REJECTED
    return fact.tier >= tier if rejected else fact.tier <= tier


def _qualified(dossier: Dossier) -> Recorded[Qualification] | None:
    if dossier.placed is None or dossier.model is None:
        return None
    found = _newest(dossier, dossier.placed, dossier.model)
    rejected = found is not None and found.fact.verdict is qualification.Verdict.REJECTED
    return None if rejected else found
