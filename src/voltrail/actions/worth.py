"""
What a registered statement is worth, today or as was known at a past time.

Looks at the keys that signed it and at nothing else; whether it is true, decisions say.
"""

from datetime import datetime

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import UnknownSubjectError
from voltrail.projections import anchors as key_fold
from voltrail.projections.dossier import gathering
from voltrail.projections.view import recorded
from voltrail.register.store import EntryStore
from voltrail.statements.custody import HandOver


class StatementWorth(Struct, frozen=True):
    """A standing as known at a time, why, when it was proven to exist, and the register's size."""

    index: int
    standing: str
    why: str
    proven_at: datetime
    known_at: datetime
    size: int
    keys: tuple[str, ...]


def worth_of(desk: Desk, index: int, known_at: datetime) -> StatementWorth:
    """
    Return what a statement is worth by all that was registered up to a time.

    Args:
        desk: where it is kept
        index: of the entry
        known_at: later key statements are not looked at

    Returns:
        The standing, with the size of the register that was looked at.

    Raises:
        UnknownSubjectError: no such entry, or it was not registered by then.

    Source: reference on provenance, section 2.6; ADR 0040.
    """
    size = size_at(desk.entries, known_at)
    if not 0 <= index < size:
        raise UnknownSubjectError(
            f"Entry {index} was not registered by {known_at:%Y-%m-%d %H:%MZ}.",
            hint="Ask for a later time.",
        )
    (entry,) = desk.entries.at([index])
    one = recorded(entry)
    room = gathering(desk, size)
    keys = key_fold.folded(room.of_type(key_fold.KEY_TYPE), desk.pinned)
    halves = room.view(one.fact.lot).standing(HandOver) if isinstance(one.fact, HandOver) else ()
    agrees = key_fold.other_half_agrees(keys, one, halves)
    found = key_fold.worth_of(keys, one, corroborated=agrees)
    return StatementWorth(
        index=index,
        standing=found.standing.name.lower(),
        why=found.why,
        proven_at=one.entry.log_time,
        known_at=known_at,
        size=size,
        keys=one.keys,
    )


def size_at(entries: EntryStore, at: datetime) -> int:
    """
    Return how many entries were registered up to a time.

    Args:
        entries: the register; its log times never run back
        at: the time, included

    Returns:
        Number of entries.

    Source: our choice: ADR 0040.
    """
    low, high, last = 0, entries.size(), entries.last_time()
    if last is None or at >= last:
        return high
    while low < high:
        middle = (low + high) // 2
        (entry,) = entries.at([middle])
        if entry.parsed.log_time <= at:
            low = middle + 1
        else:
            high = middle
    return low
