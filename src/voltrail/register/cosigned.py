"""
What the kinds of key on a note sign, and whether a signature is theirs.

Knows the three kinds: Ed25519 over the text, Ed25519 over a timestamped text, and ML-DSA-44 over a
timestamped tree head. Does not know lines, names of keys, nor whom to trust. An ML-DSA-44
cosignature covers origin, size and root; extension lines are not covered and have no meaning here.
"""

import binascii
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from voltrail.errors import MalformedError

ED25519 = 0x01  # C2SP signed-note, signature types
COSIGNATURE = 0x04  # C2SP tlog-cosignature: Ed25519 over a timestamped text
MLDSA_COSIGNATURE = 0x06  # C2SP tlog-cosignature: ML-DSA-44 over a timestamped tree head
PUBLIC_BYTES = {ED25519: 32, COSIGNATURE: 32, MLDSA_COSIGNATURE: 1312}  # RFC 8032; FIPS 204
TIME_BYTES = 8  # [bytes] C2SP tlog-cosignature
MAX_TIME_S = 2**63 - 1  # [s] C2SP tlog-cosignature

_LABEL = b"subtree/v1\n\0"  # [12 bytes] C2SP tlog-cosignature
_MAX_NAME = 255  # [bytes] C2SP tlog-cosignature: one byte says the length
_HEAD = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")


def covered(kind: int, name: str, text: str, time_s: int) -> bytes:
    """
    Return the bytes that a key of some kind signs for the text of a note.

    Args:
        kind: of the key
        name: the name it signs as
        text: the text of the note
        time_s: when it signs; a plain signature says none [s since 1970, UTC]

    Returns:
        The bytes under the signature.

    Raises:
        MalformedError: a tree head is needed and the text is none, or a name or time is too long.

    Source: C2SP signed-note; tlog-cosignature.
    """
    if not 0 <= time_s <= MAX_TIME_S:
        raise MalformedError(f"{time_s} is no time of a cosignature.", hint="Count from 1970.")
    if kind == ED25519:
        return text.encode()
    if kind == COSIGNATURE:
        return f"cosignature/v1\ntime {time_s}\n{text}".encode()
    origin, size, root = _head(text)
    return cosigned_message(name, time_s, origin, (0, size), root)


def cosigned_message(
    name: str, time_s: int, origin: str, leaves: tuple[int, int], root: bytes
) -> bytes:
    """
    Return the bytes that an ML-DSA-44 cosignature covers.

    Args:
        name: the name of who cosigns
        time_s: when; 0 where no time is said [s since 1970, UTC]
        origin: the name of the log
        leaves: index of the first leaf, and the one after the last
        root: the root over them [32 bytes]

    Returns:
        Label, name, time, origin, start, end and root.

    Raises:
        MalformedError: a name is empty or longer than 255 bytes.

    Source: C2SP tlog-cosignature, ML-DSA-44 signed message.
    """
    start, end = leaves
    numbers = start.to_bytes(8, "big") + end.to_bytes(8, "big")
    return _LABEL + _short(name) + time_s.to_bytes(8, "big") + _short(origin) + numbers + root


def parted(kind: int, signature: bytes) -> tuple[int, bytes]:
    """
    Return the time and the bare signature in the bytes of a signature line.

    Args:
        kind: of the key
        signature: what follows the key id

    Returns:
        The time, 0 where none is said [s since 1970, UTC]; the signature.

    Source: C2SP tlog-cosignature, format.
    """
    if kind == ED25519:
        return 0, signature
    return int.from_bytes(signature[:TIME_BYTES], "big"), signature[TIME_BYTES:]


def holds(kind: int, public_raw: bytes, bare: bytes, signed: bytes) -> bool:
    """
    Return whether a key made a signature over some bytes.

    Args:
        kind: of the key
        public_raw: the raw public key
        bare: the signature without time
        signed: from `covered`

    Returns:
        False for another key, other bytes, or what is no key or signature of that kind.

    Source: RFC 8032; FIPS 204.
    """
    known = MLDSA44PublicKey if kind == MLDSA_COSIGNATURE else Ed25519PublicKey
    try:
        known.from_public_bytes(public_raw).verify(bare, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _head(text: str) -> tuple[str, int, bytes]:
    match = _HEAD.fullmatch(text)
    if match is None:
        raise MalformedError("The note is no checkpoint.", hint="Cosign checkpoints only.")
    root = binascii.a2b_base64(match[3])
    if binascii.b2a_base64(root, newline=False).decode() != match[3]:
        raise MalformedError("The root is base64 in another spelling.", hint="Ask for it again.")
    return match[1], int(match[2]), root


def _short(name: str) -> bytes:
    data = name.encode()
    if not 0 < len(data) <= _MAX_NAME:
        raise MalformedError(
            f"{name[:120]!r} cannot cosign or be cosigned.", hint="Use a name of 1 to 255 bytes."
        )
    return bytes([len(data)]) + data
