"""The whole server in a process of its own, on localhost, with people who may log in."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 60  # [s] for the server to answer first
PEOPLE = {"meret": "quality", "otto": "administrator", "runa": "security"}


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A fresh installation being served: its address, and everybody's password."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    _run(folder, "init", "--operator", "urn:voltrail:party:nordlicht", "--origin", "test.example")
    passwords = {}
    for name, role in PEOPLE.items():
        person = f"urn:voltrail:person:{name}"
        who = ("add", name, "--role", role, "--person", person, "--json")
        said = _run(folder, "account", *who)
        passwords[name] = json.loads(said)["password"]
    child = _start(folder, "serve", "--port", str(port))
    try:
        _until_it_answers(port, child)
        yield f"http://localhost:{port}", passwords
    finally:
        child.terminate()
        child.wait(timeout=20)
        if child.stdout is not None:
            child.stdout.close()


def _run(folder: Path, *words: str) -> str:
    child = _start(folder, *words)
    said, _ = child.communicate(timeout=120)
    assert child.returncode == 0, said
    return said


def _start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOLTRAIL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "voltrail.cli.main", *words],
        env={**kept, "VOLTRAIL_DATA": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def _until_it_answers(port: int, child: "subprocess.Popen[str]") -> None:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server did not answer.")
