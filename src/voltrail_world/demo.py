"""
The demo: a fresh installation, the whole story handed in over HTTP, and the decisions as a table.

    SERVE=1 PORT=8000 python -m voltrail_world.demo      stays and serves until Ctrl-C
    SERVE=0           python -m voltrail_world.demo      plays, prints and ends

Uses the installed command line and the API as any other firm would. Progress goes to stderr.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib import error, request

from msgspec import Struct

from voltrail.ids.subject import PartyId
from voltrail_world.arrivals import TAKEN, Act
from voltrail_world.cast import (
    ANSEL,
    BRACKWATER,
    FJORDLINIE,
    KESTREL,
    MERET,
    NORDLICHT,
    ORIGIN,
    RUNA,
    SALTMARSH,
    SODALITH,
    TIDERACE,
    World,
    born,
)
from voltrail_world.play import plain
from voltrail_world.story import script

HOST = "127.0.0.1"
MARK = ".voltrail-demo"
_PATIENCE_S = 60  # [s] the server may take to answer for the first time
_STEP_S = 0.1  # [s] between two knocks
_REFUSED = range(400, 500)  # HTTP: the request is at fault
_SPEAKERS = (NORDLICHT, KESTREL, TIDERACE, BRACKWATER, SODALITH, FJORDLINIE, SALTMARSH)
_ACCOUNTS = {
    "runa": ("security", RUNA),
    "ansel": ("procurement", ANSEL),
    "meret": ("quality", MERET),
    "ines": ("auditor", None),
    "otto": ("administrator", None),
    "fenna": ("facilities", None),
    "odo": ("ot", None),
    "ivo": ("it", None),
    "liv": ("supplier", KESTREL),
}
_HEADINGS = ("arrival", "place", "tier", "decision", "why")
# Nothing but the demo's own folder is touched, whatever the shell around it is set up for.
_NOT_INHERITED = ("VOLTRAIL_DATABASE_URL", "VOLTRAIL_TLS", "VOLTRAIL_ALLOWED_HOSTS")


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


class Account(Struct, frozen=True):
    """A log-in made for the demo."""

    name: str
    role: str
    password: str


class Stage(Struct, frozen=True):
    """A demo that is being served: who may log in, the operator's token, what went otherwise."""

    accounts: tuple[Account, ...]
    token: str
    surprises: int


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Play the demo.

    Args:
        arguments: of the command line; the process's own where None

    Returns:
        The exit code: 0 where everything went as the story says.

    Source: our choice: design, section 2, invented world.
    """
    told = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return _run(Path(told.data), told.port, serve=told.serve == "1")
    except DemoError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m voltrail_world.demo", description=__doc__)
    given = os.environ.get
    parser.add_argument("--serve", choices=["0", "1"], default=given("SERVE", "1"))
    parser.add_argument("--port", type=int, default=int(given("PORT", "8000")))
    parser.add_argument("--data", default=given("VOLTRAIL_DATA") or "var/demo")
    return parser


def _run(home: Path, port: int, *, serve: bool) -> int:
    with playing(home, port) as stage:
        _print_table(_arrivals(port, stage.token))
        if serve and not stage.surprises:
            _print_invitation(port, stage.accounts)
            _wait()
    return 1 if stage.surprises else 0


@contextmanager
def playing(home: Path, port: int) -> Iterator[Stage]:
    """Play the story into a folder and serve it while the block runs, as tools and tests do."""
    _need_free(port)
    _clear(home)
    world = born()
    _install(home, world)
    tokens, accounts = _let_in(home)
    with _server(home, port):
        surprises = _play(port, tokens, tuple(script(world)))
        yield Stage(tuple(accounts), tokens[NORDLICHT], surprises)


def _need_free(port: int) -> None:
    with socket.socket() as knock:
        knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            knock.bind((HOST, port))
        except (OSError, OverflowError) as problem:
            raise DemoError(
                f"Port {port} cannot be used; run: make demo PORT={8001 if port != 8001 else 8002}"  # noqa: PLR2004
            ) from problem


def _clear(home: Path) -> None:
    if home.exists() and not (home / MARK).exists() and any(home.iterdir()):
        raise DemoError(f"{home} is not a demo's folder; name an empty one in VOLTRAIL_DATA.")
    if home.exists():
        shutil.rmtree(home)
    (home / "static").mkdir(parents=True)
    (home / MARK).write_text("Made by the demo, which wipes this folder when it runs again.\n")


def _install(home: Path, world: World) -> None:
    _say("Making keys, tables and the register.")
    key = home / "root.pem"
    opened = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(world.keys[NORDLICHT].pem())
    words = ("init", "--operator", NORDLICHT, "--origin", ORIGIN, "--operator-key", str(key))
    _answers(home, {"init": words})
    key.unlink()


def _let_in(home: Path) -> tuple[dict[PartyId, str], list[Account]]:
    _say("Making accounts and tokens.")
    asked: dict[str, tuple[str, ...]] = {
        party: ("token", "issue", party, "--label", "demo") for party in _SPEAKERS
    }
    asked["link"] = ("token", "link", KESTREL, "--label", "Lot records of autumn")
    for name, (role, who) in _ACCOUNTS.items():
        word = "--party" if isinstance(who, PartyId) else "--person"
        speaks = (word, str(who)) if who else ()
        asked[name] = ("account", "add", name, "--role", role, *speaks, "--json")
    found = _answers(home, asked)
    tokens = {party: found[party].strip() for party in _SPEAKERS}
    accounts = [
        Account(name, role, json.loads(found[name])["password"])
        for name, (role, _) in _ACCOUNTS.items()
    ]
    return tokens, accounts


def _answers(home: Path, asked: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return what each `voltrail` command printed; they run side by side."""
    started = {name: _start(home, words, out=subprocess.PIPE) for name, words in asked.items()}
    found = {}
    for name, child in started.items():
        found[name], _ = child.communicate()
        if child.returncode:
            raise DemoError(f"voltrail {' '.join(asked[name][:2])} failed; its words stand above.")
    return found


def _start(home: Path, words: Sequence[str], out: int | Any = None) -> subprocess.Popen[str]:  # noqa: ANN401 — a stream of subprocess
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return subprocess.Popen(  # noqa: S603 — our own command line, with fixed words
        [sys.executable, "-m", "voltrail.cli.main", *words],
        env={"VOLTRAIL_LOG_REQUESTS": "0", **kept, "VOLTRAIL_DATA": str(home.resolve())},
        stdout=out if out is not None else sys.stderr,
        text=True,
    )


@contextmanager
def _server(home: Path, port: int) -> Iterator[None]:
    """Serve while the block runs, and end the server afterwards, whatever happened."""
    _say(f"Starting the server on port {port}.")
    child = _start(home, ("serve", "--port", str(port)))
    try:
        _until_it_answers(child, port)
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _until_it_answers(child: subprocess.Popen[str], port: int) -> None:
    ends = time.monotonic() + _PATIENCE_S
    while time.monotonic() < ends:
        if child.poll() is not None:
            raise DemoError("The server stopped at once; its words stand above.")
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(_STEP_S)
    raise DemoError(f"The server did not answer on port {port} within {_PATIENCE_S} seconds.")


def _play(port: int, tokens: Mapping[PartyId, str], acts: Sequence[Act]) -> int:
    """Hand in every act; return how many were answered otherwise than the story says."""
    _say(f"Handing in {len(acts)} statements over HTTP.")
    surprises = 0
    for act in acts:
        status, answer = _ask(port, "/api/v1/statements", tokens[act.by], act.raw)
        refused = status in _REFUSED
        if refused == (act.expected == TAKEN):
            surprises += 1
            _say(f"Not as told: {act.note}: {status} {answer.get('detail', '')}")
        elif refused:
            _say(f"Refused, as it must be: {act.note}.")
    return surprises


def _arrivals(port: int, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        status, page = _ask(port, f"/api/v1/arrivals?cursor={cursor}", token)
        if status in _REFUSED:
            raise DemoError(f"The arrivals could not be read: {page.get('detail')}")
        found += page["items"]
        cursor = page["next"]
        if not cursor:
            return sorted(found, key=lambda row: str(row["arrival"]))


def _ask(port: int, path: str, token: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    wanted = request.Request(f"http://{HOST}:{port}{path}", body, headers)
    direct = request.build_opener(request.ProxyHandler({}))
    try:
        with direct.open(wanted, timeout=60) as answer:
            return answer.status, json.load(answer)
    except error.HTTPError as problem:
        with problem:
            if problem.code not in _REFUSED:
                raise DemoError(f"The server answered {problem.code} to {path}.") from problem
            return problem.code, json.load(problem)
    except OSError as problem:
        raise DemoError(f"The server stopped answering: {problem}") from problem


def _print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    lines = [
        (
            str(row["arrival"]).rpartition(":")[2],
            str(row["place"]).rpartition(":")[2],
            str(row["tier"]),
            str(row["disposition"]),
            plain(str(row["sentence"])),
        )
        for row in rows
    ]
    widths = [max(len(line[at]) for line in (_HEADINGS, *lines)) for at in range(4)]
    for line in (_HEADINGS, *lines):
        cells = [text.ljust(width) for text, width in zip(line, widths, strict=False)]
        print("  ".join((*cells, line[-1])).rstrip())
    sys.stdout.flush()


def _print_invitation(port: int, accounts: Sequence[Account]) -> None:
    print(f"\nOpen http://{HOST}:{port}/ and log in; Ctrl-C ends the demo.")
    for one in accounts:
        print(f"  {one.name:<8} {one.password:<20} {one.role}")
    sys.stdout.flush()


def _wait() -> None:
    while True:
        time.sleep(3_600)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
