"""
Which functions a person holds at a time, and where: what their appointments add up to.

One question for each request; the answer stays on the account while it is in memory. Nothing but
an appointment gives a function. Judges no act.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voltrail_server import wiring
from voltrail_server.people.models import Account, Binding, Role

_KEPT = "_functions_kept"


@dataclass(frozen=True, slots=True)
class Holding:
    """A function in force: where (none named: everywhere), until when, which entry says so."""

    function: str
    places: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    deputy_for: str = ""
    entry: int | None = None
    number: str = ""

    @property
    def is_everywhere(self) -> bool:
        """Whether it is good at every place."""
        return not self.places

    def covers(self, place: str | None) -> bool:
        """Return whether it is good at a place; a place that is not known stops nobody."""
        return place is None or not self.places or str(place) in self.places


def every(account: Account) -> tuple[Binding, ...]:
    """Return an account's appointments, past and future ones too; one question for an account."""
    kept: tuple[Binding, ...] | None = getattr(account, _KEPT, None)
    if kept is None:
        rows = Binding.objects.filter(person=account.person) if account.person else ()
        kept = tuple(rows)
        setattr(account, _KEPT, kept)
    return kept


def forget(account: Account) -> None:
    """Let the next look ask again."""
    if hasattr(account, _KEPT):
        delattr(account, _KEPT)


def held(account: Account, at: datetime | None = None) -> tuple[Holding, ...]:
    """Return the functions an account's person holds at a time; none where it is closed."""
    return granted(account, at) if account.is_active else ()


def granted(account: Account, at: datetime | None = None) -> tuple[Holding, ...]:
    """Return what was given to an account's person, whether or not the account is open."""
    moment = at or wiring.now()
    return tuple(holding(one) for one in every(account) if in_force(one, moment))


def holding(one: Binding) -> Holding:
    """Return an appointment's row as what it gives."""
    return Holding(
        one.function,
        tuple(one.places),
        one.valid_from,
        one.valid_until,
        one.deputy_for,
        one.entry,
        one.number,
    )


def in_force(one: Binding, at: datetime) -> bool:
    """Return whether an appointment holds at a time."""
    return one.valid_from <= at and (one.valid_until is None or at < one.valid_until)


def names(account: Account, at: datetime | None = None) -> frozenset[str]:
    """Return the names of the functions that an account's person holds."""
    return frozenset(one.function for one in held(account, at))


def is_outside(account: Any) -> bool:  # noqa: ANN401 — whoever the request says
    """Return whether somebody belongs to another firm and may not read the operator's pages."""
    return isinstance(account, Account) and names(account) == frozenset({Role.SUPPLIER})


def holders(wanted: Iterable[str], at: datetime) -> tuple[tuple[Account, Holding], ...]:
    """Return everybody with an open account who holds one of some functions, by name."""
    asked = frozenset(wanted)
    found = [
        (account, one)
        for account in accounts(Account.objects.filter(is_active=True))
        for one in held(account, at)
        if one.function in asked
    ]
    return tuple(sorted(found, key=lambda pair: str(pair[0]).lower()))


def accounts(rows: Iterable[Account]) -> tuple[Account, ...]:
    """Return accounts with their appointments looked up in one question."""
    found = tuple(rows)
    by_person: dict[str, list[Binding]] = {}
    for one in Binding.objects.filter(person__in={row.person for row in found if row.person}):
        by_person.setdefault(one.person, []).append(one)
    for row in found:
        setattr(row, _KEPT, tuple(by_person.get(row.person, ())))
    return found


def words(account: Account) -> str:
    """Return an account's functions as the top of a page shows them."""
    labels = dict(Role.choices)
    return ", ".join(sorted(str(labels.get(one, one)) for one in names(account)))
