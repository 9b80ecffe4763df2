"""Commands that talk to a server: what they send, how refusals come back, what they never do."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

pytest.importorskip("django")

from server.test_api import HAFEN, KESTREL, OPERATOR, Room, _tables, room
from voltrail import errors
from voltrail.cli.answers import problem
from voltrail.cli.main import main
from voltrail.cli.remote import Server
from voltrail_server.wsgi import application

__all__ = ["_tables", "room"]
Said = pytest.CaptureFixture[str]
UNIT = "urn:voltrail:unit:kestrel:S1"


class Quiet(WSGIRequestHandler):
    """Tells nobody what it answers."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of the API, behind a real socket, while the block runs."""
    server = make_server("127.0.0.1", 0, application, WSGIServer, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def served(room: Room) -> Iterator[str]:
    """The address of the room's API."""
    with serving() as address:
        yield address


@pytest.fixture
def token(room: Room, tmp_path: Path) -> str:
    return token_file(tmp_path / "token", room.tokens[KESTREL])


def token_file(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text + "\n")
    path.chmod(mode)
    return str(path)


def written(folder: Path, name: str, raw: bytes) -> str:
    (folder / name).write_bytes(raw)
    return str(folder / name)


def test_a_statement_is_handed_in_once(
    room: Room, served: str, token: str, tmp_path: Path, capsys: Said
) -> None:
    file = written(tmp_path, "lot.json", room.lot("L1"))
    given = ["hand-in", file, "--server", served, "--token-file", token]
    assert main(given) == 0
    assert "registered as entry 0, digest " in capsys.readouterr().out
    assert main([*given, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["statements"]
    assert (told["index"], told["fresh"]) == (0, False)
    assert room.desk.entries.find([told["digest"]]) == {told["digest"]: 0}


def test_a_refused_one_leaves_the_others_and_gives_its_exit_code(
    room: Room, served: str, token: str, tmp_path: Path, capsys: Said
) -> None:
    files = [
        written(tmp_path, "broken.json", b"{}"),
        written(tmp_path, "lot.json", room.lot("L1")),
        written(tmp_path, "foreign.json", room.lot("L2", HAFEN)),
    ]
    assert main(["hand-in", *files, "--server", served, "--token-file", token]) == 65
    said = capsys.readouterr()
    assert "broken.json was not registered" in said.out
    assert "lot.json registered as entry 0" in said.out
    assert "This token speaks for" in said.err
    assert "→ Hand in your own statements" in said.err
    assert main(["hand-in", files[2], "--server", served, "--token-file", token]) == 1


def test_a_token_nobody_issued_is_refused(
    room: Room, served: str, tmp_path: Path, capsys: Said
) -> None:
    wrong = token_file(tmp_path / "wrong", "vt_nobody")
    file = written(tmp_path, "lot.json", room.lot("L1"))
    assert main(["hand-in", file, "--server", served, "--token-file", wrong]) == 1
    assert "No valid token" in capsys.readouterr().err
    assert room.desk.entries.size() == 0


def test_may_install_asks_the_server(room: Room, served: str, token: str, capsys: Said) -> None:
    given = ["may-install", UNIT, "--server", served, "--token-file", token]
    assert main(given) == 1
    assert "Do not install.\nNo arrival with" in capsys.readouterr().out
    assert main([*given, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["allowed"] is False


def test_may_install_and_hand_in_work_on_a_folder(tmp_path: Path, capsys: Said) -> None:
    folder = str(tmp_path / "reg")
    assert main(["register", "init", folder, "--operator", OPERATOR]) == 0
    assert main(["may-install", UNIT, "--folder", folder]) == 1
    file = written(tmp_path, "broken.json", b"{}")
    assert main(["hand-in", file, "--folder", folder]) == 65
    assert "Do not install." in capsys.readouterr().out


def test_a_token_everybody_may_read_is_not_sent(room: Room, tmp_path: Path, capsys: Said) -> None:
    loose = token_file(tmp_path / "loose", "vt_x", 0o644)
    given = ["may-install", UNIT, "--server", "https://127.0.0.1:9", "--token-file", loose]
    assert main(given) == 1
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://192.0.2.1", 1), ("ftp://server", 65), ("http://127.0.0.1:9", 75)],
)
def test_addresses_that_will_not_do(address: str, code: int, token: str, capsys: Said) -> None:
    assert main(["may-install", UNIT, "--server", address, "--token-file", token]) == code
    assert "→" in capsys.readouterr().err


def test_a_server_without_a_token_file_is_malformed(capsys: Said) -> None:
    assert main(["may-install", UNIT, "--server", "https://127.0.0.1:9"]) == 65


@pytest.fixture
def answering() -> Iterator[Callable[[int, bytes, str], tuple[str, list[str]]]]:
    """Makes a server that gives one answer to everything, and remembers what it was asked."""
    running: list[HTTPServer] = []

    def make(status: int, body: bytes, location: str = "") -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield make
    for server in running:
        server.shutdown()
        server.server_close()


def test_a_redirect_is_not_followed(answering: Callable[..., tuple[str, list[str]]]) -> None:
    other, asked = answering(200, b'{"allowed": true}')
    url, _ = answering(302, b"", f"{other}/elsewhere")
    with pytest.raises(errors.MalformedError, match="302"):
        Server(url, "vt_x").may_install(UNIT)
    assert not asked


@pytest.mark.parametrize("body", [b'{"allowed": "yes"}', b"{}"])
def test_only_a_clear_yes_is_a_yes(
    answering: Callable[..., tuple[str, list[str]]], token: str, body: bytes
) -> None:
    url, _ = answering(200, body)
    assert main(["may-install", UNIT, "--server", url, "--token-file", token]) == 1


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"\xff"])
def test_an_answer_that_is_not_ours_is_malformed(
    answering: Callable[..., tuple[str, list[str]]], body: bytes
) -> None:
    url, _ = answering(200, body)
    with pytest.raises(errors.MalformedError):
        Server(url, "vt_x").may_install(UNIT)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (422, b'{"type": "/docs/errors#notadmittederror", "detail": "No.", "hint": "h"}', 1),
        (424, b'{"type": "/docs/errors#unverifiableerror", "detail": "No."}', 75),
        (500, b'{"type": "/docs/errors#registercorrupterror", "detail": "No."}', 70),
        (422, b'{"type": "about:blank", "detail": "No."}', 65),
        (404, b"not json", 66),
        (502, b"", 75),
        (429, b"", 75),
        (413, b"", 65),
    ],
)
def test_a_problem_becomes_our_error_again(status: int, body: bytes, code: int) -> None:
    assert problem(status, body).exit_code == code


def test_the_token_is_not_shown_by_repr() -> None:
    assert "vt_secret" not in repr(Server("https://a.example", "vt_secret"))
