"""
Who may enter a place at a time, from the permissions on record.

A place for which somebody was ever allowed is controlled: from then on nobody else may enter, also
when every permission has ended. Does not know who is standing there.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import PartyId, PersonId
from voltrail.projections.view import Recorded
from voltrail.statements.permission import Permission, PermissionVerb


class Permit(Struct, frozen=True):
    """One permission, and the statement that ended it, if any."""

    allowed: Recorded[Permission]
    ended: Recorded[Permission] | None = None

    def stands_at(self, at: datetime) -> bool:
        """Whether it allows anybody in at a time."""
        fact = self.allowed.fact
        until = fact.valid_until
        if self.ended is not None and self.ended.fact.valid_from <= at:
            return False
        return fact.valid_from <= at and (until is None or at < until)


def permits(facts: Iterable[Recorded[Any]]) -> tuple[Permit, ...]:
    """
    Return the permissions of a place, oldest first, each with what ended it.

    Args:
        facts: what is on record about the place, withdrawn facts left out

    Returns:
        Permissions by their beginning, then digest; none where the place is open.

    Source: mission, CU-04; ADR 0051.
    """
    told = [one for one in facts if isinstance(one.fact, Permission)]
    ends: dict[str, Recorded[Permission]] = {}
    for one in sorted(told, key=_order):
        if one.fact.verb is PermissionVerb.END:
            ends.setdefault(one.fact.number, one)
    allowed = (one for one in told if one.fact.verb is PermissionVerb.ALLOW)
    return tuple(Permit(one, ends.get(one.fact.number)) for one in sorted(allowed, key=_order))


def allows_person(found: Iterable[Permit], person: PersonId, at: datetime) -> bool:
    """
    Return whether a person is allowed in by name at a time.

    Args:
        found: the permissions of a place
        person: who wants to enter
        at: when

    Returns:
        True where one that stands names the person.

    Source: mission, CU-04.
    """
    return any(person in one.allowed.fact.people and one.stands_at(at) for one in found)


def allows_party(found: Iterable[Permit], party: PartyId, at: datetime) -> bool:
    """
    Return whether a firm's people are allowed in at a time.

    Args:
        found: the permissions of a place
        party: whose people come
        at: when

    Returns:
        True where one that stands names the firm.

    Source: mission, CU-04.
    """
    return any(party in one.allowed.fact.parties and one.stands_at(at) for one in found)


def _order(one: Recorded[Permission]) -> tuple[datetime, str]:
    return one.fact.valid_from, one.entry.digest
