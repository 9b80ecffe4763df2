"""
A Digital Link with its maker's bare signature behind it, in the place that GS1 keeps for one.

    HTTPS://ID.EXAMPLE/01/04012345678901/10/L26-7/21/K0001?8030=AQx…

AI 8030 holds 90 characters: base64url of a version, two bytes that point to the key, and 64 bytes
of signature. It says that the maker issued this serial, not that the thing is that unit. Whose key
it is tells the maker where the link names none.
"""

import base64
import binascii
from collections.abc import Iterator

from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.ids.gs1 import full_gtin
from voltrail.ids.subject import PartyId, UnitId
from voltrail.labels import compact, link
from voltrail.labels.link import Label, named
from voltrail.labels.scan import Scan
from voltrail.labels.signed import SignedLabel, need_trusted
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.signer import Signer
from voltrail.wording import worded

AI = "8030"  # digital signature: GS1 General Specifications, 3.9.12
HEAD = "voltrail label signature 1"  # no other signature covers bytes that begin so
VERSION = 1
LENGTH = 90  # [characters] all that AI 8030 takes
_KEY_ID = 2  # [bytes] of the key's SHA-256: what fits; it points to keys and proves nothing


def signed_bytes(label: Label) -> bytes:
    """
    Return the bytes that the maker signs.

    Args:
        label: all that the link says

    Returns:
        Five lines of ASCII, each with its LF; what is absent is an empty line.

    Raises:
        MalformedError: no maker and serial, or a wrong GTIN.

    Source: docs/spec/label.md.
    """
    maker, serial = named(label.unit)
    gtin = full_gtin(label.gtin) if label.gtin else ""
    lines = (HEAD, maker, serial, gtin, label.lot if label.gtin else "")
    return "".join(f"{one}\n" for one in lines).encode()


def sign(label: Label, host: str, signer: Signer) -> str:
    """
    Return the text of a link with a signature.

    Args:
        label: what it says
        host: where a person's phone asks, without scheme
        signer: a key of the maker, Ed25519 or P-256

    Returns:
        The address that goes into the code.

    Raises:
        MalformedError: a scheme whose signature does not fit, or no such link.

    Source: GS1 Digital Link Standard: URI Syntax, 4.10; docs/spec/label.md.
    """
    if signer.public.algorithm not in compact.SCHEMES:
        said = worded(
            "A signature of %(scheme)s does not fit on a label.", scheme=signer.public.algorithm
        )
        raise MalformedError(said, hint="Sign labels with an Ed25519 or P-256 key.")
    begins = bytes([VERSION]) + bytes.fromhex(signer.public.key_id)[:_KEY_ID]
    value = begins + compact.making(signer)(signed_bytes(label))
    text = base64.urlsafe_b64encode(value).decode().rstrip("=")
    return f"{link.address(label, host)}?{AI}={text}"


def verify(read: Scan, anchors: Anchors) -> SignedLabel:
    """
    Return the unit of a signed link, once a key of its maker is found to have signed all of it.

    Args:
        read: a scan that holds a signature
        anchors: the keys that are pinned or on record

    Returns:
        The unit and the key.

    Raises:
        MalformedError: the signature was cut, or is of another form.
        UnverifiableError: no key that it may point to is known, or that key was stolen.
        SignatureInvalidError: something on the label was changed, or another firm signed it.

    Source: docs/spec/label.md.
    """
    value = _value(read.signature)
    known = [one for one in anchors.anchors if _is_pointed_to(one, value)]
    if not known:
        raise UnverifiableError(
            "No key that this label's signature points to is known here.",
            hint="Ask the maker for its public half and have it enrolled.",
        )
    for key, unit in _pairs(read, known):
        try:
            label = Label(unit, read.gtin, read.lot)
            compact.checking(key.key)(value[-compact.BYTES :], signed_bytes(label))
        except SignatureInvalidError:
            continue
        if PartyId.of(unit.parts[0]) != key.issuer:
            said = worded(
                "The label is signed by %(signer)s, not by %(maker)s.",
                signer=key.issuer.key,
                maker=unit.parts[0],
            )
            raise SignatureInvalidError(said, hint="Do not rely on this label; ask the maker.")
        need_trusted([key])
        return SignedLabel(unit, key)
    raise SignatureInvalidError(
        "The signature on the label does not cover what the label says.",
        hint="Do not rely on this label; something on it was changed, or another key signed.",
    )


def _value(text: str) -> bytes:
    """Return the bytes of a signature in their one spelling."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        value = b""
    again = base64.urlsafe_b64encode(value).decode().rstrip("=")
    if len(text) != LENGTH or again != text or value[0] != VERSION:
        raise MalformedError(
            "The signature on the label was cut, or is of another form.",
            hint="Scan it again, whole; if it stays so, do not rely on this label.",
        )
    return value


def _is_pointed_to(one: Anchor, value: bytes) -> bool:
    named_so = bytes.fromhex(one.key.key_id)[:_KEY_ID] == value[1 : 1 + _KEY_ID]
    return named_so and one.key.algorithm in compact.SCHEMES and isinstance(one.issuer, PartyId)


def _pairs(read: Scan, known: list[Anchor]) -> Iterator[tuple[Anchor, UnitId]]:
    """Yield each key with the unit it would speak of, the maker's own before those of others."""
    if read.unit:
        unit = UnitId.read(read.unit)
        maker = PartyId.of(unit.parts[0])
        yield from ((one, unit) for one in sorted(known, key=lambda one: one.issuer != maker))
    elif read.serial:
        yield from ((one, UnitId.of(one.issuer.parts[0], read.serial)) for one in known)
