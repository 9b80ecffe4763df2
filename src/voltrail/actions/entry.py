"""
Whether people may enter where goods are moved, from the permissions on record.

A place within a controlled one is controlled too. Does not know what was moved.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from voltrail.actions import whereabouts
from voltrail.actions.desk import Desk
from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.projections.fold import view
from voltrail.projections.permissions import allows_party, allows_person, permits


class Barred(Struct, frozen=True):
    """Who may not enter which place, and the entry of the newest permission there."""

    who: PersonId | PartyId
    place: PlaceId
    entry: int


def barred(
    desk: Desk,
    places: Iterable[PlaceId],
    who: tuple[PersonId, PartyId | None],
    at: datetime,
) -> Iterator[Barred]:
    """
    Yield the places that a person, or the firm whose people help, may not enter.

    Args:
        desk: knows permissions, and what lies within what
        places: which ones are entered
        who: the person, and the contractor if any
        at: when

    Yields:
        One answer for each place, in order; nothing for one that was open then.

    Source: mission, CU-04; ADR 0051.
    """
    person, firm = who
    for place in dict.fromkeys(outer for one in places for outer in whereabouts.around(desk, one)):
        seen = view(desk.entries, desk.views, place)
        told = permits(one for one in seen.facts if one.withdrawn_by is None)
        if not told or told[0].allowed.fact.valid_from > at:
            continue  # open, or not controlled yet
        if not allows_person(told, person, at):
            yield Barred(person, place, told[-1].allowed.entry.index)
        elif firm is not None and not allows_party(told, firm, at):
            yield Barred(firm, place, told[-1].allowed.entry.index)
