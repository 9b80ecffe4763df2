"""Sigstore's own conformance cases, a row each, and the registry bundles of a package index."""

import json
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from corpus import corpus
from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import sigstore
from voltrail.trust.foreign.sigstore import Wanted

pytest.importorskip("sigstore", reason="the extra `sigstore` is not installed")
pytestmark = pytest.mark.corpus

NOW = datetime(2026, 11, 28, tzinfo=UTC)
BEACON = (
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/"
    ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
)
ACTIONS = "https://token.actions.githubusercontent.com"
# Good cases that are refused, each with its reason. No bad case may pass.
WRONG_REFUSALS = {
    "managed-key-and-trusted-root": "by a key that somebody keeps, not under an identity",
    "intoto-with-custom-trust-root": "logged as intoto 0.0.2, whose entry holds no digest to check",
}


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
    artifact, root = case / "artifact", case / "trusted_root.json"
    sigstore.verify(
        (case / "bundle.sigstore.json").read_bytes(),
        (artifact if artifact.exists() else folder() / "a.txt").read_bytes(),
        root.read_bytes() if root.exists() else public_root(),
        Wanted(text(case / "identity", BEACON), text(case / "issuer", ACTIONS)),
        NOW,
    )


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


def test_a_record_of_another_form_is_not_judged() -> None:
    class Judge:
        def verify_dsse(self, *_: object) -> tuple[str, bytes]:
            return "text/plain", b"{}"

    class Found:
        _dsse_envelope = 1

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
