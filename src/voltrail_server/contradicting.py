"""
`voltrail contradictions`: what stands against itself in the operator's register.

Over all arrivals, the newest first, or about one subject. Ends with 1 where anything is found.
"""

import argparse
from collections.abc import Sequence
from typing import Any

from voltrail.cli.output import emit, say

_EXAMPLES = """examples:
  voltrail contradictions --severity H
  voltrail contradictions --about urn:voltrail:unit:kestrel:S900015 --json
"""
_WORDS = {"H": "blocks", "M": "review", "L": "note"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the word."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--about", default="", help="one subject, by its whole URN")
    parser.add_argument("--rule", default="", help="R1 to R24")
    parser.add_argument("--severity", default="", help="H blocks, M review, L note")
    parser.add_argument("--place", default="", help="where the goods came to")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Say what contradicts itself; 0 where nothing does, 1 where something does."""
    from voltrail_server.reading import contradictions as ask  # noqa: PLC0415 — after set-up

    wanted, notes = ask.read_wanted(vars(arguments)), list[str]()
    if arguments.about:
        told = ask.about(arguments.about)
        found = [(one, "") for one in (*told.found, *told.nearby) if wanted.fits(one)]
        notes = _notes(told)
    else:
        found = [(row.found, row.arrival) for row in ask.rows_of(wanted)]
    if arguments.json:
        emit({"findings": [_shown(one, arrival) for one, arrival in found], "notes": notes})
    else:
        _tell(found, notes)
    return 1 if found else 0


def _notes(told: Any) -> list[str]:  # noqa: ANN401 — what the action tells
    found = [f"The record of {one} was read in part: its ends." for one in told.cut]
    if told.more:
        found.append("More has something on record than is looked at at once.")
    return found


def _shown(one: Any, arrival: str) -> dict[str, Any]:  # noqa: ANN401 — an anomaly
    return {
        "rule": one.rule,
        "severity": str(one.severity),
        "subject": str(one.subject),
        "arrival": arrival or None,
        "sentence": one.sentence,
        "instead": one.instead,
        "entries": list(one.entries),
    }


def _tell(found: Sequence[tuple[Any, str]], notes: list[str]) -> None:
    for one, arrival in found:
        say(f"{one.rule:<4}{_WORDS[one.severity]:<8}{one.subject}")
        say(f"    {one.sentence}")
        if arrival and arrival != str(one.subject):
            say(f"    through  {arrival}")
        say(f"    from     {', '.join(f'entry {index}' for index in one.entries)}")
        say(f"    instead  {one.instead}")
    for note in notes:
        say(note)
    if found:
        say(f"{len(found):,} found. Ask whoever each names; a corrected statement takes it away.")
    else:
        say("Nothing contradicts itself. That does not make it true.")
