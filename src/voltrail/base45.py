"""
Base45: bytes as the 45 characters that a QR symbol writes most tightly.

Each spelling is one: what another reader could read as other bytes is refused. Does not know what
the bytes are.
"""

from voltrail.errors import MalformedError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285 section 4.2

_PAIR, _ONE = 65_535, 255  # the largest values of three and of two characters
_PLACES = {character: place for place, character in enumerate(ALPHABET)}
_HINT = "Scan the code again, or copy its text whole."


def decode(text: str) -> bytes:
    """
    Return the bytes in a text.

    Args:
        text: as scanned, without anything before or behind it

    Returns:
        The bytes.

    Raises:
        MalformedError: other characters, a length that no bytes have, or a group that is too large.

    Source: RFC 9285 section 4.
    """
    try:
        digits = [_PLACES[character] for character in text]
    except KeyError as error:
        raise MalformedError(f"{error.args[0]!r} is no character of base45.", hint=_HINT) from error
    found = bytearray()
    for start in range(0, len(digits), 3):
        group = digits[start : start + 3]
        value = sum(digit * 45**place for place, digit in enumerate(group))
        size, most = (2, _PAIR) if len(group) == 3 else (1, _ONE)  # noqa: PLR2004 — RFC 9285
        if len(group) == 1 or value > most:
            raise MalformedError("The text is not base45.", hint=_HINT)
        found += value.to_bytes(size, "big")
    return bytes(found)


def encode(data: bytes) -> str:
    """
    Return bytes as text.

    Args:
        data: any bytes

    Returns:
        Three characters for two bytes, two for a last one.

    Source: RFC 9285 section 4.
    """
    text = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, place = divmod(value, 45)
            text.append(ALPHABET[place])
    return "".join(text)
