"""
The operator's policy: which is in force, how two differ, what one would change for past arrivals.

Approving is handing in one statement that two persons signed; `record.hand_in` does that, with the
bytes that `draft` gives.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from voltrail.actions import judge
from voltrail.actions.desk import Desk
from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.controls.evaluate import evaluate
from voltrail.controls.model import REGISTRY
from voltrail.controls.policy import Policy, limits_of, of_record
from voltrail.decisions.baseline import baseline
from voltrail.decisions.decide import decide
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import ArrivalId, PersonId
from voltrail.projections.dossier import dossier
from voltrail.projections.view import Recorded
from voltrail.statements import statement as statements
from voltrail.statements.policy import PolicyRecord, Rule
from voltrail.statements.statement import Header


class Difference(Struct, frozen=True):
    """A rule that two policies do not share; `before` or `after` is empty where one has none."""

    control: str
    scope: str
    before: str
    after: str


class Simulated(Struct, frozen=True):
    """An arrival whose disposition would change."""

    arrival: str
    before: str
    after: str
    sentence: str


def in_force(desk: Desk, at: datetime) -> Policy:
    """
    Return the policy in force at a time.

    Args:
        desk: knows the approved policies
        at: the time

    Returns:
        The policy.

    Source: design, section 7, policy.
    """
    return judge.in_force(desk, at)


def all_policies(desk: Desk) -> tuple[Recorded[PolicyRecord], ...]:
    """
    Return every approved policy, oldest first.

    Args:
        desk: knows them

    Returns:
        Recorded policies.

    Source: design, section 7, policy.
    """
    return desk.policies()


def by_digest(desk: Desk, digest: str) -> Policy:
    """
    Return the policy with a digest.

    Args:
        desk: knows the approved policies
        digest: of the policy's content

    Returns:
        The policy; the baseline has a digest too.

    Raises:
        UnknownSubjectError: no such policy.

    Source: design, section 7, policy.
    """
    for policy in (*(of_record(one.fact) for one in desk.policies()), baseline()):
        if policy.digest == digest:
            return policy
    raise UnknownSubjectError(f"No policy {digest} is on record.", hint="Look at the policy list.")


def compare(desk: Desk, old_digest: str, new_digest: str) -> tuple[Difference, ...]:
    """
    Return the rules that two policies do not share.

    Args:
        desk: knows the approved policies
        old_digest: the earlier policy
        new_digest: the later one

    Returns:
        Differences by control and scope.

    Raises:
        UnknownSubjectError: no such policy.

    Source: design, section 7, policy.
    """
    return differences(by_digest(desk, old_digest).record, by_digest(desk, new_digest).record)


def differences(before: PolicyRecord, after: PolicyRecord) -> tuple[Difference, ...]:
    """
    Return the rules that two policies do not share, whether or not anybody approved them.

    Args:
        before: the earlier policy
        after: the later one

    Returns:
        Differences by control and scope.

    Source: design, section 7, policy.
    """
    old, new = _by_scope(before), _by_scope(after)
    return tuple(
        Difference(control, scope, old.get((control, scope), ""), new.get((control, scope), ""))
        for control, scope in sorted(old.keys() | new.keys())
        if old.get((control, scope)) != new.get((control, scope))
    )


def simulate(
    desk: Desk, proposed: PolicyRecord, at: datetime, limit: int = 500
) -> tuple[Simulated, ...]:
    """
    Return the past arrivals whose disposition a policy would change; nothing is recorded.

    Args:
        desk: where arrivals are kept
        proposed: a policy nobody approved yet
        at: the time of judging
        limit: how many arrivals to judge at most

    Returns:
        The arrivals that would change.

    Source: mission, II-06.
    """
    policy = of_record(proposed)
    found = []
    for row in desk.views.rows(limit=limit):
        seen = dossier(desk, ArrivalId.read(row.arrival))
        record = decide(seen, evaluate(seen, policy, at), policy, at)
        if record.disposition != row.disposition:
            found.append(
                Simulated(row.arrival, row.disposition, record.disposition, record.sentence)
            )
    return tuple(found)


def check(record: PolicyRecord) -> None:
    """
    Refuse a policy with a rule that no control here could follow.

    Args:
        record: a policy nobody approved yet

    Raises:
        MalformedError: no title, an unknown control or tier, a limit that does not fit, or two
            rules of one control for the same goods.

    Source: ADR 0007; ADR 0014.
    """
    families.load_all()
    if not record.title.strip() or not record.rules:
        raise MalformedError("The policy lacks a title or rules.", hint="Give it both.")
    seen: set[tuple[str, str]] = set()
    for rule in record.rules:
        found = REGISTRY.get(rule.control)
        if found is None or rule.tier not in (None, *load.TIERS):
            raise MalformedError(
                f"There is no control {rule.control} for tier {rule.tier or 'any'}.",
                hint="Look at the controls and tiers of the policy in force.",
            )
        limits_of(found.limits, rule.limits)
        if (rule.control, _scope(rule)) in seen:
            raise MalformedError(
                f"Two rules of {rule.control} are for the same goods: {_scope(rule)}.",
                hint="Remove one of them, or narrow it.",
            )
        seen.add((rule.control, _scope(rule)))


def draft(
    desk: Desk, proposed: PolicyRecord, approvers: tuple[PersonId, PersonId], at: datetime
) -> bytes:
    """
    Return the bytes that two persons sign to put a policy in force.

    Args:
        desk: whose policy it is
        proposed: what it says; who approves it is set here
        approvers: the two persons, the first of whom states it
        at: the time they claim

    Returns:
        Canonical bytes to be signed by both.

    Raises:
        MalformedError: a rule that no control here could follow.
        NotPermittedError: one person twice, or a beginning that is past.

    Source: design, section 7, policy; ADR 0014.
    """
    check(proposed)
    if len(set(approvers)) < len(approvers):
        raise NotPermittedError("A policy needs two persons.", hint="Choose two different ones.")
    if proposed.valid_from <= at:
        raise NotPermittedError(
            f"The policy would begin at {proposed.valid_from:%Y-%m-%d %H:%MZ}, which is past.",
            hint="Choose a time by which both have signed.",
        )
    fact = replace(proposed, approved_by=approvers)
    return statements.compose(fact, Header(approvers[0], at), desk.operator)


def _by_scope(record: PolicyRecord) -> dict[tuple[str, str], str]:
    return {(rule.control, _scope(rule)): _words(rule) for rule in record.rules}


def _scope(rule: Rule) -> str:
    parts = [f"tier {rule.tier}" if rule.tier else "", rule.family or "", rule.place_class or ""]
    return ", ".join(part for part in parts if part) or "everywhere"


def _words(rule: Rule) -> str:
    limits = "; ".join(f"{name} = {value}" for name, value in sorted((rule.limits or {}).items()))
    return f"{rule.mode}; violated: {rule.violated}; unproven: {rule.unproven}" + (
        f"; {limits}" if limits else ""
    )
