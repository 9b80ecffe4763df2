"""`voltrail provenance`: five questions about a unit, each answered with what says so, or not."""

import argparse
from pathlib import Path
from typing import Any
from urllib.parse import quote

from voltrail.cli.errands import declare_where, server_of
from voltrail.cli.output import emit, say

_EXAMPLES = """examples:
  voltrail provenance urn:voltrail:unit:kestrel:S900015 --folder reg
  voltrail provenance urn:voltrail:unit:kestrel:S900015 --server https://voltrail.example \\
    --token-file token --json
0: each answer is proven. 1: one is not, or is contradicted.
"""
_PROVEN = "proven"
_QUESTIONS = {
    "cells": "Who made its cells?",
    "assembly": "Where was it assembled?",
    "tests": "Who tested it?",
    "firmware": "What firmware does it run?",
    "custody": "What proves its custody?",
}


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, PV-05.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("unit", help="a unit, by its whole URN")
    declare_where(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Ask the five questions about a unit.

    Args:
        arguments: unit, folder or server, token_file, json

    Returns:
        0 where each answer is proven, 1 where one is not.

    Raises:
        ProductError: nobody spoke of it, or the question could not be answered.

    Source: mission, PV-05; ADR 0053.
    """
    server = server_of(arguments)
    if server is None:
        found = _of_folder(Path(arguments.folder), arguments.unit)
    else:
        from voltrail.cli.answers import read  # noqa: PLC0415 — only when needed

        address = f"/units/{quote(arguments.unit, safe='')}/provenance"
        found = read(server.send("GET", address))
    open_ones = [one for one in found["answers"] if one["confidence"] != _PROVEN]
    if arguments.json:
        emit(found)
    else:
        _tell(found["answers"], len(open_ones))
    return 1 if open_ones else 0


def _of_folder(folder: Path, which: str) -> dict[str, Any]:
    from voltrail.actions.provenance import provenance, told  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.ids.subject import UnitId  # noqa: PLC0415

    return told(provenance(open_desk(folder), UnitId.read(which)))


def _tell(answers: list[dict[str, Any]], count: int) -> None:
    for one in answers:
        word = one["confidence"].replace("-", " ")
        say(f"{_QUESTIONS[one['question']]}  {word}")
        say(f"  {one['sentence']}")
        for each in one["against"]:
            entries = ", ".join(f"#{index}" for index in each["entries"])
            say(f"  ! {each['sentence']}  {entries}")
        for each in one["sources"]:
            signer = f"{each['signer']}, {each['claimed'][:10]}"
            say(f"  #{each['entry']} {signer}: {each['sentence']}")
        if one["missing"]:
            ask = f" Ask {one['ask']}." if one["ask"] else ""
            say(f"  ? {one['missing']}{ask}")
    many = f"{count} of 5 answers are not proven: ask for what is missing."
    say(many if count else "Each answer is proven.")
