"""An evidence pack holds offline, says the same when judged again, and breaks when touched."""

import io
import socket
import zipfile
from collections.abc import Callable

import pytest

from voltrail.actions.pack import anchors_file, evidence_pack, statement_pack
from voltrail.audit.check import Checked, check, check_statement
from voltrail.audit.pack import parse
from voltrail.errors import MalformedError, ProductError, RefusedError, UnverifiableError
from voltrail.ids.subject import ArrivalId
from voltrail.projections.store import ArrivalRow
from voltrail.trust import anchors, signer
from voltrail.trust.anchors import Anchor, Anchors
from world_fixture import played_world


def rows() -> list[ArrivalRow]:
    """Return every arrival of the played world."""
    return list(played_world().desk.views.rows())


def pack_of(row: ArrivalRow) -> bytes:
    """Return the pack of an arrival."""
    return evidence_pack(played_world().desk, ArrivalId.read(row.arrival))


def checked(data: bytes) -> Checked:
    """Return what the pinned trust of the world says of a pack."""
    pinned, logs = anchors.parse(anchors_file(played_world().desk))
    return check(parse(data), pinned, logs)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.arrival.rpartition(":")[2])
def test_every_pack_holds_and_is_judged_the_same_again(row: ArrivalRow) -> None:
    found = checked(pack_of(row))
    assert found.decision.disposition == row.disposition
    assert found.replay.same
    assert found.replay.revisions == ()


def test_two_packs_of_one_decision_are_the_same_bytes() -> None:
    row = rows()[0]
    assert pack_of(row) == pack_of(row)


def test_checking_a_pack_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack_of(rows()[0])

    def refuse(*_: object) -> None:
        raise AssertionError("a pack is checked offline")

    monkeypatch.setattr(socket, "socket", refuse)
    assert checked(data).replay.same


def rewritten(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return a pack with changed members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def flip(suffix: str) -> Callable[[dict[str, bytes]], None]:
    """Return a change of one byte in the middle of the first member with a suffix."""

    def change(members: dict[str, bytes]) -> None:
        name = min(name for name in members if name.endswith(suffix))
        middle = len(members[name]) // 2
        old = members[name]
        other = b"A" if old[middle : middle + 1] != b"A" else b"B"
        members[name] = old[:middle] + other + old[middle + 1 :]

    return change


@pytest.mark.parametrize("suffix", [".leaf", ".json", ".proof", "checkpoint"])
def test_one_changed_byte_anywhere_is_refused(suffix: str) -> None:
    data = rewritten(pack_of(rows()[0]), flip(suffix))
    with pytest.raises(ProductError):
        checked(data)


def test_a_pack_without_an_adverse_entry_is_judged_differently() -> None:
    row = next(one for one in rows() if one.disposition == "reject")
    found = checked(pack_of(row))
    adverse = set(found.decision.findings[0].entries)
    assert adverse

    def drop(members: dict[str, bytes]) -> None:
        for index in adverse:
            for suffix in ("leaf", "json", "proof"):
                members.pop(f"entries/{index}.{suffix}", None)

    again = checked(rewritten(pack_of(row), drop))
    assert not again.replay.same


def test_a_pack_under_another_pinned_key_cannot_be_verified() -> None:
    _, logs = anchors.parse(anchors_file(played_world().desk))
    desk = played_world().desk
    begins = desk.pinned.anchors[0].valid_from
    strange = Anchors((Anchor(signer.generate().public, desk.operator, begins),))
    with pytest.raises(UnverifiableError):
        check(parse(pack_of(rows()[0])), strange, logs)


def test_a_pack_of_an_unknown_log_cannot_be_verified() -> None:
    pinned, _ = anchors.parse(anchors_file(played_world().desk))
    with pytest.raises(UnverifiableError):
        check(parse(pack_of(rows()[0])), pinned, ())


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "entries/01.json", "entries/1.exe", "x"]
)
def test_a_member_that_does_not_belong_is_refused(name: str) -> None:
    data = rewritten(pack_of(rows()[0]), lambda members: members.update({name: b"x"}))
    with pytest.raises(MalformedError):
        parse(data)


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(12):
            archive.writestr(f"entries/{place}.json", bytes(50 * 1024 * 1024))
    with pytest.raises(MalformedError):
        parse(made.getvalue())


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_something_else_is_no_pack(data: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(data)


def test_a_pack_that_names_another_decision_is_refused() -> None:
    data = pack_of(rows()[0])
    other = parse(data).entries[0].index

    def rename(members: dict[str, bytes]) -> None:
        old = f'"decision":{parse(data).decision}'.encode()
        members["manifest.json"] = members["manifest.json"].replace(
            old, f'"decision":{other}'.encode()
        )

    with pytest.raises(RefusedError):
        checked(rewritten(data, rename))


def test_any_statement_is_verified_offline_from_one_file() -> None:
    desk = played_world().desk
    pinned, logs = anchors.parse(anchors_file(desk))
    for index in range(0, desk.entries.size(), 7):
        found = check_statement(parse(statement_pack(desk, index)), pinned, logs)
        assert found.recorded.entry.index == index


def test_a_statement_pack_is_no_decision() -> None:
    with pytest.raises(RefusedError):
        checked(statement_pack(played_world().desk, 3))
