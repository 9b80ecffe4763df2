"""
Which subjects an entry touches, and the upkeep of links, sightings and outbox events.

The one dispatch from a newly registered statement to the views. `rebuild` does the same from zero
and must give the same bytes. Does not judge.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from voltrail import table
from voltrail.errors import MalformedError, ProductError
from voltrail.ids import column
from voltrail.ids.subject import LETTERS, PART, ArrivalId, SubjectId, UnitId
from voltrail.projections import (
    alarms,
    captured,
    contents,
    identities,
    reach,
    reach_keys,
    shipped,
    whereabouts,
)
from voltrail.projections.gathering import Gathering
from voltrail.projections.movement import tabled
from voltrail.projections.stock import units_of
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded, View, recorded
from voltrail.register.blobs import BlobStore
from voltrail.register.store import EntryStore
from voltrail.statements import kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.correction import Correction
from voltrail.statements.hold import Hold, HoldLift
from voltrail.statements.lot import serial_column
from voltrail.statements.movement import Movement
from voltrail.statements.stock import Stock
from voltrail.statements.time_proof import TimeProof
from voltrail.table import Commitment
from voltrail.trust.entitlement import OPERATOR_ONLY

BY_TYPE = frozenset(
    {
        "administration",
        "appointment",
        "correction",
        "hold",
        "hold-lift",
        "key",
        "place",
        "policy",
        "qualification",
        "recall",
        "stock",
        "time-proof",
        "training",
        "waiver",
    }
)
# Raised whenever the folds give other links, sightings or rows for the same entries: `voltrail
# upgrade` then rebuilds the views. 1 knew no dates; 2 links what begins and ends (ADR 0022); 3
# links qualifications and administrative acts by their type, for start pages (ADR 0030); 4 links
# what others than the operator said by who said it (ADR 0040); 5 links what names a subject in
# other schemes, and which files a statement rests on (ADR 0046, ADR 0048); 6 links what came in
# unsigned by its file (ADR 0054); 7 links moves, arrivals and installations by place, container and
# seal (ADR 0051); 8 keeps reach and stays, and links what a recall asks by (ADR 0052); 9 counts
# moves in both, links hand-overs by container and lots by factory and day of leaving, and keeps
# what the rules find about each arrival (ADR 0052, ADR 0058); 10 links lots that only a table of
# parts names, and captured events by their sender and id (ADR 0049, ADR 0057).
REVISION = 10
SAID_BY = "by:"  # link key: an issuer → what it stated
_CHUNK = 1_000  # [entries] rebuild reads this many at a time


def touched(one: Recorded[Any]) -> frozenset[str]:
    """
    Return every key an entry is linked under.

    Args:
        one: a recorded fact

    Returns:
        Subject identities, what names them in other schemes, the predicate type for the few types
        that are asked for as a whole, and who said it where others than the operator may say it.

    Source: our choice: ADR 0006.
    """
    if isinstance(one.fact, TimeProof):
        return frozenset({one.predicate_type})  # about the register itself, not the operator
    keys: set[str] = set(one.subjects)
    if one.fact is not None:
        keys |= set(_named(one.fact)) | set(identities.keys_of(one.fact))
    name = kinds.short(one.predicate_type)
    if name in BY_TYPE:
        keys.add(one.predicate_type)
    if isinstance(one.fact, (Correction, HoldLift)):
        keys.add(
            f"about:{one.fact.withdraws if isinstance(one.fact, Correction) else one.fact.hold}"
        )
    if one.predicate_type not in OPERATOR_ONLY:
        keys.add(f"{SAID_BY}{one.issuer}")
    return frozenset(keys)


def project(views: ViewStore, found: Sequence[Recorded[Any]], blobs: BlobStore) -> None:
    """
    Fold newly recorded facts into the views.

    Args:
        views: inside the register's transaction
        found: in order, following those already projected
        blobs: where long serial lists are

    Source: our choice: ADR 0006.
    """
    links = [
        (key, one.entry.index)
        for one in found
        for key in sorted(
            {
                *touched(one),
                *alarms.keys_of(one),
                *captured.keys_of(one),
                *contents.keys_of(one),
                *shipped.keys_of(one),
                *whereabouts.keys_of(one),
            }
        )
    ]
    views.link(links)
    views.link(
        (unit, one.entry.index)
        for one in found
        if isinstance(one.fact, Stock)
        for unit in units_of(one.fact, blobs)
    )
    views.link(
        (str(unit), one.entry.index)
        for one in found
        if isinstance(one.fact, Movement)
        for unit in tabled(one.fact, blobs)
    )
    views.sight(row for one in found for row in _sightings(one, blobs))
    views.link((key, one.entry.index) for one in found for key in reach_keys.keys_of(one, blobs))
    if found:
        views.set_projected(found[-1].entry.index + 1)


def keep(stores: tuple[EntryStore, ViewStore, BlobStore], found: Sequence[Recorded[Any]]) -> None:
    """
    Fold newly recorded facts into the views of a whole register, reach included.

    Args:
        stores: entries, views and blobs, inside the register's transaction
        found: in order, following those already projected

    Source: our choice: ADR 0006, ADR 0052.
    """
    _, views, blobs = stores
    project(views, found, blobs)
    reach.follow(stores, found, _units_of)


def rebuild(entries: EntryStore, views: ViewStore, blobs: BlobStore) -> int:
    """
    Forget the views and fold the whole register again.

    Args:
        entries: the register
        views: inside the register's transaction
        blobs: where long serial lists are

    Returns:
        Number of entries folded.

    Raises:
        MalformedError: an entry was changed after it was admitted.

    Source: our choice: ADR 0006.
    """
    views.clear()
    size = entries.size()
    for start in range(0, size, _CHUNK):
        chunk = entries.entries(start, min(start + _CHUNK, size))
        keep((entries, views, blobs), [recorded(entry) for entry in chunk])
    return size


def view(
    entries: EntryStore, views: ViewStore, subject: SubjectId | None, below: int | None = None
) -> View:
    """
    Return the view of one subject, up to a register size.

    Args:
        entries: the register
        views: the links
        subject: whose view; None gives an empty one
        below: register size to stop at; None for all

    Returns:
        The view.

    Source: our choice: ADR 0006.
    """
    return Gathering(entries, views, below).view(subject)


def of_type(
    entries: EntryStore, views: ViewStore, kind: str, below: int | None = None
) -> tuple[Recorded[Any], ...]:
    """
    Return every standing fact of one of the types in `BY_TYPE`.

    Args:
        entries: the register
        views: the links
        kind: predicate type URI
        below: register size to stop at; None for all

    Returns:
        Recorded facts by claimed time.

    Source: our choice: ADR 0006.
    """
    return Gathering(entries, views, below).of_type(kind)


def _named(fact: Any) -> Iterator[SubjectId]:  # noqa: ANN401 — any fact
    yield from getattr(fact, "links", ())
    for name in _identity_fields(type(fact)):  # type: ignore[arg-type]  # a class is hashable
        value = getattr(fact, name)
        if isinstance(value, SubjectId):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, SubjectId))
        elif isinstance(fact, Hold) and isinstance(value, Struct):
            yield from _named(value)


@cache
def _identity_fields(cls: type[Struct]) -> tuple[str, ...]:
    quiet = QUIET.get(cls.__name__, frozenset())
    return tuple(name for name in cls.__struct_fields__ if name not in quiet)


# Fields that name a subject without saying anything about it: a place does not collect its
# arrivals.
QUIET: dict[str, frozenset[str]] = {
    "Acceptance": frozenset({"place", "accepted_by", "rests_on"}),
    "Appointment": frozenset({"decided_by", "places"}),
    "Arrival": frozenset({"place", "delivered_by", "order"}),
    "Assembly": frozenset({"assembler", "where"}),
    "AttestationResult": frozenset({"verifier", "gateway"}),
    "Certificate": frozenset({"issuing_body"}),
    "DecisionRecord": frozenset({"policy"}),
    "FirmwareReading": frozenset({"product"}),
    "HandOver": frozenset({"giver", "taker", "where"}),
    "Incident": frozenset({"where", "reported_by"}),
    "Installation": frozenset({"place", "by", "arrival"}),
    "Intake": frozenset({"said_by"}),
    "LotRecord": frozenset({"manufacturer", "product", "factory"}),
    "Movement": frozenset({"holder", "to", "by", "came_from", "contractor"}),
    "Order": frozenset({"product", "seller", "place"}),
    "Permission": frozenset({"people", "parties", "allowed_by"}),
    "Place": frozenset({"operator", "assessed_by", "agreed_by"}),
    "Product": frozenset({"maker"}),
    "Rating": frozenset({"factory"}),
    "RecallAnswer": frozenset({"place", "by", "found", "missing", "elsewhere"}),
    "Refusal": frozenset({"claimed_issuer"}),
    "Retirement": frozenset({"holder", "where", "to", "by"}),
    "Remark": frozenset({"by"}),
    "Waiver": frozenset({"requested_by", "approved_by"}),
}


def _sightings(one: Recorded[Any], blobs: BlobStore) -> Iterator[tuple[str, str, int]]:
    if not isinstance(one.fact, Arrival):
        return
    arrival: ArrivalId = one.fact.arrival
    for unit in _units_of(one.fact, blobs):
        yield unit, arrival, one.entry.index


def _units_of(fact: Arrival, blobs: BlobStore) -> Iterator[UnitId]:
    maker = fact.lot.parts[0]
    yield from (UnitId.of(maker, serial) for serial in serials(fact, blobs))


def serials(fact: Arrival, blobs: BlobStore) -> Sequence[str]:
    """
    Return the delivered serials of an arrival.

    Args:
        fact: the arrival
        blobs: where a committed serial table is

    Returns:
        The inline serials, or those of the table; empty where its bytes are not here or are not
        what the arrival committed to.

    Source: design, section 7, committed table.
    """
    return fact.serials if fact.serial_table is None else tabled_serials(fact.serial_table, blobs)


def tabled_serials(commitment: Commitment, blobs: BlobStore) -> Sequence[str]:
    """
    Return the serials in a committed table that is here.

    Args:
        commitment: what a statement says of the table
        blobs: where the table is

    Returns:
        The serials; none where its bytes are not here or are not what was committed to.

    Source: design, section 7, committed table.
    """
    data = blobs.get(commitment.sha256)
    try:
        return () if data is None else listed(commitment, data)
    except ProductError:
        return ()


def listed(commitment: Commitment, data: bytes) -> Sequence[str]:
    """
    Return the serials in a committed table.

    Args:
        commitment: what the arrival says of the table
        data: the whole table

    Returns:
        The column named serial, or the first one where none is.

    Raises:
        MalformedError: the bytes are no table, or a serial has not the form of one.
        RefusedError: the table is not the one that was committed to.

    Source: design, section 7, committed table.
    """
    table.check(data, commitment)
    at = serial_column(commitment.columns)
    plain = None if at else column.serials(data, ",", len(commitment.columns))
    return _row_by_row(data, at) if plain is None else plain


def _row_by_row(data: bytes, at: int) -> tuple[str, ...]:
    found = [line.split(b",")[at : at + 1] for line in table.rows(data)]
    serials = tuple(cell.decode() for row in found for cell in row)
    strange = next((one for one in serials if not _SERIAL.fullmatch(one)), None)
    if strange is not None or len(serials) != len(found):
        raise MalformedError(
            f"The table holds {strange!r:.60}, which is no serial.",
            hint=f"Use 1 to 64 of {LETTERS} for each serial.",
        )
    return serials


_SERIAL = re.compile(PART)
