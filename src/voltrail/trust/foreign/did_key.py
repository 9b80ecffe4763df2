"""
did:key: an identifier that is its own public key, so that nobody has to be asked for it.

Knows Ed25519 and P-256. Other methods of identifiers need a network, and are refused. Does not know
whose a key is.
"""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from voltrail.errors import MalformedError, UnverifiableError

Key = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LONGEST = 128  # [characters] of base58; our choice: a signature of 64 bytes has 88
_ED25519 = b"\xed\x01"  # multicodec ed25519-pub, as a varint
_P256 = b"\x80\x24"  # multicodec p256-pub, as a varint
_PREFIX = "did:key:"
_HINT = "Ask the issuer for a proof by a did:key, with Ed25519 or P-256."


def resolve(method: str) -> tuple[str, Key]:
    """
    Return the identifier and the key in the address of a verification method.

    Args:
        method: did:key with its fragment, or the identifier alone

    Returns:
        The identifier without fragment, and the key.

    Raises:
        MalformedError: not of the form, or a fragment that names another key.
        UnverifiableError: another method of identifiers, or another kind of key.

    Source: did:key method, version 0.9, sections 2 and 3.
    """
    if not method.startswith(_PREFIX):
        raise UnverifiableError(
            f"The key {method[:80]!r} would have to be fetched; nothing is fetched here.",
            hint=_HINT,
        )
    name, mark, fragment = method.removeprefix(_PREFIX).partition("#")
    if mark and fragment != name:
        raise MalformedError("The did:key and its fragment are two keys.", hint=_HINT)
    raw = multibase(name)
    try:
        if raw[:2] == _ED25519:
            return _PREFIX + name, ed25519.Ed25519PublicKey.from_public_bytes(raw[2:])
        if raw[:2] == _P256:
            curve = ec.SECP256R1()
            return _PREFIX + name, ec.EllipticCurvePublicKey.from_encoded_point(curve, raw[2:])
    except ValueError as error:
        raise MalformedError("The did:key holds no key.", hint=_HINT) from error
    raise UnverifiableError("The did:key is of a kind not judged here.", hint=_HINT)


def multibase(text: str) -> bytes:
    """
    Return the bytes in a text of base58, marked as such.

    Args:
        text: z and then base58 as Bitcoin writes it

    Returns:
        The bytes.

    Raises:
        MalformedError: another base, other characters, or too long.

    Source: draft-multiformats-multibase, base58btc.
    """
    digits = text[1:]
    if text[:1] != "z" or not digits or len(digits) > _LONGEST or set(digits) - set(_ALPHABET):
        raise MalformedError("A text is not base58 behind a z.", hint=_HINT)
    number = 0
    for digit in digits:
        number = number * 58 + _ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def written(key: Key) -> str:
    """
    Return the did:key of a public key.

    Args:
        key: Ed25519 or P-256

    Returns:
        The identifier, without fragment.

    Source: did:key method, version 0.9, section 2.
    """
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = _ED25519 + key.public_bytes_raw()
    else:
        x, y = key.public_numbers().x, key.public_numbers().y
        raw = _P256 + bytes([2 + y % 2]) + x.to_bytes(32, "big")
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _ALPHABET[rest] + digits
    return _PREFIX + "z" + digits
