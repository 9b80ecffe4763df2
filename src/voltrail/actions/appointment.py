"""
Appointments: give a person a function, take it back, and what all of them add up to.

The operator's key states each, and names the administrators who decided. Does not know who is an
administrator: whoever calls has judged that. Knows no names.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail.projections.fold import of_type
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.appointment import Appointment, AppointmentVerb, Function
from voltrail.statements.statement import Header

APPOINTMENT_TYPE = kinds.uri("appointment")


class Standing(Struct, frozen=True):
    """An appointment on record, and the statement that ended it, if any."""

    appointment: Recorded[Appointment]
    end: Recorded[Appointment] | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends or ended: by its date, or earlier where somebody took it back."""
        dates = [self.appointment.fact.valid_until]
        if self.end is not None:
            dates.append(self.end.fact.valid_from)
        return min((one for one in dates if one is not None), default=None)


def functions() -> tuple[str, ...]:
    """
    Return the functions a person can hold.

    Returns:
        Their names, in the order of the statement.

    Source: mission, functions.
    """
    return tuple(one.value for one in Function)


def appoint(desk: Desk, wanted: Appointment, at: datetime) -> Registered:
    """
    Return the place of the statement that gives a person a function.

    Args:
        desk: holds the operator's key
        wanted: person, function, places, interval, who decided and why
        at: log time

    Returns:
        Index and digest.

    Raises:
        MalformedError: it ends before it begins, somebody is their own deputy, no reason is given.
        RefusedError: what the register refuses it with.

    Source: docs/spec/appointment.md; ADR 0023.
    """
    check(wanted, at)
    fact = replace(wanted, verb=AppointmentVerb.APPOINT)
    return record.state(desk, fact, Header(desk.operator, at), wanted.person)


def check(wanted: Appointment, at: datetime) -> None:
    """
    Refuse an appointment that has no sense, and record nothing.

    Args:
        wanted: person, function, places, interval and why
        at: log time

    Raises:
        MalformedError: it ends before it begins, somebody is their own deputy, no reason is given.

    Source: docs/spec/appointment.md; ADR 0023.
    """
    if not wanted.reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    if wanted.valid_until is not None and wanted.valid_until <= max(wanted.valid_from, at):
        raise MalformedError(
            "The function would end before it begins, or has ended.", hint="Choose a later end."
        )
    if wanted.deputy_for == wanted.person:
        raise MalformedError("Nobody is their own deputy.", hint="Name somebody else.")


def end(
    desk: Desk, number: str, decided_by: Iterable[PersonId], reason: str, at: datetime
) -> Registered:
    """
    Return the place of the statement that takes a function back now.

    Args:
        desk: holds the operator's key
        number: of the appointment
        decided_by: the administrators who decided
        reason: one sentence
        at: log time; the function ends then

    Returns:
        Index and digest.

    Raises:
        UnknownSubjectError: no appointment with this number stands.
        MalformedError: no reason is given.
        RefusedError: what the register refuses it with.

    Source: docs/spec/appointment.md; ADR 0023.
    """
    if not reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    found = next((one for one in appointments(desk) if _number(one) == number), None)
    if found is None or found.end is not None:
        raise UnknownSubjectError(
            f"No appointment {number} stands.", hint="Look at the person's page."
        )
    fact = replace(
        found.appointment.fact,
        verb=AppointmentVerb.END,
        valid_from=at,
        valid_until=None,
        decided_by=tuple(decided_by),
        reason=reason.strip(),
    )
    return record.state(desk, fact, Header(desk.operator, at), fact.person)


def appointments(desk: Desk) -> tuple[Standing, ...]:
    """
    Return every appointment on record, ended ones included, in the order of their statements.

    Args:
        desk: where they are kept

    Returns:
        One for each number.

    Source: docs/spec/appointment.md; ADR 0023.
    """
    found = of_type(desk.entries, desk.views, APPOINTMENT_TYPE)
    begun: dict[str, Standing] = {}
    for one in sorted(found, key=lambda one: one.entry.index):
        fact = one.fact
        if fact.verb is AppointmentVerb.APPOINT:
            begun.setdefault(fact.number, Standing(one))
        elif (kept := begun.get(fact.number)) is not None and kept.end is None:
            begun[fact.number] = Standing(kept.appointment, one)
    return tuple(begun.values())


def _number(one: Standing) -> str:
    return one.appointment.fact.number
