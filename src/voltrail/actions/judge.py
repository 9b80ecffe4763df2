"""
Judge arrivals: dossier → findings → decision, sealed only where it changed.

Goods are judged by the policy that their order froze, or, without an order, by the one in force
when they were received. Runs inside the transaction of whoever recorded something.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from voltrail.actions.desk import Desk
from voltrail.controls.evaluate import evaluate
from voltrail.controls.policy import Policy, of_record
from voltrail.decisions.baseline import baseline
from voltrail.decisions.decide import decide
from voltrail.ids import subject as subjects
from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections.dossier import Dossier, dossier
from voltrail.projections.fold import project, touched
from voltrail.projections.store import ArrivalRow
from voltrail.projections.view import Recorded, recorded
from voltrail.register import log
from voltrail.statements import envelope as envelopes
from voltrail.statements import fields
from voltrail.statements import statement as statements
from voltrail.statements.arrival import Arrival
from voltrail.statements.correction import Correction
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.hold import HoldLift
from voltrail.statements.statement import Header
from voltrail.trust.signer import sealed
from voltrail.trust.verify import verify

_AFFECTS = "affects:"  # link key: subject → arrivals that lean on it


def judge(desk: Desk, arrivals: Iterable[ArrivalId], at: datetime) -> tuple[DecisionRecord, ...]:
    """
    Return the decisions on some arrivals, sealing those that changed.

    Args:
        desk: inside its transaction
        arrivals: which ones
        at: the time of judging

    Returns:
        The decisions, in order of arrival id.

    Source: design, section 6; ADR 0008.
    """
    found = []
    for arrival in sorted(set(arrivals)):
        seen = dossier(desk, arrival)
        if seen.arrival is None:
            continue
        policy = governing(desk, seen)
        record = decide(seen, evaluate(seen, policy, at), policy, at)
        index = _seal(desk, seen, record, at)
        desk.views.put_rows([row_of(seen, record, index)])
        found.append(record)
    return tuple(found)


def governing(desk: Desk, seen: Dossier) -> Policy:
    """
    Return the policy an arrival is judged by.

    Args:
        desk: knows the approved policies
        seen: the arrival's dossier

    Returns:
        The policy its order froze; else the one in force when it was ordered, or received.

    Source: design, section 1, conviction 4; ADR 0007.
    """
    placed, came = seen.placed, seen.arrival
    known = {of_record(one.fact).digest: of_record(one.fact) for one in desk.policies()}
    if placed is not None and placed.fact.policy in known:
        return known[placed.fact.policy]
    at = seen.ordered_at or (came.fact.received_at if came else None)
    return in_force(desk, at)


def in_force(desk: Desk, at: datetime | None) -> Policy:
    """
    Return the policy in force at a time.

    Args:
        desk: knows the approved policies
        at: the time; None asks for the first policy

    Returns:
        The approved policy with the newest beginning not after the time, else the baseline.

    Source: design, section 1, conviction 4; ADR 0007.
    """
    begun = [one for one in desk.policies() if at is not None and one.fact.valid_from <= at]
    if begun:
        return of_record(max(begun, key=lambda one: (one.fact.valid_from, one.entry.digest)).fact)
    return baseline()


def bearing_on(desk: Desk, fresh: Iterable[Recorded[Any]]) -> frozenset[ArrivalId]:
    """
    Return the arrivals that new facts bear on.

    Args:
        desk: where arrivals are linked
        fresh: newly recorded facts

    Returns:
        Arrivals named, and those that lean on a subject named.

    Source: our choice: ADR 0006.
    """
    found: set[ArrivalId] = set()
    for one in fresh:
        if isinstance(one.fact, DecisionRecord):
            continue
        if isinstance(one.fact, Arrival):
            lean(desk, one)
            found |= _clones(desk, one)
        for key in _leaned_on(desk, one):
            if isinstance(key, ArrivalId):
                found.add(key)
            else:
                found |= _leaning(desk, key)
    return frozenset(found)


def _leaned_on(desk: Desk, one: Recorded[Any]) -> set[SubjectId]:
    """Return the subjects a fact speaks of, and those of the statement it ends or lifts."""
    keys = set(touched(one))
    ended = _target(one.fact)
    if ended is not None:
        indices = list(desk.entries.find([ended]).values())
        for old in map(recorded, desk.entries.at(indices)):
            keys |= touched(old)
    return {subjects.parse(key) for key in keys if subjects.is_identity(key)}


def _target(fact: Any) -> str | None:  # noqa: ANN401 — any fact
    if isinstance(fact, Correction):
        return fact.withdraws
    return fact.hold if isinstance(fact, HoldLift) else None


def lean(desk: Desk, one: Recorded[Arrival]) -> None:
    """
    Remember which subjects an arrival leans on, so that news about them reaches it.

    Args:
        desk: inside its transaction
        one: the arrival as recorded

    Source: our choice: ADR 0006.
    """
    seen = dossier(desk, one.fact.arrival)
    leaned: list[SubjectId | None] = [one.fact.lot, one.fact.order, one.fact.place]
    leaned += [each.subject for each in (seen.seller, seen.maker, seen.product)]
    desk.views.link(
        (f"{_AFFECTS}{subject}", one.entry.index) for subject in leaned if subject is not None
    )


def _leaning(desk: Desk, subject: SubjectId) -> set[ArrivalId]:
    if isinstance(subject, UnitId):
        return {
            ArrivalId.read(a) for each in desk.views.sightings([subject]).values() for a in each
        }
    if not isinstance(subject, LotId | OrderId | PartyId | PlaceId | ProductId):
        return set()
    entries = desk.entries.at(desk.views.indices(f"{_AFFECTS}{subject}"))
    return {recorded(entry).fact.arrival for entry in entries}


def _clones(desk: Desk, one: Recorded[Arrival]) -> set[ArrivalId]:
    maker = one.fact.lot.parts[0]
    units = [UnitId.of(maker, serial) for serial in one.fact.serials]
    return {ArrivalId.read(a) for each in desk.views.sightings(units).values() for a in each}


def _seal(desk: Desk, seen: Dossier, record: DecisionRecord, at: datetime) -> int:
    row = desk.views.row(seen.arrival_id)
    last = None if row is None else recorded(desk.entries.at([row.decided])[0])
    if last is not None and _gist(last.fact) == _gist(record):
        return last.entry.index
    previous = (fields.Digest(last.entry.digest),) if last is not None else ()
    header = Header(desk.operator, at, prev=previous)
    payload = statements.compose(record, header, record.about)
    envelope = envelopes.parse(sealed(payload, desk.signer).raw)
    (placed,) = log.append(desk.entries, [verify(envelope, desk.anchors(), at)], at)
    project(desk.views, [placed.entry], desk.blobs)
    desk.views.events([(placed.entry.index, f"decision.{record.disposition}", record.about)])
    return placed.entry.index


def _gist(record: DecisionRecord) -> tuple[object, ...]:
    return record.disposition, record.sentence, record.policy, record.findings, record.layers


def row_of(seen: Dossier, record: DecisionRecord, index: int) -> ArrivalRow:
    """
    Return the row that lists show of an arrival.

    Args:
        seen: the arrival's dossier
        record: its decision
        index: where the decision stands

    Returns:
        The row.

    Source: our choice: ADR 0006.
    """
    came, placed = seen.arrival, seen.placed
    if came is None:
        raise AssertionError(seen.arrival_id)
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
