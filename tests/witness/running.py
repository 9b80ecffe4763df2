"""A witness as a process of its own on loopback, and a log that asks it."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from voltrail import merkle
from voltrail.register import note
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.witness import Request
from voltrail.trust import signer
from voltrail_witness import home

ORIGIN = "register.example/one"
LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(200)]


class Log:
    """A log whose leaves are numbers."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin, self.signer = origin, signer.generate()
        self.vkey = note.vkey(origin, self.signer.public.spki[-32:])

    def signed(self, leaves: Sequence[bytes]) -> bytes:
        text = Checkpoint(self.origin, len(leaves), merkle.root(leaves)).text()
        return note.sign(text, self.origin, self.signer.sign, self.signer.public.spki[-32:])

    def request(self, old: int, leaves: Sequence[bytes]) -> Request:
        node = merkle.reader_over(leaves)
        proof = merkle.consistency_proof(old, len(leaves), node) if old else []
        return Request(old, tuple(proof), self.signed(leaves))


def made(folder: Path, log: Log, name: str = "witness.example/w1") -> list[note.Verifier]:
    """A witness that knows a log; its keys."""
    keys = home.make(folder, name).keys
    home.add_log(folder, log.vkey)
    return [one.verifier for one in keys]


def started(folder: Path, *, port: int = 0) -> tuple["subprocess.Popen[str]", str]:
    words = [sys.executable, "-m", "voltrail_witness", "serve", str(folder)]
    process = subprocess.Popen(
        [*words, "--listen", f"127.0.0.1:{port}"],
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("a"),
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.search(r"http://\S+\d", line)
    assert match, line + (folder / "log").read_text()
    return process, match[0]


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a witness that ends with the block."""
    process, url = started(folder)
    try:
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stdout is not None
        process.stdout.close()


def post(url: str, body: bytes, path: str = "/add-checkpoint") -> tuple[int, bytes]:
    """Status and body of one request."""
    parts = urlsplit(url)
    line = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        line.request("POST", path, body)
        found = line.getresponse()
        return found.status, found.read()
    finally:
        line.close()
