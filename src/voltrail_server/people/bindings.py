"""
Give a function and end one: first the register, then the row that mirrors it, in one transaction.

An administrator gives nothing to themselves, and makes no administrator, without a second one. Who
is the only administrator, and was for two weeks, does both alone; the statement says so. Rows can
be folded again.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import structs

from voltrail.actions import appointment as actions
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId, PlaceId
from voltrail.statements.appointment import Appointment, AppointmentVerb, Function
from voltrail_server import wiring
from voltrail_server.people import administrators, functions, passkeys
from voltrail_server.people.models import Account, Binding, Role

ALONE = "Decided by the only administrator there is."
BY_HAND = "Given by the command line at the machine."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A function as somebody asks for it: for whom it is stands apart."""

    function: str
    places: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    deputy_for: str = ""
    reason: str = ""


def read(found: Mapping[str, Any]) -> Wanted:
    """Return what was asked for and kept as JSON."""
    return Wanted(
        found["function"],
        tuple(found["places"]),
        _time(found["valid_from"]),
        _time(found["valid_until"]),
        found["deputy_for"],
        found["reason"],
    )


def write(wanted: Wanted) -> dict[str, Any]:
    """Return what was asked for as JSON that `read` reads."""
    return {
        "function": wanted.function,
        "places": list(wanted.places),
        "valid_from": wanted.valid_from.isoformat() if wanted.valid_from else None,
        "valid_until": wanted.valid_until.isoformat() if wanted.valid_until else None,
        "deputy_for": wanted.deputy_for,
        "reason": wanted.reason,
    }


def check(account: Account, wanted: Wanted) -> Appointment:
    """Return the statement of what is asked for, refusing what has no sense; nobody decided yet."""
    at = wiring.now()
    if wanted.function not in actions.functions():
        raise MalformedError(
            _("There is no function %(function)s.") % {"function": f"{wanted.function!r:.40}"},
            hint=_("Choose: %(names)s.") % {"names": ", ".join(actions.functions())},
        )
    if wanted.deputy_for:
        _need_deputy(wanted, at)
    fact = Appointment(
        number=f"AP-{secrets.token_hex(6)}",
        verb=AppointmentVerb.APPOINT,
        person=passkeys.person_of(account),
        function=Function(wanted.function),
        valid_from=wanted.valid_from or at,
        decided_by=(),
        reason=wanted.reason.strip(),
        places=tuple(map(PlaceId.read, wanted.places)),
        valid_until=wanted.valid_until,
        deputy_for=PersonId.read(wanted.deputy_for) if wanted.deputy_for else None,
    )
    actions.check(fact, at)
    return fact


def needs_second(by: Account, account: Account, function: str) -> bool:
    """Return whether a second administrator must agree, which asks that there is one."""
    own = account.pk == by.pk or account.person == by.person
    if not own and function != Role.ADMINISTRATOR:
        return False
    return bool(administrators.seconds(by, account))


def grant(account: Account, wanted: Wanted, decided_by: Iterable[PersonId]) -> Binding:
    """State a function and keep its row; who decided has been judged by the caller."""
    fact = structs.replace(check(account, wanted), decided_by=tuple(decided_by))
    at = wiring.now()
    with transaction.atomic():
        placed = actions.appoint(wiring.desk(), fact, at)
        made = Binding.objects.create(**_columns(fact), entry=placed.index)
    functions.forget(account)
    return made


def appoint(by: Account, account: Account, wanted: Wanted) -> Binding:
    """Give a function on one administrator's word, or refuse where two are needed."""
    if needs_second(by, account, wanted.function):
        raise NotPermittedError(
            "This function needs a second administrator.",
            hint="Ask for it; another administrator confirms it at /people/requests/.",
        )
    if account.person == by.person or wanted.function == Role.ADMINISTRATOR:
        administrators.need_alone(by, account)
        if wanted.reason.strip():
            wanted = replace(wanted, reason=f"{wanted.reason.strip()} {ALONE}")
    return grant(account, wanted, (passkeys.person_of(by),))


def end(by: Account | None, number: str, reason: str) -> Binding:
    """End a function now; the last administrator's stays."""
    at = wiring.now()
    with transaction.atomic():
        administrators.lock()
        found = Binding.objects.select_for_update().filter(number=number).first()
        if found is None or found.end_entry is not None:
            raise UnknownSubjectError(
                _("No appointment %(number)s stands.") % {"number": number},
                hint="Look at the person's page.",
            )
        if found.function == Role.ADMINISTRATOR and functions.in_force(found, at):
            administrators.need_left(found.person)
        decided = () if by is None else (passkeys.person_of(by),)
        placed = actions.end(wiring.desk(), number, decided, reason, at)
        found.valid_until = min(found.valid_until or at, at)
        found.end_entry, found.ended_by = placed.index, [str(one) for one in decided]
        found.save(update_fields=["valid_until", "end_entry", "ended_by"])
        for deputy in _left_alone(found, at):
            end(by, deputy.number, "Whom they stood in for does not hold it any more.")
        if found.function == Role.ADMINISTRATOR:
            administrators.let_go(found.person, at)
    return found


def standing(account: Account) -> tuple[Binding, ...]:
    """Return an account's appointments that have not ended, those to come included."""
    at = wiring.now()
    return tuple(
        one
        for one in functions.every(account)
        if one.end_entry is None and (one.valid_until is None or at < one.valid_until)
    )


def refold() -> int:
    """Write every row again from the register; return how many there are."""
    found = actions.appointments(wiring.desk())
    with transaction.atomic():
        Binding.objects.all().delete()
        for one in found:
            said = one.appointment
            row = Binding(**_columns(said.fact), entry=said.entry.index)
            row.valid_until = one.ends_at
            if one.end is not None:
                row.end_entry = one.end.entry.index
                row.ended_by = [str(who) for who in one.end.fact.decided_by]
            row.save()
    return len(found)


def by_hand(account: Account, function: str, reason: str = BY_HAND) -> Binding | None:
    """Give a function at the machine; nothing where the person holds it."""
    if function in functions.names(account):
        return None
    return grant(account, Wanted(function, reason=reason), ())


def _left_alone(ended: Binding, at: datetime) -> tuple[Binding, ...]:
    """Return the deputies of somebody who holds a function no more."""
    if ended.deputy_for:
        return ()
    rows = Binding.objects.filter(function=ended.function)
    own = rows.filter(person=ended.person, deputy_for="")
    if any(functions.in_force(one, at) for one in own):
        return ()
    return tuple(rows.filter(deputy_for=ended.person, end_entry=None, valid_until__gt=at))


def _columns(fact: Appointment) -> dict[str, Any]:
    return {
        "number": fact.number,
        "person": str(fact.person),
        "function": str(fact.function),
        "places": [str(one) for one in fact.places],
        "valid_from": fact.valid_from,
        "valid_until": fact.valid_until,
        "deputy_for": str(fact.deputy_for or ""),
        "decided_by": [str(one) for one in fact.decided_by],
        "reason": fact.reason,
    }


def _need_deputy(wanted: Wanted, at: datetime) -> None:
    """Refuse a deputy of somebody who does not hold the function, or one without an end."""
    held = functions.holders({wanted.function}, at)
    if not any(one.person == wanted.deputy_for and not how.deputy_for for one, how in held):
        raise MalformedError(
            "Nobody stands in for a person who does not hold the function.",
            hint="Name somebody who holds it in their own right.",
        )
    if wanted.valid_until is None:
        raise MalformedError("A deputy has no end.", hint="Say until when.")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
