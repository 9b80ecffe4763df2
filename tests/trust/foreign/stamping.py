"""A time-stamp service in a few lines, so that a test can plant each fault it wants refused."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)


class Holder(NamedTuple):
    """A key and the certificate that speaks of it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def root(name: str = "Root") -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder(named(name), named(name), key.public_key())
        .serial_number(1)
        .not_valid_before(START - timedelta(days=400))
        .not_valid_after(END + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    return Holder(key, made)


def leaf(
    above: Holder,
    name: str = "Service",
    purposes: tuple[x509.ObjectIdentifier, ...] = STAMPING,
    critical: bool = True,  # noqa: FBT001, FBT002 — as X.509 has it
    serial: int = 7,
) -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder(above.certificate.subject, named(name), key.public_key())
        .serial_number(serial)
        .not_valid_before(START)
        .not_valid_after(END)
    )
    if purposes:
        made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return Holder(key, made.sign(above.key, SHA256()))


def tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, "big") + body


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    body = bytearray([first * 40 + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        body += bytes(reversed(groups))
    return tlv(0x06, bytes(body))


def integer(value: int) -> bytes:
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


SHA = tlv(0x30, oid("2.16.840.1.101.3.4.2.1"))
ECDSA = tlv(0x30, oid("1.2.840.10045.4.3.2"))
TST = oid("1.2.840.113549.1.9.16.1.4")


def info(message: bytes, at: datetime, nonce: int | None, accuracy: bytes) -> bytes:
    imprint = tlv(0x30, SHA, tlv(0x04, hashlib.sha256(message).digest()))
    time = tlv(0x18, f"{at:%Y%m%d%H%M%SZ}".encode())
    tail = integer(nonce) if nonce is not None else b""
    said = (integer(1), oid("1.2.3.4"), imprint, integer(42), time, accuracy, tail)
    return tlv(0x30, *said)


def token(
    by: Holder,
    message: bytes = b"goods",
    at: datetime = NOON,
    nonce: int | None = None,
    embedded: tuple[Holder, ...] | None = None,
    **odd: bytes | int,
) -> bytes:
    """The token alone, as some formats carry it; `odd` sets accuracy and the count of signers."""
    said = info(message, at, nonce, bytes(odd.get("accuracy", tlv(0x30, integer(1)))))
    der = by.certificate.public_bytes(Encoding.DER)
    essence = tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x04, hashlib.sha256(der).digest()))))
    attributes = sorted(
        [
            tlv(0x30, oid("1.2.840.113549.1.9.3"), tlv(0x31, TST)),
            tlv(
                0x30,
                oid("1.2.840.113549.1.9.4"),
                tlv(0x31, tlv(0x04, hashlib.sha256(said).digest())),
            ),
            tlv(0x30, oid("1.2.840.113549.1.9.16.2.47"), tlv(0x31, essence)),
        ]
    )
    signature = by.key.sign(tlv(0x31, *attributes), ec.ECDSA(SHA256()))
    issuer = by.certificate.issuer.public_bytes()
    sid = tlv(0x30, issuer, integer(by.certificate.serial_number))
    parts = (integer(1), sid, SHA, tlv(0xA0, *attributes), ECDSA, tlv(0x04, signature))
    holders = (by,) if embedded is None else embedded
    certificates = sorted(one.certificate.public_bytes(Encoding.DER) for one in holders)
    data = tlv(
        0x30,
        integer(3),
        tlv(0x31, SHA),
        tlv(0x30, TST, tlv(0xA0, tlv(0x04, said))),
        tlv(0xA0, *certificates) if certificates else b"",
        tlv(0x31, *[tlv(0x30, *parts)] * int(odd.get("signers", 1))),
    )
    return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, data))


def response(inner: bytes, status: int = 0) -> bytes:
    """The token inside a service's answer."""
    return tlv(0x30, tlv(0x30, integer(status)), inner)
