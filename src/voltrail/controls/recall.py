"""
Whether anything on record says that these goods must not move.

Reads holds and small anomalies. Does not know how a hold is lifted.
"""

from datetime import datetime

from voltrail.controls.model import About, NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import PersonId
from voltrail.projections.dossier import Dossier
from voltrail.statements.signal import Signal

_NO_ARRIVAL = "No arrival is on record."


@control("RCL-01", needs=("arrival", "hold", "hold-lift"), about=About.ORDER)
def no_hold_fits_these_goods(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    No hold that stands fits the arrival, its lot, its units or its maker; or the order's seller.

    Why: a lot under suspicion stays where it is until somebody has looked.
    Remedy: close the case; two people lift the hold on evidence.
    Source: mission, when it goes wrong; NIST SP 800-161r1, IR-4.
    """
    about = dossier.arrival or dossier.placed
    if about is None:
        return unproven(_NO_ARRIVAL)
    if dossier.holds:
        first = dossier.holds[0].fact
        return violated(f"Held in case {first.case.key}: {first.cause}", *dossier.holds)
    return holds("No hold fits these goods.", about)


@control("RCL-02", needs=("arrival", "signal"))
def no_red_flag_is_open(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    None of the operator's people reported an anomaly about the arrival or its lot.

    Why: small anomalies come before large ones, and people at the dock see them first.
    Remedy: look into what was reported; whoever reported it withdraws it with an explanation.
    Source: mission, small anomalies and red flags.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    raised = tuple(
        one
        for view in (dossier.own, dossier.lot)
        for one in view.standing(Signal)
        if one.issuer == dossier.operator or isinstance(one.issuer, PersonId)
    )
    if raised:
        return violated(f"Red flag: {raised[0].fact.sentence}", *raised)
    return holds("Nobody reported an anomaly.", dossier.arrival)
