"""
Claim: bringing in 100,000 rows of stock costs at most three times reading and hashing the file.

The file is read from disk in every turn. Two bounds stand side by side: the bare bytes and their
SHA-256, and the same with the bytes parsed into rows of cells, without which no row can be looked
at. Measured: the preview (encoding, separator, rows, columns told, each cell validated, every row
compared with what is on record), and the whole import besides (table, root, one signed statement,
append and the links of each unit, in SQLite).
"""

import csv
import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ground
import measure
from measure import Row

FULL = os.environ.get("FULL") == "1"
ROWS = 200_000 if FULL else 100_000
ROUNDS = 7 if FULL else 5
PLACES, LOT, DAYS = 40, 400, 28  # places, units of a lot, days: as a fleet's list has them
WANTED = 3.0  # at most this many times the bound


@dataclass(frozen=True, slots=True)
class Bench:
    """The file, and what is on record before it comes."""

    path: Path
    desk: Any
    setting: Any


def stock_file(folder: Path) -> Path:
    lines = [
        f"kestrel,K26-{n:07},pack,L24-{n // LOT},site-{n % PLACES},KP-24,2024-05-{1 + n % DAYS:02}"
        for n in range(ROWS)
    ]
    head = "Maker,Serial number,Level,Lot,Place,Product,In service since"
    path = folder / "stock.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return path


def bare(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def as_rows(path: Path) -> int:
    data = path.read_bytes()
    hashlib.sha256(data).hexdigest()
    return len(list(csv.reader(io.StringIO(data.decode(), newline=""))))


def preview(bench: Bench) -> tuple[Any, Any]:
    from voltrail.actions import bring  # noqa: PLC0415 — after set-up
    from voltrail.readers import rows, sheet, stock  # noqa: PLC0415 — same

    data = bench.path.read_bytes()
    hashlib.sha256(data).hexdigest()
    found = sheet.read(data)
    sources = rows.guess(found, stock.STOCK, bench.setting)
    lines, _, wrong = stock.lines(found, sources, bench.setting)
    compared = bring.compare_stock(lines, bring.stock_on_record(bench.desk))
    assert not wrong
    return lines, compared


def commit(bench: Bench) -> None:
    from voltrail.actions import bring  # noqa: PLC0415 — after set-up

    lines, compared = preview(bench)
    origin = bring.Origin("0" * 64, None, ground.NOW)
    bring.bring_stock(bench.desk, [lines[at] for at in compared.fresh], origin, ground.NOW)


def setting_of(desk: Any) -> Any:  # noqa: ANN401 — kernel values, imported late
    from voltrail.readers.contract import Setting  # noqa: PLC0415 — after set-up

    places = {f"site-{n}": f"urn:voltrail:place:nordlicht:site-{n}" for n in range(PLACES)}
    known = {
        "party": {"kestrel": "urn:voltrail:party:kestrel"},
        "place": places,
        "product": {"kp-24": "urn:voltrail:product:kestrel:KP-24"},
    }
    return Setting(desk.operator, known=known)


def rows_of(claim: str, times: list[tuple[float, float, float]], *, asked: bool) -> list[Row]:
    measured = measure.spread(one[2] for one in times)
    found = []
    for name, at in (("bytes + SHA-256", 0), ("rows + SHA-256", 1)):
        bound = measure.spread(one[at] for one in times)
        ratio = measure.spread(one[2] / one[at] for one in times).middle
        told = f"{name} {bound.text(' ms', 1_000)}"
        wanted = WANTED if asked else 0.0
        shown = measured.text(" ms", 1_000)
        found.append(Row(claim, told, shown, ratio, wanted, at_most=True))
    return found


def timed(bench: Bench, work: Callable[[], object]) -> tuple[float, float, float]:
    return (
        measure.cpu(lambda: bare(bench.path)),
        measure.cpu(lambda: as_rows(bench.path)),
        measure.cpu(work),
    )


def main() -> None:
    with ground.folder() as home:
        ground.django_up(home)
        from voltrail_world.cast import born  # noqa: PLC0415 — after set-up

        path = stock_file(home)
        desk = ground.desk_in(born())
        bench = Bench(path, desk, setting_of(desk))
        timed(bench, lambda: preview(bench))
        first = [timed(bench, lambda: preview(bench)) for _ in range(ROUNDS)]
        whole = []
        for turn in range(3):
            fresh = Bench(path, empty_desk(home, f"round{turn}"), bench.setting)
            whole.append(timed(fresh, lambda fresh=fresh: commit(fresh)))
        again = [timed(fresh, lambda: preview(fresh)) for _ in range(ROUNDS)]
        assert not preview(fresh)[1].fresh
        title = f"6 Import of {ROWS:,} rows, {path.stat().st_size / 1e6:.1f} MB"
        measure.show(
            title,
            [
                *rows_of("(a) preview, nothing on record", first, asked=True),
                *rows_of("(a) preview, all on record", again, asked=True),
                *rows_of("(b) preview and commit, SQLite", whole, asked=True),
            ],
        )


def empty_desk(home: Path, name: str) -> object:
    """An empty desk on a SQLite file of its own."""
    from django.db import connections  # noqa: PLC0415 — after set-up

    from voltrail_world.cast import born  # noqa: PLC0415 — same

    own = {**connections.settings["default"], "NAME": str(home / f"{name}.sqlite3")}
    found = {"default": connections.settings["default"], name: own}
    connections.settings[name] = connections.configure_settings(found)[name]
    ground.migrate(name)
    return ground.desk_in(born(), name)


if __name__ == "__main__":
    main()
