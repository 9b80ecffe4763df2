"""`voltrail timestamp` on a machine with the kernel alone, beside a service of its own process."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from trust.foreign import stamp_service
from voltrail.actions.record import state
from voltrail.cli.fetching import fetch
from voltrail.cli.main import main
from voltrail.cli.registers import open_desk
from voltrail.errors import MalformedError, UnverifiableError
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("stamps") / "one"
    roots = stamp_service.made(folder)
    with stamp_service.stamping(folder) as url:
        yield url, roots


def words(service: tuple[str, Path]) -> list[str]:
    return ["--url", service[0], "--roots", str(service[1])]


def test_a_file_is_stamped_and_the_token_verifies(
    service: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, token = tmp_path / "lot.json", tmp_path / "lot.tsr"
    given.write_text("{}")
    assert main(["timestamp", "file", str(given), *words(service), "--out", str(token)]) == 0
    assert "vouches that" in capsys.readouterr().out
    judged = ["verify", str(token), "--as", "timestamp", "--of", str(given)]
    assert main([*judged, "--roots", str(service[1]), "--at", "2999-01-01T00:00:00Z"]) == 0
    given.write_text("{ }")
    assert main([*judged, "--roots", str(service[1]), "--at", "2999-01-01T00:00:00Z"]) == 1


def test_a_folder_register_is_stamped_and_shows_it(
    service: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reg"
    main(["register", "init", str(folder), "--operator", "urn:voltrail:party:acme"])
    assert main(["timestamp", "show", "0", "--folder", str(folder)]) == 66
    assert main(["timestamp", "register", str(folder), *words(service)]) == 1
    assert "no entry" in capsys.readouterr().err
    desk, at = open_desk(folder), datetime.now(UTC)
    state(desk, Signal(SignalKind.PACKAGING, "Seen."), Header(desk.operator, at), desk.operator)
    assert main(["timestamp", "show", "0", "--folder", str(folder)]) == 0
    assert "Nobody else vouches" in capsys.readouterr().out
    assert main(["timestamp", "register", str(folder), *words(service), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["index"] == 1
    out = tmp_path / "evidence"
    asked = ["timestamp", "show", "0", "--folder", str(folder), "--out", str(out)]
    assert main(asked) == 0
    assert "time-stamp-service" in capsys.readouterr().out
    assert sorted(one.name for one in out.iterdir()) == ["0-by-1.tlog-proof", "0-by-1.tsr"]
    assert main(asked) == 1  # the folder is not empty


@pytest.mark.parametrize(
    ("url", "code"), [("http://127.0.0.1:9/", 75), ("ftp://a/", 65), ("tsa", 65), ("", 65)]
)
def test_a_service_that_cannot_be_asked_is_said_and_nothing_is_written(
    service: tuple[str, Path], tmp_path: Path, url: str, code: int
) -> None:
    given, token = tmp_path / "a", tmp_path / "a.tsr"
    given.write_text("x")
    asked = ["timestamp", "file", str(given), "--url", url, "--roots", str(service[1])]
    assert main([*asked, "--out", str(token)]) == code
    assert not token.exists()


_ROW = {"index": 7, "provenAt": "2026-01-01T00:00:00Z", "vouchedBy": "w", "vouchers": ["a"]}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"proofs": None},
        {"proofs": "abc"},
        {"proofs": [_ROW]},
        {"proofs": [{**_ROW, "token": None, "index": "x"}]},
        {"proofs": [{**_ROW, "token": None, "vouchers": 3}]},
        {"proofs": [{**_ROW, "token": None, "vouchers": ["\x1b[2J"]}]},
        {"proofs": [{**_ROW, "token": None}] * 9},
    ],
)
def test_a_server_that_answers_something_else_is_said_in_a_sentence(
    told: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request).start()
        asked = ["timestamp", "show", "1", "--server", f"http://127.0.0.1:{server.server_port}"]
        assert main([*asked, "--out", str(tmp_path / "out")]) == 65
    assert "\x1b" not in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "url",
    ["http://[a", "http://a..b/", f"http://{'a' * 70}.x/", "http://127.0.0.1:9/ü", "http://a:b@c/"],
)
def test_an_address_that_is_none_is_said_in_a_sentence(url: str) -> None:
    with pytest.raises((MalformedError, UnverifiableError)):
        fetch(url)
