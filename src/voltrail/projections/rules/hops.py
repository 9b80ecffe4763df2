"""
The hand-overs of a lot, each with the halves that its own parties stated.

Does not know whether the halves agree.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from voltrail.ids.subject import ArrivalId, LotId, PartyId, PersonId, SubjectId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.view import Recorded
from voltrail.statements.custody import Half, HandOver

Halves = tuple[Recorded[HandOver], ...]


class Hop(Struct, frozen=True, dict=True):
    """One hand-over: given, taken, or both."""

    given: Recorded[HandOver] | None
    taken: Recorded[HandOver] | None

    @cached_property
    def halves(self) -> Halves:
        """The halves on record, given first."""
        return tuple(one for one in (self.given, self.taken) if one is not None)

    @cached_property
    def first(self) -> HandOver:
        """What the giver says, or else the taker."""
        return self.halves[0].fact

    @cached_property
    def last(self) -> HandOver:
        """What the taker says, or else the giver."""
        return self.halves[-1].fact

    @property
    def number(self) -> str:
        """The number that joins the halves."""
        return self.first.number

    @property
    def giver(self) -> PartyId:
        """Who gave."""
        return self.first.giver

    @property
    def taker(self) -> PartyId:
        """Who took."""
        return self.last.taker

    @property
    def sent(self) -> datetime:
        """When it was given, as far as anybody says."""
        return self.first.at

    @property
    def got(self) -> datetime:
        """When it was taken, as far as anybody says."""
        return self.last.at

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
    return tuple(sorted({one.fact.lot for one in about.of(HandOver)}))


def _hops(about: Bearing, lot: SubjectId | None) -> tuple[Hop, ...]:
    numbered: dict[str, list[Recorded[HandOver]]] = {}
    for one in about.of(HandOver):
        if one.fact.lot == lot and _is_own(one):
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
            yield Hop(left, same[-1])
    while given or taken:
        yield Hop(given.pop() if given else None, taken.pop() if taken else None)


def _parties(one: Recorded[HandOver]) -> tuple[PartyId, PartyId]:
    return one.fact.giver, one.fact.taker
