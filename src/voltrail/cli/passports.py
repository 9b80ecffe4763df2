"""
`voltrail passport check`: what a battery passport lacks, and what in it does not agree.

Held against the data points of the European Commission. Looks at one file; asks nobody.
"""

import argparse
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say
from voltrail.cli.reading import plainly
from voltrail.errors import MalformedError

if TYPE_CHECKING:
    from voltrail.readers.passport_check import Check

_EXAMPLES = """examples:
  voltrail passport check passport.json
  voltrail passport check passport.json --category industrial --json
"""
_CATEGORIES = ("ev", "lmt", "industrial")


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of `voltrail passport`.

    Args:
        parser: of this word

    Source: ADR 0047.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("check", help="hold a passport against the Commission's data points")
    one.add_argument("file", help="a passport, or one submodel of it, as JSON")
    one.add_argument("--category", default="", choices=_CATEGORIES, help="where it names none")
    one.add_argument("--at", help="the time to judge at; now where absent")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=check)


def check(arguments: argparse.Namespace) -> int:
    """
    Check a passport and say what is missing.

    Args:
        arguments: file, category, at, json

    Returns:
        0 where nothing is missing and nothing disagrees, else 1.

    Raises:
        MalformedError: the file is no passport.

    Source: European Commission, Ares(2026)7579758, version 1.0; ADR 0047.
    """
    from voltrail.readers import passport_check, registry  # noqa: PLC0415 — only when needed
    from voltrail.statements.fields import instant  # noqa: PLC0415

    at = instant(arguments.at, "--at") if arguments.at else datetime.now(UTC)
    found = registry.read(Path(arguments.file).read_bytes(), "passport")
    if not found.drafts:
        raise MalformedError("The file holds no passport.", hint="Give another file.")
    passport = found.drafts[0].said
    judged = passport_check.check(passport, arguments.category, at)
    if arguments.json:
        emit(_as_json(judged, passport.shape, found.digest))
    else:
        _tell(judged, passport.shape)
    return 0 if judged.whole else 1


def _as_json(judged: "Check", shape: str, digest: str) -> dict[str, Any]:
    return {
        "file": digest,
        "shape": shape,
        "category": judged.category,
        "whole": judged.whole,
        "points": [
            {"nr": one.nr, "name": one.name, "standing": one.standing.value, "access": one.access}
            | ({"note": one.note} if one.note else {})
            for one in judged.points
        ],
        "findings": [{"name": one.name, "sentence": one.sentence} for one in judged.findings],
    }


def _tell(judged: "Check", shape: str) -> None:
    say(f"{shape}, held against the data points of class {judged.category}")
    for one in judged.missing:
        say(f"✗ {one.nr:>2} {one.name}")
    for finding in judged.findings:
        say(f"✗ {plainly(finding.sentence)}")
    counted = Counter(one.standing.value for one in judged.points)
    say(", ".join(f"{count} {word}" for word, count in sorted(counted.items())))
    say("Nothing is missing." if judged.whole else "→ Ask the maker for what is missing.")
