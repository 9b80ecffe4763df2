"""Holds as pages ask for them: the list, what could lift one, and what a form says."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import hold as actions
from voltrail.actions import show, whereabouts
from voltrail.actions.hold import Standing
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import ArrivalId, CaseId, SubjectId, UnitId, parse
from voltrail.projections.dossier import dossier
from voltrail.projections.fold import touched
from voltrail_server import wiring

_NEWEST = 12  # [entries] offered as evidence
_MOST = 40  # [entries] that one lift rests on
_DIGITS = 15  # [digits] of an entry's number
# kind of subject → the selector's field; the rest of the selector narrows it
HELD = {
    "arrival": "arrival",
    "lot": "lot",
    "unit": "unit",
    "product": "product",
    "party": "party",
}
_NARROWING = ("serialFrom", "serialTo", "firmwareVersion")


def listing(about: str) -> tuple[Standing, ...]:
    """Return every hold, newest first, or those that name a subject or cover its arrivals."""
    found = actions.holds(wiring.desk())
    if not about:
        return found
    subject = parse(about)
    covering = set(_covering(subject))
    return tuple(
        one for one in found if subject in touched(one.hold) or one.hold.entry.index in covering
    )


def evidence(found: Standing) -> tuple[Any, ...]:
    """Return the newest entries about what a hold holds, made after it: what might lift it."""
    held = found.hold
    entries: dict[int, Any] = {}
    for subject in touched(held):
        if not subject.startswith("urn:voltrail:predicate:"):
            entries |= {one.entry.index: one for one in _about(parse(subject))}
    later = [one for index, one in entries.items() if index > held.entry.index]
    mine = {one.entry.index for one in found.lifts}
    newest = sorted(later, key=lambda one: -one.entry.index)
    return tuple(one for one in newest if one.entry.index not in mine)[:_NEWEST]


def read_hold(form: Mapping[str, str]) -> tuple[CaseId, dict[str, str], str]:
    """Return case, selector and cause in a form."""
    subject = form.get("subject", "").strip()
    selector = {name: form.get(name, "") for name in _NARROWING}
    if subject:
        kind = parse(subject).kind
        if kind not in HELD:
            raise MalformedError(
                _("A %(kind)s cannot be held.") % {"kind": kind},
                hint=_("Name one of: %(names)s.") % {"names": ", ".join(HELD)},
            )
        selector[HELD[kind]] = subject
    return CaseId.of(form.get("case", "").strip()), selector, form.get("cause", "")


def place_of(text: str) -> str | None:
    """Return the place that a subject in a form is at, if one is known."""
    subject = text.strip()
    return whereabouts.of_subjects(wiring.desk(), [parse(subject)]) if subject else None


def place_of_entry(index: int) -> str | None:
    """Return the place that an entry is about, if one is known."""
    return whereabouts.of_statement(wiring.desk(), show.entry(wiring.desk(), index))


def read_evidence(form: Any) -> tuple[int, ...]:  # noqa: ANN401 — Django's form data
    """Return the entries ticked in a form, and those whose numbers were written."""
    texts = [*form.getlist("entry"), *form.get("more", "").replace(",", " ").split()]
    numbers = [text.removeprefix("#") for text in texts]
    wrong = [
        one for one in numbers if not (one.isascii() and one.isdigit() and len(one) <= _DIGITS)
    ]
    if wrong or len(numbers) > _MOST:
        raise MalformedError(
            _("The evidence names more than %(most)s entries, or something that is no entry.")
            % {"most": _MOST},
            hint="Write entry numbers, for example 120 131.",
        )
    return tuple(int(one) for one in numbers)


def _covering(subject: SubjectId) -> Iterator[int]:
    """Yield the holds that stand on an arrival, or on the arrivals that a unit was seen in."""
    desk = wiring.desk()
    arrivals: Iterable[ArrivalId] = ()
    if isinstance(subject, ArrivalId):
        arrivals = (subject,)
    elif isinstance(subject, UnitId):
        arrivals = map(ArrivalId.read, desk.views.sightings([subject]).get(subject, frozenset()))
    for arrival in arrivals:
        yield from (one.entry.index for one in dossier(desk, arrival).holds)


def _about(subject: SubjectId) -> tuple[Any, ...]:
    try:
        return show.subject(wiring.desk(), subject)
    except UnknownSubjectError:
        return ()
