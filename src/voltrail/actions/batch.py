"""
One hand-in of many statements: verified one by one, appended together, answered in order.

Statements wait until something depends on their being registered: a key statement, a refusal to
remember, or the end. Where admission refuses a group, its members are taken one at a time. Does
not judge.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, NotAdmittedError, ProductError, RefusedError
from voltrail.ids.subject import PartyId, SubjectId
from voltrail.projections.anchors import KEY_TYPE
from voltrail.projections.fold import project
from voltrail.projections.view import Recorded
from voltrail.register import log
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.envelope import Envelope
from voltrail.statements.fields import Digest
from voltrail.statements.signal import Refusal
from voltrail.statements.statement import Header, Statement
from voltrail.trust.anchors import Anchors
from voltrail.trust.entitlement import entitle
from voltrail.trust.signer import sealed
from voltrail.trust.verify import VerifiedStatement, verify


class Registered(Struct, frozen=True):
    """Where a handed-in statement stands; `fresh` is False where it already stood there."""

    index: int
    digest: str
    fresh: bool
    subjects: tuple[SubjectId, ...]
    predicate_type: str


@dataclass
class Batch:
    """The answers so far, the facts newly recorded, and what is verified but not yet appended."""

    desk: Desk
    at: datetime
    answers: dict[int, Registered | ProductError] = field(default_factory=dict)
    fresh: list[Recorded[Any]] = field(default_factory=list)
    _waiting: list[tuple[int, bytes, VerifiedStatement]] = field(default_factory=list)
    _anchors: Anchors = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Take the keys in force; only a key statement of this hand-in changes them."""
        self._anchors = self.desk.anchors()

    def take(self, place: int, raw: bytes) -> None:
        """
        Verify one envelope and let it wait, or refuse it.

        Args:
            place: its place in the hand-in
            raw: the envelope as received

        Source: design, section 6.
        """
        anchors = self._anchors
        try:
            verified = verify(envelopes.parse(raw), anchors, self.at)
            entitle(verified, self.desk.operator, anchors, self.at)
        except ProductError as error:
            self.flush()
            self._refuse(place, raw, error)
            return
        self._waiting.append((place, raw, verified))
        if verified.statement.predicate_type == KEY_TYPE:
            self.flush()
            self._anchors = self.desk.anchors()

    def flush(self) -> None:
        """
        Append everything that waits, one at a time where the group is not admitted.

        Source: ADR 0005.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            self._append(waiting)
        except NotAdmittedError as error:
            if len(waiting) == 1:
                self._refuse(waiting[0][0], waiting[0][1], error)
                return
            for one in waiting:
                self._waiting = [one]
                self.flush()

    def _append(self, waiting: list[tuple[int, bytes, VerifiedStatement]]) -> None:
        desk = self.desk
        placed = log.append(desk.entries, [one for _, _, one in waiting], self.at)
        new = [one for one in placed if one.fresh]
        self.fresh += project(desk.views, [one.entry for one in new], desk.blobs)
        desk.views.events((one.entry.index, "registered", one.verified.digest) for one in new)
        for (place, _, _), one in zip(waiting, placed, strict=True):
            self.answers[place] = _registered(one)

    def _refuse(self, place: int, raw: bytes, error: ProductError) -> None:
        self.answers[place] = error
        again = self._refusal(raw, error)
        if again is None:
            return
        desk = self.desk
        (placed,) = log.append(desk.entries, [verify(again, self._anchors, self.at)], self.at)
        if placed.fresh:
            self.fresh += project(desk.views, [placed.entry], desk.blobs)

    def _refusal(self, raw: bytes, error: ProductError) -> Envelope | None:
        """Return the operator's word on a refused statement, or None where none is kept."""
        last = self.desk.entries.last_time()
        if not isinstance(error, RefusedError) or (last is not None and self.at < last):
            return None
        try:
            envelope = envelopes.parse(raw)
            said = statements.parse(envelope.payload)
            return self._word(envelope, said, error)
        except MalformedError:
            return None

    def _word(self, envelope: Envelope, said: Statement, error: ProductError) -> Envelope | None:
        issuer, operator = said.header.issuer, self.desk.operator
        if not isinstance(issuer, PartyId) or issuer == operator:
            return None
        name = type(error).__name__
        fact = Refusal(Digest(envelope.digest), said.predicate_type, issuer, name, str(error))
        payload = statements.compose(fact, Header(operator, self.at), *said.subjects)
        return envelopes.parse(sealed(payload, self.desk.signer).raw)


def _registered(placed: log.Appended) -> Registered:
    said = placed.verified.statement
    return Registered(
        placed.entry.index, placed.verified.digest, placed.fresh, said.subjects, said.predicate_type
    )
