"""Make the evidence pack of an arrival, and the file of pinned trust that checks it."""

from collections.abc import Sequence

from voltrail import canonical, merkle
from voltrail.actions import prove, time_proof
from voltrail.actions.desk import Desk
from voltrail.actions.policy import by_digest
from voltrail.audit import pack as packs
from voltrail.audit.shelf import PackBlobs
from voltrail.decisions.replay import replay
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import ArrivalId, PartyId
from voltrail.projections.anchors import KEY_TYPE
from voltrail.projections.dossier import Archive, dossier
from voltrail.projections.view import recorded
from voltrail.register import checkpoint as checkpoints
from voltrail.register.entry import Entry
from voltrail.register.note import split
from voltrail.register.store import EntryStore
from voltrail.statements import envelope as envelopes
from voltrail.statements.arrival import Arrival
from voltrail.statements.lot import LotRecord
from voltrail.statements.time_proof import TimeProof
from voltrail.trust import anchors


class Reading:
    """An entry store that remembers which entries were read; everything else passes through."""

    def __init__(self, entries: EntryStore) -> None:
        """Wrap a store."""
        self._entries = entries
        self.read: set[int] = set()

    def at(self, indices: Sequence[int]) -> Sequence[Entry]:
        """Return entries and remember their indices."""
        self.read.update(indices)
        return self._entries.at(indices)

    def __getattr__(self, name: str) -> object:
        """Pass everything else through."""
        return getattr(self._entries, name)


def evidence_pack(desk: Desk, arrival: ArrivalId) -> bytes:
    """
    Return the evidence pack of an arrival's newest decision.

    Args:
        desk: where it is kept
        arrival: which arrival

    Returns:
        A zip file that `voltrail pack check` verifies offline.

    Raises:
        UnknownSubjectError: no such arrival, or nothing was decided yet.

    Source: mission, AT-03; ADR 0008.
    """
    row = desk.views.row(arrival)
    if row is None:
        raise UnknownSubjectError(
            f"No decision on {arrival} is on record.", hint="Check the arrival's number."
        )
    return _written(desk, arrival, row.decided, _needed(desk, arrival, row.decided))


def statement_pack(desk: Desk, index: int) -> bytes:
    """
    Return one statement with its proof and what was said before it about its keys, as one file.

    Args:
        desk: where it is kept
        index: place in the register

    Returns:
        A zip file that `voltrail verify` checks offline.

    Raises:
        UnknownSubjectError: the register is shorter.

    Source: mission, AT-03; ADR 0008.
    """
    prove.within(desk, index)
    return _written(desk, None, index, {index} | _keys_behind(desk, index))


def anchors_file(desk: Desk) -> bytes:
    """
    Return the pinned trust that checks this operator's packs.

    Args:
        desk: knows the pinned anchors and the log's key

    Returns:
        The content of anchors.json.

    Source: design, section 7, keys.
    """
    return anchors.write(desk.pinned, desk.log.verifier_keys)


def _keys_behind(desk: Desk, index: int) -> set[int]:
    """Return the key statements on a statement's keys, and in turn on the keys behind those."""
    entries = desk.entries.at(desk.views.indices(KEY_TYPE, index))
    about: dict[str, list[Entry]] = {}
    for entry in entries:
        about.setdefault(recorded(entry).fact.key, []).append(entry)
    found: set[int] = set()
    waiting = _signed_with(desk.entries.at([index])[0])
    while waiting:
        for entry in about.pop(waiting.pop(), ()):
            found.add(entry.index)
            waiting |= _signed_with(entry)
    return found


def _signed_with(entry: Entry) -> set[str]:
    return {one.keyid for one in envelopes.parse(entry.raw).signatures}


def _written(desk: Desk, arrival: ArrivalId | None, about: int, indices: set[int]) -> bytes:
    note = prove.checkpoint(desk)
    size = checkpoints.parse(split(note)[0]).size
    near = [one.entry.index for one in time_proof.proofs(desk, about) if one.entry.index < size]
    indices |= {*near, *(key for one in near for key in _keys_behind(desk, one))}
    entries = tuple(desk.entries.at(sorted(indices)))
    proofs = {
        index: tuple(merkle.inclusion_proof(index, size, desk.entries.node)) for index in indices
    }
    tables = _tables(desk, entries)
    if arrival is not None:
        tables = _with_manifests(desk, about, entries, tables)
    kept, grown = _evidence(desk, entries, size)
    return packs.write(
        packs.Pack(desk.operator, arrival, about, note, entries, proofs, tables, kept, grown)
    )


def _evidence(
    desk: Desk, entries: Sequence[Entry], size: int
) -> tuple[dict[str, bytes], dict[int, tuple[bytes, ...]]]:
    """Return what proofs of time rest on, and how the register grew from each to its size now."""
    stated = [one for one in map(recorded, entries) if isinstance(one.fact, TimeProof)]
    digests = {one for each in stated for one in (each.fact.checkpoint, each.fact.token) if one}
    kept = {digest: data for digest in sorted(digests) if (data := desk.blobs.get(digest))}
    grown = {
        one.entry.index: tuple(merkle.consistency_proof(one.fact.size, size, desk.entries.node))
        for one in stated
    }
    return kept, grown


def _needed(desk: Desk, arrival: ArrivalId, decided: int) -> set[int]:
    """Return the indices of every entry that judging the arrival reads."""
    reading = Reading(desk.entries)
    archive = Archive(reading, desk.views, desk.blobs, desk.pinned, desk.operator)  # type: ignore[arg-type]
    seen = dossier(archive, arrival, decided)
    reading.read.update(seen.traced.facts)  # asked here, so that looking reads what it needs
    decision = desk.entries.at([decided])
    others = {other for each in seen.seen.values() for other in each} - {str(arrival)}
    for other in others:
        linked = map(recorded, desk.entries.at(desk.views.indices(other, decided)))
        reading.read.update(one.entry.index for one in linked if isinstance(one.fact, Arrival))
    known = (one.entry.index for one in desk.policies())
    policies = {index for index in known if index < decided}  # a later one judged nothing here
    return reading.read | policies | {entry.index for entry in decision}


def _tables(desk: Desk, entries: Sequence[Entry]) -> dict[str, bytes]:
    found = {}
    for one in map(recorded, entries):
        table = one.fact.serial_table if isinstance(one.fact, Arrival) else None
        data = desk.blobs.get(table.sha256) if table is not None else None
        if table is not None and data is not None:
            found[table.sha256] = data
    return found


def _with_manifests(
    desk: Desk, decided: int, entries: Sequence[Entry], tables: dict[str, bytes]
) -> dict[str, bytes]:
    """Add the makers' lists of serials, unless they came after the judgement had to do without."""
    found = dict(tables)
    for one in map(recorded, entries):
        fact = one.fact
        own = isinstance(fact, LotRecord) and one.issuer == PartyId.of(fact.lot.parts[0])
        tree = fact.unit_tree if own else None
        data = None if tree is None else desk.blobs.get(tree.sha256)
        if tree is not None and data is not None and canonical.digest(data) == tree.sha256:
            found[tree.sha256] = data
    if found == tables:
        return tables
    record = recorded(desk.entries.at([decided])[0]).fact
    archive = Archive(desk.entries, desk.views, PackBlobs(found), desk.pinned, desk.operator)
    return found if replay(archive, record, by_digest(desk, record.policy)).same else tables
