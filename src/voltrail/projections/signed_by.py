"""
Which keys signed each entry, remembered, so that no signature is ever checked twice.

Bytes that were verified once need one SHA-256 to be known again. What the keys make of a statement
then follows from its group (issuer, kind, place, keys) and its log time alone, and log times never
run back: each group has the same standing between two ends of keys. Knows keys and log time only;
what another party says of the same goods, decisions weigh.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

import msgspec
from msgspec import Struct

from voltrail.errors import MalformedError, ProductError
from voltrail.ids import subject as subjects
from voltrail.ids.subject import PlaceId, SubjectId
from voltrail.projections.anchors import worth_of
from voltrail.projections.view import EntryRef, Recorded, recorded
from voltrail.register.entry import Entry
from voltrail.statements import envelope as envelopes
from voltrail.statements.statement import Header
from voltrail.trust.anchors import Anchors
from voltrail.trust.standing import Standing

_DIGEST = 32  # [bytes] SHA-256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


class Group(Struct, frozen=True):
    """Who said what about which place, with which keys; whether the signatures hold."""

    issuer: str
    predicate_type: str
    place: str
    keys: tuple[str, ...]
    holds: bool = True


class Part(Struct, frozen=True):
    """Entries from `start`, before `stop`: how many of each group have which standing."""

    start: int
    stop: int
    standings: Mapping[int, Standing]


class Looked(Struct, frozen=True):
    """What some entries that follow each other are: small, so that another process may find out."""

    start: int
    digests: bytes
    groups: tuple[Group, ...]
    of: tuple[int, ...]
    logged: tuple[int, ...]
    faults: tuple[str, ...]


class _Packed(Struct, frozen=True, array_like=True):
    groups: tuple[Group, ...]
    digests: bytes
    of: bytes
    logged: bytes


class SignedBy:
    """What is remembered of the first entries of a register, 44 bytes for each."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._number: dict[Group, int] = {}
        self._digests = bytearray()
        self._of, self._logged = array("I"), array("q")

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self._of)

    def add(self, looked: "Looked") -> None:
        """
        Remember the entries that follow.

        Args:
            looked: from `look`, the first entry at `size`

        Raises:
            ValueError: they do not follow.

        Source: our choice: ADR 0045.
        """
        if looked.start != self.size:
            raise ValueError(f"entries from {looked.start} do not follow {self.size}")
        self._digests += looked.digests
        numbers = [self._numbered(group) for group in looked.groups]
        self._of.extend([numbers[at] for at in looked.of])
        self._logged.extend(looked.logged)

    def changed(self, raws: Sequence[bytes], start: int) -> list[int]:
        """
        Return which envelopes are not the bytes that were verified.

        Args:
            raws: envelopes that follow each other
            start: index of the first one

        Returns:
            Indices.

        Source: FIPS 180-4; our choice: ADR 0045.
        """
        kept = self._digests[start * _DIGEST : (start + len(raws)) * _DIGEST]
        if b"".join([sha256(raw).digest() for raw in raws]) == kept:
            return []
        return [
            start + at
            for at, raw in enumerate(raws)
            if sha256(raw).digest() != kept[at * _DIGEST : (at + 1) * _DIGEST]
        ]

    def parts(self, anchors: Anchors) -> Iterator[Part]:
        """
        Yield the entries in parts in which each group has one standing.

        Args:
            anchors: the bindings in force

        Yields:
            Parts without a gap, in order.

        Source: reference on provenance, section 2.6; ADR 0045.
        """
        ends = {
            bisect_left(self._logged, (at - _EPOCH) // _MICRO)
            for one in anchors.anchors
            for at in (one.valid_from, one.valid_until, one.compromised_since)
            if at is not None
        }
        for start, stop in pairwise(sorted({0, self.size} | ends)):
            at = _EPOCH + self._logged[start] * _MICRO
            here = {
                number: _standing(self.groups[number], at, anchors)
                for number in set(self._of[start:stop])
            }
            yield Part(start, stop, here)

    def counts(self, part: Part) -> Counter[tuple[str, Standing]]:
        """Return how many statements of each issuer have which standing, in one part."""
        found: Counter[tuple[str, Standing]] = Counter()
        for number, count in Counter(self._of[part.start : part.stop]).items():
            found[self.groups[number].issuer, part.standings[number]] += count
        return found

    def bad(self, part: Part, most: int) -> list[int]:
        """Return the first entries of a part that nothing may rest on."""
        numbers = {number for number, found in part.standings.items() if not found.is_good}
        if not numbers:
            return []
        here = enumerate(self._of[part.start : part.stop], part.start)
        return [index for index, number in here if number in numbers][:most]

    def pack(self) -> bytes:
        """Return all of it as bytes, which `unpack` reads back."""
        parts = (bytes(self._digests), self._of.tobytes(), self._logged.tobytes())
        return msgspec.msgpack.encode(_Packed(tuple(self.groups), *parts))

    @classmethod
    def unpack(cls, data: bytes) -> "SignedBy":
        """
        Return what was packed.

        Args:
            data: from `pack`, on a machine of the same kind

        Returns:
            The same.

        Raises:
            MalformedError: the bytes are something else.

        Source: our choice: ADR 0045.
        """
        found = cls()
        try:
            packed = msgspec.msgpack.decode(data, type=_Packed)
            found._of.frombytes(packed.of)
            found._logged.frombytes(packed.logged)
        except (msgspec.MsgspecError, ValueError) as error:
            raise _odd() from error
        found._digests = bytearray(packed.digests)
        found.groups = list(packed.groups)
        found._number = {group: at for at, group in enumerate(packed.groups)}
        whole = len(found._digests) == found.size * _DIGEST and len(found._logged) == found.size
        if not whole or max(found._of, default=-1) >= len(found.groups):
            raise _odd()
        return found

    def _numbered(self, group: Group) -> int:
        number = self._number.get(group)
        if number is None:
            number = self._number[group] = len(self.groups)
            self.groups.append(group)
        return number


def look(entries: Sequence[Entry], anchors: Anchors) -> Looked:
    """
    Verify the signatures of some entries, and return who made them.

    Args:
        entries: at least one, in order
        anchors: every key that was ever bound; a signature that names another says nothing

    Returns:
        What to remember; one sentence for each entry that is not what the register took, and on
        which nothing rests.

    Source: DSSE v1.0.2; our choice: ADR 0045.
    """
    faults: list[str] = []
    numbers: dict[Group, int] = {}
    of = []
    for entry in entries:
        try:
            group = _verified(entry, anchors)
        except ProductError as error:
            faults.append(f"Entry {entry.index}: {error}")
            leaf = entry.parsed
            group = Group(str(leaf.issuer), leaf.predicate_type, "", (), holds=False)
        of.append(numbers.setdefault(group, len(numbers)))
    return Looked(
        start=entries[0].index,
        digests=b"".join(sha256(entry.raw).digest() for entry in entries),
        groups=tuple(numbers),
        of=tuple(of),
        logged=tuple((entry.parsed.log_time - _EPOCH) // _MICRO for entry in entries),
        faults=tuple(faults),
    )


def _verified(entry: Entry, anchors: Anchors) -> Group:
    """Return the group of an entry, once each signature by a key that was ever bound holds."""
    envelope = envelopes.parse(entry.raw)
    if envelope.digest != entry.parsed.envelope:
        raise MalformedError(
            "the envelope is not the one its leaf names.", hint="Restore a backup."
        )
    one = recorded(entry)
    for signature in envelope.signatures:
        for bound in anchors.of_key(signature.keyid)[:1]:
            bound.key.check(signature.sig, envelope.pae)
    place = one.header.place
    return Group(str(one.issuer), one.predicate_type, str(place or ""), one.keys)


def _standing(group: Group, at: datetime, anchors: Anchors) -> Standing:
    if not group.holds:
        return Standing.INVALID
    issuer: SubjectId = subjects.parse(group.issuer)
    place = PlaceId.read(group.place) if group.place else None
    ref = EntryRef(0, "0" * 64, at)
    header = Header(issuer, at, place=place)
    one = Recorded(None, header, (issuer,), group.predicate_type, ref, keys=group.keys)
    return worth_of(anchors, one).standing


def _odd() -> MalformedError:
    return MalformedError("What was remembered of signatures is damaged.", hint="Delete it.")
