"""A server under its supervisor, started and ended as a person does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib import error, request

from operations.installation import ROOT, Installation

PATIENCE_S = 60


@dataclass
class Served:
    """A running server and where it answers."""

    found: Installation
    port: int
    process: "subprocess.Popen[str]"

    def get(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str, Any]:
        """Status, body and head of an answer."""
        wanted = request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        direct = request.build_opener(request.ProxyHandler({}), _Stays())
        try:
            with direct.open(wanted, timeout=20) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except error.HTTPError as problem:
            with problem:
                return problem.code, problem.read().decode(), problem.headers

    def children(self) -> dict[str, int]:
        """The process of each child that runs."""
        try:
            told = json.loads((self.found.home / "run" / "children.json").read_text())["children"]
        except OSError:
            return {}
        return {name: one["pid"] for name, one in told.items() if one["pid"]}

    def all_processes(self) -> set[int]:
        """Every process below the supervisor."""
        below: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
                below.setdefault(parent, []).append(int(entry.name))
        found, waiting = set(), [self.process.pid]
        while waiting:
            for child in below.get(waiting.pop(), []):
                found.add(child)
                waiting.append(child)
        return found


class _Stays(request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A test reads where it would be led."""


def until(reached: Callable[[], bool], seconds: float = PATIENCE_S) -> bool:
    """Whether something came true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if reached():
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def served(
    found: Installation, log: Path, *words: str, healthy: bool = True, **more: str
) -> Iterator[Served]:
    """An installation being served; what it says goes into a file."""
    port = free_port()
    command = [sys.executable, "-m", "voltrail.cli.main", "serve", "--port", str(port), *words]
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            env={**found.environment, **more},
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
    site = Served(found, port, process)
    below: set[int] = set()
    try:
        wanted = 200 if healthy else 503
        assert until(lambda: site.get("/healthz")[0] == wanted), log.read_text()
        yield site
    finally:
        below = site.all_processes()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)
        for pid in below:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
