"""The server has its time proven by others, shows by whom, and hands out what it rests on."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("django")

import requests

from server.table_world import logged_in, tables
from trust.foreign import stamp_service
from voltrail.actions import prove, time_proof
from voltrail.errors import MalformedError, RefusedError
from voltrail.ids.subject import PlaceId
from voltrail.register import note, receipt
from voltrail.statements.signal import Signal, SignalKind
from voltrail.trust.foreign import timestamp
from voltrail_server import wiring
from voltrail_server.records.cosignatures import DjangoCosignatures
from voltrail_server.time_proofs import asking, services
from voltrail_server.witnesses import known
from voltrail_world.cast import NORDLICHT
from world_fixture import PlayedWorld

__all__ = ["tables"]

HALL = PlaceId.of("nordlicht", "hall-7")


class Site:
    """A register, the file that names its services, and one service as its own process."""

    def __init__(self, seen: PlayedWorld, folder: Path, url: str) -> None:
        self.seen, self.folder, self.url = seen, folder, url
        self.desk, self.at = seen.desk, datetime.now(UTC)
        self.roots = (folder / "one" / "roots.pem").read_text()

    def names(self, url: str, **more: object) -> None:
        head = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
        said = f'[[service]]\nname = "Stamps"\nurl = "{url}"\ncertificates = """\n{self.roots}"""\n'
        (self.folder / services.FILE).write_text(head + said)

    def look(self) -> list[str]:
        """What a look puts on record."""
        size = self.desk.entries.size()
        asking.turn(self.desk)
        return self.seen.since(size)

    def grow(self) -> None:
        """Something is registered that is no proof of time."""
        fact = Signal(SignalKind.PACKAGING, f"Seen at {self.at}.")
        self.seen.hand_in(self.seen.say(fact, NORDLICHT, HALL), self.at)
        prove.own_checkpoint(self.desk)


@pytest.fixture
def site(tables: PlayedWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    stamp_service.made(tmp_path / "one")
    with stamp_service.stamping(tmp_path / "one") as url:
        made = Site(tables, tmp_path, url)
        monkeypatch.setattr(services, "path", lambda: tmp_path / services.FILE)
        monkeypatch.setattr(known, "path", lambda: tmp_path / known.FILE)
        monkeypatch.setattr(wiring, "now", lambda: made.at)
        prove.own_checkpoint(made.desk)
        yield made


def test_without_a_file_nobody_is_asked(site: Site) -> None:
    assert site.look() == []


def test_a_service_is_asked_once_and_again_after_the_hours_it_was_given(site: Site) -> None:
    site.names(site.url, every_hours=2)
    assert site.look() == ["time-proof"]
    site.grow()
    site.at += timedelta(hours=1)
    assert site.look() == []
    site.at += timedelta(hours=1, minutes=1)
    assert site.look() == ["time-proof"]


def test_where_nothing_came_nobody_is_asked(site: Site) -> None:
    site.names(site.url)
    assert site.look() == ["time-proof"]
    prove.own_checkpoint(site.desk)
    site.at += timedelta(days=9)
    assert site.look() == []


def test_a_silent_service_is_asked_again_after_growing_pauses(site: Site) -> None:
    site.names("http://127.0.0.1:9/")
    pauses = []
    for _ in range(8):
        assert site.look() == []
        row = DjangoCosignatures().standings()["http://127.0.0.1:9/"]
        assert row.problem == "Nobody answers at its address."
        pauses.append(row.next_at - site.at)
        site.at = row.next_at
    assert pauses[:3] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert pauses[-1] == timedelta(hours=1)


def test_an_answer_that_is_no_stamp_is_shown_in_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.names(site.url)
    monkeypatch.setattr(asking, "post", lambda *_: b"<html>Welcome</html>")
    assert site.look() == []
    shown = logged_in("it").get("/register/witnesses/").content.decode()
    assert "Does not stamp" in shown
    assert "no time-stamp token" in shown


def test_an_entry_shows_who_vouches_and_hands_out_what_it_rests_on(site: Site) -> None:
    site.names(site.url)
    site.look()
    client = logged_in("it")
    page = client.get("/register/3/").content.decode()
    assert "time-stamp service Stamps &amp; Sons" in page
    (proof,) = time_proof.proofs(site.desk, 3)
    shown = receipt.parse(client.get(f"/register/3/times/{proof.entry.index}/proof.txt").content)
    keys = [note.parse_vkey(one) for one in site.desk.log.verifier_keys]
    (entry,) = site.desk.entries.at([3])
    assert receipt.verify(shown, entry.leaf, keys).size == proof.fact.size
    token = client.get(f"/register/3/times/{proof.entry.index}/token.tsr").content
    trusted = timestamp.service(site.roots.encode())
    found = timestamp.verify(token, shown.checkpoint_note, trusted, site.at + timedelta(hours=1))
    assert found.proven_at == proof.fact.proven_at
    board = client.get("/register/witnesses/").content.decode()
    assert "Stamped" in board
    newest = site.desk.entries.size() - 1
    assert "Nobody else vouches" in client.get(f"/register/{newest}/").content.decode()


def test_programs_ask_the_same_without_a_token(site: Site) -> None:
    site.names(site.url)
    site.look()
    client = logged_in("it")
    client.logout()
    told = client.get("/api/v1/statements/3/times").json()
    (one,) = told["proofs"]
    assert (told["entry"], one["vouchedBy"]) == (3, "time-stamp-service")
    base = f"/api/v1/statements/3/times/{one['index']}"
    assert client.get(f"{base}/proof").content.startswith(receipt.HEADER.encode())
    assert client.get(f"{base}/token").headers["Content-Type"] == "application/timestamp-reply"
    assert client.get("/api/v1/statements/3/times/1/proof").status_code == 404
    assert client.get("/api/v1/statements/99999/times").status_code == 404
    assert client.get("/api/v1/timestamp-services").status_code == 401


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("service = 1", "more than"),
        ("every_hours = 0", "every_hours"),
        ("every_hours = true", "every_hours"),
        ("hours = 1", "nobody knows 'hours'"),
        ("[[service]]\nname = 'a'", "name, url and certificates"),
        ("[[service]]\nname = 'a'\nurl = 'file:///etc'\ncertificates = 'x'", "no address"),
        ("[[service]]\nname = 'a'\nurl = 'https://[a'\ncertificates = 'x'", "no address"),
        ("[[service]]\nname = 'a'\nurl = 'https://a'\ncertificates = 'x'", "certificates of a"),
        ("= 1", "no TOML"),
        ("\xff", "no TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    site: Site, text: str, said: str
) -> None:
    (site.folder / services.FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(MalformedError, match=said):
        services.plan()


def test_one_service_named_twice_is_refused(site: Site) -> None:
    site.names(site.url)
    path = site.folder / services.FILE
    path.write_text(path.read_text() * 2)
    with pytest.raises(MalformedError, match="stands twice"):
        services.plan()


def test_witnesses_whose_proof_is_refused_keep_no_service_from_being_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.names(site.url)

    def refuse(*_: object) -> None:
        raise RefusedError("w says a time that has not come.")

    monkeypatch.setattr(known, "policy", object)
    monkeypatch.setattr(time_proof, "from_witnesses", refuse)
    assert site.look() == ["time-proof"]


@contextmanager
def answering(*parts: bytes) -> Iterator[str]:
    """Whoever sends these bytes and then closes, once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with listening.accept()[0] as one, suppress(OSError):  # whoever asked may have left
                _whole_request(one)
                for part in parts:
                    one.sendall(part)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join()


def _whole_request(one: socket.socket) -> None:
    """Read a request to its end: closing over unread bytes would reset the connection."""
    with one.makefile("rb") as said:
        said.readline()
        said.read(int(http.client.parse_headers(said)["Content-Length"]))


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        _HEAD + b"\r\ncut",
        _HEAD + b"Content-Encoding: gzip\r\n\r\n" + bytes(900),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_a_service_that_breaks_off_is_named_and_the_next_one_is_asked(
    site: Site, answer: bytes
) -> None:
    site.names(site.url)
    path = site.folder / services.FILE
    good = path.read_text()
    with answering(answer) as url:
        site.names(url)
        path.write_text(path.read_text().replace("Stamps", "Broken", 1) + good)
        assert site.look() == ["time-proof"]
        assert DjangoCosignatures().standings()[url].problem


def test_a_service_that_answers_drop_by_drop_is_left_after_a_while(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def later() -> datetime:
        site.at += timedelta(seconds=10)
        return site.at

    monkeypatch.setattr(wiring, "now", later)
    drops = [_HEAD + b"\r\n", *[b"x"] * 900]
    with answering(*drops) as url, pytest.raises(requests.Timeout):
        asking.post(url, b"query")


def test_a_broken_file_stops_no_witness(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.folder / services.FILE).write_text("every_hours = ")
    asked = []
    monkeypatch.setattr(known, "policy", object)
    monkeypatch.setattr(asking, "_of_witnesses", lambda *_: asked.append("witnesses"))
    assert site.look() == []
    assert asked == ["witnesses"]


def test_a_service_is_not_asked_once_the_clock_is_another_s(site: Site) -> None:
    site.names(site.url)
    size = site.desk.entries.size()
    asking.turn(site.desk, lambda: False)
    assert site.seen.since(size) == []
    asking.turn(site.desk, lambda: True)
    assert site.seen.since(size) == ["time-proof"]
