"""
Run every control on a dossier and collect every finding.

A control that raises becomes an ERROR finding and hides no other. Consequences come from the
policy; an exception in force takes the consequence away and leaves the finding. Does not decide.
"""

from datetime import datetime

from msgspec import Struct

from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.controls.model import REGISTRY, About, Control, Layer, Outcome, Verdict
from voltrail.controls.policy import Policy, limits_of
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.projections.waivers import binding
from voltrail.statements.policy import Consequence, Mode, Rule
from voltrail.statements.waiver import Waiver

_MILD = frozenset({None, Consequence.NOTE})


class Finding(Struct, frozen=True):
    """One control's verdict on one dossier, what it leads to, and the exception that covers it."""

    control: str
    revision: int
    layer: Layer
    verdict: Verdict
    mode: Mode
    consequence: Consequence | None
    remedy: str
    waiver: Recorded[Waiver] | None = None


def evaluate(
    dossier: Dossier, policy: Policy, at: datetime, about: About = About.ARRIVAL
) -> tuple[Finding, ...]:
    """
    Return the finding of every control that the policy does not switch off.

    Args:
        dossier: what is on record
        policy: the policy the goods are judged by
        at: the time of judging
        about: an order leaves out the controls that need goods

    Returns:
        Findings in order of control id.

    Source: design, section 5.1.
    """
    families.load_all()
    family, place_class = scope(dossier)
    dossier = dossier.judged_at(at)
    found = []
    for control_id in sorted(REGISTRY):
        if about is About.ORDER and REGISTRY[control_id].about is not About.ORDER:
            continue
        rule = policy.rule(control_id, family, dossier.tier, place_class)
        if rule.mode is not Mode.OFF:
            found.append(_finding(REGISTRY[control_id], rule, dossier, at))
    return tuple(found)


def scope(dossier: Dossier) -> tuple[str, str]:
    """
    Return the product family and the class of place that a rule's scope is compared with.

    Args:
        dossier: what is judged

    Returns:
        Both; empty where nobody recorded them.

    Source: our choice: ADR 0007.
    """
    family = "" if dossier.model is None else dossier.model.fact.family
    return family, "" if dossier.site is None else dossier.site.fact.place_class


def _finding(control: Control, rule: Rule, dossier: Dossier, at: datetime) -> Finding:
    entry = load.entry(control.id)
    try:
        verdict = control.check(dossier, limits_of(control.limits, rule.limits), at)
    except Exception as error:  # noqa: BLE001 — one broken control must not hide the others
        verdict = Verdict(Outcome.ERROR, f"The control could not be run: {error}")
    found = _consequence(verdict.outcome, rule)
    waiver = None
    if found not in _MILD and not entry.never_waived:
        waiver = binding(dossier.waivers, control.id, at)
    return Finding(
        control.id,
        entry.revision,
        Layer(entry.layer),
        verdict,
        rule.mode,
        found if waiver is None else Consequence.NOTE,
        control.remedy,
        waiver,
    )


def _consequence(outcome: Outcome, rule: Rule) -> Consequence | None:
    if outcome in (Outcome.HOLDS, Outcome.NOT_APPLICABLE):
        return None
    if rule.mode is Mode.ADVISED:
        return Consequence.NOTE
    if outcome is Outcome.VIOLATED:
        return rule.violated
    if outcome is Outcome.ERROR and rule.unproven is Consequence.NOTE:
        return Consequence.QUARANTINE
    return rule.unproven
