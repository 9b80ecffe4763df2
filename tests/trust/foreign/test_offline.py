"""Nothing is fetched: a good proof of each form is judged where no socket can be opened."""

import socket
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from corpus import corpus
from trust.foreign import stamping
from voltrail import cose
from voltrail.trust import signer
from voltrail.trust.foreign import credential, links, message, sigstore, timestamp

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pitfall 15: an offline mode that opens a socket is none."""

    def never(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, never)


def test_a_sigstore_bundle_is_judged_without_a_socket() -> None:
    pytest.importorskip("sigstore", reason="the extra `sigstore` is not installed")
    folder = corpus("provenance", "sigstore-conformance")
    case = folder / "managed-key-and-trusted-root"
    found = sigstore.verify(
        (case / "bundle.sigstore.json").read_bytes(),
        (folder / "a.txt").read_bytes(),
        (case / "trusted_root.json").read_bytes(),
        load_pem_public_key((case / "key.pub").read_bytes()),
        NOW,
    )
    assert found.proven_at is not None


def test_a_time_stamp_is_judged_without_a_socket() -> None:
    pytest.importorskip("rfc3161_client", reason="the extra `proofs` is not installed")
    root = stamping.root()
    token = stamping.token(stamping.leaf(root))
    assert timestamp.verify(token, b"goods", timestamp.service(root.pem), NOW).proven_at


def test_a_credential_a_link_and_a_message_are_judged_without_a_socket() -> None:
    signed = corpus("provenance", "vc-eddsa-jcs-2022", "eddsa-jcs-2022", "signedJCS.json")
    assert credential.verify(signed.read_bytes(), NOW)
    demo = corpus("provenance", "in-toto-demo")
    keys = links.keys((demo / "keys.json").read_bytes())
    assert links.verify((demo / "legacy" / "package.2f89b927.link").read_bytes(), keys)
    own = signer.generate()
    assert message.verify(cose.sign(b"goods", {1: -8}, own.sign), own.key.public_key())
