"""
`voltrail lot`: a list of units under one signature, and what each single unit can show of it.

    seal          list of units + key            → signed lot record
    check         delivered list + lot record    → is it the list the maker signed
    prove         list + serial                  → a small file for one unit
    verify-unit   that file + lot record         → which unit it proves
"""

import argparse
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.keys import KEY_HELP, declare_secrets, opened
from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, RefusedError

if TYPE_CHECKING:
    from voltrail.statements.lot import LotRecord
    from voltrail.table import Commitment

_SUFFIX = ".unit-proof"


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: design, section 7, committed table.
    """
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("seal", help="sign a lot record that commits to a list of units")
    one.add_argument("given", nargs="*", metavar="NAME=VALUE", help="more fields, as in draft lot")
    one.add_argument(
        "--manifest", required=True, help="the list: a header line, one unit to a line"
    )
    one.add_argument("--lot", required=True, help="urn:voltrail:lot:<maker>:<number>")
    one.add_argument("--product", required=True, help="urn:voltrail:product:<maker>:<model>")
    one.add_argument(
        "--key", required=True, action="append", help=f"{KEY_HELP}; repeat for two schemes"
    )
    one.add_argument("--issuer", help="who signs; the maker of the lot where absent")
    declare_secrets(one)
    one.add_argument("--out", required=True, help="where the signed lot record goes")
    one.set_defaults(run=seal)
    one = verbs.add_parser("check", help="check a delivered list against its lot record")
    _declare_record(one)
    one.add_argument("--manifest", required=True)
    one.add_argument("--tree", action="store_true", help="compute the root over all lines as well")
    one.set_defaults(run=check)
    one = verbs.add_parser("prove", help="write the proof of single units")
    one.add_argument("--manifest", required=True)
    one.add_argument("--serial", required=True, action="append", help="repeat for more units")
    one.add_argument("--out", required=True, help="a file; for more than one unit a folder")
    one.set_defaults(run=prove)
    one = verbs.add_parser("verify-unit", help="check one unit's proof, offline")
    _declare_record(one)
    one.add_argument("--proof", required=True)
    one.add_argument("--serial", help="refuse where the proof is of another unit")
    one.set_defaults(run=verify_unit)


def _declare_record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("record", metavar="LOT", help="the signed lot record")
    pinned = parser.add_mutually_exclusive_group(required=True)
    pinned.add_argument(
        "--key",
        action="append",
        help="the maker's public half, a .pub file; repeat for two schemes",
    )
    pinned.add_argument("--trust", help="anchors.json, the pinned trust")
    parser.add_argument("--json", action="store_true")


def seal(arguments: argparse.Namespace) -> int:
    """
    Sign a lot record that commits to a list of units.

    Args:
        arguments: given, manifest, lot, product, key, issuer, passphrase_file, pin_file, out

    Returns:
        0.

    Raises:
        MalformedError: the list is no table, lists a serial twice, or a field has another form.

    Source: design, section 7, committed table.
    """
    from voltrail import table  # noqa: PLC0415 — only when needed
    from voltrail.cli.drafts import pairs, stamped  # noqa: PLC0415
    from voltrail.ids.subject import LotId, PartyId  # noqa: PLC0415
    from voltrail.statements import kinds, statement  # noqa: PLC0415
    from voltrail.trust.signer import sealed  # noqa: PLC0415

    data = Path(arguments.manifest).read_bytes()
    commitment = table.commit(data)
    _need_each_once(data, commitment)
    lot = LotId.read(arguments.lot)
    predicate = {
        "header": stamped(arguments.issuer or str(PartyId.of(lot.parts[0]))),
        "lot": str(lot),
        "product": arguments.product,
        "quantity": commitment.rows,
        "unitTree": commitment.to_json(),
        **pairs("lot", arguments.given),
    }
    payload = statement.draft(kinds.uri("lot"), predicate, (lot,))
    statement.parse(payload)
    made = sealed(payload, *opened(arguments.key, arguments))
    Path(arguments.out).write_bytes(made.raw + b"\n")
    say(f"{commitment.rows:,} units of {lot.key} in one signed record: {made.digest}")
    say(f"Send {arguments.out} and {arguments.manifest} together, the list unchanged to the byte.")
    return 0


def check(arguments: argparse.Namespace) -> int:
    """
    Check that a delivered list is the one a maker signed.

    Args:
        arguments: record, key or trust, manifest, tree, json

    Returns:
        0 where it is.

    Raises:
        RefusedError: it is another list, or the record commits to none.

    Source: design, section 7, committed table.
    """
    from voltrail import table  # noqa: PLC0415 — only when needed

    record, commitment = read_record(arguments)
    path = Path(arguments.manifest)
    if arguments.tree:
        table.check(path.read_bytes(), commitment)
    else:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != commitment.sha256:
            raise RefusedError(
                "The list is not the one that the maker signed.",
                hint="Ask the maker for the file with the signed digest; do not save it anew.",
            )
    if arguments.json:
        emit({"lot": str(record.lot), "units": commitment.rows, "sha256": commitment.sha256})
        return 0
    say(f"{path.name} is the list that {record.lot.parts[0]} signed for {record.lot.key}.")
    say(f"{commitment.rows:,} units. The signature says who listed them, not that they are here.")
    return 0


def prove(arguments: argparse.Namespace) -> int:
    """
    Write the proof of single units.

    Args:
        arguments: manifest, serial, out

    Returns:
        0.

    Raises:
        RefusedError: the list has no such unit, or has it twice.

    Source: RFC 6962 section 2.1.1.
    """
    from voltrail.audit import unit_proof  # noqa: PLC0415 — only when needed

    data, out = Path(arguments.manifest).read_bytes(), Path(arguments.out)
    many = len(arguments.serial) > 1
    if many:
        out.mkdir(parents=True, exist_ok=True)
    for serial, proof in zip(
        arguments.serial, unit_proof.prove(data, arguments.serial), strict=True
    ):
        path = out / f"{serial}{_SUFFIX}" if many else out
        written = proof.to_bytes()
        path.write_bytes(written)
        say(f"{serial}: line {proof.index + 1:,} of the list, {len(written)} bytes in {path}.")
    return 0


def verify_unit(arguments: argparse.Namespace) -> int:
    """
    Check one unit's proof against the signed lot record, offline.

    Args:
        arguments: record, key or trust, proof, serial, json

    Returns:
        0 where it holds.

    Raises:
        RefusedError: it does not, or it is the proof of another unit.

    Source: RFC 9162 section 2.1.3.2.
    """
    from voltrail.audit import unit_proof  # noqa: PLC0415 — only when needed

    record, commitment = read_record(arguments)
    proof = unit_proof.parse(Path(arguments.proof).read_bytes())
    serial = unit_proof.verify(proof, commitment)
    if arguments.serial and arguments.serial != serial:
        raise RefusedError(
            f"The proof is of unit {serial}, not of {arguments.serial}.",
            hint="Ask for the proof of the unit in your hand.",
        )
    if arguments.json:
        emit({"lot": str(record.lot), "serial": serial, "line": proof.index + 1})
        return 0
    say(f"{record.lot.parts[0]} listed unit {serial} in {record.lot.key}.")
    say("It says that the maker listed it, not that the thing in your hand is that unit.")
    return 0


def read_record(arguments: argparse.Namespace) -> "tuple[LotRecord, Commitment]":
    """
    Return the verified lot record and what it commits to.

    Args:
        arguments: record, key or trust

    Returns:
        The record, signed by the maker of its lot, and the commitment.

    Raises:
        RefusedError: another signed it, or it commits to no list.
        MalformedError: it is no lot record.

    Source: design, section 7, committed table.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 — only when needed

    from voltrail.ids.subject import PartyId  # noqa: PLC0415
    from voltrail.statements import envelope  # noqa: PLC0415
    from voltrail.statements.lot import LotRecord  # noqa: PLC0415
    from voltrail.trust import anchors  # noqa: PLC0415
    from voltrail.trust.verify import verify  # noqa: PLC0415

    given = envelope.parse(Path(arguments.record).read_bytes())
    if arguments.key:
        pinned = anchors.of_public_halves([Path(path).read_bytes() for path in arguments.key])
    else:
        pinned = anchors.parse(Path(arguments.trust).read_bytes())[0]
    found = verify(given, pinned, datetime.now(UTC)).statement
    fact = found.fact
    if not isinstance(fact, LotRecord):
        raise MalformedError("This statement is no lot record.", hint="Name the lot record.")
    if found.header.issuer != PartyId.of(fact.lot.parts[0]):
        raise RefusedError(
            f"{found.header.issuer.key} signed it, which is not the maker of {fact.lot.key}.",
            hint="Ask the maker for its own record.",
        )
    if fact.unit_tree is None:
        raise RefusedError(
            "The lot record commits to no list of units.",
            hint="Ask the maker to seal one: voltrail lot seal.",
        )
    return fact, fact.unit_tree


def _need_each_once(data: bytes, commitment: "Commitment") -> None:
    from voltrail import table  # noqa: PLC0415 — only when needed
    from voltrail.statements.lot import serial_column  # noqa: PLC0415

    at = serial_column(commitment.columns)
    seen = set[bytes]()
    for number, line in enumerate(table.rows(data), 2):
        cells = line.split(b",", at + 1)
        serial = cells[at] if at < len(cells) else b""
        if not serial or serial in seen:
            what = "names no unit" if not serial else f"lists {serial.decode()} again"
            raise MalformedError(f"Line {number:,} {what}.", hint="List each unit once.")
        seen.add(serial)
