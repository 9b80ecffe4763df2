"""A copy of a partner's register holds what the partner signed, and nothing it did not."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from register.mirroring import ORIGIN, Killed, Log, Table, numbered
from voltrail.errors import (
    MalformedError,
    RefusedError,
    RegisterCorruptError,
    SignatureInvalidError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.register import mirror, mirror_check, mirror_copy, note, receipt, tile, witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.trust import signer


def pulled(log: Log, shelf: Table | None = None) -> Table:
    shelf = shelf or Table()
    mirror.pull(shelf, log.show, log.partner)
    return shelf


def alarms(shelf: Table) -> list[str]:
    return sorted({path.split("/")[1] for path in shelf.names("alarms")})


def untouched(shelf: Table) -> dict[str, bytes]:
    return {path: data for path, data in shelf.files.items() if not path.startswith("alarms/")}


def sound(shelf: Table, log: Log, size: int) -> None:
    report = mirror_check.check(shelf, log.partner)
    assert (report.faults, report.entries) == ((), size)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=5))
def test_a_copy_that_was_pulled_in_steps_is_the_one_that_was_pulled_at_once(
    steps: list[int],
) -> None:
    log, shelf = Log(), Table()
    for step in steps:
        log.leaves += numbered(step, f"after {len(log.leaves)}")
        pulled(log, shelf)
    at_once = {path: data for path, data in pulled(log).files.items() if path != "checkpoint"}
    assert {p: d for p, d in shelf.files.items() if p != "checkpoint"} == at_once
    sound(shelf, log, len(log.leaves))


def test_only_what_is_missing_is_fetched() -> None:
    log = Log(numbered(1_000))
    shelf = pulled(log)
    log.asked.clear()
    log.leaves += numbered(100, "new")
    done = mirror.pull(shelf, log.show, log.partner)
    bundles = [path for path in log.asked if "entries" in path]
    assert bundles == ["tile/entries/003", "tile/entries/004.p/76"]
    assert (done.before, done.size, done.fetched) == (1_000, 1_100, 2)
    log.asked.clear()
    assert mirror.pull(shelf, log.show, log.partner).fetched == 0
    assert log.asked == ["checkpoint"]


def test_the_copy_is_itself_a_tile_log_and_can_be_copied() -> None:
    log = Log(numbered(700))
    shelf = pulled(log)
    again = Table()
    mirror.pull(again, lambda path, _: shelf.files[path], log.partner)
    assert again.files == shelf.files
    assert {path for path in shelf.files if ".p/" in path} == {
        "tile/0/002.p/188",
        "tile/1/000.p/2",
        "tile/entries/002.p/188",
    }


def test_parts_that_a_log_has_swept_are_cut_from_full_tiles() -> None:
    log = Log(numbered(300))
    asked = log.signed(log.leaves)
    log.leaves += numbered(300, "more")
    log.lies["checkpoint"] = asked
    log.gone = {"tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"}
    # The upper part is read whole where the full tile stands; 600 leaves have none at level 1.
    log.lies["tile/1/000"] = b"".join(log.tree()(8, at) for at in range(2))
    shelf = pulled(log)
    assert mirror_check.check(shelf, log.partner).entries == 300


def test_a_proof_from_the_copy_alone_verifies_offline() -> None:
    log = Log(numbered(777))
    shelf = pulled(log)
    for index in (0, 255, 256, 776):
        found = receipt.parse(mirror_copy.prove(shelf, log.partner, index))
        point = receipt.verify(found, log.leaves[index], [note.parse_vkey(log.vkey)])
        assert (point.size, found.index) == (777, index)
    for beyond in (777, -1):
        with pytest.raises(UnknownSubjectError):
            mirror_copy.prove(shelf, log.partner, beyond)
    with pytest.raises(UnknownSubjectError):
        mirror_copy.prove(Table(), log.partner, 0)


@settings(max_examples=40)
@given(st.integers(1, 600), st.integers(1, 600), st.integers(0, 599))
def test_a_partner_that_went_back_is_told_from_one_that_forked(
    held: int, shown: int, same: int
) -> None:
    log = Log(numbered(held))
    shelf = pulled(log)
    before = untouched(shelf)
    same = min(same, held, shown)
    log.leaves = [*numbered(same), *numbered(shown - same, "other")]
    if same == held or (shown == same == held):
        pulled(log, shelf)  # an honest growth
        return
    with pytest.raises(RefusedError) as refused:
        pulled(log, shelf)
    word = "rolled-back" if same == shown else "split-view"
    (kept,) = alarms(shelf)
    assert kept.startswith(f"{word}-{held}-{shown}-")
    assert str(refused.value).startswith(f"ALARM about {ORIGIN}")
    assert shelf.files[f"alarms/{kept}/held.checkpoint"] == before["checkpoint"]
    assert shelf.files[f"alarms/{kept}/shown.checkpoint"] == log.signed(log.leaves)
    assert untouched(shelf) == before


def test_after_an_alarm_the_honest_history_goes_on() -> None:
    log = Log(numbered(300))
    shelf = pulled(log)
    for size in (300, 350):
        log.leaves = numbered(size, "other")
        with pytest.raises(RefusedError):
            pulled(log, shelf)
    log.leaves = numbered(400)
    pulled(log, shelf)
    sound(shelf, log, 400)
    assert len(alarms(shelf)) == 2


@pytest.mark.parametrize(
    "path", ["tile/entries/000", "tile/entries/002.p/88", "tile/0/002.p/88", "tile/1/000.p/2"]
)
def test_what_does_not_lead_to_the_signed_root_accuses_nobody_and_is_not_kept(path: str) -> None:
    log = Log(numbered(600))
    lie = bytearray(log.show(path))
    lie[-1] ^= 1
    log.lies[path] = bytes(lie)
    shelf = Table()
    with pytest.raises(UnverifiableError, match="does not lead to its checkpoint"):
        pulled(log, shelf)
    assert "checkpoint" not in shelf.files
    assert bytes(lie) not in shelf.files.values()
    assert not alarms(shelf)
    log.lies.clear()
    pulled(log, shelf)
    sound(shelf, log, 600)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x05abc", b"\x00\x01a" * 257])
def test_a_bundle_that_is_none_is_not_kept(data: bytes) -> None:
    log = Log(numbered(256))
    shelf = Table()

    def show(path: str, most: int) -> bytes:
        return data if "entries" in path else log.show(path, most)

    with pytest.raises((UnverifiableError, MalformedError)):
        mirror.pull(shelf, show, log.partner)
    assert "checkpoint" not in shelf.files


def test_nobody_else_speaks_for_the_partner() -> None:
    log, other = Log(numbered(10)), Log(numbered(10))
    with pytest.raises(UnverifiableError, match="No known key"):
        mirror.pull(Table(), other.show, log.partner)
    log.lies["checkpoint"] = log.signed(log.leaves).replace(b"\n10\n", b"\n11\n")
    with pytest.raises(SignatureInvalidError):
        pulled(log)
    text = Checkpoint("elsewhere.example", 10, bytes(32)).text()
    raw = log.key.public.spki[-32:]
    log.lies["checkpoint"] = (
        note.sign(text, "elsewhere.example", log.key.sign, raw)
        + (log.signed(log.leaves).partition(b"\n\n")[2])
    )
    with pytest.raises(SignatureInvalidError):
        pulled(log)


def test_where_two_keys_are_pinned_both_must_sign() -> None:
    log = Log(numbered(10))
    first, second = map(note.parse_vkey, log.vkeys)
    partner = replace(log.partner, log=first, second=second)
    with pytest.raises(UnverifiableError, match="did not sign"):
        mirror.pull(Table(), log.show, partner)
    log.lies["checkpoint"] = log.signed(log.leaves, dual=True)
    assert mirror.pull(Table(), log.show, partner).size == 10


def witnessed(log: Log, count: int) -> tuple[bytes, list[bytes]]:
    """A policy that wants two of three, and each witness's line under the newest checkpoint."""
    text, _ = note.split(log.signed(log.leaves))
    rows, lines = [], []
    for number in range(3):
        key = signer.generate()
        vkey = note.vkey(f"w{number}.example", key.public.spki[-32:], note.COSIGNATURE)
        rows.append(f"witness w{number} {vkey}\n")
        lines.append(note.cosign(text, note.parse_vkey(vkey), 1_700_000_000 + number, key.sign))
    rule = f"log {log.vkey}\n{''.join(rows)}group all 2 w0 w1 w2\nquorum all\n"
    return rule.encode(), lines[:count]


def test_without_its_quorum_of_witnesses_nothing_is_taken() -> None:
    log = Log(numbered(20))
    rule, lines = witnessed(log, 3)
    partner = replace(log.partner, policy=witness_policy.parse(rule))
    shelf = Table()
    log.lies["checkpoint"] = log.signed(log.leaves) + lines[0]
    with pytest.raises(RefusedError, match="no quorum of 2 of 3"):
        mirror.pull(shelf, log.show, partner)
    assert shelf.files == {}
    log.lies["checkpoint"] = log.signed(log.leaves) + lines[0] + lines[1]
    mirror.pull(shelf, log.show, partner)
    log.lies["checkpoint"] += lines[2]
    mirror.pull(shelf, log.show, partner)
    assert shelf.files["checkpoint"].count(b"w2.example") == 1
    log.lies["checkpoint"] = log.signed(log.leaves) + lines[0] + lines[1]
    mirror.pull(shelf, log.show, partner)
    assert shelf.files["checkpoint"].count(b"w2.example") == 1  # what was heard stays


def test_a_pull_that_dies_anywhere_leaves_a_copy_that_goes_on() -> None:
    log = Log(numbered(700))
    shelf = pulled(log)
    log.leaves += numbered(700, "new")
    whole = len(pulled(log, copy_of(shelf)).puts) + 5
    for lives in range(whole):
        copy = copy_of(shelf)
        copy.lives = lives
        try:
            pulled(log, copy)
        except Killed:
            held = mirror_copy.head(copy, log.partner)
            assert held is not None
            sound(copy, log, held.point.size)
        copy.lives = -1
        log.leaves += numbered(10, "later")
        pulled(log, copy)
        sound(copy, log, 1_410)
        del log.leaves[1_400:]


def copy_of(shelf: Table) -> Table:
    made = Table()
    made.files = dict(shelf.files)
    return made


@pytest.mark.parametrize(
    ("size", "word", "said"),
    [(800, "split-view", "two histories"), (500, "shorter", "nobody can tell")],
)
def test_what_a_dead_pull_was_promised_is_not_forgotten(size: int, word: str, said: str) -> None:
    log = Log(numbered(400))
    shelf = pulled(log)
    log.leaves = numbered(700)
    shelf.lives = 2
    with pytest.raises(Killed):
        pulled(log, shelf)
    shelf.lives = -1
    log.leaves = [*numbered(400), *numbered(size - 400, "other")]
    with pytest.raises(RefusedError, match=said):
        pulled(log, shelf)
    assert alarms(shelf)[0].startswith(word)
    log.leaves = numbered(900)
    pulled(log, shelf)
    sound(shelf, log, 900)


def test_a_promise_whose_tiles_were_hidden_is_not_forgotten() -> None:
    """A fork cannot be hidden by showing its checkpoint alone."""
    log = Log(numbered(400))
    shelf = pulled(log)
    log.leaves = [*numbered(300), *numbered(200, "other")]
    log.lies["tile/0/001.p/244"] = bytes(32 * 244)
    forked = log.signed(log.leaves)
    for _ in range(2):
        with pytest.raises(UnverifiableError):
            pulled(log, shelf)
    assert shelf.files["checkpoint"] == log.signed(numbered(400))
    log.leaves = numbered(900)
    with pytest.raises(RefusedError, match="two histories"):
        pulled(log, shelf)
    (kept,) = alarms(shelf)
    assert shelf.files[f"alarms/{kept}/held.checkpoint"] == forked
    with pytest.raises(RefusedError):  # until somebody decides which history goes on
        pulled(log, shelf)
    shelf.drop(mirror.PENDING)
    pulled(log, shelf)
    sound(shelf, log, 900)


def test_a_check_finds_whatever_was_changed_in_the_copy() -> None:
    log = Log(numbered(600))
    shelf = pulled(log)
    draw = random.Random(7)
    for path in [name for name in shelf.files if name.startswith("tile/")] + ["checkpoint"]:
        copy = copy_of(shelf)
        data = bytearray(copy.files[path])
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        copy.files[path] = bytes(data)
        assert mirror_check.check(copy, log.partner).faults, path
        del copy.files[path]
        assert mirror_check.check(copy, log.partner).faults, path
    assert mirror_check.check(Table(), log.partner).faults == ("Nothing was pulled yet.",)


def test_a_damaged_copy_proves_nothing_and_accuses_nobody() -> None:
    log = Log(numbered(600))
    shelf = pulled(log)
    lie = bytearray(shelf.files["tile/0/000"])
    lie[0] ^= 1
    shelf.files["tile/0/000"] = bytes(lie)
    with pytest.raises(RegisterCorruptError):
        mirror_copy.prove(shelf, log.partner, 3)
    assert mirror_copy.prove(shelf, log.partner, 300)
    log.leaves = numbered(100)
    with pytest.raises(RegisterCorruptError):
        pulled(log, shelf)
    assert not alarms(shelf)


def test_an_empty_register_can_be_copied_and_begins() -> None:
    log = Log()
    shelf = pulled(log)
    sound(shelf, log, 0)
    log.leaves = numbered(1)
    pulled(log, shelf)
    sound(shelf, log, 1)
    assert tile.entries_path(0, 1) in shelf.files
