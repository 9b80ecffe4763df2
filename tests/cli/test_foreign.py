"""`voltrail verify --as`: what a person types for somebody else's proof, and the answer."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from corpus import corpus
from trust.foreign import stamping
from voltrail import cose
from voltrail.cli.main import main
from voltrail.trust import signer
from voltrail.trust.foreign import did_key

SEEN = "2026-11-28T00:00:00Z"


def written(place: Path, data: bytes | str) -> str:
    place.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(place)


def verify(file: str, form: str, *more: str) -> int:
    return main(["verify", file, "--as", form, "--at", SEEN, *more])


def test_a_time_stamp_is_told_to_a_person_and_to_a_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rfc3161_client", reason="the extra `proofs` is not installed")
    root = stamping.root()
    token = written(tmp_path / "t.tsr", stamping.response(stamping.token(stamping.leaf(root))))
    given = ("--of", written(tmp_path / "goods", b"goods"), "--roots")
    roots = written(tmp_path / "roots.pem", root.pem)
    assert verify(token, "timestamp", *given, roots) == 0
    assert "existed    by 2026-06-01 12:00:01Z" in capsys.readouterr().out
    assert verify(token, "timestamp", *given, roots, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["provenAt"], found["claimedAt"]) == ("2026-06-01T12:00:01+00:00", None)
    assert verify(token, "timestamp", *given, roots, "--nonce", "5") == 1
    assert verify(token, "timestamp", "--of", token, "--roots", roots) == 1
    assert verify(token, "timestamp", "--of", token) == 75
    assert verify(token, "timestamp", *given, token) == 65


def test_a_credential_is_told_with_its_claimed_time(capsys: pytest.CaptureFixture[str]) -> None:
    """Pitfall 11: a time that the signer claims is never told as proven."""
    file = corpus("provenance", "vc-eddsa-jcs-2022", "eddsa-jcs-2022", "signedJCS.json")
    assert verify(str(file), "credential") == 0
    said = capsys.readouterr().out
    assert "did:key:z6Mkr" in said
    assert "nothing here proves that time" in said


def test_a_stranger_s_text_does_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = signer.generate()
    who = did_key.written(own.key.public_key())
    said = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "\x1b[2J\x1b[1;32mHOLDS" + "x" * 900],
        "issuer": who,
    }
    head = {"alg": "EdDSA", "typ": "vc+jwt", "kid": who}
    covered = b".".join(
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (head, said)
    )
    signature = base64.urlsafe_b64encode(own.sign(covered)).rstrip(b"=")
    assert verify(written(tmp_path / "c.jwt", covered + b"." + signature), "credential") == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) < 300


def test_a_cose_message_is_judged_by_a_key(tmp_path: Path) -> None:
    own, other = signer.generate(), signer.generate()
    files = {
        name: written(
            tmp_path / f"{name}.pem",
            one.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        )
        for name, one in {"own": own, "other": other}.items()
    }
    whole = written(tmp_path / "m.cose", cose.sign(b"goods", {1: -8}, own.sign))
    empty = written(tmp_path / "d.cose", cose.sign(b"goods", {1: -8}, own.sign, detached=True))
    goods = written(tmp_path / "goods", b"goods")
    assert verify(whole, "cose", "--key", files["own"]) == 0
    assert verify(empty, "cose", "--key", files["own"], "--of", goods) == 0
    assert verify(empty, "cose", "--key", files["own"]) == 75
    assert verify(whole, "cose", "--key", files["other"]) == 1
    assert verify(whole, "cose", "--key", whole) == 65
    assert verify(whole, "cose") == 75


def test_a_signed_code_is_judged_by_a_certificate(tmp_path: Path) -> None:
    case: dict[str, Any] = json.loads(
        corpus("provenance", "signed-qr-hc1", "AT", "1.json").read_text()
    )
    der = base64.b64decode(case["TESTCTX"]["CERTIFICATE"])
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der)
    roots = written(tmp_path / "roots.pem", pem + b"-----END CERTIFICATE-----\n")
    code = written(tmp_path / "code.txt", case["PREFIX"] + "\n")
    arguments = ["verify", code, "--as", "code", "--roots", roots, "--at"]
    assert main([*arguments, case["TESTCTX"]["VALIDATIONCLOCK"]]) == 0
    assert main([*arguments, "2031-01-01T00:00:00Z"]) == 1
    assert verify(roots, "code", "--roots", roots) == 65
    assert verify(written(tmp_path / "odd", b"\xff"), "code", "--roots", roots) == 65
    assert verify(code, "code", "--roots", code) == 65


def test_a_link_is_judged_by_a_file_of_keys() -> None:
    folder = corpus("provenance", "in-toto-demo")
    link = str(folder / "legacy" / "package.2f89b927.link")
    given = ("--key", str(folder / "keys.json"))
    assert verify(link, "link", *given, "--of", str(folder / "legacy" / "foo.tar.gz")) == 0
    assert verify(link, "link", *given) == 0
    assert verify(link, "link", *given, "--of", link) == 1


def test_a_sigstore_bundle_is_judged_by_an_identity(tmp_path: Path) -> None:
    pytest.importorskip("sigstore", reason="the extra `sigstore` is not installed")
    folder = corpus("provenance", "sigstore-conformance")
    case = folder / "rekor2-happy-path"
    given = ["--of", str(folder / "a.txt"), "--root", str(case / "trusted_root.json")]
    bundle = str(case / "bundle.sigstore.json")
    assert verify(bundle, "sigstore", *given) == 75
    assert verify(bundle, "sigstore", *given, "--identity", "me", "--issuer", "you") == 1
    case = folder / "managed-key-and-trusted-root"
    given = ["--of", str(folder / "a.txt"), "--root", str(case / "trusted_root.json")]
    bundle = str(case / "bundle.sigstore.json")
    assert verify(bundle, "sigstore", *given, "--key", str(case / "key.pub")) == 0
    assert verify(bundle, "sigstore", *given, "--identity", "me", "--issuer", "you") == 75


def test_a_statement_without_trust_is_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", written(tmp_path / "e.json", "{}")]) == 75
    assert "--trust" in capsys.readouterr().err


def test_a_folder_register_s_receipt_is_written_and_judged(tmp_path: Path) -> None:
    folder, draft = tmp_path / "register", tmp_path / "draft.json"
    assert main(["register", "init", str(folder), "--operator", "urn:voltrail:party:own"]) == 0
    for name in ("one", "two"):
        said = ["--about", f"urn:voltrail:lot:own:{name}", "--issuer", "urn:voltrail:party:own"]
        what = ["draft", "signal", "kind=unexpected-packaging", "sentence=Seen."]
        assert main([*what, *said, "--out", str(draft)]) == 0
        signed = str(tmp_path / f"{name}.json")
        assert main(["sign", str(draft), "--key", f"{folder}/operator.pem", "--out", signed]) == 0
        assert main(["register", "add", str(folder), signed]) == 0
    file = str(tmp_path / "1.receipt")
    assert main(["register", "receipt", str(folder), "1", "--out", file]) == 0
    trust = ("--trust", f"{folder}/anchors.json")
    assert verify(file, "receipt", "--of", str(tmp_path / "two.json"), *trust) == 0
    assert verify(file, "receipt", "--of", str(tmp_path / "one.json"), *trust) == 1
    assert verify(file, "receipt", "--of", str(tmp_path / "two.json")) == 75
    assert main(["register", "receipt", str(folder), "x", "--out", file]) == 66
