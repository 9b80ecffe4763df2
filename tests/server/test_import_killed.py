"""A worker killed amid an import: begun again, it leaves the register as one run does."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("django")

from voltrail.statements import envelope as envelopes
from voltrail.statements import fields
from voltrail.statements import statement as statements

ROWS = 3_000
SOME = 400  # [entries] after which the worker is killed
PATIENCE_S = 120  # [s]
CONFIRM = """
import sys
from pathlib import Path
from voltrail_server.commands import django_ready
django_ready()
from voltrail_server.importing import imports
made = imports.upload(None, "suppliers", "firms.csv", Path(sys.argv[1]).read_bytes())
imports.choose(made, made.sources, {})
imports.confirm(None, made)
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOLTRAIL_")}
    return {**kept, "VOLTRAIL_DATA": str(folder)}


def start(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, *words], env=environment(folder))


def run(folder: Path, *words: str) -> None:
    assert start(folder, *words).wait(PATIENCE_S) == 0


def voltrail(folder: Path, *words: str) -> None:
    run(folder, "-m", "voltrail.cli.main", *words)


def confirmed(folder: Path) -> None:
    """An installation in which an import waits for a worker."""
    folder.mkdir()
    words = ("init", "--operator", "urn:voltrail:party:nordlicht", "--origin", "test.example")
    voltrail(folder, *words)
    lines = [f"s-{number},Firm {number},DE,broker" for number in range(ROWS)]
    (folder / "firms.csv").write_text("\n".join(["number,name,country,roles", *lines, ""]))
    run(folder, "-c", CONFIRM, str(folder / "firms.csv"))


def asked(folder: Path, question: str) -> list[tuple[object, ...]]:
    (file,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file, timeout=30)) as base, base:
        return base.execute(question).fetchall()


def said(folder: Path) -> list[tuple[object, ...]]:
    """What the register says, without when it was said."""
    found = []
    for (raw,) in asked(folder, "SELECT raw FROM records_entry"):
        assert isinstance(raw, bytes)
        one = statements.parse(envelopes.parse(raw).payload)
        found.append((one.predicate_type, str(fields.write(one.fact)), one.header.reason))
    return sorted(found, key=str)


def test_an_import_that_was_killed_goes_on_and_says_everything_once(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    confirmed(whole)
    voltrail(whole, "work", "--until-empty")
    confirmed(broken)
    worker = start(broken, "-m", "voltrail.cli.main", "work", "--until-empty")
    ends = time.monotonic() + PATIENCE_S
    while asked(broken, "SELECT count(*) FROM records_entry") < [(SOME,)]:
        assert time.monotonic() < ends
        assert worker.poll() is None
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    ((entries,),) = asked(broken, "SELECT count(*) FROM records_entry")
    assert isinstance(entries, int)
    assert SOME <= entries < ROWS
    assert asked(broken, "SELECT state FROM work") == [("running",)]
    asked(broken, "UPDATE work SET heartbeat = '2020-01-01 00:00:00'")
    voltrail(broken, "work", "--until-empty")
    assert asked(broken, "SELECT state, attempt FROM work") == [("done", 2)]
    assert asked(broken, "SELECT count(*) FROM records_entry") == [(ROWS,)]
    assert said(broken) == said(whole)
    voltrail(broken, "check-register")
