"""
Signatures of 64 bytes, as labels and chips carry them: Ed25519, and P-256 as two numbers.

Knows bytes and keys; does not know what is signed.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from voltrail.trust.keys import Algorithm, PublicKey
from voltrail.trust.signer import Signer

BYTES = 64  # [bytes] of a signature: RFC 8032, 5.1.6; RFC 9053, 2.1
SCHEMES = (Algorithm.ED25519, Algorithm.P256)
_HALF = 32  # [bytes] of each number of a P-256 signature: RFC 9053, 2.1


def making(signer: Signer) -> Callable[[bytes], bytes]:
    """
    Return what signs in 64 bytes.

    Args:
        signer: a key of one of `SCHEMES`

    Returns:
        Takes what is signed, returns the signature; of ECDSA two numbers side by side.

    Source: RFC 9053, 2.1.
    """
    if signer.public.algorithm is not Algorithm.P256:
        return signer.sign

    def two_numbers(signed: bytes) -> bytes:
        pair = decode_dss_signature(signer.sign(signed))
        return b"".join(one.to_bytes(_HALF, "big") for one in pair)

    return two_numbers


def checking(key: PublicKey) -> Callable[[bytes, bytes], None]:
    """
    Return the check of signatures of 64 bytes by a key.

    Args:
        key: of one of `SCHEMES`

    Returns:
        Takes signature and what is signed; raises SignatureInvalidError where it is not.

    Source: RFC 8032; FIPS 186-5; RFC 9053, 2.1.
    """
    if key.algorithm is not Algorithm.P256:
        return key.check

    def in_der(signature: bytes, signed: bytes) -> None:
        pair = (int.from_bytes(signature[at : at + _HALF], "big") for at in (0, _HALF))
        whole = signature if len(signature) == BYTES else b""
        key.check(encode_dss_signature(*pair) if whole else b"", signed)

    return in_der
