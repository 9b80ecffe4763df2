"""Claim 9: 200 people read and 20 write; no error, no lost write, pages beside an empty one."""

import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import ground
from measure import Row, show

from voltrail_world.arrivals import acts_of
from voltrail_world.cast import NORDLICHT, ORIGIN, World, born

READERS, WRITERS = 200, 20  # [people]
LASTS_S = 120  # [s] as the claim says, also without FULL
REST_S = (4.0, 12.0)  # [s] between two pages of one person, uniform
WRITE_S = (4.0, 8.0)  # [s] between two statements of one writer, uniform
EMPTY_S = 20  # [s] of the same people on an empty view
SEED = 20_261_127
GOODS = 40  # [arrivals] there from the beginning
STATEMENTS = 800  # [statements] the writers have in hand, more than they come to
ROLES = ("procurement", "quality", "facilities", "ot", "security", "auditor")
PAGES = (
    ("/", 4),
    ("/arrivals/", 5),
    ("/arrivals/?disposition=quarantine", 2),
    ("/arrivals/{arrival}/", 6),
    ("/lots/", 1),
    ("/lots/{lot}/", 2),
    ("/orders/", 1),
    ("/places/nordlicht:hall-7/", 1),
    ("/holds/", 1),
    ("/find/?q={serial}", 2),
    ("/register/", 1),
)
PASSWORD = "correct-horse-battery-staple"
MAKE = f"""
import django, json
django.setup()
from django.contrib.auth.hashers import make_password
from voltrail_server.people import bindings
from voltrail_server.people.models import Account
from voltrail_server.api import tokens
roles = {ROLES!r}
kept = make_password({PASSWORD!r})
for n in range({READERS}):
    made = Account.objects.create_user(f"p{{n:03}}", None, person=f"urn:voltrail:person:b-{{n:03}}")
    bindings.by_hand(made, roles[n % len(roles)])
    Account.objects.filter(pk=made.pk).update(password=kept)
print(json.dumps(tokens.issue({str(NORDLICHT)!r}, "bench")))
"""


@dataclass
class Book:
    """What came of every request: seconds by page, errors, and the receipts of writers."""

    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    receipts: list[tuple[int, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, page: str, seconds: float, problem: str = "") -> None:
        with self.lock:
            self.took.setdefault(page, []).append(seconds)
            if problem:
                self.errors.append(f"{page}: {problem}")

    def every(self) -> list[float]:
        return [one for page, found in self.took.items() if page != "write" for one in found]


def ask(
    port: int, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, bytes, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("POST" if body is not None else "GET", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(), ", ".join(answer.headers.get_all("Set-Cookie") or [])
    finally:
        line.close()


def log_in(port: int, name: str) -> str:
    """Log in as a person does, and return the session's cookie."""
    host = {"Host": f"localhost:{port}"}
    _, page, cookies = ask(port, "/log-in/", host)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    csrf = re.search(r"csrftoken=([^;]+)", cookies)
    if not token or not csrf:
        raise AssertionError("the log-in form has changed")
    form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token[1].decode()}
    headers = {
        **host,
        "Cookie": f"csrftoken={csrf[1]}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://localhost:{port}",
    }
    status, _, cookies = ask(port, "/log-in/", headers, urlencode(form).encode())
    session = re.search(r"sessionid=([^;]+)", cookies)
    if status != 302 or not session:
        raise AssertionError(f"{name} could not log in: {status}")
    return f"sessionid={session[1]}"


def read(port: int, number: int, cookie: str, until: float, book: Book) -> None:
    """Open page after page, with rests between, as one person does."""
    chance = random.Random(SEED + number)
    pages = [page for page, often in PAGES for _ in range(often)]
    time.sleep(chance.uniform(0, REST_S[1]))
    while time.monotonic() < until:
        page = chance.choice(pages)
        going = ground.shipment(1_000 + chance.randrange(GOODS))
        path = page.format(arrival=going.arrival.key, lot=going.lot.key, serial=going.delivered[0])
        begun = time.perf_counter()
        try:
            status, body, _ = ask(port, path, {"Host": f"localhost:{port}", "Cookie": cookie})
            fine = status in (200, 302) and (status == 302 or b"</html>" in body)
            book.note(page, time.perf_counter() - begun, "" if fine else f"answer {status}")
        except OSError as error:
            book.note(page, time.perf_counter() - begun, str(error))
        time.sleep(chance.uniform(*REST_S))


def write(
    port: int, number: int, given: tuple[str, Sequence[bytes]], until: float, book: Book
) -> None:
    """Hand in one signed statement after the other."""
    chance, (token, raws) = random.Random(SEED - number), given
    headers = {
        "Host": f"localhost:{port}",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
    }
    for raw in raws:
        time.sleep(chance.uniform(*WRITE_S))
        if time.monotonic() >= until:
            return
        begun = time.perf_counter()
        try:
            status, body, _ = ask(port, "/api/v1/statements", headers, raw)
        except OSError as error:
            book.note("write", time.perf_counter() - begun, str(error))
            continue
        problem = "" if status in (200, 201) else f"answer {status}: {body[:200]!r}"
        book.note("write", time.perf_counter() - begun, problem)
        if not problem:
            found = json.loads(body)
            with book.lock:
                book.receipts.append((found["index"], found["digest"]))


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def running(words: list[str], port: int, env: dict[str, str]) -> Iterator[None]:
    child = subprocess.Popen([sys.executable, *words], env=env, cwd=Path(__file__).parent)
    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait(timeout=30)


def measured(port: int, cookies: Sequence[str], token: str, world: World) -> Book:
    book, until = Book(), time.monotonic() + LASTS_S
    halves = [
        ground.half(world, ground.shipment(1_000 + lot), place)
        for place in range(STATEMENTS // GOODS)
        for lot in range(GOODS)
    ]
    each = [halves[n::WRITERS] for n in range(WRITERS)]
    people = [
        threading.Thread(target=read, args=(port, n, cookie, until, book))
        for n, cookie in enumerate(cookies)
    ]
    people += [
        threading.Thread(target=write, args=(port, n, (token, each[n]), until, book))
        for n in range(WRITERS)
    ]
    together(people)
    return book


def together(people: Sequence[threading.Thread]) -> None:
    for one in people:
        one.start()
    for one in people:
        one.join(LASTS_S + 120)


def on_empty() -> Book:
    """The same people on an empty Django view."""
    port, book = free_port(), Book()
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with running(["-m", "empty_site", str(port)], port, env):
        until = time.monotonic() + EMPTY_S

        def person(number: int) -> None:
            chance = random.Random(SEED + number)
            time.sleep(chance.uniform(0, REST_S[1]))
            while time.monotonic() < until:
                begun = time.perf_counter()
                status, _, _ = ask(port, "/", {"Host": "localhost"})
                book.note("empty", time.perf_counter() - begun, "" if status == 200 else "no")
                time.sleep(chance.uniform(*REST_S))

        together([threading.Thread(target=person, args=(n,)) for n in range(READERS)])
    return book


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def lost(port: int, token: str, receipts: Sequence[tuple[int, str]]) -> int:
    """How many acknowledged statements the register does not hold where it said so."""
    headers = {"Host": f"localhost:{port}", "Authorization": f"Bearer {token}"}
    gone = 0
    for index, digest in receipts:
        status, body, _ = ask(port, f"/api/v1/statements/{index}", headers)
        gone += status != 200 or ground.digest_of(body) != digest
    return gone + len(receipts) - len({index for index, _ in receipts})


def on(name: str, url: str) -> list[Row]:
    """Measure one database."""
    world, port = born(), free_port()
    with tempfile.TemporaryDirectory(prefix="voltrail-bench-") as folder:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("VOLTRAIL_")}
        env = {
            **kept,
            "VOLTRAIL_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "voltrail_server.settings",
        }
        if url:
            env["VOLTRAIL_DATABASE_URL"] = url
        key = Path(folder) / "root.pem"
        key.write_bytes(world.keys[NORDLICHT].pem())
        voltrail = ["-m", "voltrail.cli.main"]
        subprocess.run(
            [
                sys.executable,
                *voltrail,
                "init",
                "--operator",
                NORDLICHT,
                "--origin",
                ORIGIN,
                "--operator-key",
                str(key),
            ],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        made = subprocess.run(
            [sys.executable, "-c", MAKE], env=env, check=True, capture_output=True, text=True
        )
        token = json.loads(made.stdout)
        with running([*voltrail, "serve", "--port", str(port)], port, env):
            seed(port, token, world)
            cookies = [log_in(port, f"p{n:03}") for n in range(READERS)]
            book = measured(port, cookies, token, world)
            gone = lost(port, token, book.receipts)
    return rows(name, book, gone)


def seed(port: int, token: str, world: World) -> None:
    headers = {
        "Host": f"localhost:{port}",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
    }
    goods = (ground.shipment(1_000 + number) for number in range(GOODS))
    acts = sorted((act for one in goods for act in acts_of(world, one)), key=lambda act: act.at)
    for raw in [*ground.groundwork(world), *(act.raw for act in acts)]:
        status, body, _ = ask(port, "/api/v1/statements", headers, raw)
        assert status in (200, 201), body


def rows(name: str, book: Book, gone: int) -> list[Row]:
    empty = EMPTY.every()
    pages, writes = book.every(), book.took.get("write", [])
    bound = p95(empty)
    slowest = max(
        (page for page in book.took if page != "write"), key=lambda page: p95(book.took[page])
    )
    told = f"{p95(empty) * 1_000:.1f} ms p95 empty"
    for line in book.errors[:5]:
        print("  error:", line)
    return [
        Row(
            f"{name}, {len(pages):,} pages, errors",
            "0",
            f"{len(book.errors)}",
            float(len(book.errors)),
            0.5,
            at_most=True,
        ),
        Row(
            f"{name}, {len(writes):,} writes, lost", "0", f"{gone}", float(gone), 0.5, at_most=True
        ),
        Row(
            f"{name}, pages, p95",
            told,
            f"{p95(pages) * 1_000:.0f} ms, median {statistics.median(pages) * 1_000:.0f} ms",
            p95(pages) / bound,
        ),
        Row(
            f"{name}, slowest page {slowest}",
            told,
            f"{p95(book.took[slowest]) * 1_000:.0f} ms p95",
            p95(book.took[slowest]) / bound,
        ),
        Row(f"{name}, write, p95", told, f"{p95(writes) * 1_000:.0f} ms", p95(writes) / bound),
    ]


def main() -> None:
    global EMPTY  # noqa: PLW0603 — the bound of this run
    EMPTY = on_empty()
    found = on("SQLite", "")
    try:
        with ground.own_database() as url:
            found += on("PostgreSQL", url)
    except OSError as error:
        print(f"No PostgreSQL answers, so it is not measured: {error}")
    show(f"200 people read and 20 write for {LASTS_S} s", found)


EMPTY = Book()

if __name__ == "__main__":
    main()
