"""`voltrail classify`: from impact, lead time and exposure to a tier, on a folder or a server."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voltrail.cli.errands import declare_where, next_of, server_of
from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError

# option → field, what it says
_TEXTS = {
    "name": ("name", "what people call the place"),
    "class": ("placeClass", "data-center, substation, telecom, office, warehouse or factory"),
    "impact": ("impact", "of an outage: low, medium or high"),
    "lead-time": ("leadTime", "of a replacement: low, medium or high"),
    "environment": ("environment", "controlled, sheltered, harsh or remote"),
}
_MORE = {
    "zone": ("zone", "time zone; UTC where absent"),
    "redundancy": ("redundancy", "for example N+1"),
    "reason": ("reason", "why; needed where the place is on record, and for --tier"),
    "by": ("assessedBy", "urn:voltrail:person:<who assessed the place>"),
    "second": ("agreedBy", "urn:voltrail:person:<who agrees>; for a lighter tier, and for --tier"),
}
_EXAMPLES = """examples:
  voltrail classify urn:voltrail:place:nordlicht:hut-3 --name "Hut 3" --class telecom \\
    --impact low --lead-time low --environment controlled --look --folder reg
  voltrail classify … the same … --by urn:voltrail:person:p-runa \\
    --server https://voltrail.example --token-file token
With --second nothing is stated yet: both sign the same record.
"""


def declare(_word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, RT-01; our choice: ADR 0013.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("place", help="urn:voltrail:place:<you>:<short name>")
    for option, (_, text) in _TEXTS.items():
        parser.add_argument(f"--{option}", required=True, help=text)
    for option, (_, text) in _MORE.items():
        parser.add_argument(f"--{option}", help=text)
    parser.add_argument("--run-time", help="required of the batteries, in hours")
    parser.add_argument("--tier", type=int, help="set by hand, with --reason and --second")
    parser.add_argument("--look", action="store_true", help="show the tier, record nothing")
    declare_where(parser)
    parser.add_argument("--out", default="place.json", help="with --folder and --second: the draft")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=classify)


def classify(arguments: argparse.Namespace) -> int:
    """
    Show the tier of a place, state it, or begin the draft that two persons sign.

    Args:
        arguments: place, its grades, who, look, folder or server, out, json

    Returns:
        0.

    Raises:
        ProductError: what it was refused with.

    Source: mission, RT-01; ADR 0026.
    """
    raw, server = _wanted(arguments), server_of(arguments)
    if server:
        found = server.check_place(raw) if arguments.look else server.classify(raw)
    else:
        found = _on_folder(arguments, raw)
    if arguments.json:
        emit(found)
        return 0
    say(f"Tier {found['tier']}. {found['sentence']}")
    if found["before"] not in (None, found["tier"]):
        say(f"Until now it is tier {found['before']}.")
    say(_next(arguments, found))
    return 0


def _wanted(arguments: argparse.Namespace) -> bytes:
    given: dict[str, Any] = {"place": arguments.place}
    for option, (field, _) in {**_TEXTS, **_MORE}.items():
        text = getattr(arguments, option.replace("-", "_"))
        if text is not None:
            given[field] = text
    if arguments.run_time is not None:
        given["requiredRunTime"] = {"value": arguments.run_time, "unit": "h"}
    if arguments.tier is not None:
        given["overrule"] = {"tier": arguments.tier, "reason": arguments.reason or ""}
    if not arguments.look and arguments.by is None:
        raise MalformedError(
            "Nobody is named who assessed the place.",
            hint="Add --by PERSON, or --look to see the tier only.",
        )
    return json.dumps(given).encode()


def _on_folder(arguments: argparse.Namespace, raw: bytes) -> dict[str, Any]:
    from voltrail.actions import classify as verbs  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    desk, at = open_desk(Path(arguments.folder)), datetime.now(UTC)
    wanted = verbs.read(raw, desk.operator)
    derived = verbs.derive(desk, wanted)
    told: dict[str, Any] = {
        "place": str(wanted.place),
        "tier": derived.tier,
        "sentence": derived.sentence,
        "before": derived.before,
        "needsSecond": derived.needs_second,
    }
    first, second = wanted.assessed_by, wanted.agreed_by
    if arguments.look or first is None:
        return told
    if second is None:
        done = verbs.classify(desk, wanted, first, at)
        return {**told, "index": done.index, "digest": done.digest, "draft": None}
    Path(arguments.out).write_bytes(verbs.draft(desk, wanted, (first, second), at))
    return {**told, "index": None, "digest": None, "draft": arguments.out}


def _next(arguments: argparse.Namespace, found: dict[str, Any]) -> str:
    if arguments.look:
        second = " with --second, since two persons must sign" if found["needsSecond"] else ""
        return f"Nothing is recorded. To state it: leave --look out, add --by{second}."
    if found["draft"] is None:
        return f"{found['place']} stands as entry {found['index']}, digest {found['digest']}."
    return next_of(found["draft"], on_server=bool(arguments.server))
