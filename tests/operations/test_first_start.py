"""An installation is made once, by whoever sees the terminal; a second run completes the first."""

import fcntl
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("django")

from operations.installation import ROOT, Installation, either, living, played, postgres, rows
from operations.serving_site import Served, served, until

__all__ = ["either", "living", "played", "postgres"]

OPERATOR = ("--operator", "urn:voltrail:party:nordlicht", "--origin", "test.example")
PASSWORD = "seven-quiet-turbines"
TYPED = {
    "operator": "nordlicht",
    "operator_name": "Nordlicht Netz",
    "country": "DE",
    "origin": "test.example",
    "administrator": "otto",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "place": "hall-7",
    "place_name": "Halle 7",
    "place_class": "substation",
}
REASON = "First administrator, made with the installation."
APPOINTED = "SELECT function, places, decided_by, valid_until, reason, entry FROM people_binding"
CHECK = """
import os, json
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail_server.people import functions
from voltrail_server.people.models import Account
print(json.dumps([
    [a.username, *functions.names(a), a.person[:20], a.check_password("seven-quiet-turbines")]
    for a in Account.objects.all()
]))
"""


def people(found: Installation) -> list[list[object]]:
    done = found.child(sys.executable, "-c", CHECK)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def kinds(found: Installation) -> list[str]:
    query = 'SELECT predicate_type FROM records_entry ORDER BY "index"'
    listed = rows(found.home / "voltrail.sqlite3", query)
    return [str(kind).rpartition(":v")[0].rpartition(":")[2] for (kind,) in listed]


def need_appointed(found: Installation) -> None:
    """Check that the operator's key, and nobody beside it, appointed the first administrator."""
    listed = rows(found.home / "voltrail.sqlite3", APPOINTED)
    assert listed == [("administrator", "[]", "[]", None, REASON, 2)]
    assert "1 functions" in found.run("account", "refold").replace("Folded ", "")
    assert rows(found.home / "voltrail.sqlite3", APPOINTED) == listed


def test_one_command_makes_everything_and_a_second_changes_nothing(tmp_path: Path) -> None:
    made = Installation(tmp_path / "made")
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    words = (
        "init",
        *OPERATOR,
        "--administrator",
        "otto",
        "--password-file",
        str(tmp_path / "password"),
        "--place",
        "hall-7",
        "--place-class",
        "substation",
        "--country",
        "DE",
    )
    said = made.run(*words)
    assert PASSWORD not in said
    assert people(made) == [["otto", "administrator", "urn:voltrail:person:", True]]
    assert kinds(made) == ["party", "place", "appointment"]
    need_appointed(made)
    before = made.look()["root"]
    assert "complete already" in made.run(*words)
    another = [("ada" if word == "otto" else word) for word in words]
    assert "complete already" in made.run(*another)  # there is an administrator
    assert made.look()["root"] == before
    assert (made.home / "keys" / "log.pem").stat().st_mode & 0o777 == 0o600


def test_what_a_first_run_left_out_a_second_adds(tmp_path: Path) -> None:
    made = Installation(tmp_path / "made")
    assert "account add" in made.run("init", *OPERATOR)
    key = (made.home / "keys" / "log.pem").read_bytes()
    (made.home / "anchors.json").unlink()  # it died before the last file
    said = made.run("init", *OPERATOR, "--place", "hall-7", "--json")
    assert json.loads(said)["made"][0] == "keys and register"
    assert (made.home / "keys" / "log.pem").read_bytes() == key
    assert kinds(made) == ["party", "place"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--operator", "urn:voltrail:party:other", "--origin", "test.example"), 1, "stands here"),
        (("--operator", "urn:voltrail:party:nordlicht", "--origin", "other"), 1, "stands here"),
        (("--operator", "nordlicht", "--origin", "test.example"), 65, ""),
        ((*OPERATOR, "--operator-key", "KEY"), 1, "Another operator key"),
        ((*OPERATOR, "--place", "h", "--place-class", "castle"), 65, "no kind of place"),
        ((*OPERATOR, "--administrator", "otto"), 1, "Nobody is at a terminal"),
        ((), 1, "No operator is named"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    tmp_path: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    made = Installation(tmp_path / "made")
    made.run("init", *OPERATOR)
    key = tmp_path / "other.pem"
    made.run("key", "new", "--plain", "--issuer", "urn:voltrail:party:x", "--out", key)
    before = made.look()["root"]
    given = [str(key) if word == "KEY" else word for word in words]
    assert sentence in made.run("init", *given, code=code)
    assert made.look()["root"] == before
    assert people(made) == []


def test_a_weak_password_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    made = Installation(tmp_path / "made")
    (tmp_path / "password").write_text("password\n")
    words = ("--administrator", "otto", "--password-file", str(tmp_path / "password"))
    assert "too easy to guess" in made.run("init", *OPERATOR, *words, code=1)
    assert not (made.home / "keys").exists()


def test_a_database_whose_folder_was_lost_is_not_taken_over(
    living: Installation, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    shutil.copy(living.home / "voltrail.sqlite3", tmp_path / "other")
    said = Installation(tmp_path / "other").run("init", *OPERATOR, code=1)
    assert "does not say whose" in said


def code_of(log: Path) -> str:
    found = re.search(r"works once: ([A-Z0-9-]+)", log.read_text())
    assert found
    return found[1]


def send(site: Served, **typed: str) -> tuple[int, str]:
    status, body, _ = site.get("/first-run/", urlencode({**TYPED, **typed}).encode())
    return status, body


def test_the_first_run_page_makes_it_and_the_server_goes_on(tmp_path: Path) -> None:
    made, log = Installation(tmp_path / "made"), tmp_path / "log"
    with served(made, log, healthy=False) as site:
        for path in ("/", "/arrivals/", "/api/v1/arrivals", "/log-in/", "/metrics"):
            status, body, _ = site.get(path)
            assert status == 503, path
            assert "not set up yet" in body
        assert "Code on the terminal" in site.get("/first-run/")[1]
        status, body = send(site, code="WRONG")
        assert status == 403
        assert "not the code on the terminal" in body
        assert 'value="Halle 7"' in body  # nothing typed is lost
        assert PASSWORD not in body  # but the secret
        code = code_of(log)
        status, body = send(site, code=code, password_again="another")
        assert "two passwords differ" in body
        status, body, head = site.get(
            "/first-run/", urlencode({**TYPED, "code": code.lower().replace("-", " ")}).encode()
        )
        assert (status, head["Location"]) == (302, "/log-in/")
        assert until(lambda: site.get("/healthz")[0] == 200)
        assert "Log in" in site.get("/log-in/")[1]
        assert site.get("/first-run/")[0] == 404
        assert until(lambda: {"web", "sequencer"} <= site.children().keys())
        assert until(lambda: json.loads(site.get("/healthz")[1])["checkpoint"] == 3)
    assert people(made) == [["otto", "administrator", "urn:voltrail:person:", True]]
    assert kinds(made) == ["party", "place", "appointment"]
    need_appointed(made)
    assert PASSWORD not in log.read_text()


def test_ten_wrong_guesses_close_the_door(tmp_path: Path) -> None:
    made, log = Installation(tmp_path / "made"), tmp_path / "log"
    with served(made, log, healthy=False) as site:
        for _ in range(10):
            assert send(site, code="A" * 16)[0] == 403
        status, body = send(site, code=code_of(log))
        assert status == 403
        assert "no longer works" in body
        assert log.read_text().count("The first-run page refused a code") == 11
    assert not (made.home / "keys").exists()


@pytest.mark.parametrize(
    "head", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP", "Via"]
)
def test_nobody_sets_it_up_from_elsewhere(tmp_path: Path, head: str) -> None:
    made, log = Installation(tmp_path / "made"), tmp_path / "log"
    with served(made, log, healthy=False) as site:
        data = urlencode({**TYPED, "code": code_of(log)}).encode()
        status, body, _ = site.get("/first-run/", data, **{head: "192.0.2.7"})
        assert status == 403
        assert "own machine only" in body
        status, _, _ = site.get("/first-run/", data, Host="evil.example")
        assert status == 400
    assert not (made.home / "keys").exists()


def test_whoever_came_by_another_name_sets_nothing_up(tmp_path: Path) -> None:
    """A proxy that keeps the name it was asked for, and adds no head of its own."""
    names = {"VOLTRAIL_ALLOWED_HOSTS": "battery.example,127.0.0.1"}
    made, log = Installation(tmp_path / "made", more=names), tmp_path / "log"
    with served(made, log, healthy=False) as site:
        data = urlencode({**TYPED, "code": code_of(log)}).encode()
        status, body, _ = site.get("/first-run/", data, Host="battery.example")
        assert status == 403
        assert "own machine only" in body
    assert not (made.home / "keys").exists()


@pytest.mark.parametrize(
    "more", [{"VOLTRAIL_PROXIES": "1"}, {"VOLTRAIL_ORIGIN": "https://battery.example"}]
)
def test_behind_a_proxy_that_settings_name_there_is_no_page(
    tmp_path: Path, more: dict[str, str]
) -> None:
    said = Installation(tmp_path / "made", more=more).run("serve", "--port", "0", code=75)
    assert "no operator and no keys yet" in said
    assert "voltrail init" in said


@pytest.mark.parametrize("words", [("--no-first-run",), ("--host", "0.0.0.0")])
def test_without_the_page_nothing_is_served(tmp_path: Path, words: tuple[str, ...]) -> None:
    made = Installation(tmp_path / "made")
    said = made.run("serve", "--port", "0", *words, code=75)
    assert "no operator and no keys yet" in said


def test_a_terminal_is_asked(tmp_path: Path) -> None:
    made = Installation(tmp_path / "made")
    answers = ["urn:voltrail:party:nordlicht", "test.example", "otto", "hall-7", PASSWORD, PASSWORD]
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "voltrail.cli.main", "init"]
    child = subprocess.Popen(
        command,
        env=made.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 — no thread runs
    )
    os.close(theirs)
    told = ""
    for answer in answers:
        while not told.endswith(": "):
            told += os.read(ours, 1_000).decode()
        os.write(ours, f"{answer}\n".encode())
        told += " "
    with suppress(OSError):  # the terminal is gone once the command has ended
        while part := os.read(ours, 1_000):
            told += part.decode()
    assert child.wait(timeout=60) == 0, told
    assert "Next: voltrail serve" in told
    assert PASSWORD not in told
    assert people(made)[0][3] is True
