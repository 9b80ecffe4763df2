"""
Private keys in files under a passphrase: PKCS#8 with PBES2, scrypt and AES-256.

The library's own writer stretches with 2,048 rounds of PBKDF2, which costs a guess next to nothing;
so the few bytes around the key are written here, and `signer.load` and OpenSSL read them. Does not
know whose a key is.
"""

import base64
import re
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7

from voltrail.errors import RefusedError

MIN_PASSPHRASE = 12  # [characters] our choice, as for backups: a file is guessed at leisure
_N, _R, _P = 1 << 14, 8, 5  # scrypt: 16 MiB five times; OpenSSL opens no more than 32 MiB at once
_KEY, _BLOCK, _SALT = 32, 16, 16  # [bytes] AES-256, its block; RFC 8018 asks for 8 of salt
_PBES2 = bytes.fromhex("2a864886f70d01050d")  # 1.2.840.113549.1.5.13, RFC 8018
_SCRYPT = bytes.fromhex("2b06010401da47040b")  # 1.3.6.1.4.1.11591.4.11, RFC 7914
_AES256_CBC = bytes.fromhex("60864801650304012a")  # 2.16.840.1.101.3.4.1.42, NIST
_SEQUENCE, _OCTETS, _INTEGER, _OID = 0x30, 0x04, 0x02, 0x06
_CLOSED = re.compile(rb"(?m)^(-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: *4, *ENCRYPTED)")
_LINE = 64  # [characters] RFC 7468


def close(key: bytes, passphrase: bytes) -> bytes:
    """
    Return a private key as PEM that opens with a passphrase only.

    Args:
        key: PKCS#8 PrivateKeyInfo, as DER
        passphrase: at least 12 characters

    Returns:
        The file's bytes.

    Raises:
        RefusedError: the passphrase is too short.

    Source: RFC 5958, 3; RFC 8018, 6.2; RFC 7914, 7.
    """
    if len(passphrase.decode("utf-8", "replace")) < MIN_PASSPHRASE:
        raise RefusedError(
            f"A passphrase has at least {MIN_PASSPHRASE} characters.",
            hint="Use several words, and keep them apart from the key.",
        )
    salt, iv = secrets.token_bytes(_SALT), secrets.token_bytes(_BLOCK)
    stretched = Scrypt(salt, _KEY, _N, _R, _P).derive(passphrase)
    pad, seal = PKCS7(AES.block_size).padder(), Cipher(AES(stretched), CBC(iv)).encryptor()
    closed = seal.update(pad.update(key) + pad.finalize()) + seal.finalize()
    cost = _der(_SEQUENCE, _der(_OCTETS, salt), *map(_integer, (_N, _R, _P)))
    how = _der(
        _SEQUENCE,
        _der(_SEQUENCE, _der(_OID, _SCRYPT), cost),
        _der(_SEQUENCE, _der(_OID, _AES256_CBC), _der(_OCTETS, iv)),
    )
    scheme = _der(_SEQUENCE, _der(_OID, _PBES2), how)
    return _pem(_der(_SEQUENCE, scheme, _der(_OCTETS, closed)))


def is_closed(pem: bytes) -> bool:
    """
    Return whether a key's file needs a passphrase.

    Args:
        pem: the file's bytes

    Returns:
        True for PKCS#8 under a passphrase, and for older forms of PEM under one.

    Source: RFC 7468, 11; RFC 1421, 4.6.1.1.
    """
    return _CLOSED.search(pem) is not None


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    head = size if len(body) < 0x80 else bytes([0x80 | len(size)]) + size  # noqa: PLR2004 — X.690
    return bytes([tag]) + head + body


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _pem(der: bytes) -> bytes:
    text = base64.b64encode(der)
    lines = (text[at : at + _LINE] for at in range(0, len(text), _LINE))
    name = b"ENCRYPTED PRIVATE KEY"
    return b"-----BEGIN %b-----\n%b\n-----END %b-----\n" % (name, b"\n".join(lines), name)
