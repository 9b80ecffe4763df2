"""The server asks its witnesses by itself, shows how they stand, and believes them at a start."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("django")

from msgspec.structs import replace

from server.table_world import logged_in, tables
from server.test_sequencer import Clock, Process, pair, waits_for
from stores.fixtures import database, databases, speaker
from stores.support import Place, Speaker
from voltrail.actions import prove
from voltrail.errors import MalformedError, RegisterCorruptError
from voltrail.merkle import Frontier
from voltrail.register import log, note, witness_policy
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.memory import MemoryEntries
from voltrail_server import wiring
from voltrail_server.reading import witnesses as reading
from voltrail_server.records.cosignatures import DjangoCosignatures
from voltrail_server.witnesses import asking, knowing, known
from voltrail_server.witnesses.asking import Asking
from witness.running import Log, made, serving
from world_fixture import PlayedWorld

__all__ = ["database", "databases", "pair", "speaker", "tables"]


class Site:
    """One process, its witnesses as processes of their own, and the file that names them."""

    def __init__(self, process: Process, place: Place, folder: Path, clock: Clock) -> None:
        self.kept, self.clock, self.folder = DjangoCosignatures(place.alias), clock, folder
        self.desk = replace(process.desk, cosignatures=self.kept)
        self.process, self.file = process, folder / known.FILE
        self.asking = Asking(self.desk, self.kept, clock)
        self.running = ExitStack()
        self.lines: list[str] = []

    def witness(self, name: str) -> str:
        theirs = Log()
        theirs.vkey = self.desk.log.verifier_key
        keys = made(self.folder / name, theirs, f"{name}.example")
        url = self.running.enter_context(serving(self.folder / name))
        self.name(name, keys[0], url)
        return url

    def name(self, name: str, key: note.Verifier, url: str) -> None:
        vkey = note.vkey(key.name, key.public_raw, key.key_type)
        self.lines.append(f"witness {name} {vkey} {url}\n")
        names = [line.split()[1] for line in self.lines]
        rule = f"group all {len(names) - 1 or 1} {' '.join(names)}\nquorum all\n"
        self.file.write_text("".join(self.lines) + rule)

    def turn(self) -> dict[str, int]:
        for one, row in self.asking.waiting():
            self.asking.ask(one, row)
        return {url: row.cosigned for url, row in self.kept.standings().items()}

    def alarms(self) -> list[str]:
        return [row.problem for row in self.kept.standings().values() if row.alarm]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked(
    database: Place,
    clock: Clock,
    pair: tuple[Process, Process],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    made_site = Site(pair[0], database, tmp_path, clock)
    monkeypatch.setattr(known, "path", lambda: made_site.file)
    monkeypatch.setattr(wiring, "desk", lambda: made_site.desk)
    with made_site.running:
        yield made_site


def grow(site: Site, speaker: Speaker, count: int) -> int:
    speaker.extend(site.desk.entries, count)
    prove.checkpoint(site.desk)
    return site.desk.entries.size()


def test_the_served_checkpoint_carries_what_witnesses_answered(
    asked: Site, speaker: Speaker
) -> None:
    urls = [asked.witness("a"), asked.witness("b")]
    for count in (3, 2, 4):
        size = grow(asked, speaker, count)
        assert asked.turn() == dict.fromkeys(urls, size)
        policy = known.policy()
        assert policy
        key = note.parse_vkey(asked.desk.log.verifier_key)
        found = witness_policy.need(policy, prove.checkpoint(asked.desk), [key])
        assert found.checkpoint.size == size
        assert [name for name, _ in found.cosigned] == ["a", "b"]
    assert asked.asking.waiting() == []
    assert prove.proof(asked.desk, 1).count("\u2014 a.example".encode()) == 1


def test_a_new_checkpoint_wakes_the_asking_and_a_silent_witness_delays_nobody(
    asked: Site, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, stuck, stop = asking.post, threading.Event(), threading.Event()

    def post(url: str, body: bytes) -> tuple[int, bytes]:
        if url.endswith(":9"):
            stuck.wait(10)
        return real(url, body)

    monkeypatch.setattr(asking, "post", post)
    monkeypatch.setattr(asking, "EVERY_S", 600)
    asked.name("silent", made(asked.folder / "s", Log(), "s.example")[0], "http://127.0.0.1:9")
    url = asked.witness("a")
    sequencer = asked.process.sequencer
    threads = [
        sequencer.start(poll_s=600),
        threading.Thread(target=asked.asking.run, args=(stop, sequencer.signed)),
    ]
    threads[1].start()
    try:
        for _ in range(2):
            speaker.extend(asked.desk.entries, 2)
            size = asked.desk.entries.size()
            assert waits_for(lambda size=size: _cosigned(asked, url) == size, 5)
    finally:
        stuck.set()
        stop.set()
        sequencer.stop()
        sequencer.signed.set()
        for thread in threads:
            thread.join(20)


def _cosigned(site: Site, url: str) -> int:
    row = site.kept.standings().get(url)
    return row.cosigned if row else -1


def test_a_silent_witness_is_asked_again_after_growing_pauses(
    asked: Site, speaker: Speaker, clock: Clock
) -> None:
    asked.name("a", made(asked.folder / "a", Log(), "a.example")[0], "http://127.0.0.1:9")
    grow(asked, speaker, 1)
    pauses = []
    for _ in range(12):
        assert len(asked.asking.waiting()) == 1
        asked.turn()
        (row,) = asked.kept.standings().values()
        assert row.problem == "Nobody answers at its address."
        assert asked.asking.waiting() == []
        pauses.append(row.next_at - clock.at)
        clock.at = row.next_at
    assert pauses[:4] == [timedelta(seconds=2**n) for n in (1, 2, 3, 4)]
    assert pauses[-1] == timedelta(minutes=10)


def test_a_witness_that_is_ahead_of_what_we_noted_is_asked_from_there(
    asked: Site, speaker: Speaker
) -> None:
    url = asked.witness("a")
    grow(asked, speaker, 3)
    asked.turn()
    (row,) = asked.kept.standings().values()
    asked.kept.set(type(row)(url))  # our own note of it is lost
    size = grow(asked, speaker, 2)
    assert asked.turn() == {url: size}


@pytest.mark.parametrize("later", [2, 4])
def test_a_register_that_went_back_is_not_served_again(
    asked: Site, speaker: Speaker, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    """Pitfall 19: a log restored from a backup and forked is found before the first new append."""
    monkeypatch.setattr(knowing, "DjangoCosignatures", lambda: asked.kept)
    monkeypatch.setattr(wiring, "now", asked.clock)
    asked.witness("a")
    grow(asked, speaker, 5)
    asked.turn()
    knowing.need_known()
    every = list(asked.desk.entries.entries(0, 3))
    old = MemoryEntries()
    old.append(every, {}, Frontier.EMPTY.extend(one.leaf_hash for one in every))
    other = Speaker()
    other.extend(old, later - 2 if later > 2 else 0)
    log.checkpoint(old, asked.desk.log)
    monkeypatch.setattr(wiring, "desk", lambda: replace(asked.desk, entries=old))
    with pytest.raises(RegisterCorruptError, match="knows better"):
        knowing.need_known()
    assert len(asked.alarms()) == 1


def test_a_cosignature_that_does_not_hold_is_not_kept(
    asked: Site, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.witness("a")
    grow(asked, speaker, 2)
    key = known.asked()[0].keys[0]
    forged = note.signature_line(key.name, key.key_id, b"x" * 72)
    monkeypatch.setattr(asking, "post", lambda *_: (200, forged))
    asked.turn()
    assert asked.kept.of(2) == b""
    (row,) = asked.kept.standings().values()
    assert "does not match" in row.problem


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b"", "does not know this register"),
        (403, b"", "another key"),
        (503, b"", "restored"),
        (302, b"", "answered 302"),
        (409, b"0\n", "another history"),
        (422, b"", "another history"),
        (409, b"99\n", "more entries"),
    ],
)
def test_each_refusal_is_shown_in_plain_words(
    asked: Site,
    speaker: Speaker,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: bytes,
    said: str,
) -> None:
    asked.witness("a")
    grow(asked, speaker, 2)
    monkeypatch.setattr(asking, "post", lambda *_: (status, body))
    asked.turn()
    (row,) = asked.kept.standings().values()
    assert said in row.problem
    assert row.alarm == (status in {409, 422})


def test_only_web_addresses_that_the_file_states_are_called(tmp_path: Path) -> None:
    key = note.vkey("a.example", bytes(32), note.COSIGNATURE)
    with_a_name = "https://name:secret@a.example"
    for url in ("file:///etc/passwd", "ftp://a.example", with_a_name, "a", "https://[a"):
        policy = witness_policy.parse(f"witness a {key} {url}\nquorum a\n".encode())
        with pytest.raises(MalformedError):
            known._address(policy.urls["a"])


def test_programs_read_how_each_witness_stands(
    asked: Site, speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "DjangoCosignatures", lambda: asked.kept)
    assert reading.board(asked.clock.at) is None
    assert reading.listing()["witnesses"] == []
    url = asked.witness("a")
    grow(asked, speaker, 2)
    board = reading.board(asked.clock.at)
    assert board
    assert (board.word.name, board.lines[0].word.name) == ("no-quorum", "never-cosigned")
    asked.turn()
    board = reading.board(asked.clock.at)
    assert board
    assert (board.word.name, board.lines[0].word.name) == ("quorum", "cosigned")
    found = reading.listing()
    assert found["quorum"]
    assert found["witnesses"][0]["url"] == url
    grow(asked, speaker, 3)
    board = reading.board(asked.clock.at)
    assert board
    assert (board.lines[0].word.name, board.lines[0].lag) == ("behind", "3")


def test_the_page_teaches_where_nobody_was_named(tables: object) -> None:
    shown = logged_in("quality").get("/register/witnesses/").content.decode()
    assert "Nobody witnesses this register yet" in shown
    assert "quorum partner" in shown


def test_a_partner_compares_two_checkpoints_on_a_page(tables: PlayedWorld) -> None:
    desk, browser = wiring.desk(), logged_in("auditor")
    now = prove.checkpoint(desk).decode()
    text = Checkpoint(desk.log.origin, desk.entries.size(), bytes(32)).text()
    forked = note.sign(text, desk.log.origin, desk.log.signer.sign, desk.log.raw).decode()
    assert "One checkpoint" in browser.get("/register/compare/").content.decode()
    pasted = {"one": now.replace("\n", "\r\n").rstrip(), "other": now}
    assert "The same" in browser.post("/register/compare/", pasted).content.decode()
    shown = browser.post("/register/compare/", {"one": now, "other": forked}).content.decode()
    assert "ALARM: two histories" in shown
    assert forked.splitlines()[2] in shown
    odd = browser.post("/register/compare/", {"one": now, "other": "no checkpoint"})
    assert odd.status_code == 400
