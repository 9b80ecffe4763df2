"""The witness as people run it: made, told of logs, serving, killed, restored."""

import argparse
import json
import shutil
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from voltrail.register import note, witness
from voltrail_witness.commands import declare, run
from witness.running import LEAVES, Log, made, post, serving, started


def typed(*words: str) -> int:
    parser = argparse.ArgumentParser()
    declare(parser)
    return run(parser.parse_args(words))


def test_a_partner_makes_a_witness_and_it_cosigns_what_grew(tmp_path: Path) -> None:
    log, folder = Log(), tmp_path / "w"
    keys = made(folder, log)
    with serving(folder) as url:
        first = log.request(0, LEAVES[:5])
        status, body = post(url, first.body())
        assert status == 200
        assert len(witness.verified_lines(first.note, body, keys)) == 2
        assert post(url, log.request(3, LEAVES[:9]).body()) == (409, b"5\n")
        assert post(url, log.request(5, [*LEAVES[:4], *LEAVES[50:60]]).body())[0] == 422
        assert post(url, Log("nobody.example").request(0, LEAVES[:5]).body())[0] == 404
        assert post(url, Log().request(0, LEAVES[:5]).body())[0] == 403
        assert post(url, b"old 1")[0] == 400
    with serving(folder) as url:
        assert post(url, log.request(5, LEAVES[:9]).body())[0] == 200


def test_its_log_has_one_line_a_request_and_no_secret(tmp_path: Path) -> None:
    log, folder = Log(), tmp_path / "w"
    made(folder, log)
    with serving(folder) as url:
        post(url, log.request(0, LEAVES[:5]).body())
        post(url, b"x")
    lines = (folder / "log").read_text().splitlines()
    said = [json.loads(line[line.index("{") :]) for line in lines]
    assert [one["status"] for one in said] == [200, 400]
    assert "PRIVATE" not in (folder / "log").read_text()


def test_other_paths_and_large_or_endless_bodies_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    made(folder, Log())
    with serving(folder) as url:
        assert post(url, b"", "/other")[0] == 404
        assert post(url, b"x" * 65_537)[0] == 413
        parts = urlsplit(url)
        line = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        line.request("POST", "/add-checkpoint", iter([b"x"]), {"Transfer-Encoding": "chunked"})
        assert line.getresponse().status == 411
        line.close()


def test_one_connection_carries_several_requests(tmp_path: Path) -> None:
    log, folder = Log(), tmp_path / "w"
    made(folder, log)
    with serving(folder) as url:
        parts = urlsplit(url)
        line = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        for old, new in ((0, 5), (5, 9)):
            line.request("POST", "/add-checkpoint", log.request(old, LEAVES[:new]).body())
            found = line.getresponse()
            assert (found.status, bool(found.read())) == (200, True)
        line.close()


def test_a_killed_witness_goes_on_where_it_stood(tmp_path: Path) -> None:
    log, folder = Log(), tmp_path / "w"
    made(folder, log)
    process, url = started(folder)
    assert post(url, log.request(0, LEAVES[:5]).body())[0] == 200
    process.kill()
    process.communicate(timeout=20)
    with serving(folder) as url:
        assert post(url, log.request(0, LEAVES[:9]).body()) == (409, b"5\n")
        assert post(url, log.request(5, LEAVES[:9]).body())[0] == 200


def test_a_restored_witness_does_not_serve_until_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pitfall 18: its state is part of its key."""
    log, folder = Log(), tmp_path / "w"
    made(folder, log)
    with serving(folder) as url:
        post(url, log.request(0, LEAVES[:5]).body())
        shutil.copytree(folder, tmp_path / "backup")
        post(url, log.request(5, LEAVES[:9]).body())
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    words = [sys.executable, "-m", "voltrail_witness", "serve", str(folder), "--listen"]
    refused = subprocess.run(
        [*words, "127.0.0.1:0"], capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 1
    assert "copy" in refused.stderr
    assert typed("status", str(folder)) == 1
    (tmp_path / "newest").write_bytes(log.signed(LEAVES[:9]))
    assert typed("resume", str(folder), "--checkpoint", str(tmp_path / "newest")) == 0
    assert typed("status", str(folder), "--json") == 0
    assert '"register.example/one": 9' in capsys.readouterr().out
    with serving(folder) as url:
        assert post(url, log.request(5, [*LEAVES[:5], LEAVES[77]]).body()) == (409, b"9\n")


def test_the_commands_say_what_others_pin_and_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "w")
    assert typed("init", folder, "--name", "witness.example/w1", "--json") == 0
    kinds = [note.parse_vkey(one).key_type for one in json.loads(capsys.readouterr().out)["vkeys"]]
    assert kinds == [note.COSIGNATURE, note.MLDSA_COSIGNATURE]
    assert typed("status", folder) == 0
    assert "knows no log" in capsys.readouterr().out
    assert typed("add-log", folder, Log().vkey) == 0
    assert typed("status", folder) == 0
    assert "cosigned 0 entries" in capsys.readouterr().out


def test_a_slow_sender_does_not_stop_the_others(tmp_path: Path) -> None:
    log, folder = Log(), tmp_path / "w"
    made(folder, log)
    with serving(folder) as url:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as slow:
            slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 900\r\n\r\nold")
            assert post(url, log.request(0, LEAVES[:5]).body())[0] == 200
