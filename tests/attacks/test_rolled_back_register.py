import pytest
from msgspec.structs import replace

from voltrail.merkle import Frontier
from voltrail.register import log, note
from voltrail.register.entry import Entry
from voltrail.register.fsck import fsck
from voltrail.register.memory import MemoryEntries
from voltrail_world.cast import ORIGIN
from world_fixture import played_world

Promised = tuple[list[Entry], bytes, note.Verifier]


@pytest.fixture
def promised() -> Promised:
    """The story's entries, a checkpoint over all of them, and the log's verifier key."""
    desk = played_world().desk
    every = list(desk.entries.entries(0, desk.entries.size()))
    raw = desk.log.signer.public.spki[-32:]
    return every, log.checkpoint(desk.entries, desk.log), note.parse_vkey(note.vkey(ORIGIN, raw))


def kept(entries: list[Entry], promise: tuple[int, bytes]) -> MemoryEntries:
    store = MemoryEntries()
    frontier = Frontier.EMPTY.extend(entry.leaf_hash for entry in entries)
    store.append(entries, {}, frontier)
    store.put_checkpoint(*promise)
    return store


def test_the_whole_register_keeps_its_promise(promised: Promised) -> None:
    every, checkpoint, verifier = promised
    assert fsck(kept(every, (len(every), checkpoint)), [verifier]).faults == ()


def test_a_register_without_its_newest_entries_breaks_its_promise(promised: Promised) -> None:
    every, checkpoint, verifier = promised
    report = fsck(kept(every[:-5], (len(every), checkpoint)), [verifier])
    assert any("another history" in fault for fault in report.faults)


def test_a_register_with_one_entry_changed_breaks_its_promise(promised: Promised) -> None:
    every, checkpoint, verifier = promised
    changed = [*every]
    changed[3] = replace(every[3], raw=every[4].raw)
    report = fsck(kept(changed, (len(every), checkpoint)), [verifier])
    assert any("Entry 3" in fault for fault in report.faults)
