"""
One hand-in of many statements: verified and appended together, answered in order.

Statements wait until something depends on their being registered: a key statement, a refusal to
remember, or the end. Where admission refuses a group, its members are taken one at a time. Does
not judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.actions import door
from voltrail.actions.desk import Desk
from voltrail.errors import (
    MalformedError,
    NotAdmittedError,
    ProductError,
    RefusedError,
)
from voltrail.ids.subject import PartyId, SubjectId
from voltrail.projections.anchors import KEY_TYPE
from voltrail.projections.fold import keep
from voltrail.projections.view import Recorded, registered
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
from voltrail.trust.verify import VerifiedStatement, verify, verify_all


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

    def take(self, raws: Sequence[bytes]) -> None:
        """
        Verify envelopes and append what is good, or refuse it, one answer for each.

        Args:
            raws: the envelopes as received, in order

        Source: design, section 6.
        """
        opened = [_opened(raw) for raw in raws]
        start = 0
        while start < len(raws):
            ends = (at + 1 for at in range(start, len(raws)) if _may_change_keys(opened[at]))
            stop = next(ends, len(raws))
            self._take(start, raws[start:stop], opened[start:stop])
            self._flush()
            self._anchors = self.desk.anchors()
            start = stop

    def _take(
        self, start: int, raws: Sequence[bytes], opened: Sequence[Envelope | ProductError]
    ) -> None:
        """Verify a run of envelopes that all stand under the same keys."""
        whole = [one for one in opened if isinstance(one, Envelope)]
        verified = iter(verify_all(whole, self._anchors, self.at))
        for place, (raw, one) in enumerate(zip(raws, opened, strict=True), start):
            found = next(verified) if isinstance(one, Envelope) else one
            if isinstance(found, VerifiedStatement):
                found = self._entitled(found)
            if isinstance(found, ProductError):
                self._flush()
                self._refuse(place, raw, found)
            else:
                self._waiting.append((place, raw, found))

    def _entitled(self, found: VerifiedStatement) -> VerifiedStatement | ProductError:
        try:
            entitle(found, self.desk.operator, self._anchors, self.at)
            if door.leans(found.statement):
                self._flush()  # what it leans on may have come just before it
                if self.desk.entries.find([found.digest]):
                    return found  # a retry gets its first answer
            door.need_known(self.desk, found, self.at)
        except ProductError as error:
            return error
        return found

    def _flush(self) -> None:
        """Append everything that waits, one at a time where the group is not admitted."""
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
                self._flush()

    def _append(self, waiting: list[tuple[int, bytes, VerifiedStatement]]) -> None:
        desk = self.desk
        placed = log.append(desk.entries, [one for _, _, one in waiting], self.at)
        new = [one for one in placed if one.fresh]
        self._project(new)
        desk.views.events((one.entry.index, "registered", one.verified.digest) for one in new)
        for (place, _, _), one in zip(waiting, placed, strict=True):
            self.answers[place] = _registered(one)

    def _project(self, placed: Sequence[log.Appended]) -> None:
        found = [registered(one.verified, one.entry) for one in placed]
        keep((self.desk.entries, self.desk.views, self.desk.blobs), found)
        self.fresh += found

    def _refuse(self, place: int, raw: bytes, error: ProductError) -> None:
        self.answers[place] = error
        again = self._refusal(raw, error)
        if again is None:
            return
        desk, word = self.desk, verify(again, self._anchors, self.at)
        claim = word.statement.claimed_identity
        if claim is not None and desk.entries.claimants([claim]):
            return  # it was refused for this before
        (placed,) = log.append(desk.entries, [word], self.at)
        if placed.fresh:
            self._project([placed])

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


def _opened(raw: bytes) -> Envelope | ProductError:
    try:
        return envelopes.parse(raw)
    except ProductError as error:
        return error


def _may_change_keys(one: Envelope | ProductError) -> bool:
    """Return whether an envelope may hold a key statement, its type perhaps written in escapes."""
    if not isinstance(one, Envelope):
        return False
    return KEY_TYPE.encode() in one.payload or b"\\" in one.payload


def _registered(placed: log.Appended) -> Registered:
    said = placed.verified.statement
    return Registered(
        placed.entry.index, placed.verified.digest, placed.fresh, said.subjects, said.predicate_type
    )
