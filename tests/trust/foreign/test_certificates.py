"""Certificates with faults: every one is a plain refusal, however the library tells it."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from trust.foreign import stamping
from voltrail.errors import MalformedError, ProductError, UnverifiableError
from voltrail.trust.foreign import certificates

ROOT = stamping.root()
GOOD = ROOT.certificate.public_bytes(Encoding.DER)


def questions(data: bytes) -> None:
    found = certificates.from_der(data)
    certificates.key_of(found)
    certificates.is_authority(found)


def test_a_certificate_is_read() -> None:
    assert certificates.from_der(GOOD) == ROOT.certificate
    assert certificates.from_pem(ROOT.pem * 2) == [ROOT.certificate] * 2
    assert certificates.is_authority(ROOT.certificate)
    assert not certificates.is_authority(stamping.leaf(ROOT).certificate)


@settings(max_examples=400)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_certificate_is_read_or_refused(place: int, change: int) -> None:
    data = GOOD[:place] + bytes([GOOD[place] ^ change]) + GOOD[place + 1 :]
    try:
        questions(data)
    except ProductError:
        return


def test_a_version_that_never_was_is_malformed() -> None:
    version = GOOD.index(bytes.fromhex("a003020102")) + 4
    with pytest.raises(MalformedError):
        certificates.from_der(GOOD[:version] + b"\3" + GOOD[version + 1 :])


def test_a_serial_number_that_is_none_is_malformed() -> None:
    serial = GOOD.index(bytes.fromhex("a003020102")) + 7
    assert GOOD[serial] == 1
    for bad in (b"\0", b"\xff"):
        with pytest.raises(MalformedError):
            certificates.from_der(GOOD[:serial] + bad + GOOD[serial + 1 :])


def test_a_key_on_an_unknown_curve_is_not_judged() -> None:
    known = stamping.oid("1.2.840.10045.3.1.7")
    data = GOOD.replace(known, known[:-1] + b"\x63")
    with pytest.raises(UnverifiableError):
        certificates.key_of(certificates.from_der(data))


def test_one_extension_twice_is_malformed() -> None:
    one = stamping.tlv(0x30, stamping.oid("2.5.29.19"), b"\1\1\xff", b"\4\5\x30\3\1\1\xff")
    assert one in GOOD
    twice = with_extensions(stamping.tlv(0x30, one, one))
    with pytest.raises(MalformedError):
        certificates.from_der(twice)


def with_extensions(extensions: bytes) -> bytes:
    """The root with other extensions; nothing here checks its signature."""
    outer = GOOD[4:] if GOOD[1] == 0x82 else GOOD[3:]
    size = int.from_bytes(outer[2:4], "big") + 4 if outer[1] == 0x82 else outer[2] + 3
    inner, tail = outer[:size], outer[size:]
    body = inner[4:] if inner[1] == 0x82 else inner[3:]
    start = body.rindex(b"\xa3")
    return stamping.tlv(
        0x30, stamping.tlv(0x30, body[:start], stamping.tlv(0xA3, extensions)), tail
    )


@pytest.mark.parametrize("data", [b"", b"no certificate", GOOD])
def test_what_is_no_pem_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        certificates.from_pem(data)
