"""Sigstore's own conformance cases, a row each, and the registry bundles of a package index."""

import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from corpus import corpus
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import (
    certificates,
    schemes,
    sigstore,
    sigstore_key,
    sigstore_record,
)
from voltrail.trust.foreign.sigstore import Wanted

pytest.importorskip("sigstore", reason="the extra `sigstore` is not installed")
from sigstore.verify import Verifier

pytestmark = pytest.mark.corpus

NOW = datetime(2026, 11, 28, tzinfo=UTC)
BEACON = (
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
    ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
)
ACTIONS = "https://token.actions.githubusercontent.com"
# Good cases that are refused, each with its reason. There is none, and no bad case may pass.
WRONG_REFUSALS: dict[str, str] = {}


@cache
def folder() -> Path:
    return corpus("provenance", "sigstore-conformance")


def public_root() -> bytes:
    return corpus(
        "provenance", "sigstore-go-examples", "trusted-root-public-good.json"
    ).read_bytes()


def text(path: Path, otherwise: str) -> str:
    return path.read_text().strip() if path.exists() else otherwise


def judge(case: Path) -> None:
    artifact, root, key = (case / name for name in ("artifact", "trusted_root.json", "key.pub"))
    named = Wanted(text(case / "identity", BEACON), text(case / "issuer", ACTIONS))
    sigstore.verify(
        (case / "bundle.sigstore.json").read_bytes(),
        (artifact if artifact.exists() else folder() / "a.txt").read_bytes(),
        root.read_bytes() if root.exists() else public_root(),
        pem_key(key.read_bytes()) if key.exists() else named,
        NOW,
    )


def pem_key(data: bytes) -> Any:  # noqa: ANN401 — any key of cryptography
    try:
        return load_pem_public_key(data)
    except ValueError as error:
        raise MalformedError("The file holds no key.", hint="") from error


def error_of(case: Path) -> type[ProductError] | None:
    try:
        judge(case)
    except ProductError as error:
        return type(error)
    return None


def test_every_conformance_case_is_judged_as_its_name_says() -> None:
    cases = sorted(one for one in folder().iterdir() if one.is_dir())
    assert len(cases) == 47
    passed = {case.name for case in cases if error_of(case) is None}
    good = {case.name for case in cases if not case.name.endswith("_fail")}
    assert passed - good == set(), "bad bundles that pass"
    assert good - passed == set(WRONG_REFUSALS)


def test_a_bundle_that_holds_says_who_and_when() -> None:
    case = folder() / "rekor2-happy-path"
    data = (case / "bundle.sigstore.json").read_bytes()
    root = (case / "trusted_root.json").read_bytes()
    artifact = (folder() / "a.txt").read_bytes()
    found = sigstore.verify(data, artifact, root, Wanted(BEACON, ACTIONS), NOW)
    assert (found.signer, found.said["issuer"]) == (BEACON, ACTIONS)
    assert found.proven_at is not None
    assert found.claimed_at is None
    early = found.proven_at.replace(year=2020)
    with pytest.raises(RefusedError):
        sigstore.verify(data, artifact, root, Wanted(BEACON, ACTIONS), early)


@pytest.mark.parametrize(
    "wanted",
    [Wanted(BEACON + "x", ACTIONS), Wanted(BEACON, "https://kestrel.example")],
)
def test_another_identity_than_the_one_asked_for_is_refused(wanted: Wanted) -> None:
    """Pitfall 5: a good signature by somebody else is not the publisher's."""
    case = folder() / "rekor2-happy-path"
    data = (case / "bundle.sigstore.json").read_bytes()
    root = (case / "trusted_root.json").read_bytes()
    with pytest.raises(SignatureInvalidError):
        sigstore.verify(data, (folder() / "a.txt").read_bytes(), root, wanted, NOW)


@pytest.mark.parametrize("wanted", [Wanted("", ACTIONS), Wanted(BEACON, ""), Wanted("", "")])
def test_a_bundle_is_not_judged_where_nobody_says_who_must_have_signed(wanted: Wanted) -> None:
    """Pitfall 5: an empty wish is not met by everybody."""
    with pytest.raises(UnverifiableError):
        sigstore.verify(b"{}", b"", public_root(), wanted, NOW)


def test_a_record_about_another_file_is_refused() -> None:
    case = folder() / "rekor2-dsse-happy-path"
    data = (case / "bundle.sigstore.json").read_bytes()
    root = (case / "trusted_root.json").read_bytes()
    with pytest.raises(RefusedError):
        sigstore.verify(data, b"another file", root, Wanted(BEACON, ACTIONS), NOW)


def test_the_bundles_of_a_package_index_are_judged_by_name() -> None:
    place = corpus("provenance", "sigstore-go-examples")
    wanted = Wanted(
        "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
        ACTIONS,
    )
    rows = {
        # of the first form, without a proof that the log holds it
        "bundle-provenance.json": MalformedError,
        # by the index's own key
        "bundle-publish.json": UnverifiableError,
    }
    for name, error in rows.items():
        with pytest.raises(error):
            sigstore.verify((place / name).read_bytes(), b"", public_root(), wanted, NOW)


OLDER = "intoto-with-custom-trust-root"


def older(change: Callable[[dict[str, Any]], object] = bool) -> Any:  # noqa: ANN401 — a Proven
    case = folder() / OLDER
    bundle = json.loads((case / "bundle.sigstore.json").read_text())
    change(bundle)
    data, root = json.dumps(bundle).encode(), (case / "trusted_root.json").read_bytes()
    return sigstore.verify(
        data, (case / "artifact").read_bytes(), root, Wanted(BEACON, ACTIONS), NOW
    )


def test_a_record_logged_in_the_older_form_says_who_and_when() -> None:
    assert older().signer == BEACON
    assert older().proven_at == datetime(2023, 2, 1, tzinfo=UTC)


def test_either_proven_time_is_enough_for_a_record_of_the_older_form() -> None:
    promised = older(lambda one: one["verificationMaterial"].pop("timestampVerificationData"))
    stamped = older(lambda one: entry_of(one).pop("inclusionPromise"))
    assert promised.proven_at == older().proven_at
    assert stamped.proven_at >= promised.proven_at


def in_envelope(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda one: one["dsseEnvelope"].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        in_envelope(payload="e30="),
        in_envelope(payloadType="text/plain"),
        in_envelope(signatures=[{"sig": "MAYCAQECAQE=", "keyid": ""}]),
        lambda one: entry_of(one).update({"canonicalizedBody": "e30="}),
        lambda one: one["verificationMaterial"].update(
            timestampVerificationData=stamps_of("rekor2-happy-path")
        ),
    ],
)
def test_a_bent_record_of_the_older_form_is_refused(change: Any) -> None:  # noqa: ANN401
    with pytest.raises(SignatureInvalidError):
        older(change)


def stamps_of(name: str) -> Any:  # noqa: ANN401 — JSON
    bundle = json.loads((folder() / name / "bundle.sigstore.json").read_text())
    return bundle["verificationMaterial"]["timestampVerificationData"]


def test_an_entry_of_the_older_form_is_compared_whole() -> None:
    bundle = json.loads((folder() / OLDER / "bundle.sigstore.json").read_text())
    body = json.loads(base64.b64decode(entry_of(bundle)["canonicalizedBody"]))
    said = bundle["dsseEnvelope"]
    payload, sig = (
        base64.b64decode(one) for one in (said["payload"], said["signatures"][0]["sig"])
    )
    chain = bundle["verificationMaterial"]["x509CertificateChain"]["certificates"]
    own = certificates.from_der(base64.b64decode(chain[0]["rawBytes"]))
    parts = (said["payloadType"], payload, sig, own)
    assert sigstore_record._same(body, *parts)
    content = body["spec"]["content"]
    without = {key: one for key, one in content["envelope"].items() if key != "payload"}
    assert sigstore_record._same(with_content(body, envelope=without), *parts)
    row = content["envelope"]["signatures"][0]
    for envelope in (
        {**without, "payload": "e30="},
        {**without, "more": 1},
        {**without, "signatures": [row, row]},
        {**without, "signatures": [{**row, "publicKey": "e30="}]},
        {**without, "signatures": [{**row, "publicKey": "!"}]},
        {**without, "signatures": []},
    ):
        assert not sigstore_record._same(with_content(body, envelope=envelope), *parts)
    for changed in ({}, {"spec": 1}, {**body, "apiVersion": "0.0.1"}, with_content(body, more=1)):
        assert not sigstore_record._same(changed, *parts)


def with_content(body: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**body, "spec": {"content": {**body["spec"]["content"], **changes}}}


KEPT = "managed-key-and-trusted-root"


def by_key(
    change: Callable[[dict[str, Any]], object] = bool,
    artifact: bytes | None = None,
    key: Any = None,  # noqa: ANN401
) -> Any:  # noqa: ANN401 — a Proven
    case = folder() / KEPT
    bundle = json.loads((case / "bundle.sigstore.json").read_text())
    change(bundle)
    return sigstore.verify(
        json.dumps(bundle).encode(),
        (folder() / "a.txt").read_bytes() if artifact is None else artifact,
        (case / "trusted_root.json").read_bytes(),
        key or load_pem_public_key((case / "key.pub").read_bytes()),
        NOW,
    )


def test_a_bundle_by_a_kept_key_says_which_key_and_when() -> None:
    found = by_key()
    own = load_pem_public_key((folder() / KEPT / "key.pub").read_bytes())
    assert found.signer == schemes.fingerprint(own)
    assert found.proven_at == datetime(2026, 1, 7, 18, 36, 5, tzinfo=UTC)


def entry_of(bundle: dict[str, Any]) -> dict[str, Any]:
    return bundle["verificationMaterial"]["tlogEntries"][0]


BENT: dict[str, tuple[Callable[[dict[str, Any]], object], type[ProductError]]] = {
    "another signature": (
        lambda one: one["messageSignature"].update({"signature": "MAYCAQECAQE="}),
        SignatureInvalidError,
    ),
    "another time": (
        lambda one: entry_of(one).update({"integratedTime": "1767810966"}),
        SignatureInvalidError,
    ),
    "another body": (
        lambda one: entry_of(one).update({"canonicalizedBody": "e30="}),
        SignatureInvalidError,
    ),
    "another root": (
        lambda one: entry_of(one)["inclusionProof"].update({"rootHash": "A" * 43 + "="}),
        SignatureInvalidError,
    ),
    "another digest": (
        lambda one: one["messageSignature"]["messageDigest"].update({"digest": "A" * 43 + "="}),
        SignatureInvalidError,
    ),
    "no proof": (lambda one: entry_of(one).pop("inclusionProof"), SignatureInvalidError),
    "no entry": (
        lambda one: one["verificationMaterial"].update({"tlogEntries": []}),
        SignatureInvalidError,
    ),
    "an entry twice": (
        lambda one: one["verificationMaterial"]["tlogEntries"].append(entry_of(one)),
        SignatureInvalidError,
    ),
    "no message": (lambda one: one.pop("messageSignature"), ProductError),
    "no key": (lambda one: one["verificationMaterial"].pop("publicKey"), UnverifiableError),
}


@pytest.mark.parametrize("case", BENT)
def test_a_bent_bundle_by_a_kept_key_is_refused(case: str) -> None:
    change, error = BENT[case]
    with pytest.raises(error):
        by_key(change)


def test_a_time_stamp_of_another_signature_refuses_a_kept_key_s_bundle() -> None:
    """Pitfall 12: what is carried must hold, or the whole is refused."""
    other = json.loads((folder() / "rekor2-happy-path" / "bundle.sigstore.json").read_text())
    stamps = other["verificationMaterial"]["timestampVerificationData"]
    with pytest.raises(SignatureInvalidError, match="time stamp"):
        by_key(
            lambda one: one["verificationMaterial"].update({"timestampVerificationData": stamps})
        )


def test_a_kept_key_s_bundle_counts_its_time_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    early = datetime(2025, 1, 1, tzinfo=UTC)
    other = json.loads((folder() / "rekor2-happy-path" / "bundle.sigstore.json").read_text())
    stamps = other["verificationMaterial"]["timestampVerificationData"]

    class Held:
        time = early

    monkeypatch.setattr(Verifier, "_verify_signed_timestamp", lambda *_: Held)
    found = by_key(
        lambda one: one["verificationMaterial"].update({"timestampVerificationData": stamps})
    )
    assert found.proven_at == early


def test_a_record_by_a_kept_key_is_not_judged_and_no_time_is_none() -> None:
    class Nothing:
        message_signature = integrated_time = timestamp_verification_data = None

        @property
        def verification_material(self) -> "Nothing":
            return self

    with pytest.raises(UnverifiableError, match="record"):
        sigstore_key.verify(Nothing(), None, b"", None)
    assert sigstore_key._times(Nothing(), None, Nothing(), b"") == []


def test_the_entry_of_the_second_log_is_the_one_that_logs_make() -> None:
    own = ec.generate_private_key(ec.SECP256R1()).public_key()
    case = folder() / "rekor2-happy-path" / "bundle.sigstore.json"
    body = json.loads(base64.b64decode(entry_of(json.loads(case.read_text()))["canonicalizedBody"]))
    made = sigstore_key._bodies(bytes(32), b"s", own)[1]
    assert shape(made) == {*shape(body)} - {
        ".spec.hashedRekordV002.signature.verifier.x509Certificate.rawBytes"
    } | {".spec.hashedRekordV002.signature.verifier.publicKey.rawBytes"}


def shape(value: object, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return {one for key, inner in value.items() for one in shape(inner, f"{path}.{key}")}


def test_a_kept_key_s_bundle_is_of_one_file_and_one_key() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(SignatureInvalidError):
        by_key(artifact=b"another file")
    with pytest.raises(SignatureInvalidError):
        by_key(key=other)
    for unfit in (ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()):
        with pytest.raises(UnverifiableError):
            by_key(key=unfit.public_key())


def test_a_good_signature_beside_an_entry_about_another_is_refused() -> None:
    """Pitfall 4: a log entry about somebody else's signature shows nothing of this one."""
    own = ec.generate_private_key(ec.SECP256R1())
    artifact = (folder() / "a.txt").read_bytes()
    signature = base64.b64encode(own.sign(artifact, ec.ECDSA(SHA256()))).decode()
    with pytest.raises(SignatureInvalidError, match="something else"):
        by_key(
            lambda one: one["messageSignature"].update({"signature": signature}),
            key=own.public_key(),
        )


def test_a_record_of_another_form_is_not_judged() -> None:
    class Judge:
        def verify_dsse(self, *_: object) -> tuple[str, bytes]:
            return "text/plain", b"{}"

    class Found:
        _dsse_envelope = 1

        @property
        def log_entry(self) -> "Found":
            return self

        @property
        def _inner(self) -> "Found":
            return self

        kind_version = SimpleNamespace(kind="dsse", version="0.0.1")

    with pytest.raises(UnverifiableError, match="text/plain"):
        sigstore._judged(Judge(), Found(), b"", None)


def test_where_the_package_is_missing_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigstore.models", None)
    with pytest.raises(UnverifiableError) as caught:
        sigstore.verify(b"{}", b"", b"", Wanted("a", "b"), NOW)
    assert "voltrail[sigstore]" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"verificationMaterial": 1}', b"\xff"])
def test_what_is_no_bundle_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        sigstore.verify(data, b"", public_root(), Wanted("a", "b"), NOW)
    good = (folder() / "happy-path-v0.3" / "bundle.sigstore.json").read_bytes()
    with pytest.raises(MalformedError):
        sigstore.verify(good, b"", data, Wanted("a", "b"), NOW)


def test_a_bundle_with_a_key_twice_is_refused() -> None:
    """Pitfall 7."""
    good = json.loads((folder() / "happy-path-v0.3" / "bundle.sigstore.json").read_text())
    twice = json.dumps(good)[:-1] + ', "mediaType": "x"}'
    with pytest.raises(MalformedError):
        sigstore.verify(twice.encode(), b"", public_root(), Wanted("a", "b"), NOW)
