"""
W3C credentials: a JSON document with a proof in it (eddsa-jcs-2022), or inside a signed token.

Knows did:key and pinned keys. No context and no identifier is ever fetched; suites that rewrite the
document as a graph are refused. Does not know whether an issuer's name belongs to its key, nor
whether a credential was withdrawn: both would have to be asked for.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from voltrail.cose import Algorithm
from voltrail.errors import (
    IssuerNotTrustedError,
    LapsedError,
    MalformedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import did_key, schemes
from voltrail.trust.foreign.canonical_json import canonical, parse
from voltrail.trust.foreign.did_key import Key
from voltrail.trust.foreign.proven import Proven

SUITE = "eddsa-jcs-2022"
TOKEN_TYPE = "vc+jwt"  # noqa: S105 — the media type of a token
_CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1")
_ALLOWED = frozenset({"EdDSA", "Ed25519", "ES256", "ESP256"})
_PARTS = 3  # RFC 7515 section 7.1
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_HINT = "Ask the issuer for the credential again, unchanged."


def verify(data: bytes, at: datetime, pinned: Key | None = None) -> Proven:
    """
    Verify that a credential is signed by the key it names, and is in force.

    Args:
        data: a JSON credential with its proof, or a compact token
        at: now
        pinned: the key that must have signed; where absent, the did:key that the proof names

    Returns:
        What is proven: this key signed this document.

    Raises:
        MalformedError: no credential, or one that two readers could read differently.
        SignatureInvalidError: the signature does not hold, or is by another key or scheme.
        IssuerNotTrustedError: the issuer is a did:key, and another key signed.
        LapsedError: not yet or no longer in force.
        UnverifiableError: a suite, scheme or kind of key that is not judged here.

    Source: W3C VC Data Model 2.0; W3C VC Data Integrity EdDSA 1.0, 3.3; W3C VC-JOSE-COSE, 3.1.
    """
    if data.lstrip()[:1] == b"{":
        document = parse(data, "credential")
        found = _integrity(document, pinned)
    else:
        document, found = _token(data, pinned)
    signer, proof = found
    _check_model(document)
    issuer = _issuer(document)
    if issuer.startswith("did:key:") and issuer != signer:
        raise IssuerNotTrustedError("Another key than the issuer's own signed it.", hint=_HINT)
    _check_times(document, proof, at)
    until = document.get("validUntil", document.get("expirationDate"))
    return Proven(
        form=f"W3C credential, {proof['form']}",
        signer=signer,
        sha256=hashlib.sha256(data).hexdigest(),
        claimed_at=_time(proof.get("created"), "created"),
        valid_until=_time(until, "validUntil"),
        said=_said(document, issuer),
    )


def _integrity(document: dict[str, Any], pinned: Key | None) -> tuple[str, dict[str, Any]]:
    """
    Return the signer and the proof of a document with its proof inside.

    The steps are those of the suite: 1 take the proof out, 2 agree on the context, 3 write both in
    their one spelling, 4 hash each, 5 check the signature over both hashes.
    """
    proof = document.pop("proof", None)  # 1
    if not isinstance(proof, dict):
        raise MalformedError("The credential does not have one proof.", hint=_HINT)
    _check_suite(proof)
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise MalformedError("The proof has no value.", hint=_HINT)
    options = {key: each for key, each in proof.items() if key != "proofValue"}
    unsecured = dict(document)
    if "@context" in options:  # 2
        unsecured["@context"] = _agreed(document.get("@context"), options["@context"])
    hashed = [hashlib.sha256(canonical(each)).digest() for each in (options, unsecured)]  # 3, 4
    signer, key = _key(proof.get("verificationMethod"), pinned)
    schemes.checker(Algorithm.EDDSA, key)(did_key.multibase(value), b"".join(hashed))  # 5
    return signer, {**options, "form": SUITE}


def _check_suite(proof: Mapping[str, Any]) -> None:
    named = (proof.get("type"), proof.get("cryptosuite"))
    if named != ("DataIntegrityProof", SUITE):
        raise UnverifiableError(
            f"A proof {str(named[1] or named[0])[:40]!r} is not judged here.",
            hint=f"Ask the issuer for one of {SUITE}, or for a {TOKEN_TYPE} token.",
        )
    if proof.get("proofPurpose") != "assertionMethod":
        raise SignatureInvalidError("The proof was made for another purpose.", hint=_HINT)


def _agreed(whole: Any, signed: Any) -> Any:  # noqa: ANN401 — JSON values
    """Return the proof's context, with which the document's must begin."""
    start = signed if isinstance(signed, list) else [signed]
    listed = whole if isinstance(whole, list) else [whole]
    if listed[: len(start)] != start:
        raise SignatureInvalidError("Document and proof have two contexts.", hint=_HINT)
    return signed


def _token(data: bytes, pinned: Key | None) -> tuple[dict[str, Any], tuple[str, dict[str, Any]]]:
    parts = data.strip().split(b".")
    if len(parts) != _PARTS:
        raise MalformedError("The bytes are neither a JSON credential nor a token.", hint=_HINT)
    header, payload = (parse(_from_base64(part), "token") for part in parts[:2])
    if header.get("typ") != TOKEN_TYPE:
        raise UnverifiableError(
            f"The token is a {str(header.get('typ'))[:40]!r}, not a {TOKEN_TYPE}.", hint=_HINT
        )
    if "crit" in header:
        raise UnverifiableError("The token demands to be read in an unknown way.", hint=_HINT)
    name = header.get("alg")
    if name not in _ALLOWED:
        raise SignatureInvalidError(
            f"The token is signed in the scheme {str(name)[:20]!r}, which counts for nothing.",
            hint="Ask the issuer to sign with EdDSA or ES256.",
        )
    signer, key = _key(header.get("kid"), pinned)
    schemes.checker(schemes.JOSE[name], key)(_from_base64(parts[2]), b".".join(parts[:2]))
    if {"vc", "vp"} & payload.keys() or payload.get("iss", _issuer(payload)) != _issuer(payload):
        raise MalformedError("The token says two things of one credential.", hint=_HINT)
    claims: dict[str, Any] = {name: payload.get(name) for name in ("exp", "nbf")}
    return payload, (signer, {**claims, "form": TOKEN_TYPE, "created": payload.get("validFrom")})


def _key(named: Any, pinned: Key | None) -> tuple[str, Key]:  # noqa: ANN401 — a JSON value
    if pinned is not None:
        return did_key.written(pinned), pinned
    if not isinstance(named, str):
        raise UnverifiableError(
            "The proof names no key.", hint="Give the issuer's key, if you have it for sure."
        )
    return did_key.resolve(named)


def _from_base64(part: bytes) -> bytes:
    try:
        found = base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("The token is not base64url.", hint=_HINT) from error
    if base64.urlsafe_b64encode(found).rstrip(b"=") != part:
        raise MalformedError("The token is base64url in another spelling.", hint=_HINT)
    return found


def _check_model(document: Mapping[str, Any]) -> None:
    context, kinds = document.get("@context"), document.get("type")
    first = context[0] if isinstance(context, list) and context else context
    if first not in _CONTEXTS or "VerifiableCredential" not in _listed(kinds):
        raise MalformedError("The document is no W3C credential.", hint=_HINT)


def _issuer(document: Mapping[str, Any]) -> str:
    found = document.get("issuer")
    found = found.get("id") if isinstance(found, dict) else found
    if not isinstance(found, str) or not found:
        raise MalformedError("The credential names no issuer.", hint=_HINT)
    return found


def _check_times(document: Mapping[str, Any], proof: Mapping[str, Any], at: datetime) -> None:
    starts = [_time(document.get(name), name) for name in ("validFrom", "issuanceDate")]
    ends = [_time(document.get(name), name) for name in ("validUntil", "expirationDate")]
    starts.append(_time(proof.get("nbf"), "nbf"))
    ends += [_time(proof.get(name), name) for name in ("expires", "exp")]
    if any(start > at for start in starts if start):
        raise LapsedError("The credential is not yet in force.", hint="Wait, or check the clock.")
    if any(end < at for end in ends if end):
        raise LapsedError("The credential is no longer in force.", hint="Ask for a newer one.")


def _time(value: Any, name: str) -> datetime | None:  # noqa: ANN401 — a JSON value
    if value is None:
        return None
    try:
        if type(value) is int:
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str) and _STAMP.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedError(f"{name} is no time.", hint=_HINT) from error
    raise MalformedError(f"{name} is no time.", hint=_HINT)


def _said(document: Mapping[str, Any], issuer: str) -> dict[str, str]:
    said = {"issuer": issuer, "type": ", ".join(map(str, _listed(document.get("type"))))}
    if "credentialStatus" in document:
        said["status"] = "not asked for: only its issuer knows whether it was withdrawn"
    return said


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 — a JSON value
    return value if isinstance(value, list) else [value]
