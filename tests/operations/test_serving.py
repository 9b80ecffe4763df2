"""One word serves everything, keeps it running whatever dies, and leaves nothing behind."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib import request

import pytest

pytest.importorskip("django")

from operations.installation import ROOT, Installation, either, living, played, postgres, rows
from operations.serving_site import alive, free_port, served, until
from voltrail_server.operations.unit import filled

__all__ = ["either", "living", "played", "postgres"]

APPEND = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from voltrail_server import wiring
from voltrail_server.operations import acts
print(acts.kept(wiring.desk(), os.urandom(4).hex(), "", wiring.now()).index)
"""
CHILDREN = {"web", "sequencer", "worker"}


def append(found: Installation) -> int:
    """Append an entry from another process, which signs nothing."""
    done = found.child(sys.executable, "-c", APPEND)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_killed_sequencer_is_replaced_and_checkpoints_go_on(
    either: Installation, tmp_path: Path
) -> None:
    with served(either, tmp_path / "log") as site:
        assert until(lambda: {"web", "sequencer"} <= site.children().keys())
        killed = site.children()["sequencer"]
        os.kill(killed, signal.SIGKILL)
        index = append(either)

        def covered() -> bool:
            found = json.loads(site.get("/healthz")[1])
            return found["checkpoint"] > index and found["status"] == "ok"

        assert until(covered)
        assert site.children()["sequencer"] != killed
        assert until((either.home / "last-checkpoint").exists)


def test_a_killed_web_answers_again(living: Installation, tmp_path: Path) -> None:
    with served(living, tmp_path / "log") as site:
        for _ in range(2):
            before = site.all_processes()
            killed = site.children()["web"]
            os.kill(killed, signal.SIGKILL)
            assert until(lambda killed=killed: site.children().get("web", killed) != killed)
            assert until(lambda: site.get("/healthz")[0] == 200)
            gone = before - site.all_processes()
            assert killed in gone
            assert until(lambda gone=gone: not any(map(alive, gone)))


def test_it_stops_cleanly_and_leaves_no_process(living: Installation, tmp_path: Path) -> None:
    with served(living, tmp_path / "log") as site:
        assert until(lambda: site.children().keys() == CHILDREN)
        below = site.all_processes()
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(timeout=30) == 0
        assert len(below) >= len(CHILDREN)
        assert not [pid for pid in below if alive(pid)]
    assert "Another process serves" not in living.run("upgrade")
    holders = rows(living.home / "voltrail.sqlite3", "SELECT holder FROM sequencer_lease")
    assert holders == [("",), ("",)]


def test_children_end_when_their_parent_was_killed(living: Installation, tmp_path: Path) -> None:
    with served(living, tmp_path / "log") as site:
        assert until(lambda: site.children().keys() == CHILDREN)
        below = site.all_processes()
        site.process.kill()
        assert until(lambda: not any(map(alive, below)), 20)


def test_the_worker_is_at_work_and_its_queue_is_backed_up(
    living: Installation, tmp_path: Path
) -> None:
    with served(living, tmp_path / "log") as site:

        def at_work() -> bool:
            parts = json.loads(site.get("/healthz")[1])["parts"]
            return parts["worker"]["word"] == "at work"

        assert until(at_work)
    living.backup(tmp_path / "kept")
    assert "Whole" in living.run("backup", tmp_path / "kept", "--verify")


def test_a_taken_port_is_a_sentence(living: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = living.run("serve", "--port", str(taken.getsockname()[1]), code=1)
    assert "cannot be used" in said
    assert "--port" in said


def test_tls_needs_both_files(living: Installation, tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("x")
    said = living.run("serve", "--tls-certificate", tmp_path / "c.pem", code=1)
    assert "TLS needs a certificate and its key" in said
    said = living.run(
        "serve", "--tls-certificate", tmp_path / "c.pem", "--tls-key", tmp_path / "none", code=1
    )
    assert "cannot be read" in said


def test_tls_is_spoken_where_certificate_and_key_are_given(
    living: Installation, tmp_path: Path
) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(tmp_path / "k.pem"), "-out", str(tmp_path / "c.pem")]
    subprocess.run([*made, *names, *files], check=True, capture_output=True)
    port = free_port()
    words = ["serve", "--port", str(port), "--tls-certificate", files[3], "--tls-key", files[1]]
    child = subprocess.Popen(
        [sys.executable, "-m", "voltrail.cli.main", *words], env=living.environment, cwd=ROOT
    )
    trusted = ssl.create_default_context(cafile=files[3])
    opener = request.build_opener(request.ProxyHandler({}), request.HTTPSHandler(context=trusted))

    def answers() -> bool:
        with opener.open(f"https://localhost:{port}/healthz", timeout=5) as answer:
            return answer.status == 200

    try:
        assert until(answers)
    finally:
        child.terminate()
        assert child.wait(timeout=30) == 0


def test_a_database_that_went_back_in_time_is_neither_served_nor_appended_to(
    living: Installation, tmp_path: Path
) -> None:
    older = (living.home / "voltrail.sqlite3").read_bytes()
    with served(living, tmp_path / "log") as site:
        index = append(living)
        assert until(lambda: json.loads(site.get("/healthz")[1])["checkpoint"] > index)
        kept = living.home / "last-checkpoint"
        assert until(lambda: kept.exists() and str(index + 1) in kept.read_text().splitlines())
    for path in living.home.glob("voltrail.sqlite3*"):
        path.unlink()
    (living.home / "voltrail.sqlite3").write_bytes(older)
    stand = living.look()
    for words in (
        ("serve",),
        ("account", "add", "nina", "--role", "auditor"),
        ("token", "issue", "urn:voltrail:party:kestrel"),
        ("backup", str(tmp_path / "copy"), "--plain-keys"),
    ):
        assert f"{index + 1:,} were promised from here" in living.run(*words, code=70)
    assert living.look() == stand
    living.run("account", "list")


def test_the_unit_names_this_program_and_its_walls(living: Installation) -> None:
    said = living.run("serve", "--print-unit", "--port", "8443")
    assert f"ReadWritePaths={living.home}" in said
    assert "serve --no-first-run --host 127.0.0.1 --port 8443" in said
    for wall in ("NoNewPrivileges=yes", "ProtectSystem=strict", "SystemCallFilter=@system-service"):
        assert wall in said


def test_a_serving_process_tells_of_each_request_and_no_secret(
    living: Installation, tmp_path: Path
) -> None:
    secret = "Zx9" + "k3VbQ7" * 5
    log = tmp_path / "log"
    with served(living, log, VOLTRAIL_LOG_FORMAT="json") as site:
        site.get(f"/in/{secret}")
        site.get(f"/nowhere/?token={secret}&password={secret}")
        site.get("/api/v1/arrivals", Authorization=f"Bearer {secret}")
        site.get("/", Cookie=f"sessionid={secret}")
        form = f"username=runa&password={secret}".encode()
        site.get("/log-in/", form, Cookie=f"csrftoken={secret}")
        status, body, head = site.get("/api/v1/nowhere", **{"X-Request-Id": "my-own.1"})
        assert (status, head["X-Request-Id"]) == (404, "my-own.1")
        assert json.loads(body)["requestId"] == "my-own.1"
        _, _, head = site.get("/healthz", **{"X-Request-Id": "bad id\twith tab"})
        assert len(head["X-Request-Id"]) == 32
        time.sleep(0.2)
    told = log.read_text()
    assert secret not in told
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("request_id") == "my-own.1"]
    assert len(mine) == 1
    assert (mine[0]["status"], mine[0]["method"]) == (404, "GET")
    assert mine[0]["ms"] >= 0
    assert any(line.get("route") == "intake-link" for line in lines)


def test_the_unit_in_the_documents_is_the_one_that_is_printed() -> None:
    wanted = filled("/usr/local/lib/voltrail/bin/voltrail", "/var/lib/voltrail", "127.0.0.1", 8000)
    assert (ROOT / "docs/how-to/voltrail.service").read_text() == wanted
