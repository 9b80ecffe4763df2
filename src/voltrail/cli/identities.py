"""
`voltrail id`: say what any code is, offline.

    parse    a code, as scanned or typed    → scheme, parts in words, warnings, canonical form
"""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say

if TYPE_CHECKING:
    from voltrail.ids.identified import Identified

_EXAMPLES = """examples:
  voltrail id parse "(01)09521234000013(10)L26-7(21)K0001"
  voltrail id parse 001CB240000003B3C0221953 --json
"""


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, PV-01; ADR 0046.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("parse", help="say what a code is")
    one.add_argument("code", help="as scanned or typed; quote it")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=parse)


def parse(arguments: argparse.Namespace) -> int:
    """
    Say what a code is: scheme, parts in words, warnings, canonical form.

    Args:
        arguments: code, json

    Returns:
        0 where a scheme is known; 75 where the text is written in none.

    Raises:
        MalformedError: the code is written in a scheme and wrong.

    Source: mission, PV-01; ADR 0046.
    """
    from voltrail.ids.identified import Scheme  # noqa: PLC0415 — only when needed
    from voltrail.ids.identify import identify  # noqa: PLC0415

    found = identify(arguments.code, datetime.now(UTC).date())
    if arguments.json:
        emit(_plain(found))
    else:
        _show(found)
    return 75 if found.scheme is Scheme.TEXT else 0


def _show(found: "Identified") -> None:
    say(f"{found.name}.")
    for one in found.parts:
        say(f"  {one.label:<18} {one.text}{f'  = {one.said}' if one.said else ''}")
    for warning in found.warnings:
        say(f"! {warning}")
    for other in found.others:
        say(f"  or: {other}")
    say(f"Canonical: {found.canonical or 'none; it names nothing by itself.'}")


def _plain(found: "Identified") -> dict[str, Any]:
    return {
        "scheme": str(found.scheme),
        "name": str(found.name),
        "canonical": found.canonical,
        "parts": [
            {"name": one.name, "label": str(one.label), "text": one.text, "said": str(one.said)}
            for one in found.parts
        ],
        "warnings": [str(one) for one in found.warnings],
        "others": list(found.others),
    }
