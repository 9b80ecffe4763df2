"""
The register's keys on a stick: written as TUF metadata, for devices that have no network.

A file of pinned trust is the target; four roles, signed by the same keys, say which file it is and
when that was said. An export only: keys come from the register, and nothing here is read back as
trust. Knows bytes by name; does not know folders. Needs the packages `tuf` and `securesystemslib`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key
from msgspec import Struct

from voltrail.errors import MalformedError, RefusedError, UnverifiableError
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import Signer

MADE_AT = "x-voltrail-made-at"  # our field in each role, as TUF 1.0.33 section 4.1 allows
ROLES = ("root", "timestamp", "snapshot", "targets")  # TUF 1.0.33 section 2.1
_METADATA, _TARGETS = "metadata/", "targets/"
_BY = ["sha256"]
_INSTALL = "Install them: pip install 'voltrail[proofs]'"


class Terms(Struct, frozen=True):
    """
    How an export is signed and how long it holds.

    Attributes:
        threshold: how many of the keys a reader must find under each role
        root_days: after how many days the keys themselves must be told anew [d]
        days: after how many days the rest is no longer to be used [d]
    """

    threshold: int = 1
    root_days: int = 3_650
    days: int = 365


USUAL = Terms()


def export(
    targets: Mapping[str, bytes],
    signers: Sequence[Signer],
    at: datetime,
    old: Mapping[str, bytes],
    terms: Terms = USUAL,
    *,
    retiring: Sequence[Signer] = (),
) -> dict[str, bytes]:
    """
    Return the files of an export, the one that makes it count last.

    Args:
        targets: files to be carried, by plain names
        signers: the keys of every role
        at: now
        old: files of the last export, by their paths; possibly none
        terms: threshold and times
        retiring: keys of the last export that hand over to new ones

    Returns:
        Bytes by path, in the order in which they are to be written.

    Raises:
        MalformedError: fewer keys than the threshold, one key twice, or an old file that is none.
        RefusedError: other keys than last time, and the old ones do not sign the change.
        UnverifiableError: the packages are missing.

    Source: TUF 1.0.33 sections 4 and 6.
    """
    tuf = _package("tuf.api.metadata")
    _check_keys(signers, terms)
    version = _version(old, "timestamp") + 1
    ends = at + timedelta(days=terms.days)
    made: dict[str, Any] = {"version": version, "expires": ends}
    made["unrecognized_fields"] = {MADE_AT: at.isoformat()}
    listed = {name: tuf.TargetFile.from_data(name, data, _BY) for name, data in targets.items()}
    whole = _signed(tuf.Targets(targets=listed, **made), signers)
    found = {_TARGETS + name: data for name, data in targets.items()}
    found |= _root(signers, retiring, at, old, terms)
    found[_METADATA + "targets.json"] = whole
    about = tuf.MetaFile.from_data(version, whole, _BY)
    shot = _signed(tuf.Snapshot(meta={"targets.json": about}, **made), signers)
    found[_METADATA + "snapshot.json"] = shot
    stamp = tuf.Timestamp(snapshot_meta=tuf.MetaFile.from_data(version, shot, _BY), **made)
    return {**found, _METADATA + "timestamp.json": _signed(stamp, signers)}


def _package(name: str) -> Any:  # noqa: ANN401 — a module of an optional package
    try:
        return import_module(name)
    except ImportError as error:
        raise UnverifiableError(
            "The stick needs packages that are not installed.", hint=_INSTALL
        ) from error


def _check_keys(signers: Sequence[Signer], terms: Terms) -> None:
    if len({one.public.key_id for one in signers}) != len(signers):
        raise MalformedError("One key is given twice.", hint="Give each key once.")
    if not 1 <= terms.threshold <= len(signers):
        raise MalformedError(
            f"{len(signers)} keys cannot make a threshold of {terms.threshold}.",
            hint="Add --key, or lower the threshold.",
        )


def _root(
    signers: Sequence[Signer],
    retiring: Sequence[Signer],
    at: datetime,
    old: Mapping[str, bytes],
    terms: Terms,
) -> dict[str, bytes]:
    """Return the new root under its number, or nothing where the last one still says the same."""
    tuf = _package("tuf.api.metadata")
    number = _version(old, "root")
    before = _read(old[f"{_METADATA}{number}.root.json"]) if number else None
    keys = {one.keyid: one for one in map(_key, signers)}
    roles = {name: tuf.Role(list(keys), terms.threshold) for name in ROLES}
    if before and _same(before, keys, terms):
        return {}
    made = tuf.Root(
        version=number + 1,
        expires=at + timedelta(days=terms.root_days),
        keys=keys,
        roles=roles,
        consistent_snapshot=False,
        unrecognized_fields={MADE_AT: at.isoformat()},
    )
    data = _signed(made, [*signers, *retiring])
    if before:
        _check_handed_over(before, data)
    return {f"{_METADATA}{number + 1}.root.json": data}


def _same(before: Any, keys: Mapping[str, object], terms: Terms) -> bool:  # noqa: ANN401
    role = before.signed.roles["root"]
    return bool(set(role.keyids) == set(keys) and role.threshold == terms.threshold)


def _check_handed_over(before: Any, data: bytes) -> None:  # noqa: ANN401 — as above
    after = _read(data)
    result = before.signed.get_verification_result("root", after.signed_bytes, after.signatures)
    if not result:
        raise RefusedError(
            "The keys are others than last time, and the old ones do not sign the change.",
            hint="Add --old-key for as many of the old keys as were needed then.",
        )


def _version(old: Mapping[str, bytes], role: str) -> int:
    if role == "root":
        names = [name for name in old if name.startswith(_METADATA) and ".root.json" in name]
        numbers = [name.removeprefix(_METADATA).partition(".")[0] for name in names]
        return max((int(one) for one in numbers if one.isdecimal()), default=0)
    data = old.get(f"{_METADATA}{role}.json")
    return int(_read(data).signed.version) if data else 0


def _read(data: bytes) -> Any:  # noqa: ANN401 — metadata of the package
    tuf, errors = _package("tuf.api.metadata"), _package("tuf.api.exceptions")
    try:
        return tuf.Metadata.from_bytes(data)
    except (errors.RepositoryError, ValueError) as error:
        raise MalformedError(
            "A file of the last export is no TUF metadata.", hint="Start with an empty folder."
        ) from error


def _key(one: Signer) -> Any:  # noqa: ANN401 — a key of the package
    return _package("securesystemslib.signer").SSlibKey.from_crypto(
        load_der_public_key(one.public.spki)
    )


def _signed(said: Any, signers: Sequence[Signer]) -> bytes:  # noqa: ANN401 — as above
    whole = _package("tuf.api.metadata").Metadata(said)
    signature = _package("securesystemslib.signer").Signature
    for one in signers:
        name = _key(one).keyid
        whole.signatures[name] = signature(name, one.sign(_covered(one, whole.signed_bytes)).hex())
    return bytes(whole.to_bytes())


def _covered(one: Signer, data: bytes) -> bytes:
    """Return what a key of this scheme signs: of ML-DSA, TUF's mark and a digest (TAP 21)."""
    if one.public.algorithm not in (Algorithm.MLDSA44, Algorithm.MLDSA65):
        return data
    return b"tuf\x01" + hashlib.sha512(data).digest()
