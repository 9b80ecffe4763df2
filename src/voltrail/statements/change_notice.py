"""
A supplier says beforehand what will change, and the operator answers: accept, requalify or refuse.

A change that is seen without such a notice is silent component drift. Does not know whether the
notice came in time; the contract says how long before.
"""

from enum import StrEnum

from voltrail.ids.subject import DocumentId, LotId, PartyId, PlaceId, ProductId
from voltrail.quantities import Quantity
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text
from voltrail.table import Commitment


class ChangeKind(StrEnum):
    """What changes; the last two end a qualification's ground as a new site does."""

    BOM = "bom"
    FIRMWARE = "firmware"
    PROCESS = "process"
    SITE = "site"
    OWNERSHIP = "ownership"
    CHANNEL = "channel"


class Answer(StrEnum):
    """What the operator does about an announced change."""

    ACCEPT = "accept"
    REQUALIFY = "requalify"
    REFUSE = "refuse"


class Side(Fact, frozen=True):
    """How something stands before or after the change; only what the kind of change needs."""

    text: Text
    maker: PartyId | None = None
    part_number: Text | None = None
    revision: Text | None = None
    firmware: Digest | None = None
    place: PlaceId | None = None


class Change(Fact, frozen=True):
    """One thing that changes; without a before it is added, without an after it goes."""

    what: Text
    before: Side | None = None
    after: Side | None = None


class ChangeNotice(Fact, frozen=True):
    """The supplier will change these things in these products from a day on [d]."""

    supplier: PartyId
    number: Text
    kind: ChangeKind
    products: Many[ProductId]
    changes: Many[Change]
    effective_from: Instant
    why: Text
    lead_time: Quantity | None = None
    contract: DocumentId | None = None
    first_lot: LotId | None = None
    bom_table: Commitment | None = None
    documents: Many[Digest] = ()

    @property
    def claim(self) -> str:
        """One statement for each numbered notice of a supplier."""
        return f"{self.supplier} {self.number}"


class ChangeDecision(Fact, frozen=True):
    """The operator's answer to the notice with this digest, for these products, and why."""

    notice: Digest
    supplier: PartyId
    products: Many[ProductId]
    answer: Answer
    why: Text
    requalify_by: Instant | None = None
    evidence: Many[Digest] = ()

    @property
    def claim(self) -> str:
        """One answer stands for each notice; a later one names the answer it supersedes."""
        return self.notice
