"""
Judge arrivals: dossier → findings → decision, sealed only where it changed.

Goods are judged by the policy that their order froze, or, without an order, by the one in force
when they were received. Runs inside the transaction of whoever recorded something.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from voltrail.actions.desk import Desk
from voltrail.controls.evaluate import evaluate
from voltrail.controls.policy import Policy
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
from voltrail.projections.view import EntryRef, Recorded, recorded
from voltrail.register import log
from voltrail.statements import envelope as envelopes
from voltrail.statements import fields
from voltrail.statements import statement as statements
from voltrail.statements.arrival import Arrival
from voltrail.statements.correction import Correction
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.hold import Hold, HoldLift
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import LotRecord
from voltrail.statements.order import Order
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
        if not seen.own.every(Arrival):
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
        if isinstance(one.fact, Order | LotRecord):
            _lean_again(desk, one)
        if _bears_on_all(one.fact):
            found |= {ArrivalId.read(row.arrival) for row in _all_rows(desk)}
        for key in _leaned_on(desk, one):
            if isinstance(key, ArrivalId):
                found.add(key)
            else:
                found |= _leaning(desk, key)
    return frozenset(found)


def _lean_again(desk: Desk, one: Recorded[Any]) -> None:
    """Remember anew what arrivals lean on, now that their order or lot is known."""
    key = one.fact.order if isinstance(one.fact, Order) else one.fact.lot
    for entry in desk.entries.at(desk.views.indices(f"{_AFFECTS}{key}")):
        lean(desk, recorded(entry))


def _bears_on_all(fact: Any) -> bool:  # noqa: ANN401 — any fact
    """Return whether a fact names no goods: a key that ended, a hold by version or serials."""
    if isinstance(fact, KeyEvent):
        return fact.verb is not KeyVerb.ENROL
    if not isinstance(fact, Hold):
        return False
    given = fact.selector
    return not any((given.unit, given.lot, given.arrival, given.product, given.party))


def _all_rows(desk: Desk) -> Iterator[ArrivalRow]:
    after = ""
    while rows := desk.views.rows(after):
        yield from rows
        after = rows[-1].arrival


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
