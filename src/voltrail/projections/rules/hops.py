"""
The hand-overs of a lot, each with the halves that its own parties stated.

Does not know whether the halves agree.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, PartyId, PersonId, SubjectId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.view import Recorded
from voltrail.statements.custody import Half, HandOver

Halves = tuple[Recorded[HandOver], ...]


class Hop(Struct, frozen=True, gc=False):
    """
    One hand-over: given, taken, or both.

    `halves` are those on record, given first. `first` is what the giver says, or else the taker;
    `last` what the taker says, or else the giver. It was `sent` and `got` as far as anybody says.
    """

    given: Recorded[HandOver] | None
    taken: Recorded[HandOver] | None
    halves: Halves
    first: HandOver
    last: HandOver
    number: str
    giver: PartyId
    taker: PartyId
    sent: datetime
    got: datetime

    @property
    def arrival(self) -> ArrivalId | None:
        """The arrival that either half names."""
        return self.last.arrival or self.first.arrival


def hops(about: Bearing, lot: SubjectId | None) -> tuple[Hop, ...]:
    """
    Return the hand-overs of a lot by time.

    Args:
        about: what bears on the subject
        lot: which lot

    Returns:
        Halves met by number, then by parties; a half that another party stated is none.

    Source: our choice: ADR 0048.
    """
    kept: tuple[Hop, ...] | None = about.walked.get(lot)
    if kept is None:
        kept = about.walked[lot] = _hops(about, lot)
    return kept


def lots_of(about: Bearing) -> tuple[LotId, ...]:
    """
    Return the lots whose hand-overs bear on a subject.

    Args:
        about: what bears on it

    Returns:
        Lots in order.

    Source: our choice: ADR 0048.
    """
    return tuple(sorted(one.fact.lot for one, *_ in about.handed.values()))


def _hops(about: Bearing, lot: SubjectId | None) -> tuple[Hop, ...]:
    numbered: dict[str, list[Recorded[HandOver]]] = {}
    for one in () if lot is None else about.handed.get(lot, ()):
        if _is_own(one):
            numbered.setdefault(one.fact.number, []).append(one)
    found = [hop for halves in numbered.values() for hop in _paired(halves)]
    return tuple(sorted(found, key=lambda hop: (hop.sent, hop.number, hop.giver, hop.taker)))


def _is_own(one: Recorded[HandOver]) -> bool:
    fact = one.fact
    party = fact.giver if fact.half is Half.GIVEN else fact.taker
    return one.issuer == party or isinstance(one.issuer, PersonId)


def _paired(halves: list[Recorded[HandOver]]) -> Iterator[Hop]:
    """Yield hops: halves of the same parties first, then whatever is left together, in order."""
    given = [one for one in halves if one.fact.half is Half.GIVEN]
    taken = [one for one in halves if one.fact.half is Half.TAKEN]
    for left in list(given):
        same = [one for one in taken if _parties(one) == _parties(left)]
        if same:
            given.remove(left)
            taken.remove(same[-1])
            yield _hop(left, same[-1])
    while given or taken:
        yield _hop(given.pop() if given else None, taken.pop() if taken else None)


def _hop(given: Recorded[HandOver] | None, taken: Recorded[HandOver] | None) -> Hop:
    """Return the hand-over of one or two halves."""
    halves = tuple([one for one in (given, taken) if one is not None])
    first, last = halves[0].fact, halves[-1].fact
    return Hop(
        given,
        taken,
        halves,
        first,
        last,
        first.number,
        first.giver,
        last.taker,
        first.at,
        last.at,
    )


def _parties(one: Recorded[HandOver]) -> tuple[PartyId, PartyId]:
    return one.fact.giver, one.fact.taker
