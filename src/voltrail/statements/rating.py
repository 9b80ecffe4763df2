"""
How much risk a supplier has shown over a period, why, and what it means for the next lots.

The grade is the worst band among the reasons and is nowhere stated by itself: a strength cannot
make up for a weakness, and no reason at all is the worst grade. Does not know the model's terms.
"""

from enum import StrEnum

from voltrail.ids.subject import PartyId, PlaceId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole
from voltrail.table import Commitment


class Grade(StrEnum):
    """Bands of risk, best first; X buys nothing."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    X = "X"


class Dimension(StrEnum):
    """What a band is about."""

    EVIDENCE = "evidence"
    PERFORMANCE = "performance"
    ANOMALIES = "anomalies"
    DRIFT = "drift"
    HARD_STOP = "hard-stop"
    NOT_YET_BETTER = "not-yet-better"  # a better band waits for two people, time and clean lots


class Testing(StrEnum):
    """How the next lots are tested, mildest first: ISO 2859-1, and its two ends."""

    SKIP_LOT = "skip-lot"
    REDUCED = "reduced"
    NORMAL = "normal"
    TIGHTENED = "tightened"
    EVERY_ITEM = "every-item"
    NO_NEW_LOTS = "no-new-lots"


class Reason(Fact, frozen=True):
    """One band: of what, in a sentence, on which statements, and what would make it better."""

    dimension: Dimension
    band: Grade
    sentence: Text
    observations: Whole
    rests_on: Many[Digest] = ()
    better_when: Text | None = None


class Effect(Fact, frozen=True):
    """What the rating asks of the next lots at places of one risk tier."""

    tier: Whole
    testing: Testing
    inspection_level: Text | None = None
    note: Text | None = None


class Rating(Fact, frozen=True):
    """A supplier's rating for a site, family and channel, as of a register size."""

    supplier: PartyId
    begins: Instant
    ends: Instant
    register_size: Whole
    model: Text
    reasons: Many[Reason]
    effects: Many[Effect]
    factory: PlaceId | None = None
    family: Text | None = None
    channel: Text | None = None
    inputs: Commitment | None = None
    previous: Digest | None = None
    approvals: Many[Digest] = ()

    @property
    def claim(self) -> str:
        """One rating of a supplier, site, family and channel for each register size."""
        scope = f"{self.supplier} {self.factory} {self.family!r} {self.channel!r}"
        return f"{scope} {self.register_size}"

    @property
    def grade(self) -> Grade:
        """The worst band; X where there is no reason."""
        return max((reason.band for reason in self.reasons), default=Grade.X)
