"""
How other people's formats write signatures, and the one scheme that each key may be used in.

COSE and JOSE write an ECDSA signature as two numbers side by side, not in DER. Knows schemes and
keys of `cryptography`; does not know whose a key is, nor in which format the signature came.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from voltrail.cose import Algorithm
from voltrail.errors import SignatureInvalidError, UnverifiableError

Check = Callable[[bytes, bytes], None]

# Names of JOSE for the schemes of COSE: RFC 7518, RFC 8037, RFC 9864, RFC 9964. `none` is no name.
JOSE = {
    "EdDSA": Algorithm.EDDSA,
    "Ed25519": Algorithm.ED25519,
    "ES256": Algorithm.ES256,
    "ESP256": Algorithm.ESP256,
    "ES384": Algorithm.ES384,
    "PS256": Algorithm.PS256,
    "ML-DSA-44": Algorithm.MLDSA44,
    "ML-DSA-65": Algorithm.MLDSA65,
    "ML-DSA-87": Algorithm.MLDSA87,
}
_SMALLEST_RSA = 2_048  # [bits] RFC 7518 section 3.5
_LARGEST_RSA = 8_192  # [bits] our choice: beyond it one check takes long
_PLAIN: dict[Algorithm, Any] = {
    Algorithm.EDDSA: ed25519.Ed25519PublicKey,
    Algorithm.ED25519: ed25519.Ed25519PublicKey,
    Algorithm.MLDSA44: mldsa.MLDSA44PublicKey,
    Algorithm.MLDSA65: mldsa.MLDSA65PublicKey,
    Algorithm.MLDSA87: mldsa.MLDSA87PublicKey,
}
_CURVES: dict[Algorithm, tuple[type[ec.EllipticCurve], HashAlgorithm, int]] = {
    Algorithm.ES256: (ec.SECP256R1, SHA256(), 32),
    Algorithm.ESP256: (ec.SECP256R1, SHA256(), 32),
    Algorithm.ES384: (ec.SECP384R1, SHA384(), 48),
}


def checker(algorithm: Algorithm, key: Any) -> Check:  # noqa: ANN401 — any key of cryptography
    """
    Return the check of a signature in a scheme by a key.

    Args:
        algorithm: the scheme that the proof names
        key: a public key, of that scheme

    Returns:
        A function of signature and bytes covered; it raises SignatureInvalidError.

    Raises:
        SignatureInvalidError: the key is of another scheme, so it cannot have signed.
        UnverifiableError: an RSA key of a size that is not judged here.

    Source: RFC 9053; RFC 8230; RFC 9964; RFC 7518.
    """
    check = _check(algorithm, key)
    if check is None:
        raise SignatureInvalidError(
            f"The proof says {algorithm.name}, and its key is of another scheme.",
            hint="Do not rely on it: ask its maker for a proof that names its own scheme.",
        )

    def judge(signature: bytes, signed: bytes) -> None:
        try:
            check(signature, signed)
        except (InvalidSignature, ValueError) as error:
            raise SignatureInvalidError(
                "The signature does not match the bytes.",
                hint="Fetch the file again from its maker; it was changed or cut.",
            ) from error

    return judge


def fingerprint(key: Any) -> str:  # noqa: ANN401 — any key of cryptography
    """
    Return the identity of a public key's material, as `trust.keys` counts it.

    Args:
        key: a public key

    Returns:
        64 lower-case hexadecimal digits: SHA-256 of its SubjectPublicKeyInfo.

    Source: our choice: docs/spec/statement.md.
    """
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def _check(algorithm: Algorithm, key: Any) -> Check | None:  # noqa: ANN401 — any key
    if algorithm in _PLAIN:
        return key.verify if isinstance(key, _PLAIN[algorithm]) else None
    if algorithm in _CURVES:
        curve, digest, half = _CURVES[algorithm]
        ours = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, curve)
        return _two_numbers(key, digest, half) if ours else None
    return _pss(key) if isinstance(key, rsa.RSAPublicKey) else None


def _two_numbers(key: ec.EllipticCurvePublicKey, digest: HashAlgorithm, half: int) -> Check:
    def check(signature: bytes, signed: bytes) -> None:
        if len(signature) != 2 * half:
            raise InvalidSignature
        pair = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        key.verify(encode_dss_signature(*pair), signed, ec.ECDSA(digest))

    return check


def _pss(key: rsa.RSAPublicKey) -> Check:
    if not _SMALLEST_RSA <= key.key_size <= _LARGEST_RSA:
        raise UnverifiableError(
            f"An RSA key of {key.key_size} bits is not judged here.",
            hint=f"Ask for a proof by a key of {_SMALLEST_RSA} bits or more.",
        )
    scheme = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
    return lambda signature, signed: key.verify(signature, signed, scheme, SHA256())
