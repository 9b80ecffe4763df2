"""
The risk as it stood when an exception was asked for: frozen, so that two people approve one thing.

A snapshot names the control, all goods in scope, what was found about each and what would follow
with the exception. Two snapshots compare by what was found, never by when. Grants nothing, and does
not know how many arrivals a page shows.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from voltrail.catalogue import load
from voltrail.controls.evaluate import Finding, evaluate
from voltrail.controls.policy import Policy
from voltrail.decisions.decide import decide
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import EntryRef, Recorded
from voltrail.projections.waivers import in_force
from voltrail.statements import kinds
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole
from voltrail.statements.statement import Header
from voltrail.statements.waiver import Waiver


class Affected(Fact, frozen=True):
    """One arrival in scope: what was found, and where it stands without and with the exception."""

    arrival: ArrivalId
    tier: Whole
    quantity: Whole
    outcome: Text
    sentence: Text
    without: Text
    granted: Text


class Snapshot(Fact, frozen=True):
    """What the approvers have before them."""

    control: Text
    title: Text
    revision: Whole
    scope: Many[Text]
    made_at: Instant
    register_size: Whole
    policy: Digest
    affected: Many[Affected] = ()
    more: Whole = 0  # [arrivals] that an earlier version left out; never written any more

    def differs(self, other: "Snapshot") -> tuple[str, ...]:
        """Return one sentence for each arrival about which another snapshot says otherwise."""
        before = {one.arrival: one for one in self.affected}
        after = {one.arrival: one for one in other.affected}
        both = sorted(before.keys() | after.keys())
        found = [_said(one, before.get(one), after.get(one)) for one in both]
        if self.revision != other.revision:
            found.append(f"{self.control} has another revision.")
        return tuple(one for one in found if one)


def affected(seen: Dossier, policy: Policy, waiver: Waiver, at: datetime) -> Affected | None:
    """
    Return what an exception would change about one arrival in its scope.

    Args:
        seen: the arrival's dossier
        policy: what it is judged by
        waiver: as asked for
        at: the time of asking

    Returns:
        The finding with and without; None where no arrival is on record or the control is off.

    Source: mission, CO-07.
    """
    if seen.arrival is None:
        return None
    asked = [one for one in seen.waivers if one.fact.control != waiver.control]
    alone = replace(seen, waivers=tuple(asked))
    found = evaluate(alone, policy, at)
    own = next((one for one in found if one.control == waiver.control), None)
    if own is None:
        return None
    with_it = replace(seen, waivers=(*asked, _granted(waiver, seen, at)))
    return Affected(
        arrival=seen.arrival_id,
        tier=seen.tier,
        quantity=seen.arrival.fact.quantity,
        outcome=own.verdict.outcome,
        sentence=own.verdict.sentence,
        without=decide(alone, found, policy, at).disposition,
        granted=decide(with_it, _then(with_it, policy, waiver, at), policy, at).disposition,
    )


def snapshot(
    waiver: Waiver, found: Iterable[Affected], size: int, policy: Policy, at: datetime
) -> Snapshot:
    """
    Return the frozen risk of an exception.

    Args:
        waiver: as asked for
        found: what it would change, in whatever order
        size: of the register
        policy: in force at the time of asking
        at: the time of asking

    Returns:
        The snapshot of every arrival, by identity: its digest commits to all of them.

    Source: mission, CO-07; our choice: ADR 0022.
    """
    entry = load.entry(waiver.control)
    return Snapshot(
        control=waiver.control,
        title=entry.title,
        revision=entry.revision,
        scope=scope_of(waiver),
        made_at=at,
        register_size=size,
        policy=Digest(policy.digest),
        affected=tuple(sorted(found, key=lambda one: one.arrival)),
    )


def scope_of(waiver: Waiver) -> tuple[str, ...]:
    """
    Return the identities that an exception's scope names.

    Args:
        waiver: as stated

    Returns:
        Every one given, from order to place.

    Source: docs/spec/waiver.md.
    """
    named = (getattr(waiver, name) for name in SCOPE)
    return tuple(str(one) for one in named if one is not None)


SCOPE = ("order", "arrival", "lot", "unit", "product", "supplier", "place")


def _granted(waiver: Waiver, seen: Dossier, at: datetime) -> Recorded[Waiver]:
    """Return the exception as though it stood in the register already."""
    reference = EntryRef(seen.size, "", at)
    said = Header(waiver.approved_by[0], at)
    return Recorded(waiver, said, (), kinds.uri("waiver"), reference)


def _then(seen: Dossier, policy: Policy, waiver: Waiver, at: datetime) -> tuple[Finding, ...]:
    """Judge as of the exception's first moment, where that is still to come."""
    return evaluate(seen, policy, at if in_force(waiver, at) else waiver.valid_from)


def _said(arrival: ArrivalId, before: Affected | None, after: Affected | None) -> str:
    if before is None:
        return f"{arrival.key} came into its scope."
    if after is None:
        return f"{arrival.key} is no longer in its scope."
    if before == after:
        return ""
    return f"{arrival.key} is now found otherwise: {after.sentence}"
