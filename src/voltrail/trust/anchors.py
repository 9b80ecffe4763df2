"""
Which key may state what, as which issuer, about which places, from when until when.

`Anchors` is a plain value passed in; `projections.anchors` folds it from the register. Intervals
are half-open and compare log time, never the time a signer claims. Does not check signatures.
"""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import PlaceId, SubjectId
from voltrail.statements import fields
from voltrail.trust import keys
from voltrail.trust.keys import PublicKey

_BEGINNING = "1970-01-01T00:00:00Z"  # a key that a person pins by hand begins whenever they like


class KeyState(StrEnum):
    """How a key's life stands."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    CEASED = "ceased"
    COMPROMISED = "compromised"


class Anchor(Struct, frozen=True):
    """
    A key bound to an issuer; empty types or places mean any.

    `theft_may_be_older`: somebody declared it stolen, nobody knows since when, and somebody else
    since a time.
    """

    key: PublicKey
    issuer: SubjectId
    valid_from: datetime
    valid_until: datetime | None = None
    predicate_types: frozenset[str] = frozenset()
    places: frozenset[PlaceId] = frozenset()
    state: KeyState = KeyState.ACTIVE
    compromised_since: datetime | None = None
    theft_may_be_older: bool = False

    def covers(self, kind: str, place: PlaceId | None) -> bool:
        """Whether this binding is for a predicate type and place."""
        if self.predicate_types and kind not in self.predicate_types:
            return False
        return not self.places or place in self.places

    def stands_at(self, at: datetime) -> bool:
        """Whether the binding holds at a log time."""
        if self.state is KeyState.COMPROMISED:
            since = None if self.theft_may_be_older else self.compromised_since
            if at >= (since or self.valid_from):
                return False
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def was_stolen(self, at: datetime) -> bool:
        """Whether the key had begun, and was somebody else's too, at a log time."""
        stolen = self.state is KeyState.COMPROMISED and not self.stands_at(at)
        return stolen and self.valid_from <= at


class Anchors(Struct, frozen=True, dict=True):
    """All bindings, and how many distinct keys a predicate type needs."""

    anchors: tuple[Anchor, ...] = ()
    thresholds: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _by_key(self) -> dict[str, list[Anchor]]:
        index: dict[str, list[Anchor]] = {}
        for anchor in self.anchors:
            index.setdefault(anchor.key.key_id, []).append(anchor)
        return index

    def of_key(self, key_id: str) -> list[Anchor]:
        """Return the bindings of one key, by its material."""
        return self._by_key.get(key_id, [])

    def of_issuer(self, issuer: SubjectId) -> list[Anchor]:
        """Return the bindings of one issuer."""
        return [anchor for anchor in self.anchors if anchor.issuer == issuer]

    def threshold(self, kind: str) -> int:
        """Return how many distinct keys must sign a predicate type."""
        return self.thresholds.get(kind, 1)

    def extended(self, more: Iterable[Anchor]) -> "Anchors":
        """Return these anchors and more."""
        return Anchors((*self.anchors, *more), self.thresholds)


def parse(data: bytes) -> tuple[Anchors, tuple[str, ...]]:
    """
    Return the pinned trust in an `anchors.json`.

    Args:
        data: JSON with `anchors` (key, algorithm, issuer, validFrom) and `logs` (verifier keys)

    Returns:
        The pinned anchors, and the signed-note verifier keys of pinned logs.

    Raises:
        MalformedError: not such a file.

    Source: our choice: ADR 0004.
    """
    found = canonical.parse(data, what="anchors file")
    listed, logs = found.get("anchors"), found.get("logs")
    if not isinstance(listed, list) or not isinstance(logs, list):
        raise MalformedError(
            "The anchors file lacks anchors or logs.", hint="Download it again from the operator."
        )
    return Anchors(tuple(_anchor(item) for item in listed)), tuple(str(item) for item in logs)


def of_public_halves(files: Iterable[bytes]) -> Anchors:
    """
    Return the trust that pins some public halves, each for its own issuer, at any time.

    Args:
        files: as `voltrail key new` writes them beside the private half

    Returns:
        One binding for each.

    Raises:
        MalformedError: a file is no public half.

    Source: our choice: docs/reference/commands.md.
    """
    return Anchors(
        tuple(
            _anchor({**canonical.parse(data, what="public half"), "validFrom": _BEGINNING})
            for data in files
        )
    )


def write(anchors: Anchors, logs: Iterable[str]) -> bytes:
    """
    Return the `anchors.json` that pins these bindings and logs.

    Args:
        anchors: pinned bindings
        logs: signed-note verifier keys

    Returns:
        Canonical JSON that `parse` reads back.

    Source: our choice: ADR 0004.
    """
    listed: list[Json] = [
        {
            "algorithm": str(anchor.key.algorithm),
            "issuer": str(anchor.issuer),
            "spki": base64.b64encode(anchor.key.spki).decode(),
            "validFrom": fields.stamp(anchor.valid_from),
        }
        for anchor in anchors.anchors
    ]
    return canonical.canonical_bytes({"anchors": listed, "logs": list(logs)})


def _anchor(item: Json) -> Anchor:
    if not isinstance(item, dict):
        raise MalformedError("A pinned anchor is not an object.", hint="Download the file again.")
    try:
        spki = base64.b64decode(str(item.get("spki")), validate=True)
    except ValueError as error:
        raise MalformedError("A pinned key is not base64.", hint="Download it again.") from error
    key = keys.parse(str(item.get("algorithm")), spki)
    begins = fields.instant(item.get("validFrom"), "validFrom")
    return Anchor(key, ids.parse(str(item.get("issuer"))), begins)
