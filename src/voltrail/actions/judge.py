"""
Judge arrivals: dossier → findings → decision, sealed only where it changed.

Goods are judged by the policy that their order froze, or, without an order, by the one in force
when they were received. Runs inside the transaction of whoever recorded something.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from voltrail.actions.desk import Desk
from voltrail.controls.evaluate import evaluate, scope
from voltrail.controls.policy import Policy
from voltrail.decisions.baseline import baseline
from voltrail.decisions.decide import decide
from voltrail.errors import ProductError
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
from voltrail.projections import contents
from voltrail.projections.dossier import (
    Dossier,
    dossiers,
    fetch,
    gathering,
    leaned_on,
)
from voltrail.projections.fold import project, serials, touched
from voltrail.projections.gathering import Gathering
from voltrail.projections.movement import tabled
from voltrail.projections.rules.model import GRAVITY
from voltrail.projections.store import ArrivalRow, FoundRow
from voltrail.projections.view import EntryRef, Recorded, recorded, registered
from voltrail.register import log
from voltrail.statements import envelope as envelopes
from voltrail.statements import fields
from voltrail.statements import statement as statements
from voltrail.statements.arrival import Arrival
from voltrail.statements.certificate import Certificate
from voltrail.statements.correction import Correction
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.envelope import Envelope
from voltrail.statements.hold import Hold, HoldLift
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.movement import Movement
from voltrail.statements.order import Order
from voltrail.statements.policy import Mode
from voltrail.statements.remark import Remark
from voltrail.statements.statement import Header
from voltrail.trust.signer import sealed
from voltrail.trust.verify import verify_all

ACCEPT_FIRST = "SVC-02"  # the control that asks for acceptance before use
_AFFECTS = "affects:"  # link key: subject → arrivals that lean on it


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


def bearing_on(desk: Desk, room: Gathering, fresh: Sequence[Recorded[Any]]) -> set[ArrivalId]:
    """
    Return the arrivals that new facts bear on.

    Args:
        desk: where arrivals are linked
        room: what was read so far
        fresh: newly recorded facts

    Returns:
        Arrivals named, and those that lean on a subject named.

    Source: our choice: ADR 0006.
    """
    heard = [one for one in fresh if not isinstance(one.fact, DecisionRecord | Remark)]
    heard += _ended_by(desk, heard)
    came = [one for one in heard if isinstance(one.fact, Arrival)]
    spoken_of = {key for one in heard for key in touched(one)}
    keys = {subjects.parse(key) for key in spoken_of if subjects.is_identity(key)}
    keys |= _alike(room, heard)
    leaning = _who_lean_on(room, keys)
    lean(desk, room, {one.entry.index: one for one in (*came, *leaning)}.values())
    found = {one.fact.arrival for one in leaning} | _seen_with(desk, keys, heard)
    found |= {key for key in keys if isinstance(key, ArrivalId)}
    if any(_bears_on_all(one.fact) for one in heard):
        found |= {ArrivalId.read(row.arrival) for row in _all_rows(desk)}
    return found


def _alike(room: Gathering, heard: Iterable[Recorded[Any]]) -> set[SubjectId]:
    """Return the goods of which a paper or reading is on record that was stated again now."""
    shared = {key for one in heard for key in contents.keys_of(one)}
    shared |= {str(one.fact.document) for one in heard if isinstance(one.fact, Certificate)}
    room.fetch(shared)
    return {
        about
        for key in sorted(shared)
        for one in room.facts(key)
        for name in ("lot", "arrival", "filed_for")
        if isinstance(about := getattr(one.fact, name, None), SubjectId)
    }


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


def _ended_by(desk: Desk, heard: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    """Return the statements that new ones withdraw or lift: what they bear on is news as well."""
    digests = {ended for ended in (_target(one.fact) for one in heard) if ended is not None}
    indices = sorted(desk.entries.find(digests).values()) if digests else []
    return [recorded(entry) for entry in desk.entries.at(indices)]


def _target(fact: Any) -> str | None:  # noqa: ANN401 — any fact
    if isinstance(fact, Correction):
        return fact.withdraws
    return fact.hold if isinstance(fact, HoldLift) else None


def lean(desk: Desk, room: Gathering, came: Iterable[Recorded[Arrival]]) -> None:
    """
    Remember which subjects arrivals lean on, so that news about them reaches them.

    Args:
        desk: inside its transaction
        room: what was read so far
        came: the arrivals as recorded

    Source: our choice: ADR 0006.
    """
    listed = list(came)
    fetch(room, (one.fact.arrival for one in listed))
    desk.views.link(
        (f"{_AFFECTS}{subject}", one.entry.index)
        for one in listed
        for subject in leaned_on(room, one.fact)
    )


def _who_lean_on(room: Gathering, keys: Iterable[SubjectId]) -> list[Recorded[Arrival]]:
    """Return the arrivals that lean on any of some subjects, as recorded."""
    leans = (LotId, OrderId, PartyId, PlaceId, ProductId)
    affected = sorted(f"{_AFFECTS}{key}" for key in keys if isinstance(key, leans))
    room.fetch(affected)
    return [one for key in affected for one in room.facts(key)]


def _seen_with(
    desk: Desk, keys: Iterable[SubjectId], heard: Iterable[Recorded[Any]]
) -> set[ArrivalId]:
    """Return the arrivals in which units spoken of, delivered or moved just now, were seen."""
    units = {key for key in keys if isinstance(key, UnitId)}
    for fact in (one.fact for one in heard):
        if isinstance(fact, Arrival):
            maker, listed = fact.lot.parts[0], serials(fact, desk.blobs)
            units |= {UnitId.of(maker, serial) for serial in listed}
        elif isinstance(fact, Movement):
            units |= set(tabled(fact, desk.blobs))
    seen = desk.views.sightings(units) if units else {}
    return {ArrivalId.read(arrival) for each in seen.values() for arrival in each}


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
