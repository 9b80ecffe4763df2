"""
A question to the chip in a unit, and what its answer says of the unit in the hand.

    VTC1:<base45 of the bytes to be signed>                                  the challenge
    VTA1:<base45 of challenge, signature, and 4 bytes of their SHA-256>      the answer

The bytes name what they are, for what, for which unit, from when until when, and hold 32 bytes of
chance; nothing else that a chip signs begins like them. A match says that the key which the maker
bound to the unit answered here and now. It says nothing of firmware: that is attestation. Knows no
register; whether a challenge was answered before is told by whoever kept it.
"""

import hashlib
import re
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from voltrail import base45
from voltrail.errors import MalformedError, SignatureInvalidError
from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import compact
from voltrail.labels.link import named
from voltrail.statements import fields
from voltrail.trust.keys import PublicKey
from voltrail.trust.signer import Signer
from voltrail.wording import Worded, worded

ASKS, ANSWERS = "VTC1:", "VTA1:"
HEAD = "voltrail element challenge 1"  # no other signature covers bytes that begin so
NONCE = 32  # [bytes] of chance
LASTS = timedelta(minutes=10)  # our choice: ADR 0043
_LONGEST = 700  # [characters] of either text
_CHECK = 4  # [bytes] of SHA-256 behind an answer, so that a slip in typing is no wrong answer
_FORM = re.compile(
    rf"{HEAD}\n([a-z]+)\n(urn:voltrail:unit:[!-~]+)\n(\S+Z)\n(\S+Z)\n([0-9a-f]{{64}})\n"
)


class Purpose(StrEnum):
    """What is asked for; an answer for one purpose is none for another."""

    LOOK = "look"
    RECEIPT = "receipt"
    INSTALL = "install"


class Challenge(Struct, frozen=True):
    """Which unit is asked, for what, with which chance, from when until when."""

    unit: UnitId
    purpose: Purpose
    nonce: bytes
    asked: datetime
    expires: datetime


class Given(Struct, frozen=True):
    """What came back: the chance it answers, and a signature of 64 bytes."""

    nonce: bytes
    signature: bytes


class Hand(Struct, frozen=True):
    """The unit in the hand, the key its maker bound to it, whether the challenge was answered."""

    unit: UnitId
    key: PublicKey | None
    spent: bool = False


class Proof(StrEnum):
    """What an answer says; only the first is good news, and of the others one is bad."""

    MATCH = "match"
    WRONG_KEY = "wrong-key"
    NO_KEY = "no-key"
    LATE = "late"
    SPENT = "answered-before"
    OTHER_UNIT = "other-unit"
    OTHER_CHALLENGE = "other-challenge"


class Judged(Struct, frozen=True):
    """What an answer says, why, and what to do."""

    proof: Proof
    sentence: Worded
    hint: str

    @property
    def counts(self) -> bool:
        """Whether the unit was heard: anything else says something of the question alone."""
        return self.proof in (Proof.MATCH, Proof.WRONG_KEY)


def ask(unit: UnitId, purpose: Purpose, challenge: bytes, at: datetime) -> Challenge:
    """
    Return a challenge for the element of a unit.

    Args:
        unit: which one
        purpose: what the answer is for
        challenge: 32 bytes of chance, never used before [bytes]
        at: now

    Returns:
        A challenge that ends after `LASTS`.

    Raises:
        MalformedError: not 32 bytes, or the identity names no maker and serial.

    Source: RFC 9334, section 10; our choice: ADR 0043.
    """
    named(unit)
    if len(challenge) != NONCE:
        raise MalformedError("A challenge is 32 bytes.", hint="Draw 32 bytes of chance.")
    begins = at.replace(microsecond=0)
    return Challenge(unit, purpose, challenge, begins, begins + LASTS)


def signed_bytes(asked: Challenge) -> bytes:
    """
    Return the bytes that the element signs.

    Args:
        asked: the challenge

    Returns:
        Six lines of ASCII, each with its LF.

    Source: docs/spec/element.md.
    """
    times = (fields.stamp(one) for one in (asked.asked, asked.expires))
    lines = (HEAD, asked.purpose, asked.unit, *times, asked.nonce.hex())
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def text(asked: Challenge) -> str:
    """
    Return a challenge as text, for a code or to be copied.

    Args:
        asked: the challenge

    Returns:
        Letters that fit the alphanumeric mode of a QR code.

    Source: RFC 9285; docs/spec/element.md.
    """
    return ASKS + base45.encode(signed_bytes(asked))


def parse(given: str) -> Challenge:
    """
    Return the challenge in a text.

    Args:
        given: as scanned or copied

    Returns:
        The challenge; that we asked it, and that it stands, is not looked at.

    Raises:
        MalformedError: no challenge.

    Source: docs/spec/element.md.
    """
    found = _FORM.fullmatch(_bytes(given, ASKS).decode("ascii", errors="replace"))
    if found is None or found[1] not in tuple(Purpose):
        raise MalformedError("This is no challenge.", hint="Copy it whole, or scan its code.")
    unit = UnitId.read(found[2])
    named(unit)
    asked, expires = (fields.instant(found[at], "The challenge's time") for at in (3, 4))
    made = Challenge(unit, Purpose(found[1]), bytes.fromhex(found[5]), asked, expires)
    if text(made) != given.strip():
        raise MalformedError("The challenge is written in another way.", hint="Ask for a new one.")
    return made


def answer(asked: Challenge, signer: Signer) -> str:
    """
    Return the answer to a challenge: what the element, or whoever plays it, does.

    Args:
        asked: the challenge
        signer: the element's key, Ed25519 or P-256

    Returns:
        Letters that fit the alphanumeric mode of a QR code.

    Raises:
        MalformedError: a key of another scheme.

    Source: docs/spec/element.md.
    """
    if signer.public.algorithm not in compact.SCHEMES:
        raise MalformedError("An element signs in Ed25519 or P-256.", hint="Use such a key.")
    given = asked.nonce + compact.making(signer)(signed_bytes(asked))
    return ANSWERS + base45.encode(given + hashlib.sha256(given).digest()[:_CHECK])


def read(given: str) -> Given:
    """
    Return an answer as it came back.

    Args:
        given: as scanned, typed by a scanner, or copied

    Returns:
        The chance it answers and its signature; nothing is verified.

    Raises:
        MalformedError: no answer, or one that was cut or mistyped.

    Source: docs/spec/element.md.
    """
    found = _bytes(given, ANSWERS)
    body, check = found[:-_CHECK], found[-_CHECK:]
    if len(body) != NONCE + compact.BYTES or hashlib.sha256(body).digest()[:_CHECK] != check:
        raise MalformedError(
            "The answer was cut or mistyped.", hint="Scan it again, whole; the challenge stands."
        )
    return Given(body[:NONCE], body[NONCE:])


def judge(asked: Challenge, given: Given, hand: Hand, at: datetime) -> Judged:
    """
    Return what an answer says of the unit in the hand.

    Args:
        asked: the challenge, as it was kept
        given: the answer
        hand: the unit, the key that its maker bound to it, and whether it was answered before
        at: now

    Returns:
        A match only where the bound key signed just this challenge, once, in time.

    Source: RFC 9334, section 10; docs/spec/element.md.
    """
    unit, maker = hand.unit.key, PartyId.of(hand.unit.parts[0]).key
    if given.nonce != asked.nonce:
        said = worded("The answer is to another challenge.")
        return Judged(Proof.OTHER_CHALLENGE, said, _ANEW)
    if asked.unit != hand.unit:
        said = worded(
            "The answer is for %(other)s, not for %(unit)s.", other=asked.unit.key, unit=unit
        )
        return Judged(Proof.OTHER_UNIT, said, worded("Ask the unit in your hand."))
    if hand.spent:
        return Judged(Proof.SPENT, worded("This challenge was answered before."), _ANEW)
    if not asked.asked <= at < asked.expires:
        said = worded(
            "The challenge ended at %(time)s.", time=f"{asked.expires:%Y-%m-%d %H:%M:%SZ}"
        )
        return Judged(Proof.LATE, said, _ANEW)
    if hand.key is None:
        said = worded("No key of %(unit)s is on record.", unit=unit)
        return Judged(Proof.NO_KEY, said, NO_KEY_HINT)
    try:
        compact.checking(hand.key)(given.signature, signed_bytes(asked))
    except SignatureInvalidError:
        said = worded(
            "What answered does not hold the key that %(maker)s bound to %(unit)s.",
            maker=maker,
            unit=unit,
        )
        return Judged(
            Proof.WRONG_KEY, said, worded("Do not install it. Keep it apart and ask the maker.")
        )
    said = worded("%(unit)s holds the key that %(maker)s bound to it.", unit=unit, maker=maker)
    return Judged(
        Proof.MATCH, said, worded("Its chip answered; what is around the chip, look at yourself.")
    )


NO_KEY_HINT = worded("Ask the maker to bind the element's key in a signed unit record.")
_ANEW = worded("Ask for a new challenge, and let the element answer at once.")


def _bytes(given: str, prefix: str) -> bytes:
    stripped = given.strip()
    if not stripped.startswith(prefix) or len(stripped) > _LONGEST:
        what = "challenge" if prefix == ASKS else "answer of an element"
        raise MalformedError(f"This is no {what}.", hint=f"It begins with {prefix}")
    return base45.decode(stripped.removeprefix(prefix))
