"""Claim 12: a lot of a million units costs what hashing its bytes costs, a unit twenty hashes."""

import hashlib
import random
from pathlib import Path

import ground
import measure
from measure import FULL, Row

from voltrail import table, tree
from voltrail.audit import unit_proof

UNITS = 1_000_000
LINE = 44  # [bytes] of a row, its LF included
ROUNDS = 7 if FULL else 5
PROOFS, HASHES = 2_000, 20  # [verdicts] in a round; [hash calls] in a path of a million
SEED = 20_261_128
COMPRESSIONS, BLOCK = 3 * UNITS, 64  # one for each leaf, two for each node; [bytes]


def manifest() -> bytes:
    """Serials in order, cells by lot, padded to one length, as makers' exports are."""
    rows = [
        f"K26-{n:08},C{n // 5_000:04},2026-11-{1 + n // 40_000:02},".ljust(LINE - 1, "0")
        for n in range(UNITS)
    ]
    return "\n".join(["serial,cells,made,line", *rows, ""]).encode()


def whole(path: Path, commitment: table.Commitment) -> None:
    """What `voltrail lot check` does with a delivered list."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != commitment.sha256:
        raise AssertionError


def flat(path: Path) -> None:
    hashlib.sha256(path.read_bytes()).hexdigest()


def bulk() -> None:
    hashlib.sha256(bytes(COMPRESSIONS * BLOCK)).digest()


def in_python(rows: bytes) -> None:
    """The way that is taken where no compiler was."""
    kept, tree._tree = tree._tree, None  # noqa: SLF001 — there is no other way to ask for it
    try:
        tree.root(rows)
    finally:
        tree._tree = kept  # noqa: SLF001 — same


def row(claim: str, pairs: list[tuple[float, float]], wanted: float) -> Row:
    bound, found = (measure.spread(one[at] for one in pairs) for at in (0, 1))
    ratio = measure.spread(one[1] / one[0] for one in pairs).middle
    told = (one.text(" ms", 1e3) for one in (bound, found))
    return Row(claim, *told, ratio, wanted, at_most=True)


def verdicts(data: bytes, commitment: table.Commitment) -> Row:
    chance = random.Random(SEED)
    serials = [f"K26-{chance.randrange(UNITS):08}" for _ in range(8)]
    files = [one.to_bytes() for one in unit_proof.prove(data, serials)]
    pair, call = bytes(65), hashlib.sha256

    def hashes() -> None:
        for _ in range(PROOFS * HASHES):
            call(pair).digest()

    proofs = [unit_proof.parse(one) for one in files]

    def verify() -> None:
        for at in range(PROOFS):
            unit_proof.verify(proofs[at % len(proofs)], commitment)

    longest = max(map(len, files))
    print(f"The longest of {len(files)} proofs is a file of {longest} bytes (at most 760).")
    return row(
        f"{PROOFS:,} unit verdicts | {HASHES} hash calls each",
        measure.pairs(hashes, verify, ROUNDS),
        1.3,
    )


def main() -> None:
    with ground.folder() as home:
        data, path = manifest(), home / "units.csv"
        path.write_bytes(data)
        commitment, rows = table.commit(data), data[data.index(b"\n") + 1 :]
        found = [
            row(
                "whole list | SHA-256 of the file",
                measure.pairs(lambda: flat(path), lambda: whole(path, commitment), ROUNDS),
                1.25,
            ),
            row(
                "root, Python | 3,000,000 compressions in bulk",
                measure.pairs(bulk, lambda: in_python(rows), ROUNDS),
                10,
            ),
        ]
        if tree.COMPILED:
            found.append(
                row(
                    "root, compiled | the same",
                    measure.pairs(bulk, lambda: tree.root(rows), ROUNDS),
                    1.5,
                )
            )
        found.append(verdicts(data, commitment))
        measure.show(f"12 A lot of {UNITS:,} units, {len(data) / 1e6:.0f} MB", found)


if __name__ == "__main__":
    main()
