"""`voltrail bom diff`: what changed between two parts lists in CycloneDX."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.output import emit, say
from voltrail.cli.reading import plainly

if TYPE_CHECKING:
    from voltrail.readers.cyclonedx import Bom

_EXAMPLES = """examples:
  voltrail bom diff as-approved.json as-delivered.json
"""
_SHOWN = 80  # [characters] of each side for a person; our choice


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of `voltrail bom`.

    Args:
        parser: of this word

    Source: ADR 0047.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("diff", help="say what changed from one parts list to another")
    one.add_argument("old", help="the list as it was approved")
    one.add_argument("new", help="the list as it is")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=diff)


def diff(arguments: argparse.Namespace) -> int:
    """
    Compare two parts lists.

    Args:
        arguments: old, new, json

    Returns:
        0 where nothing changed, else 1.

    Raises:
        MalformedError: a file is no parts list.

    Source: ADR 0047.
    """
    from voltrail.readers import bom_diff  # noqa: PLC0415 — only when needed

    found = bom_diff.compare(_bom(arguments.old), _bom(arguments.new))
    if arguments.json:
        changes = [{"change": one.change.value, "line": one.line, "before": one.before,
                    "after": one.after} for one in found]  # fmt: skip
        emit({"same": not found, "changes": changes})
        return 1 if found else 0
    for one in found:
        sides = (plainly(side)[:_SHOWN] or "–" for side in (one.before, one.after))
        say(f"{one.change.value:<16} {plainly(one.line)[:_SHOWN]}: {' → '.join(sides)}")
    many = "1 change" if len(found) == 1 else f"{len(found):,} changes"
    say("Nothing changed." if not found else f"{many}. Look for the supplier's notice of each.")
    return 1 if found else 0


def _bom(place: str) -> "Bom":
    from voltrail.readers import registry  # noqa: PLC0415 — only when needed

    found: Bom = registry.read(Path(place).read_bytes(), "cyclonedx").drafts[0].said
    return found
