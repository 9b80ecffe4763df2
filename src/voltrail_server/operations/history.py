"""
Proof that the register was once longer or other than a backup, and the entries that are missing.

    a signed checkpoint      a size and a root; no entries
    an evidence pack         its checkpoint, and the entries it holds
    a register's folder      its journal: checkpoints and entries
    a mirror of it           its checkpoint, one that a pull was on its way to, and the entries
                             whose envelopes it holds
    a backup, a data folder  its tables: checkpoints and entries

A register that begins again behind one of these would sign two histories. So nothing is restored
unless the backup reaches them all, or the missing entries are at hand and lead to the same root.
Then the witnesses are asked: whoever cosigned more, or another history, stops it as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from voltrail import merkle
from voltrail.actions.desk import Desk
from voltrail.audit import pack
from voltrail.errors import MalformedError, ProductError, RefusedError, UnverifiableError
from voltrail.register import checkpoint as checkpoints
from voltrail.register import mirror_check, mirror_copy, mirror_folder
from voltrail.register.entry import Entry
from voltrail.register.folder import FolderBlobs, FolderEntries
from voltrail.register.mirror import PENDING
from voltrail.register.note import Verifier, open_note
from voltrail.register.store import EntryStore
from voltrail.register.witness import verified_lines
from voltrail.statements import envelope
from voltrail.statements import statement as statements
from voltrail_server.operations import manifest, snapshot, tail
from voltrail_server.records.cosignatures import DjangoCosignatures
from voltrail_server.records.store import DjangoEntries
from voltrail_server.witnesses import knowing, known

_CHUNK = 1_000  # [entries] appended in one transaction
_MAX_NOTE = 1 << 20  # [bytes]


@dataclass(frozen=True)
class Known:
    """What one source proves, and the entries that it holds beyond a size."""

    source: str
    promises: Sequence[tuple[int, bytes]]  # size and root, each under the log's signature
    entries: Mapping[int, Entry] = field(default_factory=dict)
    blobs: Path | None = None
    newest: bytes = b""  # the note of the longest promise, signed by the log alone

    @property
    def size(self) -> int:
        """The longest history that it proves."""
        return max((size for size, _ in self.promises), default=0)


def read(path: Path, log: Sequence[Verifier], beyond: int) -> Known:
    """Return what a file or folder proves; entries are read from index `beyond` on."""
    if path.is_dir():
        return _folder(path, log, beyond)
    data = path.read_bytes()
    if data[:2] == b"PK":
        found = pack.parse(data)
        beyond_it = {one.index: one for one in found.entries if one.index >= beyond}
        return _known(str(path), [found.checkpoint], log, beyond_it)
    if len(data) > _MAX_NOTE:
        raise MalformedError(f"{path} is no checkpoint.", hint="Name a note, a pack or a folder.")
    return _known(str(path), [data], log)


def of_store(name: str, store: EntryStore, log: Sequence[Verifier]) -> Known:
    """Return what a register at hand proves: every checkpoint it has published."""
    return _known(name, [note for _, note in store.checkpoints()], log)


def settle(store: EntryStore, sources: Sequence[Known], holding: Sequence[Known]) -> int:
    """
    Leave a register that reaches everything that is proven; return how many entries came.

    `sources` prove, and `holding` are those among them whose entries may be taken.
    """
    longer = need_same(store, sources)
    imported = complete(store, longer, holding) if longer else 0
    newest = max((size for size, _ in store.checkpoints()), default=-1)
    best = max(sources, key=lambda one: one.size, default=None)
    if best is not None and newest < best.size <= store.size():
        with store.transaction():
            store.put_checkpoint(best.size, best.newest)  # witnesses cosign no less than it
    return imported


def need_witnessed(
    desk: Desk, kept: DjangoCosignatures, policies: Iterable[Path]
) -> tuple[str, ...]:
    """Refuse where a witness cosigned more, or another history; return who could not tell."""
    asked = {one.url: one for path in policies for one in known.asked(path)}
    rows = knowing.told(desk, kept, tuple(asked.values()), 1)
    for row in rows:
        if row.alarm:
            raise RefusedError(
                f"The witness at {row.url} knows better than the backup: {row.problem}",
                hint="Take the newest backup, or name a source of what it lacks: --import.",
            )
    return tuple(f"{row.url}: {row.problem}" for row in rows if row.problem)


def need_same(store: EntryStore, sources: Iterable[Known]) -> tuple[Known, ...]:
    """Refuse where a source proves another history; return the sources that prove a longer one."""
    longer = []
    for one in sources:
        for size, root in one.promises:
            if size <= store.size() and merkle.range_hash(0, size, store.node) != root:
                raise RefusedError(
                    f"{one.source} proves another history at {size:,} entries.",
                    hint="Two histories were signed. Restore neither, and tell the auditor.",
                )
        if one.size > store.size():
            longer.append(one)
    return tuple(longer)


def complete(store: EntryStore, longer: Sequence[Known], sources: Sequence[Known]) -> int:
    """Append the entries that proofs speak of and sources hold; return how many, or refuse."""
    begun = store.size()
    goal = max((one.size for one in longer), default=begun)
    held = {index: entry for one in sources for index, entry in one.entries.items()}
    missing = [index for index in range(begun, goal) if index not in held]
    if missing:
        one, reach = max(longer, key=lambda each: each.size), missing[0]
        raise RefusedError(
            f"The backup has {reach:,} entries; {one.source} proves {goal:,}: {goal - reach:,}"
            " would be lost.",
            hint=f"{len(missing):,} of them are in no source. Name one that holds them: --import.",
        )
    with store.transaction():
        for start in range(begun, goal, _CHUNK):
            _append(store, [held[index] for index in range(start, min(start + _CHUNK, goal))])
        need_same(store, longer)
    return goal - begun


def _append(store: EntryStore, entries: Sequence[Entry]) -> None:
    claims: dict[int, str] = {}
    for entry in entries:
        said = envelope.parse(entry.raw)
        if said.digest != entry.parsed.envelope or len(entry.raw) != entry.parsed.size:
            raise RefusedError(
                f"Entry {entry.index} of the source is not the one that its leaf names.",
                hint="Take another copy of the source.",
            )
        claim = statements.parse(said.payload).claimed_identity
        if claim:
            claims[entry.index] = claim
    frontier = store.frontier().extend(entry.leaf_hash for entry in entries)
    store.append(entries, claims, frontier)


def _folder(path: Path, log: Sequence[Verifier], beyond: int) -> Known:
    if mirror_folder.is_mirror(path):
        return _mirror(path, log, beyond)
    for place in (path / "entries", path):
        if (place / "journal").exists():
            return _journal(path, place, log, beyond)
    if not (path / manifest.DATABASE).exists():
        path = manifest.newest(path)
    with snapshot.reading(path / manifest.DATABASE) as alias:
        store = DjangoEntries(alias)
        found = of_store(str(path), store, log)
        held = {one.index: one for one in store.entries(beyond, store.size())}
    found = replace(found, entries=held, blobs=path / "blobs")
    followed = of_tail(path, log)
    if followed is None:
        return found
    return replace(
        found,
        promises=[*found.promises, *followed.promises],
        entries={**followed.entries, **held},
        newest=max(found, followed, key=lambda one: one.size).newest,
    )


def of_tail(path: Path, log: Sequence[Verifier]) -> Known | None:
    """Return what the tail of a backup proves and holds, if it has one."""
    found = tail.read(path)
    return _known(str(path), [found[0]], log, found[1]) if found else None


def _journal(path: Path, place: Path, log: Sequence[Verifier], beyond: int) -> Known:
    store = FolderEntries(place)
    try:
        found = of_store(str(path), store, log)
        held = {one.index: one for one in store.entries(beyond, store.size())}
    finally:
        store.close()
    return replace(found, entries=held, blobs=path / "blobs")


def _mirror(path: Path, log: Sequence[Verifier], beyond: int) -> Known:
    mirror = mirror_folder.read(path)
    held = mirror_copy.head(mirror.shelf, mirror.partner)
    pending = mirror.shelf.get(PENDING)  # signed as well, though its entries never came
    notes = [note for note in (held.note if held else None, pending) if note is not None]
    if held is None:
        return _known(str(path), notes, log)
    beyond_it = mirror_check.entries(mirror.shelf, held.point, beyond)
    return _known(str(path), notes, log, {one.index: one for one in beyond_it})


def blobs_of(sources: Iterable[Known]) -> Iterator[bytes]:
    """Yield the original files that sources hold, each checked against its name."""
    for one in sources:
        if one.blobs is None or not one.blobs.is_dir():
            continue
        store = FolderBlobs(one.blobs)
        for path in sorted(one.blobs.glob("[0-9a-f][0-9a-f]/*")):
            data = store.get(path.name)
            if data is not None:
                yield data


def _known(
    source: str,
    notes: Sequence[bytes],
    log: Sequence[Verifier],
    entries: Mapping[int, Entry] | None = None,
) -> Known:
    promises = [_promise(note, log) for note in notes]
    longest = max(zip(promises, notes, strict=True), key=lambda one: one[0][0], default=None)
    newest = _own(longest[1], log) if longest else b""
    return Known(source, promises, entries or {}, newest=newest)


def _own(note: bytes, log: Sequence[Verifier]) -> bytes:
    """Return a note with the log's own signatures alone."""
    text, _, lines = note.partition(b"\n\n")
    return text + b"\n\n" + b"".join(verified_lines(note, lines, log))


def _promise(note: bytes, log: Sequence[Verifier]) -> tuple[int, bytes]:
    try:
        text, _ = open_note(note, log)
        found = checkpoints.parse(text)
    except ProductError as error:
        raise UnverifiableError(
            f"A checkpoint in hand is not signed by this register's log: {error}",
            hint="Name a checkpoint of the register that the backup is of.",
        ) from error
    return found.size, found.root


__all__ = ["Known", "blobs_of", "need_same", "need_witnessed", "of_store", "read", "settle"]
