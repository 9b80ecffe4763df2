"""
The compact signed label: maker and serial under the maker's signature, in one small code.

    VT1:<base45 of COSE_Sign1 over the CBOR array [1, maker, serial]>

It says that the maker issued this serial, not that the thing it sticks to is that unit: a label can
be photocopied. Post-quantum signatures do not fit; a unit's proof in the maker's list does.
A label proves no time: one of a retired key stays good, one of a stolen key proves nothing.
"""

from collections.abc import Callable

import cbor2
from msgspec import Struct

from voltrail import base45, cose
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import compact
from voltrail.labels.link import named
from voltrail.statements import kinds
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail.trust.keys import Algorithm, PublicKey
from voltrail.trust.signer import Signer
from voltrail.wording import worded

PREFIX = "VT1:"
VERSION = 1
LONGEST = 1_000  # [characters] of a code; the two schemes that fit give under 250
_HEADER_ALGORITHM, _HEADER_KEY = 1, 4  # RFC 9052, 3.1
_KINDS = frozenset({kinds.uri("lot"), kinds.uri("unit")})  # who may list a serial may print it
_KEY_ID = 8  # [bytes] of the key's SHA-256
_SCHEMES = {Algorithm.ED25519: cose.Algorithm.ED25519, Algorithm.P256: cose.Algorithm.ESP256}


class SignedLabel(Struct, frozen=True):
    """A unit, and the key whose signature under it holds."""

    unit: UnitId
    signer: Anchor


def sign(unit: UnitId, signer: Signer) -> str:
    """
    Return the text of a signed label.

    Args:
        unit: which one
        signer: a key of its maker, Ed25519 or P-256

    Returns:
        Letters that fit the alphanumeric mode of a QR code.

    Raises:
        MalformedError: a scheme whose signature does not fit.

    Source: RFC 9052 section 4.2; RFC 9285; ADR 0039.
    """
    scheme = _SCHEMES.get(signer.public.algorithm)
    if scheme is None:
        raise MalformedError(
            worded(
                "A signature of %(scheme)s does not fit on a label.",
                scheme=signer.public.algorithm,
            ),
            hint="Seal the lot with that key and hand over the unit's proof: voltrail lot prove.",
        )
    protected: dict[int | str, cose.Value] = {
        _HEADER_ALGORITHM: int(scheme),
        _HEADER_KEY: bytes.fromhex(signer.public.key_id)[:_KEY_ID],
    }
    payload = cbor2.dumps([VERSION, *named(unit)], canonical=True)
    return PREFIX + base45.encode(
        cose.sign(payload, protected, compact.making(signer), tagged=False)
    )


def verify(text: str, anchors: Anchors) -> SignedLabel:
    """
    Return the unit in a signed label, once a key of its maker is found to have signed it.

    Args:
        text: as scanned
        anchors: the keys that are pinned or on record

    Returns:
        The unit and the key.

    Raises:
        MalformedError: no such label.
        UnverifiableError: no key of the maker that the label names is known, or it was stolen.
        SignatureInvalidError: the key it names did not sign it, or is another firm's.

    Source: RFC 9052 section 4.4; reference on provenance, section 6, pitfall 24.
    """
    message = _read(text)
    unit = _unit(message)
    named = cose.key_id(message) if _HEADER_KEY in message.protected else None
    maker = PartyId.of(unit.parts[0])
    known = [one for one in anchors.anchors if _is_named(one, named)]
    own = [one for one in known if one.issuer == maker]
    if not own:
        if known:
            raise SignatureInvalidError(
                worded(
                    "The label is signed by %(signer)s, not by %(maker)s.",
                    signer=known[0].issuer.key,
                    maker=maker.key,
                ),
                hint="Do not rely on this label; ask the maker.",
            )
        raise UnverifiableError(
            worded("No key of %(maker)s with this number is known here.", maker=maker.key),
            hint="Ask the maker for its public half and have it enrolled.",
        )
    need_trusted(own)
    cose.verify(message, _check(message, own[0].key))
    return SignedLabel(unit, own[0])


def need_trusted(own: list[Anchor]) -> None:
    """
    Refuse a key that was stolen, whenever that was, and one that states other things alone.

    Args:
        own: bindings of one key to the maker

    Raises:
        UnverifiableError: it was stolen, or may not speak of units.

    Source: ADR 0039.
    """
    maker = own[0].issuer.key
    if any(one.state is KeyState.COMPROMISED for one in own):
        raise UnverifiableError(
            worded(
                "The key of %(maker)s that signed this label was stolen; a label proves no time.",
                maker=maker,
            ),
            hint="Ask the maker for its signed list of the lot, and compare the serial with it.",
        )
    if not any(not one.predicate_types or one.predicate_types & _KINDS for one in own):
        raise UnverifiableError(
            worded(
                "The key of %(maker)s that signed this label may not speak of units.", maker=maker
            ),
            hint="Ask the maker which key signs its labels.",
        )


def is_signed(text: str) -> bool:
    """
    Return whether a scan looks like a signed label.

    Args:
        text: as scanned

    Returns:
        Whether it begins as one.

    Source: our choice: ADR 0039.
    """
    return text.strip().startswith(PREFIX)


def unit_of(text: str) -> UnitId:
    """
    Return the unit that a signed label names; nothing of it is verified.

    Args:
        text: as scanned

    Returns:
        The unit.

    Raises:
        MalformedError: no such label.

    Source: our choice: ADR 0039.
    """
    return _unit(_read(text))


def _read(text: str) -> cose.Sign1:
    stripped = text.strip()
    if not is_signed(stripped) or len(stripped) > LONGEST:
        raise MalformedError("This is no signed label.", hint="Scan the label again, whole.")
    return cose.parse(base45.decode(stripped.removeprefix(PREFIX)))


def _unit(message: cose.Sign1) -> UnitId:
    if message.payload is None:
        raise MalformedError("The label says nothing.", hint="Scan it again, whole.")
    match cose.plain(message.payload, "label"):
        case [int() as version, str() as maker, str() as serial] if _is_known(version):
            return UnitId.of(maker, serial)
        case _:
            raise MalformedError(
                "The label has another form.", hint="Update Voltrail, then scan again."
            )


def _is_known(version: int) -> bool:
    return type(version) is int and version == VERSION  # in Python True is 1 as well


def _is_named(one: Anchor, named: bytes | None) -> bool:
    return named is not None and bytes.fromhex(one.key.key_id)[:_KEY_ID] == named


def _check(message: cose.Sign1, key: PublicKey) -> Callable[[bytes, bytes], None]:
    """Return the check of a key in its own scheme, which the message must name."""
    if _SCHEMES.get(key.algorithm) is not cose.algorithm(message):
        raise SignatureInvalidError(
            "The label names another scheme than its key is for.", hint="Do not rely on this label."
        )
    return compact.checking(key)
