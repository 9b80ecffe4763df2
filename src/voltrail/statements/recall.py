"""
Goods are called back: which, for what reason, what is to be done with them; or a rehearsal of it.

A maker recalls what it made; the operator recalls anything. What fits a selector is definite or
possible. Does not know where the goods are, nor how many were found.
"""

from datetime import date
from enum import StrEnum

from voltrail.ids.subject import CaseId, LotId, PersonId, PlaceId, SubjectId, UnitId
from voltrail.statements.assembly import Certainty
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text
from voltrail.statements.hold import Selector
from voltrail.table import Commitment


class RecallAction(StrEnum):
    """What whoever has the goods is asked to do."""

    STOP_USE = "stop-use"
    QUARANTINE = "quarantine"
    INSPECT = "inspect"
    UPDATE_FIRMWARE = "update-firmware"
    RETURN = "return"
    REPLACE = "replace"
    DESTROY = "destroy"


class Selected(Fact, frozen=True):
    """Whatever the selector fits is affected for sure, or can be."""

    selector: Selector
    certainty: Certainty
    why: Text | None = None


class Recall(Fact, frozen=True):
    """
    A numbered notice of a case; what is named outright is definite; a mock holds nothing.

    `suspect` and `relation` say from what the scope was found, `since` and `until` in which days
    the relation was looked for, `started_at` when that search began.
    """

    case: CaseId
    number: Text
    reason: Text
    action: RecallAction
    issued_at: Instant
    mock: bool
    selected: Many[Selected] = ()
    lots: Many[LotId] = ()
    units: Many[UnitId] = ()
    unit_table: Commitment | None = None
    answer_by: Instant | None = None
    documents: Many[Digest] = ()
    suspect: Text | None = None
    relation: Text | None = None
    started_at: Instant | None = None
    since: date | None = None
    until: date | None = None

    @property
    def claim(self) -> str:
        """One statement for each numbered notice of a case."""
        return f"{self.case} {self.number}"

    @property
    def links(self) -> tuple[SubjectId, ...]:
        """Every subject named outright or in a selector, those in the table left out."""
        chosen = (one.selector for one in self.selected)
        named = ((s.unit, s.lot, s.arrival, s.product, s.party) for s in chosen)
        return (*self.lots, *self.units, *(one for row in named for one in row if one is not None))


class RecallAnswer(Fact, frozen=True):
    """
    Who answers for a place says of what a recall names there: found, not found, or not here.

    A later answer about the same thing takes the place of an earlier one.
    """

    case: CaseId
    number: Text
    place: PlaceId
    by: PersonId
    at: Instant
    found: Many[SubjectId] = ()
    missing: Many[SubjectId] = ()
    elsewhere: Many[SubjectId] = ()
    note: Text | None = None
