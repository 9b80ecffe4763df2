"""Claim 17: a recall costs what its answer costs: a lot to each rack it is in, and their sites."""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ground
import measure
from measure import Row

from voltrail.ids.subject import LotId, PlaceId, UnitId
from voltrail.projections.store import Reached, ReachRow, StayRow

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # databases as the tests make them
SIZES = (1_000_000, 10_000_000) if measure.FULL else (100_000, 1_000_000)  # [units]
LOT, MODULE, PACK, RACK = 8_000, 16, 16, 10  # cells of a lot, cells, modules, packs
PER_RACK = MODULE * PACK * RACK  # [cells]
UNITS_PER_RACK = PER_RACK + PACK * RACK + RACK + 1
MIXED = 0.01  # of the cells are of another lot than their neighbours
RACKS_PER_SITE = 8
ASKED, ROUNDS = 40, 9  # [lots] in a round
CHUNK = 200  # [lots] or racks written at once
SEED = 20261128
TABLES = ("records_reach", "records_reach_back", "records_stay", "records_stay_back")
NAMES = ("records_reachname", "sqlite_autoindex_records_reachname_1")


def lot(number: int) -> str:
    return str(LotId.of("kestrel", f"KC-{number:06}"))


def rack(number: int) -> str:
    return str(UnitId.of("kestrel", f"RACK-{number:06}"))


def sums(units: int) -> tuple[dict[int, dict[int, int]], int]:
    """Count the cells of each lot in each rack, as the projection does link by link."""
    racks = units // UNITS_PER_RACK
    cells, draw = racks * PER_RACK, random.Random(SEED)
    lots = -(-cells // LOT)
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for start in range(0, cells, LOT):
        for first in range(start, min(start + LOT, cells)):
            found[first // LOT][first // PER_RACK] += 1
    for _ in range(int(cells * MIXED)):
        at, other = draw.randrange(cells), draw.randrange(lots)
        here = found[at // LOT]
        if here[at // PER_RACK] > 1:
            here[at // PER_RACK] -= 1
            found[other][at // PER_RACK] += 1
    return found, racks


def fill(views: Any, units: int) -> int:  # noqa: ANN401 — a view store
    """Write reach and stays through the store; return how many rows of reach there are."""
    found, racks = sums(units)
    many = 0
    for number, inside in found.items():
        rows = [ReachRow(lot(number), rack(at), count, 0) for at, count in inside.items() if count]
        views.add_reach(rows)
        many += len(rows)
    for first in range(0, racks, CHUNK):
        listed = range(first, min(first + CHUNK, racks))
        views.put_stays({rack(one): [stay(one)] for one in listed})
    return many


def stay(number: int) -> StayRow:
    site = str(PlaceId.of("nordlicht", f"site-{number // RACKS_PER_SITE:05}"))
    return StayRow(rack(number), "2026-11-02T08:00:00Z", site, number)


def beside(alias: str, units: int) -> None:
    """Write a row for each unit, and the answer's rows in a flat table, for the bounds."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    racks = units // UNITS_PER_RACK
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_unit (id bigint PRIMARY KEY, parent bigint, lot bigint)")
        cursor.execute("CREATE INDEX bench_parent ON bench_unit (parent)")
        cursor.execute("CREATE INDEX bench_lot ON bench_unit (lot)")
        cursor.execute(
            "CREATE TABLE bench_answer "
            "(id bigint PRIMARY KEY, asset text, definite bigint, possible bigint,"
            " since text, place text, entry bigint)"
        )
        cursor.executemany("INSERT INTO bench_unit VALUES (%s, %s, %s)", rows_of_units(racks))
        told = [
            (one, at.asset, 1, 0, at.since, at.place, at.entry)
            for one, at in ((one, stay(one)) for one in range(racks))
        ]
        marks = ", ".join(["%s"] * 7)
        cursor.executemany(f"INSERT INTO bench_answer VALUES ({marks})", told)


def rows_of_units(racks: int) -> Iterator[tuple[int, int, int]]:
    base = {"module": 1 << 40, "pack": 1 << 41, "rack": 1 << 42}
    for at in range(racks):
        yield base["rack"] + at, 0, 0
        for pack in range(at * RACK, (at + 1) * RACK):
            yield base["pack"] + pack, base["rack"] + at, 0
            for module in range(pack * PACK, (pack + 1) * PACK):
                yield base["module"] + module, base["pack"] + pack, 0
                for cell in range(module * MODULE, (module + 1) * MODULE):
                    yield cell, base["module"] + module, cell // LOT + 1


def answers(views: Any, asked: list[int]) -> list[list[Reached]]:  # noqa: ANN401 — a view store
    """Return, for each lot, each rack it is in, how many cells, and where: what a recall asks."""
    return [views.reached(lot(number)) for number in asked]


def by_key(alias: str, keys: list[list[int]]) -> list[list[Reached]]:
    """Return the same rows, their keys known before."""
    from voltrail_server.records import sql  # noqa: PLC0415 — after set-up

    query = (
        "SELECT asset, definite, possible, since, place, entry FROM bench_answer WHERE id IN ({})"
    )
    return [[Reached(*row) for row in sql.among(alias, query, one)] for one in keys]


def steps(alias: str, work: Any) -> int:  # noqa: ANN401 — any call
    """Return how many steps SQLite's machine takes, counted one by one."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    connections[alias].ensure_connection()
    raw = connections[alias].connection
    raw.set_progress_handler(step, 1)
    work()
    raw.set_progress_handler(None, 1)
    return count


def pages(alias: str, work: Any) -> int:  # noqa: ANN401 — any call
    """Return how many pages PostgreSQL touches, as it counts them itself."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    count = 0

    def told(execute: Any, query: str, given: Any, many: bool, context: Any) -> Any:  # noqa: ANN401, FBT001 — Django's
        nonlocal count
        execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", given, many, context)
        plan = context["cursor"].fetchone()[0][0]["Plan"]
        count += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(query, given, many, context)

    with connections[alias].execute_wrapper(told):
        work()
    return count


def tidied(alias: str) -> None:
    """Let PostgreSQL count its rows, as it does by itself after a while."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    with connections[alias].cursor() as cursor:
        cursor.execute("ANALYZE")


def size_of(alias: str, names: tuple[str, ...]) -> int:
    """Return how many bytes some tables and indexes take."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            tables = [one for one in names if "_back" not in one and "auto" not in one]
            cursor.execute(
                "SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s::text[]) t",
                [[one for one in tables if one.startswith(("records", "bench_unit"))]],
            )
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({marks})", names)
        return int(cursor.fetchone()[0] or 0)


def measured(alias: str, word: str, units: int) -> tuple[list[Row], float]:
    """Return the rows of one size, and the steps or pages for each row of the answer."""
    from django.db import transaction  # noqa: PLC0415 — after set-up

    from voltrail_server.records.views import DjangoViews  # noqa: PLC0415 — same

    views = DjangoViews(alias)
    with transaction.atomic(using=alias):
        many = fill(views, units)
        beside(alias, units)
    tidied(alias)
    draw = random.Random(SEED + 1)
    whole = max(1, units // UNITS_PER_RACK * PER_RACK // LOT)
    asked = [draw.randrange(whole) for _ in range(ASKED)]
    keys = [[one.entry for one in found] for found in answers(views, asked)]
    same = [{one.place for one in found} for found in answers(views, asked)]
    if same != [{one.place for one in found} for found in by_key(alias, keys)]:
        raise AssertionError(units)
    times = measure.pairs(lambda: by_key(alias, keys), lambda: answers(views, asked), ROUNDS)
    rows, count = sum(map(len, keys)), steps if word == "SQLite" else pages
    told = count(alias, lambda: answers(views, asked)) / rows
    index = size_of(alias, TABLES + NAMES)
    per_unit = size_of(
        alias, ("bench_unit", "sqlite_autoindex_bench_unit_1", "bench_parent", "bench_lot")
    )
    print(f"{word}, {units:,} units: {many:,} rows of reach, {rows / ASKED:.1f} rows an answer")
    return [
        Row(
            f"{word}, {units:,} units: lot to racks and sites",
            measure.spread(fast / ASKED for fast, _ in times).text(" ms", 1_000),
            measure.spread(slow / ASKED for _, slow in times).text(" ms", 1_000),
            measure.spread(slow / fast for fast, slow in times).middle,
            1.5,
            at_most=True,
        ),
        Row(
            f"{word}, {units:,} units: bytes of the index",
            f"{per_unit:,}",
            f"{index:,}",
            index / per_unit,
            1 / 50,
            at_most=True,
        ),
    ], told


def on(word: str, url: str) -> list[Row]:
    """Return the rows of both sizes on one kind of database, each in a database of its own."""
    from stores.support import add_database, drop_alias  # noqa: PLC0415 — the tests' own

    rows, per_row = [], []
    for units in SIZES:
        alias = f"reach_{units}"
        add_database(alias, url.format(units=units))
        ground.migrate(alias)
        found, told = measured(alias, word, units)
        rows += found
        per_row.append(told)
        if word != "SQLite":
            ground_clear(alias)
        drop_alias(alias)
    small, large = per_row
    counted = "steps" if word == "SQLite" else "pages"
    said = f"{word}: {counted} for each row of the answer, both sizes"
    rows.append(Row(said, f"{small:.2f}", f"{large:.2f}", large / small, 1.1, at_most=True))
    return rows


def ground_clear(alias: str) -> None:
    """Empty the tables, so that the next size begins with none."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    with connections[alias].cursor() as cursor:
        cursor.execute("DROP TABLE bench_unit, bench_answer")
        cursor.execute("TRUNCATE records_reach, records_stay, records_reachname")


def main() -> None:
    with ground.folder() as home:
        ground.django_up(home)
        rows = on("SQLite", f"sqlite:///{home}/reach-{{units}}.sqlite3")
        try:
            with ground.own_database() as url:
                rows += on("PostgreSQL", url)
        except OSError:
            print("PostgreSQL does not answer; only SQLite was measured.")
        measure.show("17  Reach: a recall against reading its answer by key", rows)


if __name__ == "__main__":
    main()
