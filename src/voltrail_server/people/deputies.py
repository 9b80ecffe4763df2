"""
Deputies: a person names somebody who stands in for them in a function of their own, until a day.

A deputy gets no more than the person has: the same places, an end no later. A deputy for an
administrator waits for a second administrator, as every administrator does.
"""

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail_server import wiring
from voltrail_server.people import administering, bindings, functions, passkeys
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account, Binding, Role

LONGEST = timedelta(days=92)  # our choice: ADR 0023


def of_person(account: Account) -> tuple[Binding, ...]:
    """Return the deputies of a person whose end has not come."""
    at = wiring.now()
    rows = Binding.objects.filter(deputy_for=account.person, end_entry=None, valid_until__gt=at)
    return tuple(rows) if account.person else ()


def name(by: Account, deputy: Account, wanted: Wanted) -> None:
    """Give somebody a function of one's own until a day."""
    own = _own(by, wanted.function)
    at = wiring.now()
    if wanted.valid_until is None or wanted.valid_until > at + LONGEST:
        raise MalformedError(
            "A deputy has an end.",
            hint=_("Name a day within %(days)s days.") % {"days": LONGEST.days},
        )
    if own.until is not None and wanted.valid_until > own.until:
        raise MalformedError(
            "Your own function ends earlier.",
            hint=_("It ends on %(until)s.") % {"until": f"{own.until:%Y-%m-%d}"},
        )
    if deputy.person == by.person or not deputy.is_active or functions.is_outside(deputy):
        raise MalformedError("That is nobody who can stand in.", hint="Name somebody else here.")
    asked = replace(wanted, places=own.places, deputy_for=by.person)
    if wanted.function == Role.ADMINISTRATOR:
        administering.appoint_or_ask(by, deputy, asked)
    else:
        bindings.grant(deputy, asked, (passkeys.person_of(by),))


def end(by: Account, number: str) -> None:
    """End a deputy of one's own before the day."""
    if number not in {one.number for one in of_person(by)}:
        raise UnknownSubjectError("That is no deputy of yours.", hint="Look at your page.")
    bindings.end(by, number, "The person is back.")


def _own(by: Account, function: str) -> Holding:
    found = [one for one in functions.held(by) if one.function == function and not one.deputy_for]
    if not found:
        raise NotPermittedError(
            "You do not hold this function in your own right.",
            hint="Name a deputy for a function of your own.",
        )
    return next((one for one in found if not one.places), found[0])
