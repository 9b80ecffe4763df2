"""A log key that signs two histories: partners compare checkpoints, and both notes are kept."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from voltrail import merkle
from voltrail.actions import prove
from voltrail.actions.pack import anchors_file
from voltrail.cli.main import main
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.register import note
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.compare import Comparison, compare
from voltrail.register.folder import FolderEntries
from voltrail.trust import signer
from world_fixture import played_world

LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(30)]
FORKED = [*LEAVES[:9], *(merkle.leaf_hash(b"other %d" % n) for n in range(21))]
ORIGIN, LOG = "register.example/one", signer.generate()
KEY = note.parse_vkey(note.vkey(ORIGIN, LOG.public.spki[-32:]))


def signed(leaves: list[bytes], origin: str = ORIGIN, by: signer.LocalSigner = LOG) -> bytes:
    text = Checkpoint(origin, len(leaves), merkle.root(leaves)).text()
    return note.sign(text, origin, by.sign, by.public.spki[-32:])


def proofs(leaves: list[bytes]):  # noqa: ANN201
    node = merkle.reader_over(leaves)
    return lambda old, new: merkle.consistency_proof(old, new, node)


@given(st.integers(0, 30), st.integers(0, 30))
def test_one_history_is_told_from_two_at_any_sizes(one: int, other: int) -> None:
    honest = compare(signed(LEAVES[:one]), signed(LEAVES[:other]), [KEY], proofs(LEAVES))
    assert honest.comparison is (Comparison.SAME if one == other else Comparison.CONTINUES)
    found = compare(signed(LEAVES[:one]), signed(FORKED[:other]), [KEY], proofs(FORKED))
    assert (found.comparison is Comparison.SPLIT) == (one > 9 and other > 0)


def test_two_roots_at_one_size_are_proof_enough_without_any_log() -> None:
    found = compare(signed(LEAVES[:20]), signed(FORKED[:20]), [KEY])
    assert found.comparison is Comparison.SPLIT
    assert "Two histories" in found.sentence


def test_without_a_proof_nobody_can_tell_and_that_is_no_pass() -> None:
    assert compare(signed(LEAVES[:5]), signed(LEAVES), [KEY]).comparison is Comparison.UNPROVEN

    def silent(old: int, new: int) -> list[bytes]:
        raise UnverifiableError(f"nobody answers for {old} to {new}")

    found = compare(signed(LEAVES[:5]), signed(LEAVES), [KEY], silent)
    assert found.comparison is Comparison.UNPROVEN


def test_a_stranger_s_bad_proof_accuses_nobody() -> None:
    def wrong(old: int, new: int) -> list[bytes]:
        return [bytes(32)] * 3

    older, newer = signed(LEAVES[:5]), signed(LEAVES)
    assert compare(older, newer, [KEY], wrong, held=False).comparison is Comparison.UNPROVEN
    split = compare(older, signed(FORKED), [KEY], proofs(FORKED), held=False)
    assert split.comparison is not Comparison.SPLIT


def test_unsigned_foreign_or_forged_notes_are_no_evidence() -> None:
    with pytest.raises(UnverifiableError):
        compare(signed(LEAVES), signed(FORKED, by=signer.generate()), [KEY])
    other = note.parse_vkey(note.vkey("other.example", LOG.public.spki[-32:]))
    with pytest.raises(MalformedError):
        compare(signed(LEAVES), signed(LEAVES, "other.example"), [KEY, other])
    forged = signed(LEAVES).replace(b"\n30\n", b"\n31\n")
    with pytest.raises(SignatureInvalidError):
        compare(signed(LEAVES), forged, [KEY])
    witness = note.parse_vkey(note.vkey(ORIGIN, LOG.public.spki[-32:], note.COSIGNATURE))
    text = Checkpoint(ORIGIN, 30, merkle.root(FORKED)).text()
    only = text.encode() + b"\n" + note.cosign(text, witness, 5, LOG.sign)
    with pytest.raises(UnverifiableError):
        compare(signed(LEAVES), only, [KEY, witness])


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A folder with the world's entries, its trust, a checkpoint of today and one of before."""
    desk = played_world().desk
    every = list(desk.entries.entries(0, desk.entries.size()))
    store = FolderEntries(tmp_path / "reg" / "entries")
    with store.transaction():
        store.append(every, {}, desk.entries.frontier())
    store.close()
    (tmp_path / "anchors.json").write_bytes(anchors_file(desk))
    (tmp_path / "now").write_bytes(prove.checkpoint(desk))
    for name, keep in (("before", 40), ("forked", 39)):
        leaves = [one.leaf_hash for one in every[:keep]]
        leaves += [b"f" * 32] * (40 - keep)
        text = Checkpoint(desk.log.origin, 40, merkle.root(leaves)).text()
        data = note.sign(text, desk.log.origin, desk.log.signer.sign, desk.log.raw)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def typed(folder: Path, one: str, other: str, *more: str) -> int:
    words = ["log", "compare", str(folder / one), str(folder / other)]
    trust = ["--trust", str(folder / "anchors.json"), "--evidence", str(folder / "kept")]
    return main([*words, *trust, *more])


def test_a_partner_compares_with_a_copy_of_the_register(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = ("--log", str(register / "reg"))
    assert typed(register, "before", "now", *copy) == 0
    assert "The second continues the first" in capsys.readouterr().out
    assert typed(register, "before", "now") == 75
    assert "Unproven is not a pass" in capsys.readouterr().out
    assert not (register / "kept").exists()


def test_an_alarm_keeps_both_notes_side_by_side(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(register, "before", "forked") == 1
    assert "ALARM" in capsys.readouterr().out
    assert typed(register, "now", "forked", "--log", str(register / "reg"), "--json") == 1
    (kept,) = (register / "kept").glob("split-view-40-40-*")
    notes = {path.read_bytes() for path in kept.iterdir()}
    assert notes == {(register / "before").read_bytes(), (register / "forked").read_bytes()}
    said = json.loads(capsys.readouterr().out)
    assert len(list(Path(said["evidence"]).iterdir())) == 2


def test_a_register_that_is_too_short_proves_nothing(register: Path) -> None:
    desk = played_world().desk
    found = prove.compare(
        replace(desk), (register / "before").read_bytes(), (register / "now").read_bytes()
    )
    assert found.comparison is Comparison.CONTINUES
    store = FolderEntries(register / "short" / "entries")
    with store.transaction():
        every = list(desk.entries.entries(0, 50))
        frontier = merkle.Frontier.EMPTY.extend(one.leaf_hash for one in every)
        store.append(every, {}, frontier)
    store.close()
    assert typed(register, "before", "now", "--log", str(register / "short")) == 75
    assert typed(register, "before", "now", "--log", str(register / "nowhere")) == 75
