"""
What a statement is worth, now that its keys have lived on: rotated, ended, stolen, outgrown.

Compares the time at which the statement is proven to have existed with the life of each key that
signed it, never the time its signer claims. Does not check signatures and reads no register; who
proves the time (the register, a quorum of witnesses, a timestamp) is the caller's to say.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import IntEnum

from msgspec import Struct

from voltrail.trust.anchors import Anchor, KeyState


class Standing(IntEnum):
    """How much a statement is worth, the worst first."""

    INVALID = 0
    SUSPECT = 1
    TIME_UNPROVEN = 2
    HISTORICAL = 3
    VALID = 4

    @property
    def is_good(self) -> bool:
        """Whether something may rest on it without more."""
        return self >= Standing.HISTORICAL


class Worth(Struct, frozen=True):
    """A standing, and why, in one sentence."""

    standing: Standing
    why: str


_NO_KEY = Worth(Standing.INVALID, "No key that signed it was bound to its issuer.")


def worth(
    signers: Sequence[Anchor],
    proven: datetime | None,
    *,
    corroborated: bool = False,
    fallen: Mapping[str, datetime] | None = None,
) -> Worth:
    """
    Return what a statement is worth by the keys that signed it: the best of them counts.

    Args:
        signers: bindings of the keys that signed, to the issuer and the kind of statement
        proven: the earliest time by which the statement is proven to have existed
        corroborated: whether another party's own statement says the same
        fallen: from when on a signature scheme proves nothing any more, by its name

    Returns:
        The standing; invalid where no binding is given.

    Source: reference on provenance, section 2.6; RFC 5280 section 5.3.2; ADR 0040.
    """
    found = [_by_scheme(one, _of_key(one, proven), proven, fallen or {}) for one in signers]
    best = max(found, key=lambda one: one.standing, default=_NO_KEY)
    if best.standing is Standing.SUSPECT and corroborated:
        return Worth(
            Standing.HISTORICAL,
            "Its key was stolen, nobody knows since when; another party says the same.",
        )
    return best


def _of_key(key: Anchor, proven: datetime | None) -> Worth:
    """Return what one key makes of it."""
    if proven is not None and proven < key.valid_from:
        return Worth(Standing.INVALID, "It existed before its key was bound to the issuer.")
    return _BY_STATE[key.state](key, proven)


def _active(key: Anchor, proven: datetime | None) -> Worth:
    if proven is None:
        return Worth(Standing.TIME_UNPROVEN, "Its key is in force; when it was signed is unproven.")
    if _is_over(key, proven):
        return Worth(Standing.INVALID, "It was signed after its key's time was over.")
    return Worth(Standing.VALID, "It was signed while its key was in force.")


def _superseded(key: Anchor, proven: datetime | None) -> Worth:
    if proven is None:
        return Worth(
            Standing.INVALID, "Its key was replaced, and nothing proves that it is older than that."
        )
    if _is_over(key, proven):
        return Worth(Standing.INVALID, "It was signed with a key that had been replaced.")
    return Worth(Standing.VALID, "It was signed before its key was replaced.")


def _ceased(key: Anchor, proven: datetime | None) -> Worth:
    if proven is None:
        return Worth(
            Standing.TIME_UNPROVEN, "Its issuer ended the key; when it was signed is unproven."
        )
    if _is_over(key, proven):
        return Worth(Standing.INVALID, "It was signed after its issuer had ended the key.")
    return Worth(Standing.VALID, "It was signed before its issuer ended the key.")


def _compromised(key: Anchor, proven: datetime | None) -> Worth:
    since = key.compromised_since
    if proven is None:
        return Worth(
            Standing.INVALID, "Its key was stolen, and nothing proves that it is older than that."
        )
    if since is None:
        return Worth(Standing.SUSPECT, "Its key was stolen, and nobody knows since when.")
    if proven >= since:
        return Worth(Standing.INVALID, "Its key was stolen by then, whatever time it claims.")
    if key.theft_may_be_older:
        return Worth(Standing.SUSPECT, "Its key was stolen, and nobody knows since when.")
    if _is_over(key, proven):
        return Worth(Standing.INVALID, "It was signed after its key's time was over.")
    return Worth(Standing.HISTORICAL, "Its key was stolen later; it is proven to be older.")


def _by_scheme(
    key: Anchor, found: Worth, proven: datetime | None, fallen: Mapping[str, datetime]
) -> Worth:
    """Return the same, less where the signature's scheme fell."""
    fell = fallen.get(str(key.key.algorithm))
    if fell is None or found.standing <= Standing.SUSPECT:
        return found
    if proven is None:
        return Worth(
            Standing.INVALID, "Its signature scheme fell, and nothing proves that it is older."
        )
    if proven >= fell:
        return Worth(Standing.INVALID, "Its signature scheme proved nothing any more by then.")
    return Worth(Standing.HISTORICAL, "Its signature scheme fell later; it is proven to be older.")


def _is_over(key: Anchor, proven: datetime) -> bool:
    return key.valid_until is not None and proven >= key.valid_until


_BY_STATE = {
    KeyState.ACTIVE: _active,
    KeyState.SUPERSEDED: _superseded,
    KeyState.CEASED: _ceased,
    KeyState.COMPROMISED: _compromised,
}
