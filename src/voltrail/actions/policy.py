"""
The operator's policy: which is in force, how two differ, what one would change for past arrivals.

Approving is handing in one statement that two persons signed; `record.hand_in` does that.
"""

from datetime import datetime

from msgspec import Struct

from voltrail.actions import judge
from voltrail.actions.desk import Desk
from voltrail.controls.evaluate import evaluate
from voltrail.controls.policy import Policy, of_record
from voltrail.decisions.baseline import baseline
from voltrail.decisions.decide import decide
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import dossier
from voltrail.projections.view import Recorded
from voltrail.statements.policy import PolicyRecord, Rule


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
    old = _by_scope(by_digest(desk, old_digest).record)
    new = _by_scope(by_digest(desk, new_digest).record)
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
