"""
TUF metadata on a stick, checked offline: what it carries, and how stale it is.

A device without a network cannot ask for newer metadata; it can only say how old what it has is,
against a policy that was stated. Knows bytes by name and a root that is trusted already. Returns no
keys: what a stick carries is compared with the register, never believed instead of it.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError, SignatureInvalidError, UnverifiableError
from voltrail.trust.foreign.canonical_json import parse as parse_json
from voltrail.trust.tuf_export import MADE_AT

MAX_ROOTS = 1_024  # [rotations] our choice: a device may sleep for years; the library stops at 32
MAX_ROLES = 64  # [delegated roles] our choice
_ROLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_TARGET = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+@-]{0,127}", re.ASCII)
_HINT = "Make the stick anew from the register."


class Verdict(StrEnum):
    """How far what a stick says may be used."""

    FRESH = "FRESH"
    STALE_WARN = "STALE-WARN"
    STALE_REFUSE = "STALE-REFUSE"


class Patience(Struct, frozen=True):
    """
    The stated policy on age.

    Attributes:
        warn_days: from which age on a reader is told [d]
        refuse_days: from which age on it is no longer to be used [d]
    """

    warn_days: int = 30
    refuse_days: int = 180


USUAL = Patience()


class Checked(Struct, frozen=True):
    """What holds: verdict and reason, when it was made, versions by role, digests by target."""

    verdict: Verdict
    sentence: str
    made_at: datetime | None
    versions: Mapping[str, int]
    targets: Mapping[str, str]


def check(
    files: Mapping[str, bytes], root: bytes, at: datetime, patience: Patience = USUAL
) -> Checked:
    """
    Check a stick from a trusted root down to the last target, and judge its age.

    The steps are those of the client workflow: 1 the trusted root, 2 newer roots, each signed by
    the one before, 3 timestamp, 4 snapshot, 5 targets, 6 delegated roles, 7 the files themselves;
    then 8, our own, the age. Expiry is judged in step 8 and never silently passed.

    Args:
        files: bytes by path, below metadata/ and targets/
        root: the root metadata that is trusted already
        at: now, as the device's clock has it
        patience: the policy on age

    Returns:
        What holds, with its verdict.

    Raises:
        MalformedError: no metadata, or a role or target whose name could mean something else.
        SignatureInvalidError: too few signatures, another version, or other bytes than were signed.
        UnverifiableError: a file or the packages are missing.

    Source: TUF 1.0.33 section 5; verdicts: our choice, ADR 0037.
    """
    stick = _Stick(files)
    trusted = stick.newest_root(root)  # 1, 2
    stamp = stick.role("timestamp", trusted, None)  # 3
    shot = stick.role("snapshot", trusted, stamp.signed.snapshot_meta)  # 4
    for name in shot.signed.meta:
        _check_name(name.removesuffix(".json"), _ROLE)
    whole = stick.role("targets", trusted, shot.signed.meta.get("targets.json"))  # 5
    roles = [whole, *stick.delegated(whole, shot.signed.meta)]  # 6
    targets: dict[str, str] = {}
    for one in roles:
        for name, target in one.signed.targets.items():
            targets[name] = stick.target(name, target)  # 7
    ends = min(one.signed.expires for one in (trusted, stamp, shot, *roles))
    made = _made(stamp.signed.unrecognized_fields.get(MADE_AT))
    verdict, sentence = _age(made, ends, at, patience)  # 8
    versions = {"root": trusted.signed.version, "timestamp": stamp.signed.version}
    versions |= {"snapshot": shot.signed.version, "targets": whole.signed.version}
    return Checked(verdict, sentence, made, versions, targets)


class _Stick:
    """The files, read with the package that knows TUF's forms."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        try:
            from tuf.api import exceptions, metadata  # noqa: PLC0415 — an optional package
        except ImportError as error:
            raise UnverifiableError(
                "TUF metadata need a package that is not installed.",
                hint="Install it: pip install 'voltrail[proofs]'",
            ) from error
        self.files, self.metadata, self.errors = files, metadata, exceptions
        self.numbered = False  # whether names carry versions and digests

    def newest_root(self, data: bytes) -> Any:  # noqa: ANN401 — metadata of the package
        found = self.read(data, "root")
        self.verify(found, "root", found)
        for _ in range(MAX_ROOTS):
            data = self.files.get(f"metadata/{found.signed.version + 1}.root.json", b"")
            if not data:
                self.numbered = bool(found.signed.consistent_snapshot)
                return found
            after = self.read(data, "root")
            if after.signed.version != found.signed.version + 1:
                raise SignatureInvalidError("A root has another version than its name.", hint=_HINT)
            self.verify(found, "root", after)
            self.verify(after, "root", after)
            found = after
        raise MalformedError(f"The stick has over {MAX_ROOTS} roots.", hint=_HINT)

    def role(self, name: str, above: Any, told: Any) -> Any:  # noqa: ANN401 — of the package
        """Return a role's metadata, signed as the role above demands, and as `told` says."""
        before = f"{told.version}." if self.numbered and told is not None else ""
        data = self.file(f"metadata/{before}{name}.json")
        found = self.read(data, name if name in ("timestamp", "snapshot") else "targets")
        self.verify(above, name, found)
        if name == "timestamp":
            return found
        if told is None or told.version != found.signed.version:
            raise SignatureInvalidError(f"{name} is of another version.", hint=_HINT)
        self.compare(told, data, name)
        return found

    def delegated(self, top: Any, listed: Mapping[str, Any]) -> list[Any]:  # noqa: ANN401
        found: dict[str, Any] = {}
        waiting = [top]
        while waiting:
            above = waiting.pop()
            roles = above.signed.delegations.roles if above.signed.delegations else None
            for name in roles or ():
                _check_name(name, _ROLE)
                if len(found) >= MAX_ROLES:
                    raise MalformedError("The stick delegates too often.", hint=_HINT)
                if name not in found:
                    found[name] = self.role(name, above, listed.get(f"{name}.json"))
                    waiting.append(found[name])
        return list(found.values())

    def target(self, name: str, told: Any) -> str:  # noqa: ANN401 — a target of the package
        for part in name.split("/"):
            _check_name(part, _TARGET)
        digest = str(told.hashes.get("sha256", ""))
        above, slash, last = name.rpartition("/")
        stored = f"{above}{slash}{digest}.{last}" if self.numbered else name
        self.compare(told, self.file(f"targets/{stored}"), name)
        return digest

    def file(self, path: str) -> bytes:
        if path not in self.files:
            raise UnverifiableError(f"The stick has no {path}.", hint=_HINT)
        return self.files[path]

    def read(self, data: bytes, kind: str) -> Any:  # noqa: ANN401 — metadata of the package
        parse_json(data, "TUF metadata")
        try:
            found = self.metadata.Metadata.from_bytes(data)
        except (self.errors.RepositoryError, ValueError, TypeError, KeyError) as error:
            raise MalformedError("A file is no TUF metadata.", hint=_HINT) from error
        if found.signed.type != kind:
            raise MalformedError(f"A file is no {kind} metadata.", hint=_HINT)
        _check_materials(found.signed)
        return found

    def verify(self, above: Any, name: str, found: Any) -> None:  # noqa: ANN401
        try:
            above.signed.verify_delegate(name, found.signed_bytes, found.signatures)
        except (self.errors.RepositoryError, ValueError) as error:
            raise SignatureInvalidError(f"{name} has too few signatures.", hint=_HINT) from error

    def compare(self, told: Any, data: bytes, name: str) -> None:  # noqa: ANN401
        try:
            told.verify_length_and_hashes(data)
        except (self.errors.RepositoryError, ValueError) as error:
            raise SignatureInvalidError(
                f"{name} is other bytes than signed.", hint=_HINT
            ) from error


def _check_materials(signed: Any) -> None:  # noqa: ANN401 — signed metadata of the package
    """Refuse one key under two names: it would count twice towards a threshold."""
    above = signed if signed.type == "root" else getattr(signed, "delegations", None)
    materials = [one.keyval.get("public") for one in above.keys.values()] if above else []
    if len(set(materials)) != len(materials):
        raise MalformedError("One key stands under two names.", hint=_HINT)


def _check_name(name: str, form: re.Pattern[str]) -> None:
    if not form.fullmatch(name):
        raise MalformedError(
            f"The name {name[:40]!r} could be read as another place or as another name.",
            hint="Name roles and targets with plain letters and digits.",
        )


def _made(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise MalformedError("The stick does not say a time.", hint=_HINT) from error
    if found.tzinfo is None:
        raise MalformedError("The stick does not say a time.", hint=_HINT)
    return found


def _age(
    made: datetime | None, ends: datetime, at: datetime, patience: Patience
) -> tuple[Verdict, str]:
    if at > ends:
        return Verdict.STALE_REFUSE, f"It was to be used until {ends:%Y-%m-%d} only."
    if made is None:
        return Verdict.STALE_WARN, "It does not say when it was made."
    if at < made:
        return Verdict.STALE_REFUSE, f"It was made on {made:%Y-%m-%d}, and the clock is before."
    age = at - made
    if age > timedelta(days=patience.refuse_days):
        return Verdict.STALE_REFUSE, f"It is {age.days} days old; {patience.refuse_days} are borne."
    if age > timedelta(days=patience.warn_days):
        return Verdict.STALE_WARN, f"It is {age.days} days old: fetch a newer one."
    return Verdict.FRESH, f"It is {age.days} days old."
