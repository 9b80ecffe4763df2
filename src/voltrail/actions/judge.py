"""
Judge arrivals: dossier → findings → decision, sealed only where it changed.

Goods are judged by the policy that their order froze, or, without an order, by the one in force
when they were received. Runs inside the transaction of whoever recorded something.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from voltrail.actions.desk import Desk
from voltrail.controls.evaluate import evaluate, scope
from voltrail.controls.policy import Policy
from voltrail.decisions.baseline import baseline
from voltrail.decisions.decide import decide
from voltrail.errors import ProductError
from voltrail.ids.subject import (
    ArrivalId,
    PartyId,
)
from voltrail.projections.dossier import (
    Dossier,
    dossiers,
    gathering,
)
from voltrail.projections.fold import project
from voltrail.projections.gathering import Gathering
from voltrail.projections.rules.model import GRAVITY
from voltrail.projections.store import ArrivalRow, FoundRow
from voltrail.projections.view import EntryRef, Recorded, recorded, registered
from voltrail.register import log
from voltrail.statements import envelope as envelopes
from voltrail.statements import fields
from voltrail.statements import statement as statements
from voltrail.statements.arrival import Arrival
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.envelope import Envelope
from voltrail.statements.order import Order
from voltrail.statements.policy import Mode
from voltrail.statements.statement import Header
from voltrail.trust.signer import sealed
from voltrail.trust.verify import verify_all

ACCEPT_FIRST = "SVC-02"  # the control that asks for acceptance before use


def judge(
    desk: Desk, arrivals: Iterable[ArrivalId], at: datetime, room: Gathering | None = None
) -> tuple[DecisionRecord, ...]:
    """
    Return the decisions on some arrivals, sealing those that changed.

    Args:
        desk: inside its transaction
        arrivals: which ones
        at: the time of judging
        room: what was read so far at today's register size, if anything

    Returns:
        The decisions, in order of arrival id.

    Source: design, section 6; ADR 0008; all at one register size: ADR 0016.
    """
    listed = sorted(set(arrivals))
    if not listed:
        return ()
    every = dossiers(desk, gathering(desk) if room is None else room, listed)
    judged = []
    for seen in (one.judged_at(at) for one in every):
        if seen.own.every(Arrival):
            policy = governing(desk, seen)
            judged.append((seen, decide(seen, evaluate(seen, policy, at), policy, at)))
    desk.views.put_found({seen.arrival_id: found_rows(seen) for seen, _ in judged})
    places = _seal(desk, [record for _, record in judged], at)
    desk.views.put_rows(
        row_of(seen, record, place) for (seen, record), place in zip(judged, places, strict=True)
    )
    return tuple(record for _, record in judged)


def governing(desk: Desk, seen: Dossier) -> Policy:
    """
    Return the policy an arrival is judged by.

    Args:
        desk: knows the approved policies
        seen: the arrival's dossier

    Returns:
        The policy its order froze, or the baseline where nobody knows it; else the one in force
        when it was ordered, or received.

    Source: design, section 1, conviction 4; ADR 0007.
    """
    came = seen.arrival
    placed = min(seen.order.every(Order), key=lambda one: one.entry.index, default=None)
    if placed is None:
        return baseline() if came is None else in_force(desk, came.fact.received_at, came.entry)
    if placed.fact.policy is None:
        return in_force(desk, placed.fact.ordered_at, placed.entry)
    for entry, policy in desk.rulebook():
        if policy.digest == placed.fact.policy and entry.index < placed.entry.index:
            return policy
    return baseline()


def requires(desk: Desk, seen: Dossier, control: str) -> bool:
    """
    Return whether the policy that governs an arrival requires a control there.

    Args:
        desk: knows the approved policies
        seen: the arrival's dossier
        control: its id

    Returns:
        Whether it binds; advised is not required.

    Source: mission, RT-04; ADR 0007.
    """
    family, where = scope(seen)
    return governing(desk, seen).rule(control, family, seen.tier, where).mode is Mode.REQUIRED


def in_force(desk: Desk, at: datetime, known: EntryRef | None = None) -> Policy:
    """
    Return the policy in force at a time, as it was known at an entry.

    Args:
        desk: knows the approved policies
        at: the time
        known: the entry whose log time bounds what counts; a policy registered later is no rule
            that was fixed before

    Returns:
        The approved policy with the newest beginning not after the time, else the baseline.

    Source: design, section 1, conviction 4; ADR 0007.
    """
    begun = [
        (policy.valid_from, entry.digest, policy)
        for entry, policy in desk.rulebook()
        if policy.valid_from <= at and (known is None or entry.log_time <= known.log_time)
    ]
    return max(begun, key=lambda one: one[:2])[2] if begun else baseline()


def _seal(desk: Desk, records: Sequence[DecisionRecord], at: datetime) -> list[int]:
    """Return where each decision stands, after registering those that differ from the last."""
    rows = desk.views.rows_of([record.about for record in records])
    stand = sorted({row.decided for row in rows.values()})
    last = {entry.index: recorded(entry) for entry in desk.entries.at(stand)}
    places: list[int] = []
    fresh: list[Envelope] = []
    for record in records:
        row = rows.get(record.about)
        old = None if row is None else last[row.decided]
        if old is not None and _gist(old.fact) == _gist(record):
            places.append(old.entry.index)
            continue
        places.append(desk.entries.size() + len(fresh))
        fresh.append(_sealed(desk, record, old, at))
    if fresh:
        _register(desk, fresh, at)
    return places


def _sealed(
    desk: Desk, record: DecisionRecord, old: Recorded[DecisionRecord] | None, at: datetime
) -> Envelope:
    previous = (fields.Digest(old.entry.digest),) if old is not None else ()
    header = Header(desk.operator, at, prev=previous)
    return envelopes.parse(
        sealed(statements.compose(record, header, record.about), desk.signer).raw
    )


def _register(desk: Desk, sealed_ones: Sequence[Envelope], at: datetime) -> None:
    verified = []
    for one in verify_all(sealed_ones, desk.anchors(), at):
        if isinstance(one, ProductError):
            raise one
        verified.append(one)
    placed = log.append(desk.entries, verified, at)
    found = [registered(one.verified, one.entry) for one in placed]
    project(desk.views, found, desk.blobs)
    desk.views.events(
        (one.entry.index, f"decision.{one.fact.disposition}", one.fact.about) for one in found
    )


def _gist(record: DecisionRecord) -> tuple[object, ...]:
    return record.disposition, record.sentence, record.policy, record.findings, record.layers


def row_of(seen: Dossier, record: DecisionRecord, index: int) -> ArrivalRow:
    """
    Return the row that lists show of an arrival.

    Args:
        seen: the arrival's dossier; a withdrawn arrival keeps its row
        record: its decision
        index: where the decision stands

    Returns:
        The row.

    Source: our choice: ADR 0006.
    """
    came, placed = seen.own.every(Arrival)[-1], seen.placed
    return ArrivalRow(
        arrival=came.fact.arrival,
        order=came.fact.order,
        lot=came.fact.lot,
        place=came.fact.place,
        product=seen.product.subject or "",
        seller="" if placed is None else placed.fact.seller,
        maker=PartyId.of(came.fact.lot.parts[0]),
        tier=record.tier,
        quantity=came.fact.quantity,
        received_at=fields.stamp(came.fact.received_at),
        disposition=record.disposition,
        sentence=record.sentence,
        layers=",".join(f"{one.layer}={one.state}" for one in record.layers),
        assurance=record.assurance,
        decided=index,
    )


def found_rows(seen: Dossier) -> tuple[FoundRow, ...]:
    """
    Return the rows that lists show of what contradicts itself about an arrival's goods.

    Args:
        seen: the arrival's dossier; a withdrawn arrival keeps its place

    Returns:
        A row for each finding, the gravest with the highest number.

    Source: our choice: ADR 0058.
    """
    came = seen.own.every(Arrival)[-1].fact
    ordered = sorted(seen.anomalies, key=lambda one: GRAVITY.index(one.severity), reverse=True)
    return tuple(
        FoundRow(
            came.arrival,
            number,
            fields.stamp(came.received_at),
            came.place,
            one.rule,
            one.severity,
            one.subject,
            one.sentence,
            " ".join(map(str, one.entries)),
        )
        for number, one in enumerate(ordered)
    )
