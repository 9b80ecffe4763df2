"""`voltrail where`: where a unit is, every unit of a lot, what is at a place; asks the tables."""

import argparse
from collections.abc import Iterable
from typing import Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import LotId, PlaceId, UnitId

_EXAMPLES = """examples:
  voltrail where urn:voltrail:unit:kestrel:S900015
  voltrail where urn:voltrail:lot:kestrel:KC-2611-A --json
0: each is known. 1: nobody says where something is.
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the word."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("subject", help="a unit, a lot or a place, by its whole URN")
    parser.add_argument("--json", action="store_true")


def where(arguments: argparse.Namespace) -> int:
    """Say where something is, by the operator's own register."""
    from voltrail.actions import located  # noqa: PLC0415 — after set-up
    from voltrail_server import wiring  # noqa: PLC0415

    about, desk = ids.parse(arguments.subject), wiring.desk()
    if isinstance(about, UnitId):
        return _told(arguments, located.located(desk, [about]), ())
    if isinstance(about, LotId):
        lot = located.units_of_lot(desk, about)
        return _told(arguments, lot.units, lot.counts)
    if isinstance(about, PlaceId):
        here = located.here(desk, about)
        return _told(arguments, here.units, [count for _, count in here.loose])
    raise MalformedError(
        f"Nobody asks where a {about.kind} is.", hint="Name a unit, a lot or a place."
    )


def _told(arguments: argparse.Namespace, units: Any, counts: Iterable[Any]) -> int:  # noqa: ANN401 — whereabouts by unit
    from voltrail_server.reading import whereabouts  # noqa: PLC0415 — after set-up

    listed, counted = list(units.items()), list(counts)
    if arguments.json:
        told = [{"unit": str(unit), **whereabouts.shown(one)} for unit, one in listed]
        sums = [whereabouts.count(one) for one in counted]
        emit({"subject": arguments.subject, "units": told, "counts": sums})
    else:
        for one in counted:
            say(f"{one.items:>8,}  {one.state or 'nobody saw it':<16} {_key(one.place)}")
        for unit, found in listed:
            say(_line(unit, found))
        if not listed and not counted:
            say("Nothing is on record there. What is moved by scan stands here.")
    return 1 if any(found is None for _, found in listed) else 0


def _line(unit: UnitId, found: Any) -> str:  # noqa: ANN401 — whereabouts
    if found is None:
        return f"{unit.key}  nobody says where it is: record its delivery, or receive it."
    since = f"{found.since:%Y-%m-%d %H:%MZ}"
    held = _key(found.holder)
    return f"{unit.key}  {found.state} at {_key(found.place)}, {held}, {since}  #{found.entry}"


def _key(one: Any) -> str:  # noqa: ANN401 — an identity or nothing
    return "–" if one is None else str(one.key)
