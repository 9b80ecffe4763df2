"""Claim 15: a shipment is compared with the maker's list for little more than reading both."""

import csv
import io
import random
from hashlib import sha256
from pathlib import Path

import ground
import measure
from measure import FULL, Row, spread

from voltrail.projections.reconcile import Lists, reconcile
from voltrail.readers import serials

LISTED, CAME = (1_000_000, 900_000) if FULL else (120_000, 100_000)
LINE = 44  # [bytes] of a row, its LF included
SEED = 20_261_129
STRANGE, TWICE = 5, 3
ROUNDS = 9


def written(folder: Path) -> tuple[Path, Path]:
    """The maker's list in order, and the delivery's in the order of the pallets."""
    every = [f"K26-{number:08}" for number in range(LISTED)]
    draw = random.Random(SEED)
    came = draw.sample(every, CAME - STRANGE - TWICE)
    came += [f"X26-{number:08}" for number in range(STRANGE)] + came[:TWICE]
    draw.shuffle(came)
    paths = folder / "listed.csv", folder / "delivered.csv"
    for path, units in zip(paths, (every, came), strict=True):
        rows = [f"{serial},C{serial[-4:]},2026-11-02,".ljust(LINE - 1, "0") for serial in units]
        path.write_text("\n".join(["serial,cells,made,line", *rows, ""]), encoding="utf-8")
    return paths


def main() -> None:
    with ground.folder() as home:
        paths = written(home)

        def hashed() -> None:
            for path in paths:
                sha256(path.read_bytes()).digest()

        def parted() -> None:
            for path in paths:
                data = path.read_bytes()
                sha256(data).digest()
                list(csv.reader(io.StringIO(data.decode(), newline="")))

        def compared() -> None:
            listed, came = (serials.read(path.read_bytes()) for path in paths)
            found = reconcile(Lists(came.serials, listed.serials, None, CAME, CAME))
            if (len(found.strange), len(found.twice)) != (STRANGE, TWICE):
                raise SystemExit(found)

        claim = f"{CAME:,} serials against {LISTED:,}"
        rows = [
            row(f"{claim} | bytes + SHA-256", measure.pairs(hashed, compared, ROUNDS)),
            row(f"{claim} | rows + SHA-256", measure.pairs(parted, compared, ROUNDS)),
        ]
        measure.show("15  A shipment against the maker's list", rows)


def row(claim: str, pairs: list[tuple[float, float]]) -> Row:
    bound, found = (spread(one[at] for one in pairs).text(" ms", 1e3) for at in (0, 1))
    ratio = spread(slow / fast for fast, slow in pairs).middle
    return Row(claim, bound, found, ratio, 3.0, at_most=True)


if __name__ == "__main__":
    main()
