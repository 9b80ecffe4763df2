"""
C2SP signed notes: a text, and below it the lines of those who signed it.

Knows vkeys and signature lines, and of each line when it was made, where it says so. Does not know
what the text says, what a kind of key covers (that is `cosigned`), nor whom to trust: verifiers are
arguments.
"""

import binascii
import re
from collections.abc import Callable, Iterable
from hashlib import sha256

from msgspec import Struct

from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.register import cosigned
from voltrail.register.cosigned import COSIGNATURE, ED25519, MLDSA_COSIGNATURE, PUBLIC_BYTES

KEY_ID_BYTES = 4  # [bytes] C2SP signed-note
MAX_BYTES = 1_000_000  # [bytes] of a note: golang.org/x/mod/sumdb/note
MAX_SIGNATURES = 100  # C2SP signed-note: at least 16 must be accepted

_NAME = re.compile(r"[^\s+]+")
_VKEY = re.compile(r"([^\s+\ud800-\udfff]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_LINE = re.compile("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_HINT = "Ask for the note again, and keep its bytes unchanged."

Sign = Callable[[bytes], bytes]


class Verifier(Struct, frozen=True):
    """A public key under the name it signs as."""

    name: str
    key_id: bytes
    key_type: int
    public_raw: bytes


class Signed(Struct, frozen=True):
    """A signature that holds: whose it is, and the time it says; 0 where it says none."""

    by: Verifier
    time_s: int


def parse_vkey(text: str) -> Verifier:
    """
    Return the verifier in a vkey.

    Args:
        text: name, key id and key, joined by plus signs

    Returns:
        The verifier.

    Raises:
        MalformedError: not a vkey, wrong key id, or a kind of key we do not know.

    Source: C2SP signed-note, verifier keys.
    """
    match = _VKEY.fullmatch(text)
    if match is None:
        raise MalformedError(f"{text[:120]!r} is no vkey.", hint="Write name+hash+key.")
    key = from_base64(match[3], "key")
    key_type, raw = key[0], key[1:]
    if len(raw) != PUBLIC_BYTES.get(key_type):
        raise MalformedError(
            f"The key of {match[1]} is of no kind known here.", hint="Give a key of type 1, 4 or 6."
        )
    verifier = Verifier(match[1], key_id(match[1], key_type, raw), key_type, raw)
    if verifier.key_id.hex() != match[2]:
        raise MalformedError(f"The vkey of {match[1]} is damaged.", hint="Copy it again, whole.")
    return verifier


def vkey(name: str, public_raw: bytes, key_type: int = ED25519) -> str:
    """
    Return the vkey of a public key.

    Args:
        name: the name it signs as
        public_raw: the raw public key
        key_type: plain signature, or cosignature with Ed25519 or ML-DSA-44

    Returns:
        Name, key id and key, joined by plus signs.

    Raises:
        MalformedError: the name has spaces or plus signs, or the key is not as long as its kind.

    Source: C2SP signed-note, verifier keys.
    """
    if len(public_raw) != PUBLIC_BYTES.get(key_type, len(public_raw)):
        raise MalformedError(
            f"A key of type {key_type} has no {len(public_raw)} bytes.", hint=_HINT
        )
    tail = to_base64(bytes([key_type]) + public_raw)
    return f"{name}+{key_id(name, key_type, public_raw).hex()}+{tail}"


def key_id(name: str, key_type: int, public_raw: bytes) -> bytes:
    """
    Return the short id of a key under a name.

    Args:
        name: the name it signs as
        key_type: plain signature, or cosignature with Ed25519 or ML-DSA-44
        public_raw: the raw public key

    Returns:
        4 bytes.

    Raises:
        MalformedError: the name is empty or has spaces or plus signs.

    Source: C2SP signed-note, signatures.
    """
    if not _NAME.fullmatch(name):
        raise MalformedError(f"{name[:120]!r} cannot sign.", hint="Leave out spaces and plus.")
    return sha256(name.encode() + b"\n" + bytes([key_type]) + public_raw).digest()[:KEY_ID_BYTES]


def sign(text: str, name: str, sign: Sign, public_raw: bytes) -> bytes:
    """
    Return a text as a note with one signature.

    Args:
        text: ends with a line end
        name: the name to sign as
        sign: makes an Ed25519 signature
        public_raw: the public key that goes with it [32 bytes]

    Returns:
        The bytes of the note.

    Raises:
        MalformedError: the text or name cannot stand in a note.

    Source: C2SP signed-note.
    """
    _check_text(text)
    line = signature_line(name, key_id(name, ED25519, public_raw), sign(text.encode()))
    return text.encode() + b"\n" + line


def cosign(text: str, by: Verifier, time_s: int, sign: Sign) -> bytes:
    """
    Return the line with which a witness adds its timestamped signature to a note.

    Args:
        text: the text of the note; for ML-DSA-44 a checkpoint
        by: the name and public key of the witness, of type 4 or 6
        time_s: when it saw the text [s since 1970, UTC]
        sign: makes a signature with the private half

    Returns:
        The line, to be put after the note's last byte.

    Raises:
        MalformedError: the text, name or time cannot stand in a cosignature.

    Source: C2SP tlog-cosignature.
    """
    _check_text(text)
    signed = cosigned.covered(by.key_type, by.name, text, time_s)
    stamped = time_s.to_bytes(cosigned.TIME_BYTES, "big") + sign(signed)
    return signature_line(by.name, by.key_id, stamped)


def signature_line(name: str, key: bytes, signature: bytes) -> bytes:
    """
    Return one signature line of a note.

    Args:
        name: who signs
        key: the key id [4 bytes]
        signature: its bytes

    Returns:
        The line with its line end.

    Source: C2SP signed-note, signatures.
    """
    return f"\u2014 {name} {to_base64(key + signature)}\n".encode()


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> tuple[str, list[str]]:
    """
    Return the text of a note and the names of those whose signatures hold.

    Args:
        data: the bytes of the note
        verifiers: the keys we know

    Returns:
        The text, and names in the order of the note. Signatures of other keys are ignored.

    Raises:
        MalformedError: the bytes are no signed note.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known key signed it.

    Source: C2SP signed-note.
    """
    text, signers = open_signed(data, verifiers)
    return text, list(dict.fromkeys(signer.name for signer in signers))


def open_signed(data: bytes, verifiers: Iterable[Verifier]) -> tuple[str, list[Verifier]]:
    """
    Return the text of a note and the verifiers whose signatures hold.

    Args:
        data: the bytes of the note
        verifiers: the keys we know

    Returns:
        The text, and each verifier once, in the order of the note.

    Raises:
        MalformedError: the bytes are no signed note.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known key signed it.

    Source: C2SP signed-note.
    """
    text, found = open_stamped(data, verifiers)
    return text, list(dict.fromkeys(one.by for one in found))


def open_stamped(data: bytes, verifiers: Iterable[Verifier]) -> tuple[str, list[Signed]]:
    """
    Return the text of a note and every signature of a known key, with its time.

    Args:
        data: the bytes of the note
        verifiers: the keys we know

    Returns:
        The text, and the signatures in the order of the note; one key may have several.

    Raises:
        MalformedError: the bytes are no signed note.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known key signed it.

    Source: C2SP signed-note; tlog-cosignature.
    """
    text, signatures = split(data)
    known: dict[tuple[str, bytes], dict[Verifier, None]] = {}
    for verifier in verifiers:
        known.setdefault((verifier.name, verifier.key_id), {})[verifier] = None
    found: list[Signed] = []
    for name, signature in signatures:
        keys = known.get((name, signature[:KEY_ID_BYTES]))
        if keys:
            found.append(_judge(text, name, signature[KEY_ID_BYTES:], keys))
    if not found:
        raise UnverifiableError("No known key signed the note.", hint="Add the signer's vkey.")
    return text, found


def split(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """
    Return the text of a note and its signatures, not yet judged.

    Args:
        data: the bytes of the note

    Returns:
        The text, and for each line the name and the key id with the signature.

    Raises:
        MalformedError: the bytes are no signed note.

    Source: C2SP signed-note.
    """
    try:
        whole = data.decode() if len(data) <= MAX_BYTES else ""
    except UnicodeDecodeError as error:
        raise MalformedError("The note is not UTF-8.", hint=_HINT) from error
    text, gap, tail = whole.rpartition("\n\n")
    _check_text(whole)
    if not gap or not tail:
        raise MalformedError("The note has no signatures.", hint=_HINT)
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedError(f"The note has over {MAX_SIGNATURES} signatures.", hint=_HINT)
    return text + "\n", [_signature(line) for line in lines]


def from_base64(text: str, what: str) -> bytes:
    """
    Return the bytes in a base64 text, accepting one spelling only.

    Args:
        text: standard base64 with padding
        what: the word for it in error sentences

    Returns:
        The bytes.

    Raises:
        MalformedError: another spelling.

    Source: RFC 4648 section 4.
    """
    try:
        found = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise MalformedError(f"The {what} is not base64.", hint=_HINT) from error
    if to_base64(found) != text:
        raise MalformedError(f"The {what} is base64 in another spelling.", hint=_HINT)
    return found


def to_base64(data: bytes) -> str:
    """
    Return bytes as standard base64 on one line.

    Args:
        data: any bytes

    Returns:
        ASCII text with padding.

    Source: RFC 4648 section 4.
    """
    return binascii.b2a_base64(data, newline=False).decode()


def _signature(line: str) -> tuple[str, bytes]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise MalformedError("A signature line of the note is damaged.", hint=_HINT)
    signature = from_base64(match[2], "signature")
    if len(signature) <= KEY_ID_BYTES:
        raise MalformedError("A signature of the note is too short.", hint=_HINT)
    return match[1], signature


def _judge(text: str, name: str, signature: bytes, keys: Iterable[Verifier]) -> Signed:
    for key in keys:
        time_s, bare = cosigned.parted(key.key_type, signature)
        if _holds(text, time_s, bare, key):
            return Signed(key, time_s)
    raise SignatureInvalidError(
        f"The signature of {name} does not match the note.",
        hint="Do not rely on this note; fetch it again from its origin.",
    )


def _holds(text: str, time_s: int, bare: bytes, key: Verifier) -> bool:
    try:
        signed = cosigned.covered(key.key_type, key.name, text, time_s)
    except MalformedError:
        return False
    return cosigned.holds(key.key_type, key.public_raw, bare, signed)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise MalformedError("The note has control characters or no final line end.", hint=_HINT)


__all__ = [
    "COSIGNATURE",
    "ED25519",
    "MLDSA_COSIGNATURE",
    "Sign",
    "Signed",
    "Verifier",
    "cosign",
    "from_base64",
    "key_id",
    "open_note",
    "open_signed",
    "open_stamped",
    "parse_vkey",
    "sign",
    "signature_line",
    "split",
    "to_base64",
    "vkey",
]
