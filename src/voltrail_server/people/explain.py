"""
May somebody do something: by which appointment, or why not, and who may. Reads only.

The answer is the one that `people.may` gives; this file finds words for it and asks nobody else.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from voltrail.errors import UnknownSubjectError
from voltrail_server.people import factor, functions, may
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account

_MOST = 50  # [persons] named as those who may


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an account may, by what; what it holds besides; who may; what a session must show."""

    account: Account
    act: str
    place: str
    allowed: bool
    by: tuple[Holding, ...]
    elsewhere: tuple[Holding, ...]
    held: tuple[Holding, ...]
    over: tuple[Holding, ...]
    needed: tuple[str, ...]
    who: tuple[tuple[Account, Holding], ...]
    needs_factor: bool
    has_grace: bool


def acts() -> tuple[str, ...]:
    """Return every act there is, in order of name."""
    return tuple(sorted(may.MAY))


def explain(account: Account, act: str, place: str, at: datetime) -> Answer:
    """Return whether an account may do something at a place, and why."""
    if act not in may.MAY:
        raise UnknownSubjectError(
            _("There is no act %(act)s.") % {"act": f"{act!r:.60}"}, hint="Choose one of the list."
        )
    where = place or None
    held = functions.held(account, at)
    found = may.allowing(held, act, where)
    row = may.of(act)
    over = tuple(
        functions.holding(one)
        for one in functions.every(account)
        if one.function in row.who and not functions.in_force(one, at)
    )
    who = [pair for pair in functions.holders(row.who, at) if may.reaches(pair[1], act, where)]
    return Answer(
        account=account,
        act=act,
        place=place,
        allowed=bool(found),
        by=found,
        elsewhere=() if found else tuple(one for one in held if one.function in row.who),
        held=held,
        over=over,
        needed=tuple(sorted(row.who)),
        who=tuple(who[:_MOST]),
        needs_factor=settings.VOLTRAIL_SECOND_FACTOR and row.factor is may.NEEDED,
        has_grace=factor.has_grace(account, at),
    )
