"""
Play acts in memory: a desk without a server, the same verbs, the story's own times as log times.

Also compares what the register answered with what the story expects. Does not know the story.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.actions.record import hand_in
from voltrail.errors import ProductError
from voltrail.projections.memory import MemoryViews
from voltrail.projections.store import ArrivalRow
from voltrail.register.log import LogKey
from voltrail.register.memory import MemoryBlobs, MemoryEntries
from voltrail_world.arrivals import REFUSED, Act
from voltrail_world.cast import NORDLICHT, ORIGIN, World

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Played(Struct, frozen=True):
    """An act and the register's answer: its index, or the error that refused it."""

    act: Act
    index: int | None
    error: ProductError | None = None

    @property
    def as_expected(self) -> bool:
        """Whether the register did what the story says it does."""
        return (self.act.expected == REFUSED) == (self.error is not None)


def desk_of(world: World) -> Desk:
    """
    Return an empty desk in memory that trusts the world's operator.

    Args:
        world: holds the operator's and the log's keys

    Returns:
        The desk.

    Source: our choice: design, section 2, invented world.
    """
    views = MemoryViews()
    return Desk(
        entries=MemoryEntries((views,)),
        views=views,
        blobs=MemoryBlobs(),
        pinned=world.pinned,
        operator=NORDLICHT,
        signer=world.keys[NORDLICHT],
        log=LogKey(ORIGIN, world.log),
    )


def play(desk: Desk, acts: Iterable[Act]) -> tuple[Played, ...]:
    """
    Hand in acts, one after the other, at their own times.

    Args:
        desk: where to record
        acts: in order of time

    Returns:
        What came of each.

    Source: our choice: design, section 2, invented world.
    """
    return tuple(_played(desk, act) for act in acts)


def table(rows: Iterable[ArrivalRow]) -> tuple[tuple[str, ...], ...]:
    """
    Return what the demo prints of each arrival: number, place, tier, decision, sentence.

    Args:
        rows: arrivals with their newest decision

    Returns:
        One line of words per arrival, in order of arrival id.

    Source: our choice: design, section 2, invented world.
    """
    ordered = sorted(rows, key=lambda row: row.arrival)
    return tuple(
        (_last(row.arrival), _last(row.place), str(row.tier), row.disposition, plain(row.sentence))
        for row in ordered
    )


def plain(sentence: str) -> str:
    """
    Return a sentence without digests, which differ from run to run.

    Args:
        sentence: of a decision

    Returns:
        The sentence with an ellipsis for each digest.

    Source: our choice: design, section 2, invented world.
    """
    return _DIGEST.sub("…", sentence)


def _played(desk: Desk, act: Act) -> Played:
    try:
        return Played(act, hand_in(desk, act.raw, act.at).index)
    except ProductError as error:
        return Played(act, None, error)


def _last(identity: str) -> str:
    return identity.rpartition(":")[2]
