"""Every write fails, or fails though it was kept, or the process is killed; then fsck."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from faults.acts import CHUNK, act
from stores.support import Place, PlantedError, Speaker
from voltrail import merkle
from voltrail.errors import MalformedError
from voltrail.projections.store import ViewStore
from voltrail.register.fsck import fsck
from voltrail.register.log import LogKey
from voltrail.register.note import Verifier, parse_vkey, vkey
from voltrail.register.store import EntryStore
from voltrail.trust import signer as signers

ROWS = ("entries", "lease", "links", "sightings", "rows", "events", "projected")
WRITES = {
    "memory": ("entries", "checkpoint", "commit"),
    "folder": ("entries", "journal", "fsync", "checkpoint", "commit"),
    "sqlite": (*ROWS, "checkpoint", "commit"),
    "postgres": (*ROWS, "checkpoint", "commit"),
}
TWICE = {"commit", "journal", "fsync"}  # an action commits its statements, then a checkpoint
ROOT = Path(__file__).resolve().parents[2]


def verifier(key: LogKey) -> Verifier:
    return parse_vkey(vkey(key.origin, key.signer.public.spki[-32:]))


def holds_together(store: EntryStore, views: ViewStore, kind: str) -> None:
    """What memory or rows say of the entries is what the entries say."""
    size = store.size()
    if kind == "folder":
        return  # its views are memory: whoever opens it rebuilds them
    assert views.projected() == size
    assert list(views.keys("lot:", limit=9_999)) == [f"lot:{index:04}" for index in range(size)]


class Trap:
    """Raises once, at the n-th time that a write is reached."""

    def __init__(self, wanted: str, time: int) -> None:
        self.wanted, self.time, self.seen = wanted, time, 0

    def __call__(self, name: str) -> None:
        self.seen += name == self.wanted
        if name == self.wanted and self.seen == self.time:
            raise PlantedError


def cases(kinds: Iterable[str], times: tuple[int, int]) -> list[ParameterSet]:
    """Every write of every kind of store, before and after; twice where there are two in an act."""
    return [
        pytest.param(
            kind, name, when, time, marks=[pytest.mark.postgres] if kind == "postgres" else []
        )
        for kind in kinds
        for name in WRITES[kind]
        for when in ("before", "after")
        for time in (times if name in TWICE else times[:1])
    ]


def stays(name: str, when: str, time: int) -> bool:
    """Whether the statements of the action that failed are in the register."""
    if name in TWICE:
        return time % 2 == 0 or (name == "commit" and when == "after")
    return name == "checkpoint"


@pytest.mark.parametrize(
    ("place", "name", "when", "time"), cases(WRITES, (2, 3)), indirect=["place"]
)
def test_a_write_that_fails_leaves_all_or_nothing(
    place: Place, speaker: Speaker, name: str, when: str, time: int
) -> None:
    store, views = place.open(**{when: Trap(name, time)})
    key = LogKey("log.example", signers.generate())
    done = _until_it_fails(store, views, speaker, key)
    reopened = store if place.kind == "memory" else place.open()[0]
    assert reopened.size() == (done + stays(name, when, time)) * CHUNK
    assert fsck(reopened, [verifier(key)]).faults == ()
    holds_together(reopened, views, place.kind)
    for number in range(done + 3):  # again, and on
        placed = act(store, views, speaker, key, number)
        assert [one.entry.index for one in placed] == list(range(number * 3, number * 3 + 3))
    assert fsck(store, [verifier(key)]).faults == ()
    holds_together(store, views, place.kind)


def _until_it_fails(store: EntryStore, views: ViewStore, speaker: Speaker, key: LogKey) -> int:
    for number in range(5):
        try:
            act(store, views, speaker, key, number)
        except PlantedError:
            return number
    raise AssertionError("the fault was not reached")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_tile_that_fails_takes_its_entries_with_it(
    database: Place, speaker: Speaker, when: str
) -> None:
    store, _ = database.open(**{when: Trap("tiles", 1)})
    speaker.extend(store, 255)
    with pytest.raises(PlantedError):
        speaker.extend(store, 1)
    assert store.size() == 255
    with pytest.raises(MalformedError):
        store.node(8, 0)
    leaves = [entry.leaf_hash for entry in (*store.entries(0, 255), *speaker.extend(store, 1))]
    assert store.node(8, 0) == database.open()[0].node(8, 0) == merkle.root(leaves)


@pytest.mark.parametrize(
    ("place", "name", "when", "lives"),
    cases(("folder", "sqlite", "postgres"), (6, 7)),
    indirect=["place"],
)
def test_a_killed_process_loses_nothing_it_acknowledged(
    place: Place, name: str, when: str, lives: int
) -> None:
    acknowledged = _run_child(place, name, when, lives)
    store, views = place.open()
    assert acknowledged
    assert [index for index, _ in acknowledged] == list(range(len(acknowledged)))
    digests = [entry.parsed.envelope for entry in store.entries(0, store.size())]
    assert digests[: len(acknowledged)] == [digest for _, digest in acknowledged]
    assert len(set(digests)) == len(digests) <= len(acknowledged) + CHUNK
    assert len(digests) % CHUNK == 0
    assert [fault for fault in fsck(store, ()).faults if "cannot be verified" not in fault] == []
    holds_together(store, views, place.kind)
    key = LogKey("log.example", signers.generate())
    act(store, views, Speaker(), key, 99)
    assert store.size() == len(digests) + CHUNK


def _run_child(place: Place, name: str, when: str, lives: int) -> list[tuple[int, str]]:
    path = place.path.parent if place.kind == "folder" else place.path
    command = [sys.executable, "-m", "faults.writer", place.kind, str(path), place.url]
    paths = [str(ROOT / "src"), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [*command, name, when, str(lives)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == -9, done.stderr
    told = [line.split() for line in done.stdout.splitlines()]
    return [(int(index), digest) for index, digest in told]
