"""
Sigstore bundles: a file or a record of its making, signed under an identity and logged in public.

Judged by the package `sigstore` with a trust root that is given: nothing is fetched, and no root is
believed because it was shipped. An identity and who vouched for it must be named beforehand.
A bundle by a key that somebody keeps needs that key instead. Does not know whether an identity or a
key is the right one.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from voltrail.errors import (
    MalformedError,
    ProductError,
    RefusedError,
    SignatureInvalidError,
    UnverifiableError,
)
from voltrail.trust.foreign import sigstore_key, sigstore_record
from voltrail.trust.foreign.canonical_json import parse
from voltrail.trust.foreign.proven import Proven
from voltrail.trust.foreign.sigstore_record import LONGEST

FORM = "Sigstore bundle"
STATEMENT = "application/vnd.in-toto+json"
_HINT = "Ask the publisher for the bundle again, and check whose identity should have signed."
_INSTALL = "Install it: pip install 'voltrail[sigstore]'"


class Wanted(NamedTuple):
    """Who must have signed: an identity, and the service that vouched for it."""

    identity: str
    issuer: str


def verify(
    bundle: bytes,
    artifact: bytes,
    root: bytes,
    wanted: Any,  # noqa: ANN401 — a Wanted, or any key of cryptography
    at: datetime,
) -> Proven:
    """
    Verify that somebody signed a file, or a record that names it, and that a log shows it.

    Args:
        bundle: JSON
        artifact: the file it is about
        root: JSON of a trust root, from where its reader trusts it
        wanted: who must have signed: a `Wanted`, or a public key
        at: now; a time ahead proves nothing

    Returns:
        What is proven: this identity or key signed at the latest at that time.

    Raises:
        MalformedError: no bundle or no trust root.
        SignatureInvalidError: a signature, certificate, time or log entry does not hold.
        RefusedError: the record names another file.
        UnverifiableError: nobody is named, the package is missing, or the bundle is of the other
        kind than what is wanted.

    Source: Sigstore client specification; sigstore-conformance.
    """
    if isinstance(wanted, Wanted) and not all(wanted):
        raise UnverifiableError(
            "Nobody is named who must have signed.", hint="Name the identity and its issuer."
        )
    library = _library()
    judge = library.Verifier(trusted_root=_root(library, root))
    if not isinstance(wanted, Wanted):
        return _in_time(_by_key(library, judge, bundle, artifact, wanted), at)
    found = _bundle(library, bundle)
    policy = library.Identity(identity=wanted.identity, issuer=wanted.issuer)
    try:
        payload = _judged(judge, found, artifact, policy)
        times = [one.time for one in judge._establish_time(found)]  # noqa: SLF001 — not told else
    except ProductError:
        raise
    except Exception as error:
        raise _refused(error) from error
    proven = Proven(
        form=FORM,
        signer=wanted.identity,
        sha256=hashlib.sha256(payload).hexdigest(),
        proven_at=min(times),
        said={"issuer": wanted.issuer, "file": hashlib.sha256(artifact).hexdigest()},
    )
    return _in_time(proven, at)


def _refused(error: Exception) -> SignatureInvalidError:
    """Return the package's reason as ours, without what a terminal would obey."""
    reason = "".join(one for one in str(error) if one.isprintable())[:200].rstrip(". ")
    return SignatureInvalidError(f"The bundle does not hold: {reason}.", hint=_HINT)


def _in_time(found: Proven, at: datetime) -> Proven:
    if found.proven_at is not None and found.proven_at > at:
        raise RefusedError("The bundle is from a time that is yet to come.", hint=_HINT)
    return found


class _Library(NamedTuple):
    Bundle: Any
    Entry: Any
    Identity: Any
    TrustedRoot: Any
    Verifier: Any
    read_root: Any
    read_bundle: Any


def _library() -> _Library:
    """Return what is needed of the package, which takes two seconds to load."""
    try:
        from sigstore.models import (  # noqa: PLC0415 — an optional package
            Bundle,
            TransparencyLogEntry,
            TrustedRoot,
        )
        from sigstore.verify import Verifier  # noqa: PLC0415
        from sigstore.verify.policy import Identity  # noqa: PLC0415
        from sigstore_models.bundle.v1 import Bundle as Model  # noqa: PLC0415
        from sigstore_models.trustroot.v1 import TrustedRoot as Root  # noqa: PLC0415
    except ImportError as error:
        raise UnverifiableError(
            "Sigstore bundles need a package that is not installed.", hint=_INSTALL
        ) from error
    return _Library(
        Bundle,
        TransparencyLogEntry,
        Identity,
        TrustedRoot,
        Verifier,
        Root.from_json,
        Model.from_json,
    )


def _root(library: _Library, data: bytes) -> Any:  # noqa: ANN401 — a type of the package
    try:
        parse(data, "trust root", LONGEST)
        inner = library.read_root(data)
        for service in inner.timestamp_authorities or ():
            if service.valid_for and service.valid_for.end:  # the end belongs to the interval
                service.valid_for.end += timedelta(microseconds=1)
        return library.TrustedRoot(inner)
    except Exception as error:
        raise MalformedError(
            "The file is no Sigstore trust root.", hint="Give a trusted_root.json."
        ) from error


def _bundle(library: _Library, data: bytes) -> Any:  # noqa: ANN401 — a type of the package
    material = parse(data, "bundle", LONGEST).get("verificationMaterial")
    if isinstance(material, dict) and "publicKey" in material:
        raise UnverifiableError(
            "The bundle is by a key that somebody keeps, not under an identity.",
            hint="Give that key, or ask the publisher for a bundle under an identity.",
        )
    try:
        return library.Bundle.from_json(data)
    except Exception as error:
        raise MalformedError("The bytes are no Sigstore bundle.", hint=_HINT) from error


def _by_key(
    library: _Library,
    judge: Any,  # noqa: ANN401 — a type of the package
    data: bytes,
    artifact: bytes,
    key: Any,  # noqa: ANN401 — any key of cryptography
) -> Proven:
    material = parse(data, "bundle", LONGEST).get("verificationMaterial")
    if not isinstance(material, dict) or "publicKey" not in material:
        raise UnverifiableError(
            "The bundle is not by a key that somebody keeps.", hint="Name identity and issuer."
        )
    try:
        found = library.read_bundle(data)
        (entry,) = found.verification_material.tlog_entries
        keys = judge._trusted_root.rekor_keyring("verify")  # noqa: SLF001 — no other way in
        library.Entry(entry)._verify(keys)  # noqa: SLF001 — as above
        return sigstore_key.verify(found, judge, artifact, key)
    except ProductError:
        raise
    except Exception as error:
        raise _refused(error) from error


def _judged(judge: Any, found: Any, artifact: bytes, policy: Any) -> bytes:  # noqa: ANN401
    """Return the bytes that were signed: the file itself, or a record that names it."""
    if found._dsse_envelope is None:  # noqa: SLF001 — the package has no other way to ask
        judge.verify_artifact(artifact, found, policy)
        return artifact
    if sigstore_record.is_one(found):
        kind, payload = sigstore_record.verify(judge, found, policy)
    else:
        kind, payload = judge.verify_dsse(found, policy)
    if kind != STATEMENT:
        raise UnverifiableError(f"The bundle holds a {kind[:60]!r}, unknown here.", hint=_HINT)
    digest = hashlib.sha256(artifact).hexdigest()
    subjects = parse(payload, "record", LONGEST).get("subject")
    named = subjects if isinstance(subjects, list) else []
    if not any(_names(one, digest) for one in named):
        raise RefusedError("The record is about another file.", hint="Give the file unchanged.")
    return bytes(payload)


def _names(subject: Any, digest: str) -> bool:  # noqa: ANN401 — a JSON value
    found = subject.get("digest") if isinstance(subject, dict) else None
    return isinstance(found, dict) and found.get("sha256") == digest
