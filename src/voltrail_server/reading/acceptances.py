"""Two people accept or install: what a form says, who may sign, what stands about an arrival."""

from datetime import UTC, datetime
from typing import Any

from voltrail.actions import whereabouts
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import PREFIX, ArrivalId, PersonId, PlaceId, UnitId
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail_server import wiring
from voltrail_server.reading import units as unit_reading

_UNSET = datetime(1970, 1, 1, tzinfo=UTC)
_NOWHERE = PlaceId.of("to-be-given")
VERBS = tuple(map(str, AcceptanceVerb))


def arrival_of(form: Any) -> ArrivalId:  # noqa: ANN401 — form data
    """Return the arrival that a form names, or the one that its first unit came with."""
    named = _text(form, "arrival")
    if named:
        return ArrivalId.read(named)
    given = _units(form)
    rows = unit_reading.seen_in(given[0]) if given else ()
    if len(rows) != 1:
        raise UnknownSubjectError(
            "It is not known which arrival this is about.",
            hint="Scan a unit that one arrival lists, or begin on the arrival's page.",
        )
    return ArrivalId.read(rows[0].arrival)


def read_form(form: Any) -> Acceptance:  # noqa: ANN401 — form data
    """Return the record that a form asks two persons to sign."""
    verb = _text(form, "verb")
    if verb not in VERBS:
        raise MalformedError(
            "The form does not say what is signed.", hint="Choose to accept or to install."
        )
    note = _text(form, "note")
    return Acceptance(
        number="to-be-given",
        verb=AcceptanceVerb(verb),
        arrival=arrival_of(form),
        place=_NOWHERE,
        at=_UNSET,
        accepted_by=_two(form),
        units=_units(form) if verb == AcceptanceVerb.INSTALL else (),
        note=note or None,
    )


def place_of(wanted: Acceptance) -> str | None:
    """Return the place where the goods of a record are, if one is known."""
    found = whereabouts.of_subjects(wiring.desk(), [wanted.arrival])
    return str(found) if found else None


def _units(form: Any) -> tuple[UnitId, ...]:  # noqa: ANN401 — form data
    """Return the units in a form, scanned or typed, each once: whole identities or MAKER:SERIAL."""
    words = dict.fromkeys(_text(form, "units").replace(",", " ").split())
    return tuple(UnitId.read(_whole(word)) for word in words)


def _whole(word: str) -> str:
    return word if word.startswith(PREFIX) else f"{PREFIX}unit:{word}"


def _two(form: Any) -> tuple[PersonId, ...]:  # noqa: ANN401 — form data
    given = (_text(form, name) for name in ("first", "second"))
    return tuple(PersonId.read(one) for one in given if one)


def _text(form: Any, name: str) -> str:  # noqa: ANN401 — form data
    return str(form.get(name, "")).strip()
