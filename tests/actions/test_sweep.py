"""Every statement is looked at again after a key ended, and no signature is checked twice."""

import base64
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from voltrail.actions import sweep
from voltrail.actions.desk import Desk
from voltrail.actions.record import state
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk
from voltrail.cli.sweeps import hands
from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId
from voltrail.projections.anchors import worth_of
from voltrail.projections.signed_by import SignedBy
from voltrail.projections.view import recorded
from voltrail.register.entry import Entry
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.party import Party
from voltrail.statements.statement import Header
from voltrail.trust import keys
from voltrail.trust.standing import Standing
from voltrail_world.cast import BEGINS, KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world, played_world


def swept(desk: Desk) -> tuple[sweep.Swept, SignedBy]:
    known = SignedBy()
    return sweep.sweep(desk, known), known


def one_by_one(desk: Desk) -> Counter[tuple[str, Standing]]:
    """What the sweep must agree with: each statement judged alone."""
    anchors = desk.anchors()
    every = map(recorded, desk.entries.entries(0, desk.entries.size()))
    return Counter((str(one.issuer), worth_of(anchors, one).standing) for one in every)


def end(seen: PlayedWorld, verb: KeyVerb, since: datetime | None, at: datetime) -> None:
    public = seen.world.keys[KESTREL].public
    fact = KeyEvent(
        verb=verb,
        key=Digest(public.key_id),
        issuer=KESTREL,
        algorithm=public.algorithm,
        spki=base64.b64encode(public.spki).decode(),
        valid_from=BEGINS,
        compromised_since=since,
    )
    seen.hand_in(seen.say(fact, NORDLICHT, KESTREL), at)


def test_it_agrees_with_every_statement_judged_alone() -> None:
    found, _ = swept(played_world().desk)
    assert found.counts == one_by_one(played_world().desk)
    assert (found.faults, found.size) == ((), played_world().desk.entries.size())


@pytest.mark.parametrize("seed", range(8))
def test_it_agrees_after_any_end_of_a_key(seed: int) -> None:
    draw, seen = random.Random(seed), fresh_world()
    seen.deliver(clean_shipment())
    times = [one.parsed.log_time for one in seen.desk.entries.entries(0, seen.desk.entries.size())]
    since = draw.choice([None, *draw.sample(times, 3)])
    verb = draw.choice([KeyVerb.COMPROMISE, KeyVerb.CEASE, KeyVerb.SUPERSEDE])
    at = max(NOW, *times) + timedelta(hours=1)
    end(seen, verb, since if verb is KeyVerb.COMPROMISE else None, at)
    found, _ = swept(seen.desk)
    assert found.counts == one_by_one(seen.desk)
    bad = [
        one.entry.index
        for one in map(recorded, seen.desk.entries.entries(0, seen.desk.entries.size()))
        if not worth_of(seen.desk.anchors(), one).standing.is_good
    ]
    assert list(found.bad) == bad
    assert found.lost == len(bad)


def test_a_second_look_checks_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = played_world().desk
    _, known = swept(desk)
    kept = sweep.recall(desk, sweep.remember(desk, known))

    def refuse(*_: object) -> None:
        raise AssertionError("it was verified before")

    monkeypatch.setattr(keys.PublicKey, "check", refuse)
    again = sweep.sweep(desk, kept)
    assert (again.fresh, again.counts) == (0, one_by_one(desk))


def test_processes_find_what_one_finds() -> None:
    desk = played_world().desk
    alone, known = swept(desk)
    with hands(1, apart=True) as work:
        other = SignedBy()
        found = sweep.sweep(desk, other, hands=work)
    assert (found, other.pack()) == (alone, known.pack())


def test_what_came_since_is_verified_and_remembered() -> None:
    seen = fresh_world()
    _, known = swept(seen.desk)
    size = known.size
    seen.deliver(clean_shipment())
    found = sweep.sweep(seen.desk, known)
    assert found.fresh == seen.desk.entries.size() - size
    assert known.size == seen.desk.entries.size()


class Tampered:
    """A store in which one entry's envelope was changed."""

    def __init__(self, desk: Desk, index: int, raw: bytes) -> None:
        self.entries_, self.index, self.raw = desk.entries, index, raw

    def entries(self, start: int, stop: int) -> list[Entry]:
        return [
            Entry(one.index, one.leaf, self.raw) if one.index == self.index else one
            for one in self.entries_.entries(start, stop)
        ]

    def __getattr__(self, name: str) -> object:
        return getattr(self.entries_, name)


class Redated(Tampered):
    """A store in which one entry says another log time than it was registered with."""

    def entries(self, start: int, stop: int) -> list[Entry]:
        return [
            Entry(one.index, replace(one.parsed, log_time=BEGINS).to_bytes(), one.raw)
            if one.index == self.index
            else one
            for one in self.entries_.entries(start, stop)
        ]


def test_a_log_time_that_was_changed_before_the_first_look_is_found() -> None:
    desk = played_world().desk
    found, _ = swept(replace(desk, entries=Redated(desk, 40, b"")))
    assert found.faults == ("Entry 40: its leaf was changed.",)


def test_a_changed_byte_is_found_whether_remembered_or_not() -> None:
    desk = played_world().desk
    (entry,) = desk.entries.at([40])
    for raw in (entry.raw[:-1] + b" ", entry.raw.replace(b'"sig":"', b'"sig":"A', 1), b"{}"):
        other = replace(desk, entries=Tampered(desk, 40, raw))
        _, known = swept(desk)
        assert sweep.sweep(other, known).faults == ("Entry 40 was changed.",)
    found = sweep.sweep(other, SignedBy())
    assert len(found.faults) == 1
    assert found.faults[0].startswith("Entry 40:")
    assert 40 in found.bad


def test_a_signature_that_a_known_key_did_not_make_is_found() -> None:
    desk = played_world().desk
    (entry,) = desk.entries.at([40])
    at = entry.raw.index(b'"sig":"') + 12
    letter = b"A" if entry.raw[at : at + 1] != b"A" else b"B"
    raw = entry.raw[:at] + letter + entry.raw[at + 1 :]
    found = sweep.sweep(replace(desk, entries=Tampered(desk, 40, raw)), SignedBy())
    assert len(found.faults) == 1


def test_a_file_that_is_damaged_or_anothers_is_not_believed() -> None:
    desk = played_world().desk
    _, known = swept(desk)
    data = sweep.remember(desk, known)
    assert sweep.recall(desk, data).size == known.size
    for at in (0, 3, 20, 200, len(data) // 2, len(data) - 1):
        assert sweep.recall(desk, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).size == 0
    assert sweep.recall(desk, b"").size == 0
    assert sweep.recall(desk, data[:-8]).size == 0
    assert sweep.recall(fresh_world().desk, data).size == 0


def test_bytes_that_are_something_else_are_refused() -> None:
    for data in (b"", b"\x90", b"nothing", SignedBy().pack()[:-1]):
        with pytest.raises(MalformedError):
            SignedBy.unpack(data)


def test_the_command_tells_counts_and_goes_on_from_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reg"
    main(["register", "init", str(folder), "--operator", "urn:voltrail:party:acme"])
    party = PartyId.of("acme")
    desk = open_desk(folder)
    state(desk, Party(party, "Acme", "DE", ("operator",)), Header(party, datetime.now(UTC)), party)
    capsys.readouterr()
    told = []
    for _ in range(2):
        assert main(["register", "fsck", str(folder), "--worth", "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert [one["checkedNow"] for one in told] == [1, 0]
    assert told[0]["byIssuer"] == told[1]["byIssuer"] == {str(party): {"valid": 1}}
    assert main(["register", "fsck", str(folder), "--worth"]) == 0
    assert "1 statements looked at, 0 signatures checked just now." in capsys.readouterr().out
