"""`voltrail trace`: what a unit or a lot was made of, where it went, and what nobody says."""

import argparse
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from voltrail.cli.errands import declare_where, server_of
from voltrail.cli.output import emit, say

_EXAMPLES = """examples:
  voltrail trace urn:voltrail:unit:kestrel:S900015 --folder reg
  voltrail trace urn:voltrail:lot:kestrel:KC-2611-A --server https://voltrail.example \\
    --token-file token --json
0: every link is stated. 1: something is a gap.
"""
_FEW = 12  # of what is alike, one by one; the rest is counted


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, PV-04.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("subject", help="a unit or a lot, by its whole URN")
    declare_where(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Trace a subject both ways.

    Args:
        arguments: subject, folder or server, token_file, json

    Returns:
        0 where every link is stated, 1 where something is a gap.

    Raises:
        ProductError: nobody spoke of it, or the question could not be answered.

    Source: mission, PV-04; ADR 0049.
    """
    server = server_of(arguments)
    if server is None:
        found = _of_folder(Path(arguments.folder), arguments.subject)
    else:
        from voltrail.cli.answers import read  # noqa: PLC0415 — only when needed

        found = read(server.send("GET", f"/trace?about={quote(arguments.subject, safe='')}"))
    gaps = len(found["origins"]["gaps"]) + len(found["reach"]["gaps"])
    if arguments.json:
        emit(found)
    else:
        _tell("What it was made of", found["origins"])
        _tell("Where it went", found["reach"])
        say(f"{gaps} gaps: ask for what is missing." if gaps else "Every link is stated.")
    return 1 if gaps else 0


def _of_folder(folder: Path, which: str) -> dict[str, Any]:
    from msgspec import to_builtins  # noqa: PLC0415 — only when needed

    from voltrail.actions.trace import trace  # noqa: PLC0415
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.ids.subject import parse  # noqa: PLC0415

    found = to_builtins(trace(open_desk(folder), parse(which)), enc_hook=str)
    for direction in (found["origins"], found["reach"]):
        direction["isCut"] = direction.pop("is_cut")
    return dict(found)


def _tell(title: str, found: Mapping[str, Any]) -> None:
    say(title)
    steps = found["steps"]
    inner = {step["before"] for step in steps}
    for _, run in groupby(range(1, len(steps)), lambda at: _like(steps[at], at in inner and at)):
        alike = [steps[at] for at in run]
        set_in = "  " * alike[0]["depth"]
        for one in alike[:_FEW]:
            entries = ", ".join(f"#{index}" for index in one["entries"])
            sure = "" if one["certainty"] == "definite" else " (possible)"
            say(f"{set_in}{one['way']} {one['subject']}{sure}  {entries}")
        _tell_rest(set_in, alike)
    for _, told in groupby(found["gaps"], lambda gap: (gap["ask"], _like(steps[gap["after"]]))):
        gaps = list(told)
        for one in gaps[:_FEW]:
            ask = f" Ask {one['ask']}." if one["ask"] else ""
            say(f"  ? {one['sentence']}{ask}")
        _tell_rest("  ", gaps)
    if found["isCut"]:
        say("  … and more; trace a thing further down.")


def _like(step: Mapping[str, Any], other: object = None) -> tuple[object, ...]:
    """Return what steps have in common that a person need not read one by one."""
    kind = step["subject"].split(":")[2]
    return step["before"], step["way"], step["certainty"], tuple(step["entries"]), kind, other


def _tell_rest(set_in: str, alike: Sequence[object]) -> None:
    if len(alike) > _FEW:
        say(f"{set_in}… and {len(alike) - _FEW:,} more like it; --json has each.")
