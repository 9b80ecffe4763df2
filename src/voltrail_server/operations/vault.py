"""
Secrets closed into one file: under a passphrase, or for whoever holds a recipient's key.

scrypt, or X25519 with HKDF, makes the key; ChaCha20-Poly1305 closes the file and covers its head.
Does not know what the secrets are for.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from voltrail.errors import MalformedError, RefusedError

MIN_PASSPHRASE = 12  # [characters] whoever finds the file guesses at leisure
_COST = {"n": 1 << 16, "r": 8, "p": 1}  # scrypt: 64 MiB and a quarter of a second, RFC 7914
_MOST = 1 << 20  # scrypt's n that a file may ask of this machine
_KEY, _NONCE, _SALT = 32, 12, 16  # [bytes]
_PURPOSE = b"voltrail backup keys v1"


@dataclass(frozen=True, slots=True)
class Lock:
    """How secrets are closed: by a passphrase, or to a recipient's X25519 key as PEM."""

    passphrase: bytes = b""
    recipient: bytes = b""


def close(files: Mapping[str, bytes], lock: Lock) -> bytes:
    """Return named secrets as one closed file."""
    head: dict[str, Any] = {"v": 1}
    if lock.recipient:
        once = X25519PrivateKey.generate()
        head |= {"how": "recipient", "once": _text(once.public_key().public_bytes_raw())}
        key = _agreed(once, _public(lock.recipient))
    else:
        if len(lock.passphrase) < MIN_PASSPHRASE:
            raise RefusedError(
                f"A passphrase has at least {MIN_PASSPHRASE} characters.",
                hint="Use several words, and keep them apart from the backup.",
            )
        head |= {"how": "passphrase", "salt": _text(secrets.token_bytes(_SALT)), **_COST}
        key = _stretched(lock.passphrase, head)
    head["nonce"] = _text(secrets.token_bytes(_NONCE))
    inside = json.dumps({name: _text(data) for name, data in sorted(files.items())}).encode()
    closed = ChaCha20Poly1305(key).encrypt(_bytes(head["nonce"]), inside, _covered(head))
    return json.dumps({**head, "closed": _text(closed)}, sort_keys=True).encode()


def open_(data: bytes, lock: Lock) -> dict[str, bytes]:
    """Return the named secrets of a closed file."""
    try:
        head = json.loads(data)
        closed = _bytes(head.pop("closed"))
        key = _key_of(head, lock)
        inside = ChaCha20Poly1305(key).decrypt(_bytes(head["nonce"]), closed, _covered(head))
        return {name: _bytes(text) for name, text in json.loads(inside).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MalformedError(
            "The file of keys in the backup is damaged.", hint="Take another backup."
        ) from error
    except InvalidTag as error:
        raise RefusedError(
            "The keys in the backup do not open with this passphrase or key.",
            hint="Give the one the backup was made with.",
        ) from error


def _key_of(head: dict[str, Any], lock: Lock) -> bytes:
    if head["how"] == "recipient":
        return _agreed(
            _private(lock.recipient), X25519PublicKey.from_public_bytes(_bytes(head["once"]))
        )
    if not lock.passphrase:
        raise RefusedError(
            "The keys in this backup are closed with a passphrase.",
            hint="Give it at the prompt or with --passphrase-file.",
        )
    return _stretched(lock.passphrase, head)


def _stretched(passphrase: bytes, head: dict[str, Any]) -> bytes:
    n, r, p = (int(head[name]) for name in ("n", "r", "p"))
    if n > _MOST or r * p > 64:  # noqa: PLR2004 — 64 MiB times this is the most we give
        raise ValueError("too costly")
    return Scrypt(_bytes(head["salt"]), _KEY, n, r, p).derive(passphrase)


def _agreed(own: X25519PrivateKey, other: X25519PublicKey) -> bytes:
    """Return the key that both halves lead to; it covers no identity, the file's head does."""
    return HKDF(SHA256(), _KEY, salt=None, info=_PURPOSE).derive(own.exchange(other))


def _public(pem: bytes) -> X25519PublicKey:
    try:
        found = load_pem_public_key(pem)
    except (ValueError, TypeError) as error:
        raise _no_recipient() from error
    if not isinstance(found, X25519PublicKey):
        raise _no_recipient()
    return found


def _private(pem: bytes) -> X25519PrivateKey:
    try:
        found = load_pem_private_key(pem, None) if pem else None
    except (ValueError, TypeError) as error:
        raise _no_recipient() from error
    if not isinstance(found, X25519PrivateKey):
        raise RefusedError(
            "The keys in this backup are closed to a recipient's key.",
            hint="Give the recipient's private X25519 key with --key-file.",
        )
    return found


def _no_recipient() -> MalformedError:
    return MalformedError(
        "The recipient's file holds no X25519 key.",
        hint="Make one: openssl genpkey -algorithm X25519 -out backup.key.",
    )


def _covered(head: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(head), sort_keys=True, separators=(",", ":")).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
