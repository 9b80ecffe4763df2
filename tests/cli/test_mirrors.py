"""`voltrail mirror` as a person types it: against our server, and a log of another maker."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("django")

from cli.test_remote import serving, token_file
from corpus import corpus
from server.test_api import AT, HAFEN, KESTREL, OPERATOR, Room, _tables, room
from voltrail.actions import prove
from voltrail.actions.pack import anchors_file
from voltrail.cli.main import main
from voltrail.register import mirror_folder, note, receipt
from voltrail.register.checkpoint import Checkpoint

__all__ = ["_tables", "room"]
Said = pytest.CaptureFixture[str]


@pytest.fixture
def served(room: Room) -> Iterator[str]:
    with serving() as address:
        yield f"{address}/api/v1"


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """The address of a folder that a plain web server of its own process shows."""
    words = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    child = subprocess.Popen(
        [*words, "--directory", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    try:
        match = re.search(r"port (\d+)", child.stdout.readline())
        assert match
        yield f"http://127.0.0.1:{match[1]}"
    finally:
        child.terminate()
        child.wait(20)
        child.stdout.close()


def typed(capsys: Said, *words: str | Path, code: int = 0) -> dict[str, object]:
    """What a verb of the mirror says to a program."""
    assert main(["mirror", *map(str, words), "--json"]) == code
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def made(capsys: Said, room: Room, url: str, folder: Path) -> Path:
    key = room.desk.log.verifier_key
    found = typed(capsys, "init", folder, "--log", key, "--url", url)
    assert found["origin"] == "test.example/log"
    return folder


def test_our_server_is_copied_with_its_envelopes_and_the_copy_answers_when_it_is_gone(
    room: Room, tmp_path: Path, capsys: Said
) -> None:
    raws = [room.lot(f"M{n}") for n in range(5)]
    for raw in raws:
        room.post("/statements", raw)
    token = token_file(tmp_path / "token", room.tokens[OPERATOR])
    size = room.desk.entries.size()
    with serving() as address:
        copy = made(capsys, room, f"{address}/api/v1", tmp_path / "copy")
        done = typed(capsys, "pull", copy)
        assert (done["before"], done["size"], done["envelopes"]) == (0, size, 0)
        done = typed(capsys, "pull", copy, "--token-file", token)
        assert (done["envelopes"], done["envelopesCame"]) == (size, size)
    assert main(["mirror", "pull", str(copy)]) == 75  # the partner is gone
    found = typed(capsys, "check", copy) if not capsys.readouterr().out else {}
    assert found["sound"]
    assert found["envelopes"] == size
    said = typed(capsys, "prove", copy, "1")
    (entry,) = room.desk.entries.at([1])
    keys = [note.parse_vkey(room.desk.log.verifier_key)]
    proof = receipt.parse(str(said["proof"]).encode())
    assert receipt.verify(proof, entry.leaf, keys).size == size
    held = {path.read_bytes() for path in (copy / "blobs").rglob("*") if path.is_file()}
    assert set(raws) <= held


def test_status_says_plainly_what_is_not_held(
    room: Room, served: str, tmp_path: Path, capsys: Said
) -> None:
    room.post("/statements", room.lot("A1"))
    copy = made(capsys, room, served, tmp_path / "copy")
    assert main(["mirror", "status", str(copy)]) == 0
    assert "reaches   0 entries" in capsys.readouterr().out
    assert main(["mirror", "pull", str(copy)]) == 0
    said = capsys.readouterr().out
    assert "envelopes 0 of 1: of the others only the leaves are here" in said
    token = token_file(tmp_path / "token", room.tokens[OPERATOR])
    assert main(["mirror", "pull", str(copy), "--token-file", token]) == 0
    assert "envelopes all 1" in capsys.readouterr().out
    assert main(["mirror", "status", str(copy)]) == 0
    said = capsys.readouterr().out
    assert "envelopes all 1" in said
    assert "Z without an alarm" in said


def test_what_a_token_may_not_read_stays_away_and_is_counted(
    room: Room, served: str, tmp_path: Path, capsys: Said
) -> None:
    room.post("/statements", room.lot("A1"))
    room.post("/statements", room.lot("B1", HAFEN), HAFEN)
    copy = made(capsys, room, served, tmp_path / "copy")
    token = token_file(tmp_path / "token", room.tokens[HAFEN])
    done = typed(capsys, "pull", copy, "--token-file", token)
    assert (done["envelopesCame"], done["envelopesWithheld"]) == (1, 1)
    assert typed(capsys, "check", copy)["sound"]
    room.tokens[KESTREL] = "not-a-token"
    bad = token_file(tmp_path / "bad", "not-a-token")
    assert main(["mirror", "pull", str(copy), "--token-file", bad]) == 1


def test_a_register_that_went_back_and_one_that_forked_are_alarms(
    room: Room, served: str, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        room.post("/statements", room.lot(f"A{number}"))
    copy = made(capsys, room, served, tmp_path / "copy")
    typed(capsys, "pull", copy)
    before = (copy / "checkpoint").read_bytes()
    log = room.desk.log
    for size, word in ((3, "rolled-back"), (4, "split-view")):
        node = room.desk.entries.node
        root = prove.merkle.range_hash(0, 3, node) if size == 3 else bytes(32)
        text = Checkpoint(log.origin, size, root).text()
        signed = note.sign(text, log.origin, log.signer.sign, log.raw)
        with monkeypatch.context() as patch:
            patch.setattr(prove, "checkpoint", lambda _, given=signed: given)
            said = typed(capsys, "pull", copy, code=1)
        assert str(said["sentence"]).startswith("ALARM about test.example/log")
        (kept,) = (copy / "alarms").glob(f"{word}-*")
        assert {path.read_bytes() for path in kept.iterdir()} == {before, signed}
    assert (copy / "checkpoint").read_bytes() == before
    assert main(["mirror", "status", str(copy)]) == 0
    assert capsys.readouterr().out.count("ALARM") == 2
    assert typed(capsys, "pull", copy)["fetched"] == 0  # the honest one goes on


def test_a_copy_answers_for_a_dead_partner_when_checkpoints_are_compared(
    room: Room, tmp_path: Path, capsys: Said
) -> None:
    notes = []
    for number in range(3):
        room.at = AT + timedelta(minutes=number)
        room.post("/statements", room.lot(f"A{number}"))
        notes.append(tmp_path / f"{number}.checkpoint")
        notes[-1].write_bytes(prove.checkpoint(room.desk))
    (tmp_path / "anchors.json").write_bytes(anchors_file(room.desk))
    log = room.desk.log
    forked = tmp_path / "forked.checkpoint"
    text = Checkpoint(log.origin, 2, bytes(32)).text()
    forked.write_bytes(note.sign(text, log.origin, log.signer.sign, log.raw))
    with serving() as address:
        copy = made(capsys, room, f"{address}/api/v1", tmp_path / "copy")
        typed(capsys, "pull", copy)
    trust = ["--trust", str(tmp_path / "anchors.json"), "--evidence", str(tmp_path / "kept")]

    def compared(one: Path, other: Path) -> int:
        return main(["log", "compare", str(one), str(other), *trust, "--log", str(copy)])

    assert compared(notes[0], notes[2]) == 0
    assert compared(forked, notes[2]) == 1
    assert list((tmp_path / "kept").glob("split-view-2-3-*"))
    tile = copy / "tile" / "0" / "000.p" / "3"
    tile.write_bytes(bytes(96))  # a damaged copy accuses nobody
    assert compared(notes[0], notes[2]) == 75
    room.post("/statements", room.lot("A9"))
    later = tmp_path / "later.checkpoint"
    later.write_bytes(prove.checkpoint(room.desk))
    assert compared(notes[0], later) == 75
    assert "holds 3 entries only" in capsys.readouterr().out


def test_a_log_of_another_maker_is_read_whole_in_steps(tmp_path: Path, capsys: Said) -> None:
    found = corpus("provenance", "tlog-tiles-tessera")
    partner, copy = tmp_path / "partner", tmp_path / "copy"
    shutil.copytree(found, partner)
    (partner / "checkpoint").unlink(missing_ok=True)
    vkey = (found / "log.vkey.txt").read_text().strip()
    with shown(partner) as url:
        typed(capsys, "init", copy, "--log", vkey, "--url", url)
        for size in (0, 1, 7, 8, 15):
            shutil.copy(found / f"checkpoint.{size}", partner / "checkpoint")
            assert typed(capsys, "pull", copy)["size"] == size
            assert typed(capsys, "check", copy)["entries"] == size
        shutil.copy(found / "checkpoint.12", partner / "checkpoint")
        said = typed(capsys, "pull", copy, code=1)
        assert "it went back" in str(said["sentence"])
    for path in ("tile/0/000.p/15", "tile/entries/000.p/15"):
        assert (copy / path).read_bytes() == (found / path).read_bytes()
    assert sorted(path.name for path in (copy / "tile").rglob("*") if path.is_file()) == ["15"] * 2
    proof = receipt.parse(str(typed(capsys, "prove", copy, "14")["proof"]).encode())
    leaf = (found / "tile/entries/000.p/15").read_bytes().rpartition(b"\x00")[2][1:]
    assert receipt.verify(proof, leaf, [note.parse_vkey(vkey)]).size == 15
    assert main(["mirror", "status", str(copy)]) == 0
    assert "a log of another maker" in capsys.readouterr().out
    again = tmp_path / "again"
    with shown(copy) as url:  # the copy is a tile log for whoever comes next
        typed(capsys, "init", again, "--log", vkey, "--url", url)
        assert typed(capsys, "pull", again)["size"] == 15


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--log", "no-key"], "is no vkey"),
        (["--url", "ftp://x"], "is no address"),
        (["--second", "LOG"], "no ML-DSA-44 key"),
        (["--policy", "bad"], "witness policy"),
        (["--policy", "other"], "accepts other logs"),
    ],
)
def test_an_odd_wish_makes_no_mirror(
    room: Room, tmp_path: Path, capsys: Said, more: list[str], said: str
) -> None:
    key = room.desk.log.verifier_key
    (tmp_path / "bad").write_text("nonsense\n")
    other = note.vkey("other.example", bytes(range(32)))
    (tmp_path / "other").write_text(f"log {other}\nquorum none\n")
    known = {"LOG": key, "bad": str(tmp_path / "bad"), "other": str(tmp_path / "other")}
    words = ["--log", key, "--url", "http://127.0.0.1:1", *(known.get(one, one) for one in more)]
    found = typed(capsys, "init", tmp_path / "copy", *words, code=65)
    assert said in str(found["sentence"])
    assert not (tmp_path / "copy").exists()


def test_a_folder_is_a_mirror_once_and_one_pull_holds_it(
    room: Room, served: str, tmp_path: Path, capsys: Said
) -> None:
    copy = made(capsys, room, served, tmp_path / "copy")
    words = ["--log", room.desk.log.verifier_key, "--url", served]
    assert "is not empty" in str(typed(capsys, "init", copy, *words, code=1)["sentence"])
    with mirror_folder.held(mirror_folder.read(copy)):
        assert "already" in str(typed(capsys, "pull", copy, code=1)["sentence"])
    typed(capsys, "pull", copy)
    for verb in ("pull", "check", "status"):
        assert typed(capsys, verb, tmp_path / "nowhere", code=75)
    (copy / "mirror.json").write_text("{}")
    assert typed(capsys, "status", copy, code=65)


def test_an_envelope_that_the_leaf_does_not_name_is_not_kept(
    room: Room, served: str, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.post("/statements", room.lot("A1"))
    copy = made(capsys, room, served, tmp_path / "copy")
    token = token_file(tmp_path / "token", room.tokens[OPERATOR])
    other = room.lot("A2")
    with monkeypatch.context() as patch:
        patch.setattr(prove, "statement", lambda *_: other)
        said = typed(capsys, "pull", copy, "--token-file", token, code=1)
    assert "not the envelope that its leaf names" in str(said["sentence"])
    assert typed(capsys, "status", copy)["envelopes"] == 0
    typed(capsys, "pull", copy, "--token-file", token)
    (held,) = [path for path in (copy / "blobs").rglob("*") if path.is_file()]
    held.write_bytes(other)
    found = typed(capsys, "check", copy, code=70)
    assert "not the one the leaf names" in str(found["faults"])


def test_envelopes_come_from_a_voltrail_server_alone(
    room: Room, tmp_path: Path, capsys: Said
) -> None:
    copy = made(capsys, room, "https://tiles.example/log", tmp_path / "copy")
    token = token_file(tmp_path / "token", room.tokens[OPERATOR])
    said = typed(capsys, "pull", copy, "--token-file", token, code=65)
    assert "gives no envelopes" in str(said["sentence"])
