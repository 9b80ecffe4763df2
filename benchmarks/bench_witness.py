"""Claim 14: from an accepted statement to a checkpoint, and to a quorum of three witnesses."""

import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import measure
from measure import Row

STATEMENTS = 300 if measure.FULL else 60
REST_S = 0.05  # [s] between two statements
POLL_S = 0.005  # [s] between two looks at the checkpoint
WAITS_S = 30  # [s] after which a statement counts as never covered
WITNESSES = 3
OPERATOR, PERSON = "urn:voltrail:party:nordlicht", "urn:voltrail:person:bench"
COMMAND = (sys.executable, "-m", "voltrail.cli.main")


def said(home: Path, *words: str) -> str:
    env = {**os.environ, "VOLTRAIL_DATA": str(home)}
    return subprocess.run(
        [*COMMAND, *words], env=env, check=True, capture_output=True, text=True
    ).stdout


def free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(home: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    env = {**os.environ, "VOLTRAIL_DATA": str(home)}
    process = subprocess.Popen(
        [*COMMAND, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def asked(port: int, path: str, token: str, body: bytes | None = None) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        line.request("GET" if body is None else "POST", f"/api/v1{path}", body, head)
        return line.getresponse().read()
    finally:
        line.close()


def covered(note: bytes) -> tuple[int, int]:
    """Return the size of a checkpoint, and how many names signed it."""
    text, _, lines = note.decode().partition("\n\n")
    names = {line.split(" ")[1] for line in lines.splitlines()}
    return int(text.split("\n")[1]), len(names)


def one(port: int, token: str, number: int) -> tuple[float, float]:
    """Return seconds from the answer to a statement until a checkpoint, and until the quorum."""
    body = {"about": OPERATOR, "by": PERSON, "text": f"Pallet {number} was seen.", "files": []}
    index = json.loads(asked(port, "/remarks", token, json.dumps(body).encode()))["index"]
    begun, signed = time.perf_counter(), 0.0
    while time.perf_counter() - begun < WAITS_S:
        size, names = covered(asked(port, "/checkpoint", token))
        if size > index and not signed:
            signed = time.perf_counter() - begun
        if size > index and names > WITNESSES:
            return signed, time.perf_counter() - begun
        time.sleep(POLL_S)
    raise AssertionError(f"statement {number} was not cosigned in {WAITS_S} s")


def row(claim: str, found: Sequence[float]) -> Row:
    listed = sorted(found)
    middle, last = statistics.median(listed), listed[int(len(listed) * 0.99) - 1]
    told = f"p50 {middle * 1_000:.0f} ms, p99 {last * 1_000:.0f} ms"
    return Row(claim, f"{len(listed)} statements", told, last)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="voltrail-bench-") as kept, ExitStack() as stack:
        folder, home = Path(kept), Path(kept) / "server"
        (folder / "pw").write_text("correct-horse-battery-staple")
        names = ("--operator", OPERATOR, "--origin", "register.bench.example", "--country", "DE")
        person = ("--administrator", "otto", "--password-file", str(folder / "pw"))
        place = ("--place", "hall", "--place-name", "Hall", "--place-class", "data-center")
        said(home, "init", *names, "--operator-name", "Bench", *person, *place, "--zone", "UTC")
        said(home, "account", "add", "bench", "--person", PERSON, "--role", "quality")
        token = said(home, "token", "issue", OPERATOR).strip()
        logs = json.loads((home / "anchors.json").read_bytes())["logs"]
        policy = []
        for number in range(WITNESSES):
            state, port = folder / f"witness{number}", free()
            keys = said(home, "witness", "init", str(state), "--name", f"w{number}.example")
            for each in logs:
                said(home, "witness", "add-log", str(state), each)
            stack.enter_context(
                running(home, "witness", "serve", str(state), "--listen", f"127.0.0.1:{port}")
            )
            for at, vkey in enumerate(re.findall(r"\S+\+[0-9a-f]{8}\+\S+", keys)):
                policy.append(f"witness w{number}{at} {vkey} http://127.0.0.1:{port}")
        first = [line.split()[1] for line in policy if line.split()[1].endswith("0")]
        policy += [f"group all-three all {' '.join(first)}", "quorum all-three", ""]
        (home / "witnesses.policy").write_text("\n".join(policy))
        port = free()
        stack.enter_context(running(home, "serve", "--port", str(port)))
        _wait(port, token)
        found = []
        for number in range(STATEMENTS):
            found.append(one(port, token, number))
            time.sleep(REST_S)
        measure.show(
            "14 Accepted, in a checkpoint, cosigned by three; p99 in seconds as the ratio",
            [
                row("accepted to checkpoint", [each[0] for each in found]),
                row("accepted to quorum of three witnesses", [each[1] for each in found]),
            ],
        )


def _wait(port: int, token: str) -> None:
    for _ in range(300):
        try:
            asked(port, "/checkpoint", token)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not begin")


if __name__ == "__main__":
    main()
