"""The register is re-checked whole, in one go or in runs that were looked at apart."""

import itertools

import pytest
from msgspec.structs import replace

from stores.support import Speaker
from voltrail.merkle import Frontier
from voltrail.register.entry import Entry
from voltrail.register.fsck import Run, fsck, look
from voltrail.register.memory import MemoryEntries

SIZE = 40
ENTRIES = [Speaker().entry(index) for index in range(SIZE)]


def store(entries: list[Entry] = ENTRIES) -> MemoryEntries:
    made = MemoryEntries()
    made.append(entries, {}, Frontier.EMPTY.extend(one.leaf_hash for one in entries))
    return made


def runs(*bounds: int, entries: list[Entry] = ENTRIES) -> list[Run]:
    edges = [0, *bounds, SIZE]
    return [look(entries[a:b], a) for a, b in itertools.pairwise(edges)]


def root(size: int) -> bytes:
    return Frontier.EMPTY.extend(one.leaf_hash for one in ENTRIES[:size]).root()


@pytest.mark.parametrize("bounds", [(), (1,), (20,), (39,), (7, 8, 31), tuple(range(1, SIZE))])
def test_runs_cut_anywhere_end_in_the_same_report(bounds: tuple[int, ...]) -> None:
    promises = [(size, root(size)) for size in (0, 1, 7, 8, 20, 39, SIZE)]
    whole = fsck(store(), [], promises=promises)
    assert whole.faults == ()
    assert whole.root == root(SIZE)
    assert fsck(store(), [], promises=promises, runs=runs(*bounds)) == whole


@pytest.mark.parametrize("at", [0, 19, 20, 39])
def test_a_changed_entry_is_named_whoever_looked_at_it(at: int) -> None:
    changed = list(ENTRIES)
    changed[at] = replace(ENTRIES[at], raw=ENTRIES[at - 1].raw)
    report = fsck(store(changed), [], runs=runs(20, entries=changed))
    assert report == fsck(store(changed), [])
    assert report.faults == (f"Entry {at}: the envelope is not the one the leaf names.",)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_run_that_is_missing_is_no_sound_register(lost: int) -> None:
    found = runs(10, 30)
    del found[lost]
    faults = fsck(store(), [], runs=found).faults
    assert "The stored tree does not match the entries." in faults
    assert lost == 2 or any("are missing" in fault for fault in faults)


@pytest.mark.parametrize("size", [1, 20, SIZE, SIZE + 1])
def test_a_promise_from_elsewhere_that_the_entries_do_not_keep_is_a_fault(size: int) -> None:
    report = fsck(store(), [], promises=[(size, b"\0" * 32)])
    assert report.faults == (f"At size {size} the entries lead to another root than was promised.",)
