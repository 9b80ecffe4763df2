"""`voltrail exception`: list exceptions on a server or a folder, and ask for one."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voltrail.cli.errands import declare_where, server_of
from voltrail.cli.output import emit, say

_EXAMPLES = """examples:
  voltrail exception list --server https://voltrail.example --token-file token
  voltrail exception ask wanted.json --server https://voltrail.example --token-file token
The file holds control, reason, compensatingControl, validFrom, validUntil, plan, requestedBy,
approvedBy and a scope, as in docs/spec/waiver.md.
"""


def declare(_word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, CO-07; our choice: ADR 0013.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("verb", choices=["list", "ask"])
    parser.add_argument("file", nargs="?", help="what is asked for, JSON")
    declare_where(parser)
    parser.add_argument("--out", help="with --folder: where the draft to sign is written")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=exception)


def exception(arguments: argparse.Namespace) -> int:
    """
    List exceptions, or ask for one.

    Args:
        arguments: verb, file, folder or server, out, json

    Returns:
        0.

    Raises:
        ProductError: what it was refused with.
        FileNotFoundError: there is no such file.

    Source: mission, CO-07.
    """
    if arguments.verb == "ask":
        return _ask(arguments)
    server = server_of(arguments)
    found = server.waivers() if server else _listed(arguments.folder)
    if arguments.json:
        emit({"exceptions": found})
        return 0
    for one in found:
        say(f"#{one['index']} {one['number']} {one['control']} {one['state']}, {_span(one)}")
        say(f"  {one['reason']}")
    say("" if found else "No exception is on record.")
    return 0


def _ask(arguments: argparse.Namespace) -> int:
    raw, server = Path(arguments.file or "").read_bytes(), server_of(arguments)
    found = server.ask_waiver(raw) if server else _asked(arguments, raw)
    if arguments.json:
        emit(found)
        return 0
    say(f"Frozen: {found['affected']} arrivals in scope, {found['released']} would be released.")
    if server:
        say(f"Draft {found['draft']} waits for both approvers.")
    else:
        say(f"Next: both approvers sign {found['draft']}, then hand it in.")
    return 0


def _listed(folder: str) -> list[dict[str, Any]]:
    from voltrail.actions.waived import waivers  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.statements.fields import write  # noqa: PLC0415

    found = waivers(open_desk(Path(folder)), datetime.now(UTC))
    return [
        {"index": one.waiver.entry.index, "state": one.state, **write(one.waiver.fact)}
        for one in found
    ]


def _asked(arguments: argparse.Namespace, raw: bytes) -> dict[str, Any]:
    from voltrail.actions.waiver import ask, read  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    made = ask(open_desk(Path(arguments.folder)), read(raw), datetime.now(UTC))
    out = Path(arguments.out or "exception.json")
    out.write_bytes(made.payload)
    released = sum(one.granted == "release" for one in made.snapshot.affected)
    affected = len(made.snapshot.affected) + made.snapshot.more
    return {
        "draft": str(out),
        "snapshot": made.digest,
        "affected": affected,
        "released": released,
    }


def _span(one: dict[str, Any]) -> str:
    return f"{one['validFrom']} to {one['validUntil']}"
