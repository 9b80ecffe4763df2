"""Claim 4: a page of the list of arrivals costs the same over 1,000 and over 100,000 arrivals."""

import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ground
import measure
from measure import Row

from voltrail.projections.store import ArrivalRow

SIZES = (1_000, 100_000)
TURNS = 50 if measure.FULL else 15
SEED = 20_261_102
TIME_LIMIT = 1.25  # times the cost over the small table
DISPOSITIONS = ("release",) * 60 + ("quarantine",) * 25 + ("reject",) * 14 + ("isolate",)
PLACES = ("hall-7",) * 60 + ("substation-eider",) * 30 + ("office-kai",) * 10
PAGES = {
    "newest first": {},
    "released": {"disposition": "release"},
    "one place": {"place": "urn:voltrail:place:nordlicht:hall-7"},
    "number begins with": {"text": "nordlicht:A0"},
    "rare and place (never both)": {
        "disposition": "isolate",
        "place": "urn:voltrail:place:nordlicht:office-kai",
    },
}


def arrivals(first: int, last: int) -> list[ArrivalRow]:
    """Rows by the fixed seed; what is isolated never stands in the office."""
    chance = random.Random(SEED + first)
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    return [_row(number, chance, begins) for number in range(first, last)]


def _row(number: int, chance: random.Random, begins: datetime) -> ArrivalRow:
    disposition, place = chance.choice(DISPOSITIONS), chance.choice(PLACES)
    received = begins + timedelta(seconds=chance.randrange(25_000_000))
    return ArrivalRow(
        arrival=f"urn:voltrail:arrival:nordlicht:A{number:06d}",
        order=f"urn:voltrail:order:nordlicht:PO-{number // 3}",
        lot=f"urn:voltrail:lot:kestrel:L{number // 4}",
        place=f"urn:voltrail:place:nordlicht:{'hall-7' if disposition == 'isolate' else place}",
        product="urn:voltrail:product:kestrel:KR-48",
        seller=f"urn:voltrail:party:seller-{number % 40}",
        maker="urn:voltrail:party:kestrel",
        tier=1 + number % 3,
        quantity=16,
        received_at=f"{received:%Y-%m-%dT%H:%M:%SZ}",
        disposition=disposition,
        sentence="Every control holds.",
        layers="supplier=proven,channel=proven,provenance=proven,custody=proven",
        assurance="signed",
        decided=number,
    )


def steps(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Return how many steps SQLite's machine took: what a query touches, whatever the clock."""
    taken = [0]

    def tick() -> int:
        taken[0] += 1
        return 0

    connection.set_progress_handler(tick, 1)
    try:
        work()
    finally:
        connection.set_progress_handler(None, 1)
    return taken[0]


def looked_at(client: Any) -> dict[str, tuple[int, int, float, str]]:  # noqa: ANN401 — Django's
    """Return, for each page: its queries, SQLite's steps, its CPU time, the plan's words."""
    from django.db import connection  # noqa: PLC0415 — after set-up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 — same

    from voltrail_server.reading import arrivals as reading  # noqa: PLC0415 — same

    found = {}
    for name, query in PAGES.items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/arrivals/", query)
        queries = list(asked.captured_queries)  # the next request forgets them
        if answer.status_code != 200:
            raise AssertionError(answer.status_code)
        wanted = reading.read_filter(query)
        taken = steps(connection.connection, lambda wanted=wanted: reading.listing(wanted))
        times = [
            measure.cpu(lambda query=query: client.get("/arrivals/", query)) for _ in range(TURNS)
        ]
        listed = [
            one["sql"] for one in queries if "ORDER BY" in one["sql"] and "arrivalrow" in one["sql"]
        ]
        plan = " ; ".join(_plan(sql) for sql in listed)
        found[name] = len(queries), taken, measure.spread(times).middle, plan
    return found


def _plan(sql: str) -> str:
    from django.db import connection  # noqa: PLC0415 — after set-up

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
        return " ; ".join(str(line[3]) for line in cursor.fetchall())


def measured(home: Path) -> list[Row]:
    from django.test import Client  # noqa: PLC0415 — after set-up

    from voltrail_server import wiring  # noqa: PLC0415 — same
    from voltrail_server.records.views import DjangoViews  # noqa: PLC0415 — same

    identity = wiring.Identity(ground.story.NORDLICHT, "bench")
    wiring.initialise(home, identity, None, ground.NOW)
    client = Client()
    client.force_login(ground.somebody("quality"))
    seen, before = [], 0
    for size in SIZES:
        DjangoViews().put_rows(arrivals(before, size))
        before = size
        seen.append(looked_at(client))
    return [row for name in PAGES for row in compared(name, seen[0][name], seen[1][name])]


def compared(
    name: str, few: tuple[int, int, float, str], many: tuple[int, int, float, str]
) -> list[Row]:
    print(f"{name}: {many[3]}")
    words = (
        ("queries", 0, 1.0),
        ("SQLite steps", 1, TIME_LIMIT),
        ("CPU, whole page", 2, TIME_LIMIT),
    )
    return [
        Row(
            f"list, {name}, {what}",
            _said(few[at]),
            _said(many[at]),
            many[at] / few[at],
            limit,
            at_most=True,
        )
        for what, at, limit in words
    ]


def _said(value: float) -> str:
    return f"{value * 1e3:.2f} ms" if isinstance(value, float) else f"{value:,}"


if __name__ == "__main__":
    with ground.folder() as home:
        ground.django_up(home)
        measure.show("4  A page over 1,000 (bound) and 100,000 arrivals", measured(home))
