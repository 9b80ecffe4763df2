"""COSE messages of anybody: one key, one scheme, one payload."""

import hashlib

import pytest

from voltrail import cose
from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.trust import signer
from voltrail.trust.foreign import message
from voltrail.trust.keys import Algorithm

OWN, OTHER = signer.generate(), signer.generate()
CURVE = signer.generate(Algorithm.P256)


def made(**form: bool) -> bytes:
    return cose.sign(b"goods", {1: -8, 4: b"k"}, OWN.sign, **form)


def test_a_message_is_judged_by_the_key_that_is_pinned() -> None:
    found = message.verify(made(), OWN.key.public_key())
    assert (found.signer, found.said) == (OWN.public.key_id, {"key id": b"k".hex()})
    assert found.sha256 == hashlib.sha256(b"goods").hexdigest()
    assert message.verify(made(detached=True), OWN.key.public_key(), b"goods") == found
    for key in (OTHER, CURVE):
        with pytest.raises(SignatureInvalidError):
            message.verify(made(), key.key.public_key())
    with pytest.raises(SignatureInvalidError):
        message.verify(made(detached=True), OWN.key.public_key(), b"other goods")


def test_a_message_without_payload_or_scheme_is_not_judged() -> None:
    with pytest.raises(UnverifiableError):
        message.verify(made(detached=True), OWN.key.public_key())
    with pytest.raises(MalformedError):
        message.verify(cose.sign(b"goods", {}, OWN.sign), OWN.key.public_key())
