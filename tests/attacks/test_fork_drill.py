"""
An old backup is brought back and appended to, in random histories: no second history begins.

Whoever holds a later promise than the backup stops it at the product's own doors: a witness in a
process of its own and the file beside the database at a start; a pack, a mirror, a checkpoint and
the witness at a restore; a partner's mirror at its next pull. Where nobody holds one, every door
opens: a check that always refuses would be none.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest.importorskip("django")

from msgspec.structs import replace

from server.test_api import _tables
from stores.support import Speaker
from voltrail import merkle
from voltrail.actions import prove, tiles
from voltrail.actions.desk import Desk
from voltrail.audit import pack
from voltrail.errors import ProductError, RefusedError, RegisterCorruptError
from voltrail.ids.subject import PartyId
from voltrail.projections.memory import MemoryViews
from voltrail.register import mirror, mirror_folder, note
from voltrail.register.folder import place
from voltrail.register.log import LogKey
from voltrail.register.memory import MemoryBlobs, MemoryEntries
from voltrail.trust import signer
from voltrail_server import wiring
from voltrail_server.operations import history, promises, serving, standing
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.witnesses import knowing, known
from witness.running import Log, made
from witness.running import serving as served

__all__ = ["_tables"]
SAMPLE, DRILL = 50, 1_000
COUNTS = [
    pytest.param(SAMPLE, id="sample"),
    pytest.param(DRILL, id="full", marks=pytest.mark.drill),
]
KINDS = ("witness", "kept", "pack", "mirror", "note")
SPEAKERS = Speaker(), Speaker()


@dataclass
class Site:
    """Where the doors look: the policy with one real witness, and its address."""

    folder: Path
    url: str
    desk: Desk | None = None
    logs: list[LogKey] = field(default_factory=list)

    @property
    def policy(self) -> Path:
        return self.folder / known.FILE

    def stand(self, desk: Desk, cosigned: int = 0) -> Desk:
        """Put a register where the server's doors find it, as its database remembers."""
        self.desk = desk
        DjangoCosignatures().set(Standing(self.url, cosigned))
        return desk


@dataclass
class Past:
    """A history as it was: its register, who was promised how much, and one old backup."""

    desk: Desk
    promised: dict[str, int]
    backup: MemoryEntries
    noted: int  # what the backup's database says that the witness cosigned


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> Iterator[Site]:
    keys = [LogKey(f"drill-{n}.example/log", signer.generate()) for n in range(count)]
    witness = made(tmp_path / "w", Log(), "w.example")[0]
    lines = "".join(f"{one.verifier_key}\n" for one in keys)
    place(tmp_path / "w" / "logs", lines.encode())
    seen = standing.home() / standing.SEEN
    with served(tmp_path / "w") as url:
        found = Site(tmp_path, url, logs=keys)
        vkey = note.vkey(witness.name, witness.public_raw, witness.key_type)
        found.policy.write_text(f"witness w {vkey} {url}\nquorum w\n")
        monkeypatch.setattr(known, "path", lambda: found.policy)
        monkeypatch.setattr(wiring, "desk", lambda: found.desk)
        yield found
    seen.unlink(missing_ok=True)


def desk_of(entries: MemoryEntries, key: LogKey) -> Desk:
    return Desk(
        entries=entries,
        views=MemoryViews(),
        blobs=MemoryBlobs(),
        pinned=SPEAKERS[0].anchors,
        operator=PartyId.of("acme"),
        signer=signer.generate(),
        log=key,
    )


def copied(store: MemoryEntries) -> MemoryEntries:
    """What a backup holds: the entries, and the checkpoints that were signed until then."""
    made_ = MemoryEntries()
    made_.append(list(store.entries(0, store.size())), {}, store.frontier())
    for size, signed in reversed(list(store.checkpoints())):
        made_.put_checkpoint(size, signed)
    return made_


def lived(site: Site, draw: random.Random, key: LogKey, folder: Path) -> Past:
    """A random history in steps; at each, each of those who may hold a promise gets one or not."""
    desk = site.stand(desk_of(MemoryEntries(), key))
    promised, backup, noted = dict.fromkeys(KINDS, 0), None, 0
    steps = draw.randint(2, 6)
    saved, likely = draw.randrange(steps - 1), draw.choice((0.1, 0.3, 0.6))
    for step in range(steps):
        SPEAKERS[0].extend(desk.entries, draw.randint(1, 40))
        prove.checkpoint(desk)
        for kind in KINDS:
            if draw.random() < likely:
                GIVE[kind](site, desk, folder)
                promised[kind] = desk.entries.size()
        if step == saved:
            backup, noted = copied(desk.entries), promised["witness"]
    assert backup
    return Past(desk, promised, backup, noted)


def _to_witness(site: Site, desk: Desk, folder: Path) -> None:
    (row,) = knowing.told(desk, DjangoCosignatures(), known.asked(), 1)
    assert (row.cosigned, row.problem) == (desk.entries.size(), "")


def _to_file(site: Site, desk: Desk, folder: Path) -> None:
    promises.Keeper().turn()


def _to_pack(site: Site, desk: Desk, folder: Path) -> None:
    (entry,) = desk.entries.at([0])
    proof = merkle.inclusion_proof(0, desk.entries.size(), desk.entries.node)
    signed, who = prove.checkpoint(desk), PartyId.of("acme")
    found = pack.Pack(who, None, 0, signed, (entry,), {0: tuple(proof)})
    (folder / "pack").write_bytes(pack.write(found))


def _to_mirror(site: Site, desk: Desk, folder: Path) -> None:
    if not mirror_folder.is_mirror(folder / "mirror"):
        mirror_folder.make(folder / "mirror", "https://x.example", desk.log.verifier_key)
    pulled(folder, desk)


def _to_note(site: Site, desk: Desk, folder: Path) -> None:
    (folder / "note").write_bytes(prove.checkpoint(desk))


GIVE = {
    "witness": _to_witness,
    "kept": _to_file,
    "pack": _to_pack,
    "mirror": _to_mirror,
    "note": _to_note,
}


def pulled(folder: Path, desk: Desk) -> None:
    copy = mirror_folder.read(folder / "mirror")

    def show(path: str, most: int) -> bytes:
        return prove.checkpoint(desk) if path == "checkpoint" else tiles.tile(desk, path)

    mirror.pull(copy.shelf, show, copy.partner)


def refused(act: object, *given: object) -> ProductError | None:
    try:
        act(*given)  # type: ignore[operator]
    except (RefusedError, RegisterCorruptError) as error:
        return error
    return None


@pytest.mark.parametrize("count", COUNTS)
def test_no_second_history_begins_where_anybody_knows_better(site: Site, count: int) -> None:
    stopped: Counter[str] = Counter()
    for number in range(count):
        draw = random.Random(f"{os.environ['VOLTRAIL_TEST_SEED']}-{number}")
        folder = site.folder / f"case-{number}"
        folder.mkdir()
        (standing.home() / standing.SEEN).unlink(missing_ok=True)
        past = lived(site, draw, site.logs[number], folder)
        forked = copied(past.backup)
        if draw.random() < 0.8:
            SPEAKERS[1].extend(forked, draw.randint(1, 60))
            prove.checkpoint(desk_of(forked, past.desk.log))
        back = site.stand(replace(past.desk, entries=forked), past.noted)
        stopped.update(kind for kind in KINDS if past.promised[kind] > past.backup.size())
        at_a_start(past, back)
        at_a_restore(past, back, site, folder)
        at_a_partner(past, back, folder)
    assert min(stopped[kind] for kind in KINDS) > count // 20, stopped
    assert max(stopped[kind] for kind in KINDS) < count, stopped


def at_a_start(past: Past, back: Desk) -> None:
    """The door of `voltrail serve`, before anything is appended."""
    size, signed = back.entries.size(), list(back.entries.checkpoints())
    better = max(past.promised["witness"], past.promised["kept"]) > past.backup.size()
    error = refused(serving.need_own_past)
    assert (error is not None) == better, (past.promised, past.backup.size(), error)
    assert (back.entries.size(), list(back.entries.checkpoints())) == (size, signed)


def at_a_restore(past: Past, back: Desk, site: Site, folder: Path) -> None:
    """What `voltrail restore` weighs a backup against, each by itself."""
    keys, size = [note.parse_vkey(back.log.verifier_key)], back.entries.size()
    for kind in ("pack", "mirror", "note"):
        if past.promised[kind]:
            source = history.read(folder / kind, keys, size)
            error = refused(history.settle, back.entries, [source], [source])
            assert (error is not None) == (past.promised[kind] > past.backup.size()), (kind, error)
    site.stand(back, past.noted)
    error = refused(history.need_witnessed, back, DjangoCosignatures(), [site.policy])
    assert (error is not None) == (past.promised["witness"] > past.backup.size()), error
    assert back.entries.size() == size


def at_a_partner(past: Past, back: Desk, folder: Path) -> None:
    """A partner's next pull: an alarm with the right word, and the copy as it was."""
    if not past.promised["mirror"]:
        return
    before = (folder / "mirror" / "checkpoint").read_bytes()
    error = refused(pulled, folder, back)
    better = past.promised["mirror"] > past.backup.size()
    assert (error is not None) == better, error
    if better:
        (alarm,) = (folder / "mirror" / "alarms").iterdir()
        went_back = back.entries.size() == past.backup.size()
        assert alarm.name.startswith("rolled-back" if went_back else "split-view")
        assert (folder / "mirror" / "checkpoint").read_bytes() == before
