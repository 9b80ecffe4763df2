"""`voltrail accept` and `voltrail into-service`: begin the record that two people sign."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voltrail.cli.errands import declare_where, next_of, server_of
from voltrail.cli.output import emit, say

_EXAMPLES = """examples:
  voltrail accept urn:voltrail:arrival:nordlicht:2026-101 --folder reg \\
    --by urn:voltrail:person:p-runa --by urn:voltrail:person:p-meret
  voltrail into-service urn:voltrail:arrival:nordlicht:2026-101 --by … --by … \\
    --unit urn:voltrail:unit:kestrel:S1 --server https://voltrail.example --token-file token
Both sign: voltrail sign on a folder, voltrail sign-draft on a server. Nothing stands before.
"""


def declare(word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        word: accept or into-service
        parser: of this word

    Source: mission, OQ-01; our choice: ADR 0013.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("arrival", help="urn:voltrail:arrival:<you>:<number>")
    parser.add_argument(
        "--by", action="append", required=True, help="urn:voltrail:person:<who>; name two"
    )
    if word == "into-service":
        parser.add_argument(
            "--unit", action="append", required=True, help="urn:voltrail:unit:<maker>:<serial>"
        )
    parser.add_argument("--note", help="one sentence that both sign")
    declare_where(parser)
    parser.add_argument("--out", default="acceptance.json", help="with --folder: the draft")
    parser.add_argument("--json", action="store_true")
    verb = "accept" if word == "accept" else "install"
    parser.set_defaults(run=ask, verb=verb, unit=[])


def ask(arguments: argparse.Namespace) -> int:
    """
    Begin the draft with which two persons accept goods or put units into service.

    Args:
        arguments: arrival, by, unit, note, folder or server, out, json

    Returns:
        0.

    Raises:
        ProductError: what it was refused with: goods that are not released, one person twice.

    Source: mission, OQ-01; ADR 0025.
    """
    raw, server = _wanted(arguments), server_of(arguments)
    found = server.ask_acceptance(raw) if server else _on_folder(arguments, raw)
    if arguments.json:
        emit(found)
        return 0
    if server:
        say(f"Draft {found['draft']} waits for both. {found['purpose']}")
    else:
        say(f"The record for both is in {found['draft']}.")
    say(next_of(found["draft"], on_server=server is not None))
    return 0


def _wanted(arguments: argparse.Namespace) -> bytes:
    given: dict[str, Any] = {
        "verb": arguments.verb,
        "arrival": arguments.arrival,
        "acceptedBy": arguments.by,
        "units": arguments.unit,
    }
    if arguments.note:
        given["note"] = arguments.note
    return json.dumps(given).encode()


def _on_folder(arguments: argparse.Namespace, raw: bytes) -> dict[str, Any]:
    from voltrail.actions import acceptance  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    desk = open_desk(Path(arguments.folder))
    payload = acceptance.ask(desk, acceptance.read(raw), datetime.now(UTC))
    Path(arguments.out).write_bytes(payload)
    return {"draft": arguments.out}
