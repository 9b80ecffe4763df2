"""One unit is proven by its line, its place and twenty hashes, and by nothing less."""

import random

import cbor2
import pytest

from voltrail import table
from voltrail.audit import unit_proof
from voltrail.errors import MalformedError, ProductError, RefusedError
from voltrail.table import Commitment

SEED = 20_261_128


def listed(count: int) -> bytes:
    lines = [f"C{number // 7},K{number:06}" for number in range(count)]
    return "\n".join(["cells,serial", *lines, ""]).encode()


def one(data: bytes, serial: str) -> unit_proof.UnitProof:
    return next(unit_proof.prove(data, [serial]))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 100, 1_000])
def test_every_unit_of_a_list_is_proven(count: int) -> None:
    data = listed(count)
    commitment = table.commit(data)
    chance = random.Random(SEED)
    numbers = {0, count - 1, *(chance.randrange(count) for _ in range(20))}
    serials = [f"K{number:06}" for number in sorted(numbers)]
    for serial, proof in zip(serials, unit_proof.prove(data, serials), strict=True):
        read = unit_proof.parse(proof.to_bytes())
        assert unit_proof.verify(read, commitment) == serial


def test_a_proof_in_a_million_fits_in_760_bytes() -> None:
    line = b"K26-00777777,C0155,2026-11-01,KP-24,A,20,3.2,0.5,north"
    assert len(line) == 54
    proof = unit_proof.UnitProof("ab" * 32, 777_777, line, (bytes(32),) * 20)
    assert len(proof.to_bytes()) <= 760


def test_any_other_bit_is_refused() -> None:
    data = listed(300)
    commitment, chance = table.commit(data), random.Random(SEED)
    written = one(data, "K000123").to_bytes()
    for _ in range(600):
        at, bit = chance.randrange(len(written)), 1 << chance.randrange(8)
        broken = bytearray(written)
        broken[at] ^= bit
        with pytest.raises(ProductError):
            unit_proof.verify(unit_proof.parse(bytes(broken)), commitment)


def test_a_proof_of_another_list_is_refused() -> None:
    proof = one(listed(50), "K000007")
    with pytest.raises(RefusedError, match="another list"):
        unit_proof.verify(proof, table.commit(listed(51)))


def test_a_place_outside_the_list_is_refused() -> None:
    data = listed(8)
    proof = one(data, "K000007")
    moved = unit_proof.UnitProof(proof.sha256, 8, proof.line, proof.path)
    with pytest.raises(MalformedError):
        unit_proof.verify(moved, table.commit(data))


@pytest.mark.parametrize("path", [0, 2, 4], ids=["none", "too few", "too many"])
def test_a_path_of_another_length_is_refused(path: int) -> None:
    data = listed(8)
    proof = one(data, "K000003")
    longer = (proof.path * 2)[:path]
    with pytest.raises(RefusedError):
        unit_proof.verify(
            unit_proof.UnitProof(proof.sha256, proof.index, proof.line, longer), table.commit(data)
        )


def test_a_unit_that_is_not_listed_has_no_proof() -> None:
    with pytest.raises(RefusedError, match="no unit K9"):
        one(listed(8), "K9")


def test_a_serial_that_stands_in_another_column_only_is_no_unit() -> None:
    with pytest.raises(RefusedError, match="no unit C0"):
        one(listed(8), "C0")


def test_a_serial_listed_twice_has_no_proof() -> None:
    data = listed(4) + b"C9,K000001\n"
    with pytest.raises(RefusedError, match="2 times"):
        one(data, "K000001")


def test_without_a_column_of_that_name_the_first_one_holds_serials() -> None:
    data = b"unit,cells\nA1,C1\nA2,C1\n"
    assert unit_proof.verify(one(data, "A2"), table.commit(data)) == "A2"


GOOD = ["voltrail-unit-1", bytes(32), 3, b"C0,K000003", bytes(64)]


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"\xff",
        b"not cbor at all",
        cbor2.dumps({"a": 1}),
        cbor2.dumps(GOOD[:4]),
        cbor2.dumps([*GOOD, 1]),
        cbor2.dumps(["voltrail-unit-2", *GOOD[1:]]),
        cbor2.dumps([GOOD[0], bytes(31), *GOOD[2:]]),
        cbor2.dumps([*GOOD[:4], bytes(33)]),
        cbor2.dumps([*GOOD[:4], bytes(32 * 65)]),
        cbor2.dumps([*GOOD[:2], -1, *GOOD[3:]]),
        cbor2.dumps([*GOOD[:2], 2**53, *GOOD[3:]]),
        cbor2.dumps([*GOOD[:2], True, *GOOD[3:]]),
        cbor2.dumps(GOOD) + b"\x00",
        b"\x9f" + cbor2.dumps(GOOD)[1:] + b"\xff",
        b"\x9f" * 40_000,
        bytes(70_000),
    ],
    ids=lambda found: found[:12].hex() or "empty",
)
def test_what_is_no_proof_is_malformed(found: bytes) -> None:
    with pytest.raises(MalformedError):
        unit_proof.parse(found)


def test_a_line_with_fewer_cells_names_no_unit() -> None:
    commitment = Commitment(("cells", "serial"), 1, "ab" * 32, "cd" * 32)
    with pytest.raises(MalformedError, match="names no unit"):
        unit_proof.serial_of(b"alone", commitment)
