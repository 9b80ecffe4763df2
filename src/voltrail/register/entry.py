"""
One line of the register: a small leaf under the tree, and the envelope it stands for.

The leaf is canonical JSON of at most 512 bytes; log time stands inside it, so every later
checkpoint covers it. Does not know the tree.
"""

from datetime import datetime
from functools import cached_property
from typing import Self

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from voltrail import canonical, merkle
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import SubjectId
from voltrail.statements import fields

LONGEST = 2_048  # [bytes] of a leaf


class Leaf(Struct, frozen=True):
    """What the tree commits to for one envelope."""

    envelope: str
    predicate_type: str
    issuer: SubjectId
    log_time: datetime
    size: int

    def to_bytes(self) -> bytes:
        """Return the leaf's canonical bytes."""
        issuer, at = str(self.issuer), fields.stamp(self.log_time)
        return _encode(_Line(self.envelope, issuer, at, self.predicate_type, self.size))


class _Line(Struct, frozen=True, rename="camel", gc=False):
    """A leaf as it is written, its fields in the order of canonical JSON."""

    env_sha256: str
    issuer: str
    log_time: str
    predicate_type: str
    size: int
    v: int = 1


_encode, _read = Encoder().encode, Decoder(_Line).decode


class Entry(Struct, frozen=True, dict=True):
    """A leaf at an index, with the envelope's bytes as received."""

    index: int
    leaf: bytes
    raw: bytes

    @classmethod
    def of(cls, index: int, leaf: Leaf, raw: bytes) -> Self:
        """
        Return the entry of a leaf that is at hand.

        Args:
            index: its place
            leaf: as it will be read back
            raw: the envelope's bytes

        Returns:
            The entry.

        Source: our choice: ADR 0016.
        """
        found = cls(index, leaf.to_bytes(), raw)
        found.__dict__["parsed"] = leaf
        return found

    @cached_property
    def parsed(self) -> Leaf:
        """The leaf, parsed."""
        return parse_leaf(self.leaf)

    @cached_property
    def leaf_hash(self) -> bytes:
        """The leaf's hash in the tree."""
        return merkle.leaf_hash(self.leaf)


def parse_leaf(data: bytes) -> Leaf:
    """
    Return the leaf in some bytes.

    Args:
        data: canonical JSON

    Returns:
        The leaf.

    Raises:
        MalformedError: not a leaf of version 1.

    Source: our choice: ADR 0004.
    """
    quick = _quick(data)
    if quick is not None:
        return quick
    found = canonical.parse(data, what="register leaf", limit=LONGEST)
    size = found.get("size")
    if found.get("v") != 1 or type(size) is not int:
        raise MalformedError("The leaf is of no known version.", hint="Update Voltrail.")
    return Leaf(
        str(found.get("envSha256")),
        str(found.get("predicateType")),
        ids.parse(str(found.get("issuer"))),
        fields.instant(found.get("logTime"), "logTime"),
        size,
    )


def _quick(data: bytes) -> Leaf | None:
    """Return the leaf in bytes that are just what it is written as, or None for all others."""
    if len(data) > LONGEST:
        return None
    try:
        line = _read(data)
    except (ValueError, RecursionError):
        return None
    if line.v != 1 or _encode(line) != data:
        return None
    issuer, at = ids.parse(line.issuer), fields.instant(line.log_time, "logTime")
    return Leaf(line.env_sha256, line.predicate_type, issuer, at, line.size)
