"""A move as its form says it: where, what was scanned, which verb, which seals; what is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from voltrail.actions import hold, located
from voltrail.actions.hindrance import Wanted, last_sealed
from voltrail.actions.move import MOST_UNITS
from voltrail.errors import MalformedError, ProductError, UnmetError
from voltrail.ids import subject as ids
from voltrail.ids.identified import Scheme
from voltrail.ids.identify import identify
from voltrail.ids.subject import CaseId, PartyId, PersonId, PlaceId, UnitId
from voltrail.labels import code
from voltrail.projections.gathering import Gathering
from voltrail.projections.whereabouts import Sealed, Whereabouts
from voltrail.statements.movement import MovementVerb
from voltrail.statements.place import Place
from voltrail_server import wiring
from voltrail_server.panels import moves as panel
from voltrail_server.panels import words
from voltrail_server.reading import labels
from voltrail_server.reading.names import Book

VERBS = tuple(map(str, MovementVerb))
MOST_PLACES = 500  # [places] a list to choose from holds
_PLACE = "urn:voltrail:place:"
_SSCC = re.compile(r"(?:\]C1)?\(?00\)?[0-9]{18}")  # a serial shipping container code, as scanned
_PARTS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form holds so far; of its units the last scanned comes first."""

    place: str = ""
    units: tuple[str, ...] = ()
    verb: str = ""
    container: str = ""
    contractor: str = ""
    came_from: str = ""
    seals_found: str = ""
    seals_set: str = ""
    place_seals_found: str = ""
    place_seals_set: str = ""
    seals_missing: bool = False
    corrects: tuple[int, ...] = ()
    note: str = ""


class Known(Struct, frozen=True):
    """One unit that was scanned, and where the record has it."""

    unit: UnitId
    now: Whereabouts | None


def typed(form: Any, start: str = "") -> Typed:  # noqa: ANN401 — form data
    """Return what a form holds; `start` is where whoever opens the page works."""
    told = {name: str(form.get(name, "")).strip()[:1_000] for name in Typed.__slots__}
    units = tuple(dict.fromkeys(str(one) for one in form.getlist("unit")))[:MOST_UNITS]
    wrong = tuple(int(one) for one in form.getlist("corrects") if one.isdecimal())
    told["place"] = told["place"] or start
    rest = {name: text for name, text in told.items() if name not in _LISTS}
    return Typed(**rest, units=units, corrects=wrong, seals_missing=bool(told["seals_missing"]))


def scanned(found: Typed, form: Mapping[str, str], files: Mapping[str, Any]) -> Typed:
    """Return a form after one more scan: of a place, a container or a unit; or one unit less."""
    drop, photo = form.get("drop", ""), files.get("photo")
    if drop:
        return replace(found, units=tuple(one for one in found.units if one != drop))
    text = form.get("text", "").strip()[:1_000]
    if photo is not None:
        text = labels.in_picture(photo.read(labels.MAX_PICTURE + 1))
    if not text:
        return found
    place = _place_in(text)
    if place is not None:
        return replace(found, place=str(place))
    box = _container_in(text)
    if box:
        return replace(found, container=box)
    unit = str(labels.unit_of(text))
    return replace(found, units=tuple(dict.fromkeys((unit, *found.units)))[:MOST_UNITS])


def codes_in(data: bytes) -> list[str]:
    """Return the texts of the codes in a camera's frame; none is the usual answer."""
    try:
        return list(code.read(data))
    except MalformedError:
        return []


def wanted(found: Typed, person: PersonId) -> Wanted:
    """Return the move that a form says."""
    if not found.place:
        raise MalformedError(_("No place is chosen."), hint=_("Scan a place, or choose one."))
    if found.verb not in VERBS:
        raise MalformedError(_("Nothing says what is done."), hint=_("Choose one of the six."))
    return Wanted(
        MovementVerb(found.verb),
        PlaceId.read(found.place),
        person,
        tuple(UnitId.read(one) for one in found.units),
        container=found.container or None,
        came_from=PlaceId.read(found.came_from) if found.came_from else None,
        contractor=_party(found.contractor),
        seals_found=_listed(found.seals_found),
        seals_set=_listed(found.seals_set),
        seals_missing=found.seals_missing and not found.seals_found,
        place_seals_found=_listed(found.place_seals_found) if found.container else (),
        place_seals_set=_listed(found.place_seals_set) if found.container else (),
        corrects=found.corrects,
        note=found.note or None,
    )


def known(units: tuple[str, ...]) -> list[Known]:
    """Return the units of a form, newest scan first, each with where the record has it."""
    read = [UnitId.read(one) for one in units if ids.is_identity(one)]
    found = located.located(wiring.desk(), read)
    return [Known(one, found[one]) for one in read]


def sealed_at(found: Typed) -> list[Sealed]:
    """Return the seals that were set last at the place and on the container of a form."""
    if not ids.is_identity(found.place):
        return []
    where, nobody = PlaceId.read(found.place), PersonId.of("nobody")
    asked = Wanted(MovementVerb.STORE, where, nobody, container=found.container or None)
    return [one for one in last_sealed(wiring.desk(), asked).values() if one.seals]


def own_places() -> list[tuple[str, str]]:
    """Return the operator's places with their names, by name."""
    desk = wiring.desk()
    keys, room = desk.views.keys(_PLACE, limit=MOST_PLACES), Gathering(desk.entries, desk.views)
    room.fetch(keys)
    facts = (room.view(PlaceId.read(key)).newest(Place) for key in keys)
    own = (one.fact for one in facts if one is not None and one.fact.operator == desk.operator)
    return sorted(((str(one.place), one.name) for one in own), key=lambda pair: pair[1])


def board(found: Typed, error: ProductError | None) -> dict[str, Any]:
    """Return a form in words: what it holds, what is known of it, and what stands against it."""
    book, now = Book(), wiring.now()
    unmet = error.unmet if isinstance(error, UnmetError) else ()
    reasons = panel.reasons(unmet)
    lines = [panel.where(str(one.unit), one.now, now, book) for one in known(found.units)]
    return {
        "typed": found,
        "place": book(found.place),
        "places": own_places(),
        "lines": lines,
        "sealed": sealed_at(found),
        "verbs": panel.choices(),
        "reasons": reasons,
        "more": len(unmet) - len(reasons),
        "reported": error.attempt if isinstance(error, UnmetError) else None,
        "error": None if reasons else error,
    }


def told(found: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded move
    """Return a move in words, and the holds that it led to."""
    fact, book, now = found.fact, Book(), wiring.now()
    every = known(tuple(map(str, fact.units)))
    return {
        "move": fact,
        "index": found.entry.index,
        "withdrawn": found.withdrawn_by,
        "word": panel.done(fact.verb),
        "at": words.stamp(fact.at),
        "place": book(str(fact.to)),
        "before": book(str(fact.came_from or "")),
        "by": book(str(fact.by)),
        "contractor": book(str(fact.contractor or "")),
        "lines": [panel.where(str(one.unit), one.now, now, book) for one in every],
        "holds": holds_after(found),
    }


def _place_in(text: str) -> PlaceId | None:
    """Return the place that a scanned text names, if it names one."""
    for form in (text, _PLACE + text):
        if ids.is_identity(form):
            read = ids.parse(form)
            if isinstance(read, PlaceId) and wiring.desk().views.indices(read):
                return read
    return None


def _container_in(text: str) -> str:
    """Return the container that a scanned text names; a number read wrong is refused as one."""
    try:
        read = identify(text)
    except MalformedError:
        if _SSCC.fullmatch(text):
            raise
        return ""
    return read.canonical if read.scheme is Scheme.SSCC else ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in _PARTS.split(text) if one))


def _party(text: str) -> PartyId | None:
    return PartyId.written(text) if text else None


_LISTS = frozenset({"units", "corrects", "seals_missing"})


def holds_after(found: Any) -> list[Any]:  # noqa: ANN401 — a recorded move
    """Return the holds that a changed seal of a move led to."""
    case = CaseId.of(wiring.desk().operator.key, f"seal-{found.entry.index}")
    return [one for one in hold.holds(wiring.desk()) if one.hold.fact.case == case]
