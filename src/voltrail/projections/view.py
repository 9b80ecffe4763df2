"""
All that is on record about one subject, whatever order it came in.

A view is a function of the SET of entries that touch its subject. Facts sort by claimed time, then
digest. Does not judge, and does not know other subjects.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from voltrail.ids.subject import SubjectId
from voltrail.register.entry import Entry
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.correction import Correction
from voltrail.statements.envelope import Envelope
from voltrail.statements.statement import Header, Statement
from voltrail.statements.waiver import Waiver
from voltrail.trust.verify import VerifiedStatement

F = TypeVar("F")


class EntryRef(Struct, frozen=True, gc=False):
    """Where a fact stands in the register."""

    index: int
    digest: str
    log_time: datetime


class Recorded(Struct, Generic[F], frozen=True, gc=False):
    """
    A fact, who said it about what, where; `withdrawn_by` is the entry that ended it.

    `keys` are the ids that its signatures name. Verification refused each that names an enrolled
    key which did not sign; one that names no enrolled key says nothing.
    """

    fact: F
    header: Header
    subjects: tuple[SubjectId, ...]
    predicate_type: str
    entry: EntryRef
    withdrawn_by: int | None = None
    keys: tuple[str, ...] = ()

    @property
    def issuer(self) -> SubjectId:
        """Who said it."""
        return self.header.issuer


class View(Struct, frozen=True, dict=True):
    """Everything on record about a subject; an empty view is a subject nobody spoke of."""

    subject: SubjectId | None
    facts: tuple[Recorded[Any], ...] = ()

    @cached_property
    def _kept(self) -> dict[type, Any]:
        return {}

    @cached_property
    def _kinds(self) -> dict[type, Any]:
        return by_kind(self.facts)

    def every(self, kind: type[F]) -> tuple[Recorded[F], ...]:
        """Return all facts of a kind, those withdrawn since included."""
        found: tuple[Recorded[F], ...] = self._kinds.get(kind, ())
        return found

    def standing(self, kind: type[F]) -> tuple[Recorded[F], ...]:
        """Return the facts of a kind that nobody withdrew, oldest claim first."""
        found: tuple[Recorded[F], ...] | None = self._kept.get(kind)
        if found is None:
            standing = (one for one in self.every(kind) if one.withdrawn_by is None)
            found = self._kept[kind] = tuple(standing)
        return found

    def newest(self, kind: type[F]) -> Recorded[F] | None:
        """Return the standing fact of a kind with the newest claim, or None."""
        found = self.standing(kind)
        return found[-1] if found else None


def by_kind(facts: Iterable[Recorded[Any]]) -> dict[type, Any]:
    """
    Return facts by their class, in order; no class of a fact has subclasses.

    Args:
        facts: recorded facts

    Returns:
        Tuples of recorded facts.

    Source: our choice: ADR 0006.
    """
    found: dict[type, list[Recorded[Any]]] = {}
    for one in facts:
        found.setdefault(type(one.fact), []).append(one)
    return {kind: tuple(listed) for kind, listed in found.items()}


def recorded(entry: Entry) -> Recorded[Any]:
    """
    Return the fact in a register entry.

    Args:
        entry: an entry that verification admitted

    Returns:
        The fact with its place; `fact` is None where the predicate type is unknown here.

    Raises:
        MalformedError: the entry was changed after it was admitted.

    Source: our choice: ADR 0006.
    """
    found: Recorded[Any] | None = entry.__dict__.get(_MEMO)
    if found is None:
        is_short = len(entry.raw) <= _SHORT
        found = entry.__dict__[_MEMO] = _short(entry) if is_short else _read(entry)
    return found


_MEMO = "recorded"  # an entry never changes, so what was read of it stays with it
_SHORT = 8_192  # [bytes] of an envelope; what was read of a longer one is not kept


def registered(verified: VerifiedStatement, entry: Entry) -> Recorded[Any]:
    """
    Return the fact of a statement that was just appended, without reading it again.

    Args:
        verified: the statement
        entry: where it stands

    Returns:
        What `recorded` returns for the entry.

    Source: our choice: ADR 0016.
    """
    said, leaf = verified.statement, entry.parsed
    ref = EntryRef(entry.index, leaf.envelope, leaf.log_time)
    found = _of(said, ref, verified.envelope)
    entry.__dict__[_MEMO] = found
    return found


def fold(subject: SubjectId | None, entries: Iterable[Recorded[Any]]) -> View:
    """
    Return the view of a subject from everything said about it.

    Args:
        subject: whose view
        entries: recorded facts in any order, repeats allowed

    Returns:
        The view; corrections and superseding statements by the same issuer are applied.

    Source: our choice: ADR 0006.
    """
    unique = {one.entry.digest: one for one in entries}
    ended = _ended(unique)
    facts = (
        replace(one, withdrawn_by=ended[digest]) if digest in ended else one
        for digest, one in unique.items()
    )
    return View(subject, tuple(sorted(facts, key=_order)))


def _order(one: Recorded[Any]) -> tuple[datetime, str]:
    return one.header.claimed_time, one.entry.digest


def _ended(unique: dict[str, Recorded[Any]]) -> dict[str, int]:
    ended: dict[str, int] = {}
    for one in sorted(unique.values(), key=_order):
        for digest in _ends(one):
            old = unique.get(digest)
            if old is not None and _may_end(old, one) and not _final(old):
                ended.setdefault(digest, one.entry.index)
    return ended


def _may_end(old: Recorded[Any], one: Recorded[Any]) -> bool:
    """Return whether whoever speaks now may end what was said: the same voice, or an approver."""
    return one.issuer == old.issuer or (
        isinstance(old.fact, Waiver) and one.issuer in old.fact.approved_by
    )


def _ends(one: Recorded[Any]) -> Sequence[str]:
    found = [one.header.supersedes] if one.header.supersedes else []
    if isinstance(one.fact, Correction):
        found.append(one.fact.withdraws)
    return found


def _final(one: Recorded[Any]) -> bool:
    return one.predicate_type.startswith(_FINAL)


_FINAL = tuple(
    f"urn:voltrail:predicate:{name}:"
    for name in ("attestation", "inspection", "hold", "key", "policy")
)


@lru_cache(maxsize=8_192)
def _short(entry: Entry) -> Recorded[Any]:
    """Return the fact of an entry, and keep it while few others are read: ADR 0016."""
    return _read(entry)


def _read(entry: Entry) -> Recorded[Any]:
    envelope = envelopes.parse(entry.raw)
    said, at = statements.parse(envelope.payload), entry.parsed
    ref = EntryRef(entry.index, at.envelope, at.log_time)
    return _of(said, ref, envelope)


def _of(said: Statement, ref: EntryRef, envelope: Envelope) -> Recorded[Any]:
    return Recorded(
        fact=said.fact,
        header=said.header,
        subjects=said.subjects,
        predicate_type=said.predicate_type,
        entry=ref,
        keys=tuple([one.keyid for one in envelope.signatures]),
    )
