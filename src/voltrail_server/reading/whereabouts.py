"""Where the units of a lot are, and what is at a place: filtered, page by page, and as a sheet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from voltrail.actions import located, permission
from voltrail.actions.located import Here, LotUnits
from voltrail.ids.subject import LotId, PlaceId, UnitId
from voltrail.projections import permissions
from voltrail.projections.permissions import Permit
from voltrail.projections.whereabouts import State, Whereabouts
from voltrail.statements import fields
from voltrail_server import wiring
from voltrail_server.panels import moves as panel
from voltrail_server.panels import words
from voltrail_server.reading.names import Book
from voltrail_server.reading.page import Page, capped, cut, read_cursor

STATES = (*map(str, State), "unseen")
HEAD = ("unit", "state", "place", "holder", "since", "container", "entry")
Line = tuple[UnitId, Whereabouts | None]


def of_unit(unit: UnitId) -> Whereabouts | None:
    """Return where a unit was last said to be."""
    return located.located(wiring.desk(), [unit])[unit]


def of_lot(key: str) -> LotUnits:
    """Return where every unit of a lot is."""
    return located.units_of_lot(wiring.desk(), LotId.read(f"urn:voltrail:lot:{key}"))


def board(key: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return where every unit of a lot is, in words, as far as it fits the filters of a page."""
    found, book, now = of_lot(key), Book(), wiring.now()
    fitting = lines(found, asked)
    shown_now = page(fitting, asked.get("cursor", ""))
    return {
        "one": book(str(found.lot)),
        "found": found,
        "counts": panel.counted(found.counts, book),
        "lines": [panel.where(str(unit), one, now, book) for unit, one in shown_now.items],
        "page": shown_now,
        "fitting": words.number(len(fitting)),
        "asked": asked,
        "states": [(name, panel.STATES[name].text) for name in STATES],
    }


def at_place(place: PlaceId) -> Here:
    """Return what is at a place now."""
    return located.here(wiring.desk(), place)


def permits_in(facts: Iterable[Any]) -> tuple[Permit, ...]:
    """Return the permissions among the facts about a place, newest first."""
    standing = (one for one in facts if one.withdrawn_by is None)
    return tuple(reversed(permissions.permits(standing)))


def permits(place: PlaceId) -> tuple[Permit, ...]:
    """Return the permissions of a place, newest first."""
    return tuple(reversed(permission.of_place(wiring.desk(), place)))


def lines(found: LotUnits, asked: Mapping[str, str]) -> list[Line]:
    """Return the units that fit the filters of a page."""
    return [one for one in found.units.items() if _fits(one, asked)]


def page(found: list[Line], cursor: str) -> Page:
    """Return one page of units."""
    after = next(iter(read_cursor(cursor, 1)), "")
    rest = [one for one in found if str(one[0]) > after]
    return cut(rest, lambda one: [str(one[0])], capped(len(found), 10**9))


def rows(found: list[Line]) -> Iterator[tuple[object, ...]]:
    """Yield one row for each unit."""
    for unit, one in found:
        if one is None:
            yield unit, "unseen", "", "", "", "", ""
        else:
            since = fields.stamp(one.since)
            place, holder = one.place or "", one.holder or ""
            yield unit, one.state, place, holder, since, one.container or "", one.entry


def shown(one: Whereabouts | None) -> dict[str, Any]:
    """Return the whereabouts for programs; null where nobody says anything."""
    names = ("state", "place", "holder", "entry", "container")
    told = {name: None if one is None else getattr(one, name) for name in names}
    return {**told, "since": None if one is None else fields.stamp(one.since)}


def count(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a count
    """Return a count for programs."""
    return {name: getattr(one, name) for name in ("place", "state", "holder", "items")}


def _fits(line: Line, asked: Mapping[str, str]) -> bool:
    unit, one = line
    text, state, place = (asked.get(name, "") for name in ("text", "state", "place"))
    if text and not unit.parts[-1].startswith(text):
        return False
    if state and state != ("unseen" if one is None else one.state):
        return False
    return not place or (one is not None and str(one.place) == place)
