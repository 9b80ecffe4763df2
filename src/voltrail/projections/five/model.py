"""
The words in which five questions about a unit are answered, and what each of them may look at.

An answer is as sure as the independent parties that say it: two or more, one, none; and where the
rules find that what is said contradicts itself, it is contradicted. A paper that the operator
filed is shown and counts for nobody. Does not decide, and does not verify.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import LotId, PartyId, PersonId, SubjectId, UnitId
from voltrail.projections import genealogy
from voltrail.projections.gathering import Gathering
from voltrail.projections.genealogy import Step, Traced, Way
from voltrail.projections.genealogy_read import Puts, Sightings
from voltrail.projections.lot import own_records
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.lot import LotRecord
from voltrail.wording import Worded

_TWO = 2  # [parties] our choice: ADR 0053; what two say independently is corroborated


class Question(StrEnum):
    """The five questions, in the order in which they are asked."""

    CELLS = "cells"
    ASSEMBLY = "assembly"
    TESTS = "tests"
    FIRMWARE = "firmware"
    CUSTODY = "custody"


class Confidence(StrEnum):
    """How sure an answer is."""

    PROVEN = "proven"
    ONE_SOURCE = "single-source"
    NOT_PROVEN = "not-proven"
    CONTRADICTED = "contradicted"


class Contradiction(Struct, frozen=True):
    """What speaks against an answer: a sentence and the entries that contradict one another."""

    sentence: str
    entries: tuple[int, ...]


class Answer(Struct, frozen=True):
    """
    One answer: what is said, how sure that is, by what, and what is missing.

    `sources` are statements of parties that count, `papers` those that only support it; `missing`
    is what would prove it, and `ask` is who can say so.
    """

    question: Question
    sentence: Worded
    confidence: Confidence
    sources: tuple[Recorded[Any], ...] = ()
    papers: tuple[Recorded[Any], ...] = ()
    against: tuple[Contradiction, ...] = ()
    missing: Worded | None = None
    ask: PartyId | None = None


class Subject(Struct, frozen=True):
    """
    A unit with what its questions need: its trace down, its lots, its arrivals, who operates.

    `record` gives the facts that stand under a subject, oldest claim first.
    """

    unit: UnitId
    operator: PartyId
    room: Gathering
    origins: Traced
    arrivals: tuple[Recorded[Arrival], ...]

    @property
    def maker(self) -> PartyId:
        """Whose unit it is by its name."""
        return PartyId.of(self.unit.parts[0])

    @property
    def lots(self) -> tuple[LotId, ...]:
        """The lots that the unit itself is of, by any record."""
        steps = self.origins.steps
        own = (one.subject for one in steps if one.before == 0 and one.way is Way.OF_LOT)
        return tuple(sorted(one for one in own if isinstance(one, LotId)))

    @property
    def leaves(self) -> tuple[Step, ...]:
        """What the unit was made of in the end: the lots at which the trace down stops."""
        inner = {one.before for one in self.origins.steps}
        return tuple(
            one
            for at, one in enumerate(self.origins.steps)
            if at not in inner and isinstance(one.subject, LotId) and self._is_made_of(one)
        )

    def standing(self, subject: SubjectId, kind: type[Any]) -> tuple[Recorded[Any], ...]:
        """Return the standing facts of a kind about a subject, oldest claim first."""
        return self.room.view(subject).standing(kind)

    def records(self) -> tuple[Recorded[LotRecord], ...]:
        """Return what the makers of its lots recorded about these."""
        return tuple(one for lot in self.lots for one in own_records(self.room.view(lot)))

    def said_at(self, entries: Iterable[int]) -> tuple[Recorded[Any], ...]:
        """Return the facts at some places of the register, in order."""
        found = self.room.at(sorted(set(entries)))
        return tuple(found[index] for index in sorted(found))

    def _is_made_of(self, step: Step) -> bool:
        """Return whether a step was reached through a making, not through the unit's own lot."""
        while step.before is not None:
            if step.way is Way.MADE_OF:
                return True
            step = self.origins.steps[step.before]
        return False


def subject(
    room: Gathering, unit: UnitId, operator: PartyId, seen: Sightings, puts: Puts
) -> Subject:
    """
    Return a unit with what its questions need.

    Args:
        room: what is on record at a register size
        unit: which one
        operator: whose register it is
        seen: the arrivals in which units were seen
        puts: the parts of an assembly, those of its table included

    Returns:
        The unit's trace down, and its arrivals by time of receipt.

    Source: mission, PV-05; ADR 0053.
    """
    listed = sorted(seen((unit,)).get(unit, ()))
    arrivals = [came for key in listed for came in room.standing(key) if _is_arrival(came, key)]
    arrivals.sort(key=lambda one: (one.fact.received_at, one.entry.digest))
    traced = genealogy.origins(room, unit, seen, puts)
    return Subject(unit, operator, room, traced, tuple(arrivals))


def answered(
    question: Question,
    sentence: Worded,
    sources: Iterable[Recorded[Any]],
    operator: PartyId,
    **more: Any,  # noqa: ANN401 — the fields of an answer
) -> Answer:
    """
    Return an answer whose confidence follows from who says it.

    Args:
        question: which one
        sentence: what is said
        sources: the statements that say it
        operator: whose persons count as one party with it
        more: other fields of the answer

    Returns:
        Proven by two parties, one source by one, not proven by none.

    Source: design, section 1, first conviction; ADR 0053.
    """
    told = tuple({one.entry.index: one for one in sources}.values())
    parties = {operator if isinstance(one.issuer, PersonId) else one.issuer for one in told}
    confidence = (
        Confidence.PROVEN
        if len(parties) >= _TWO
        else Confidence.ONE_SOURCE
        if parties
        else Confidence.NOT_PROVEN
    )
    return Answer(question, sentence, confidence, told, **more)


def _is_arrival(came: Recorded[Any], key: str) -> bool:
    return isinstance(came.fact, Arrival) and came.fact.arrival == key
