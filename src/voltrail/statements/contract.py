"""
A contract with a supplier as the operator read it, clause by clause, against a clause library.

Prices stay out of the register, and contacts are roles: the register cannot forget a person. Does
not know which clauses are mandatory; the library and the policy say so.
"""

from datetime import date
from enum import StrEnum

from voltrail.ids.subject import DocumentId, PartyId, ProductId
from voltrail.quantities import Quantity
from voltrail.statements.change_notice import ChangeKind
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class ClauseState(StrEnum):
    """How the contract stands to a clause of the library."""

    PRESENT = "present"
    MISSING = "missing"
    WEAKENED = "weakened"


class Clause(Fact, frozen=True):
    """One clause of the library, where the contract has it, and how soon it must be served [d]."""

    clause: Text
    version: Whole
    state: ClauseState
    paragraph: Text | None = None
    note: Text | None = None
    within: Quantity | None = None


class NoticeTime(Fact, frozen=True):
    """How long before a change of this kind the supplier must say so [d]."""

    kind: ChangeKind
    lead_time: Quantity


class Escrow(Fact, frozen=True):
    """A deposit by digest: who keeps it, when it is released, when it was last verified."""

    deposit: Digest
    title: Text
    custodian: PartyId
    released_when: Text
    verified_on: date | None = None
    verify_by: date | None = None


class RecallProcess(Fact, frozen=True):
    """How the supplier is reached in a recall: a role, never a person; when last rehearsed."""

    contact: Text
    content: Digest | None = None
    tested_on: date | None = None
    test_by: date | None = None


class Contract(Fact, frozen=True):
    """What is agreed with a supplier, for which products or families; none named, none covered."""

    contract: DocumentId
    revision: Whole
    supplier: PartyId
    valid_from: Instant
    content: Digest
    library: Text
    clauses: Many[Clause]
    valid_until: Instant | None = None
    products: Many[ProductId] = ()
    families: Many[Text] = ()
    notice_times: Many[NoticeTime] = ()
    escrow: Many[Escrow] = ()
    recall: RecallProcess | None = None

    @property
    def claim(self) -> str:
        """One reading of each revision of a contract."""
        return f"{self.contract} {self.revision}"
