"""Time stamps: those of other people, and each fault planted by a service of our own."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from trust.foreign import stamping
from voltrail.errors import (
    LapsedError,
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import timestamp

pytest.importorskip("rfc3161_client", reason="the extra `proofs` is not installed")

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ROOT = stamping.root()
ONE = stamping.leaf(ROOT, "One")
OTHER = stamping.leaf(ROOT, "Other", serial=8)
TRUSTED = timestamp.service(ROOT.pem)

# Folder and file → bytes stamped, and the error that refuses it; None where it must pass.
FIXTURES: dict[tuple[str, str], tuple[bytes, type[ProductError] | None]] = {
    ("sigstage", "response-sha256.tsr"): (b"hello", None),
    ("sigstage", "response-sha384.tsr"): (b"hello", None),
    ("sigstage", "response-no-embedded-cert.tsr"): (b"hello", None),
    ("sigstage", "response-invalid-signature.tsr"): (b"hello", SignatureInvalidError),
    ("test_tsa", "response.tsr"): (b"hello", None),
    ("test_tsa", "other_response.tsr"): (b"hello", SignatureInvalidError),
    ("sigstore.mock", "response-expired.tsr"): (b"", None),
}


def read(folder: str) -> tuple[Path, timestamp.Service]:
    found = corpus("provenance", "rfc3161", folder)
    return found, timestamp.service((found / "ts_chain.pem").read_bytes())


@pytest.mark.parametrize("case", FIXTURES, ids="/".join)
def test_the_stamps_of_other_people_are_judged_as_they_should_be(case: tuple[str, str]) -> None:
    folder, trusted = read(case[0])
    message, error = FIXTURES[case]
    message = message or (folder / "payload").read_bytes()
    data = (folder / case[1]).read_bytes()
    if error is None:
        found = timestamp.verify(data, message, trusted, NOW)
        assert found.proven_at is not None
        assert found.proven_at <= NOW
        assert found.claimed_at is None
    else:
        with pytest.raises(error):
            timestamp.verify(data, message, trusted, NOW)
    with pytest.raises(RefusedError):
        timestamp.verify(data, message + b"\n", trusted, NOW)


def test_every_stamp_of_other_people_is_in_the_table() -> None:
    folder = corpus("provenance", "rfc3161")
    assert {(one.parent.name, one.name) for one in folder.rglob("*.tsr")} == set(FIXTURES)


def test_a_stamp_is_read_as_an_answer_and_alone_and_its_inaccuracy_is_added() -> None:
    alone = stamping.token(ONE)
    for data in (alone, stamping.response(alone)):
        found = timestamp.verify(data, b"goods", TRUSTED, NOW)
        assert found.proven_at == stamping.NOON + timedelta(seconds=1)
        assert (found.signer, found.said["serial"]) == ("CN=One", "42")


def test_a_stamp_over_another_digest_proves_nothing() -> None:
    """Pitfall 12: the imprint must be of the bytes asked about."""
    with pytest.raises(RefusedError, match="other bytes"):
        timestamp.verify(stamping.token(ONE), b"other goods", TRUSTED, NOW)


@pytest.mark.parametrize(
    ("purposes", "critical"),
    [
        ((), True),
        ((ExtendedKeyUsageOID.CODE_SIGNING,), True),
        (stamping.STAMPING, False),
        ((*stamping.STAMPING, ExtendedKeyUsageOID.CODE_SIGNING), True),
    ],
)
def test_a_certificate_not_made_for_stamps_alone_stamps_nothing(
    purposes: tuple[ObjectIdentifier, ...],
    critical: bool,  # noqa: FBT001 — as X.509 has it
) -> None:
    """Pitfall 12: the key purpose must be there, critical, and the only one."""
    by = stamping.leaf(ROOT, "Odd", purposes, critical)
    with pytest.raises(SignatureInvalidError):
        timestamp.verify(stamping.token(by), b"goods", TRUSTED, NOW)


def test_a_pinned_service_is_not_replaced_by_another_below_the_same_root() -> None:
    """Pitfall 12: leaf confusion, a token of one service shown as another's."""
    pinned = timestamp.service(OTHER.pem + ROOT.pem)
    for embedded in (None, (), (OTHER,), (ONE, OTHER)):
        with pytest.raises((SignatureInvalidError, UnverifiableError)):
            timestamp.verify(stamping.token(ONE, embedded=embedded), b"goods", pinned, NOW)
    lookalike = stamping.leaf(ROOT, "Other", serial=8)  # same name and number, another key
    for embedded in (None, (), (OTHER,), (OTHER, lookalike)):
        with pytest.raises((SignatureInvalidError, UnverifiableError)):
            timestamp.verify(stamping.token(lookalike, embedded=embedded), b"goods", pinned, NOW)


def test_a_stamp_below_a_strange_root_is_refused() -> None:
    strange = stamping.leaf(stamping.root())
    for embedded in (None, (strange,)):
        with pytest.raises(SignatureInvalidError):
            timestamp.verify(stamping.token(strange, embedded=embedded), b"goods", TRUSTED, NOW)


@pytest.mark.parametrize("moment", [stamping.START, stamping.END])
def test_a_stamp_at_the_very_ends_of_a_certificate_s_validity_counts(moment: datetime) -> None:
    """Pitfall 13: both ends belong to the interval (RFC 5280 section 4.1.2.5)."""
    found = timestamp.verify(stamping.token(ONE, at=moment), b"goods", TRUSTED, moment)
    assert found.proven_at == moment + timedelta(seconds=1)


@pytest.mark.parametrize("step", [-1, 1])
def test_a_stamp_a_second_outside_of_a_certificate_s_validity_is_refused(step: int) -> None:
    """Pitfall 13: outside of the certificate's validity a service cannot stamp."""
    moment = (stamping.START if step < 0 else stamping.END) + timedelta(seconds=step)
    with pytest.raises(LapsedError):
        timestamp.verify(stamping.token(ONE, at=moment), b"goods", TRUSTED, moment)


def test_a_stamp_is_judged_at_its_own_time_and_never_from_the_future() -> None:
    data = stamping.token(ONE)
    late = stamping.END + timedelta(days=3_650)
    assert timestamp.verify(data, b"goods", TRUSTED, late).proven_at is not None
    with pytest.raises(RefusedError):
        timestamp.verify(data, b"goods", TRUSTED, stamping.NOON - timedelta(seconds=2))


def test_an_answer_to_another_request_is_refused() -> None:
    """Pitfall 12: the nonce ties the answer to the request."""
    data = stamping.token(ONE, nonce=5)
    assert timestamp.verify(data, b"goods", TRUSTED, NOW, nonce=5)
    for sent, token in ((6, data), (0, data), (5, stamping.token(ONE))):
        with pytest.raises(RefusedError):
            timestamp.verify(token, b"goods", TRUSTED, NOW, nonce=sent)


def test_a_service_s_refusal_is_no_stamp() -> None:
    for status in (1, 2, 3):
        with pytest.raises(RefusedError):
            timestamp.verify(stamping.response(stamping.token(ONE), status), b"goods", TRUSTED, NOW)


def test_a_missing_certificate_is_asked_for() -> None:
    with pytest.raises(UnverifiableError):
        timestamp.verify(stamping.token(ONE, embedded=()), b"goods", TRUSTED, NOW)
    pinned = timestamp.service(ONE.pem + ROOT.pem)
    assert timestamp.verify(stamping.token(ONE, embedded=()), b"goods", pinned, NOW)


@pytest.mark.parametrize("pem", [b"", b"no certificate", ONE.pem])
def test_a_file_without_a_root_is_no_trust(pem: bytes) -> None:
    with pytest.raises(MalformedError):
        timestamp.service(pem)


GOOD = stamping.response(stamping.token(ONE))


@given(st.binary(max_size=80) | st.integers(0, len(GOOD)).map(lambda at: GOOD[:at]))
def test_arbitrary_bytes_are_no_stamp(data: bytes) -> None:
    if data == GOOD:
        return
    with pytest.raises(MalformedError):
        timestamp.verify(data, b"goods", TRUSTED, NOW)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_never_moves_the_proven_time(place: int, change: int) -> None:
    data = GOOD[:place] + bytes([GOOD[place] ^ change]) + GOOD[place + 1 :]
    try:
        found = timestamp.verify(data, b"goods", TRUSTED, NOW)
    except ProductError:
        return
    assert found == timestamp.verify(GOOD, b"goods", TRUSTED, NOW)


def test_a_stamp_without_inaccuracy_or_with_a_fine_one_says_its_time() -> None:
    assert proven(b"") == stamping.NOON
    fine = stamping.tlv(0x30, stamping.tlv(0x80, b"\5"), stamping.tlv(0x81, b"\7"))
    assert proven(fine) == stamping.NOON + timedelta(milliseconds=5, microseconds=7)


def proven(accuracy: bytes) -> datetime | None:
    data = stamping.token(ONE, accuracy=accuracy)
    return timestamp.verify(data, b"goods", TRUSTED, NOW).proven_at


def test_a_token_signed_by_none_or_by_two_is_malformed() -> None:
    for signers in (0, 2):
        with pytest.raises(MalformedError):
            timestamp.verify(stamping.token(ONE, signers=signers), b"goods", TRUSTED, NOW)


def test_a_token_of_a_few_bytes_is_malformed() -> None:
    short = stamping.tlv(0x30, stamping.oid("1.2.840.113549.1.7.2"))
    with pytest.raises(MalformedError):
        timestamp.verify(short, b"goods", TRUSTED, NOW)


def test_a_signer_whose_name_cannot_be_read_is_malformed() -> None:
    data = stamping.token(ONE, embedded=())
    with pytest.raises(MalformedError):
        timestamp.verify(data.replace(b"\x0c\4Root", b"\x0d\4Root"), b"goods", TRUSTED, NOW)


def test_a_digest_that_is_not_judged_is_said() -> None:
    data = stamping.token(ONE).replace(stamping.SHA, stamping.SHA[:-1] + b"\x08")
    with pytest.raises(UnverifiableError):
        timestamp.verify(data, b"goods", TRUSTED, NOW)


def test_where_the_package_is_missing_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(UnverifiableError) as caught:
        timestamp.verify(b"", b"goods", TRUSTED, NOW)
    assert "voltrail[proofs]" in caught.value.hint


def test_a_token_too_long_is_not_read() -> None:
    with pytest.raises(MalformedError):
        timestamp.verify(bytes(timestamp.LONGEST + 1), b"goods", TRUSTED, NOW)
