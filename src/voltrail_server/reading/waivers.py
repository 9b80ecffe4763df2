"""Exceptions as pages and API ask for them: who may approve, what a form says, what stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import waived, whereabouts
from voltrail.actions.waived import Standing
from voltrail.errors import MalformedError
from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
    parse,
)
from voltrail.statements.fields import Digest
from voltrail.statements.waiver import Step, Waiver
from voltrail_server import wiring
from voltrail_server.reading.times import read_time

STEPS = 5  # [steps] of a plan that one form offers
_UNMADE = Digest("0" * 64)
# kind of subject → the scope's field
SCOPE: dict[str, tuple[str, type[SubjectId]]] = {
    "order": ("order", OrderId),
    "arrival": ("arrival", ArrivalId),
    "lot": ("lot", LotId),
    "unit": ("unit", UnitId),
    "product": ("product", ProductId),
    "party": ("supplier", PartyId),
    "place": ("place", PlaceId),
}


def listing(at: datetime, state: str = "", about: str = "") -> tuple[Standing, ...]:
    """Return exceptions, newest first: those in one state, those whose scope names a subject."""
    found = waived.waivers(wiring.desk(), at)
    return tuple(
        one
        for one in found
        if state in ("", one.state) and (not about or about in map(str, one.waiver.subjects))
    )


def read_form(form: Any, person: PersonId, at: datetime) -> Waiver:  # noqa: ANN401 — form data
    """Return the exception that a form asks for, in the name of a person."""
    return Waiver(
        number=_text(form, "number") or "to-be-given",
        control=_needed(form, "control", _("Choose the control that is not to bind.")),
        reason=_needed(form, "reason", _("Say in one sentence why it cannot be met.")),
        compensating_control=_needed(form, "compensating", _("Say what is done in its place.")),
        valid_from=_begins(form, at),
        valid_until=read_time(_needed(form, "ends", _("Choose the day on which it ends."))),
        plan=tuple(_steps(form)),
        snapshot=_UNMADE,
        requested_by=person,
        approved_by=_two(form),
        **_scope(form),
    )


def place_of(wanted: Waiver) -> str | None:
    """Return the place that an exception is limited to, or where its goods are, if one is known."""
    if wanted.place is not None:
        return str(wanted.place)
    found = whereabouts.of_subjects(
        wiring.desk(), [one for one in (wanted.arrival, wanted.unit) if one is not None]
    )
    return str(found) if found else None


def is_whole(form: Mapping[str, str]) -> bool:
    """Return whether a form says enough to be looked at."""
    return bool(form.get("control") and form.get("ends") and form.get("scope", "").strip())


def _scope(form: Any) -> dict[str, Any]:  # noqa: ANN401 — form data
    """Return the scope: identities, one in each line or parted by spaces."""
    found: dict[str, Any] = {}
    for text in _text(form, "scope").split():
        subject = parse(text)
        known = SCOPE.get(subject.kind)
        if known is None or known[0] in found:
            raise MalformedError(
                _("%(text)s cannot be in this scope.") % {"text": text},
                hint=_("Name at most one of each: %(names)s.") % {"names": ", ".join(SCOPE)},
            )
        found[known[0]] = known[1].read(text)
    return found


def _steps(form: Any) -> Sequence[Step]:  # noqa: ANN401 — form data
    """Return the steps of the plan; an empty line is no step, half a line is refused."""
    found = []
    for number in range(1, STEPS + 1):
        given = [_text(form, f"{name}-{number}") for name in ("what", "owner", "due")]
        if not given[0] and not given[2]:
            continue
        if not all(given):
            raise MalformedError(
                _("Step %(number)s of the plan is not whole.") % {"number": number},
                hint="Give what, who and until when.",
            )
        found.append(Step(given[0], PersonId.read(given[1]), read_time(given[2])))
    return found


def _begins(form: Any, at: datetime) -> datetime:  # noqa: ANN401 — form data
    given = _text(form, "begins")
    return read_time(given) if given else at.replace(microsecond=0)


def _two(form: Any) -> tuple[PersonId, ...]:  # noqa: ANN401 — form data
    given = (_text(form, name) for name in ("first", "second"))
    return tuple(PersonId.read(one) for one in given if one)


def _needed(form: Any, name: str, hint: str) -> str:  # noqa: ANN401 — form data
    found = _text(form, name)
    if not found:
        raise MalformedError("Something is missing in the form.", hint=hint)
    return found


def _text(form: Any, name: str) -> str:  # noqa: ANN401 — form data
    return str(form.get(name, "")).strip()


def step_rows(form: Any) -> list[dict[str, Any]]:  # noqa: ANN401 — form data
    """Return the lines of the plan as a form shows them again."""
    return [
        {"number": number, **{name: _text(form, f"{name}-{number}") for name in _STEP}}
        for number in range(1, STEPS + 1)
    ]


_STEP = ("what", "owner", "due")
