"""
C2SP tlog-policy files: which logs, which witnesses, and how many of them must have cosigned.

Knows the file, and what it says about one checkpoint: who counts, whether the quorum is reached,
since when it was. Does not know who wrote the file; whoever judges by it has chosen to trust it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from msgspec import Struct

from voltrail.errors import MalformedError, RefusedError, UnverifiableError
from voltrail.register import checkpoint, note
from voltrail.register.checkpoint import Checkpoint
from voltrail.register.note import COSIGNATURE, ED25519, MLDSA_COSIGNATURE, Signed, Verifier

MAX_BYTES = 1_000_000  # [bytes] our choice; 32 ML-DSA-44 keys take 60,000
MAX_TIME_S = 253_402_300_799  # [s] the end of the year 9999, the last that dates write
NONE = "none"  # C2SP tlog-policy: no cosignature is asked for

_ALLOWED = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_BLANK = re.compile("[ \t]+")
_COUNT = re.compile("[1-9][0-9]{0,3}")
_HINT = "Write it as docs/spec/register.md says, one item a line."


class Group(Struct, frozen=True):
    """How many of some witnesses or groups must have cosigned."""

    needed: int
    members: tuple[str, ...]


class WitnessPolicy(Struct, frozen=True):
    """Logs that are accepted; witnesses, groups and addresses by name; the name that decides."""

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Verifier]
    groups: Mapping[str, Group]
    quorum: str
    urls: Mapping[str, str] = {}


class Quorum(Struct, frozen=True):
    """What the witnesses say about a checkpoint; `since` is the earliest time they prove."""

    checkpoint: Checkpoint
    reached: bool
    needed: int
    of: int
    cosigned: tuple[tuple[str, datetime], ...]
    missing: tuple[str, ...]
    since: datetime | None

    @property
    def sentence(self) -> str:
        """How many were needed, who cosigned and when; or who is missing."""
        who = ", ".join(f"{name} {when:%Y-%m-%dT%H:%M:%SZ}" for name, when in self.cosigned)
        count = f"quorum of {self.needed} of {self.of}"
        if self.reached:
            return f"{count}: {who or 'no witness asked for'}"
        return f"no {count}: {who or 'nobody'} cosigned; missing {', '.join(self.missing)}"


def parse(data: bytes) -> WitnessPolicy:
    """
    Return the policy in a file.

    Args:
        data: lines of log, witness, group and quorum

    Returns:
        The policy.

    Raises:
        MalformedError: another byte, word, count or order than the format has; a key or name twice.

    Source: C2SP tlog-policy.
    """
    if len(data) > MAX_BYTES or not _ALLOWED.fullmatch(data) or not data.endswith(b"\n"):
        raise MalformedError("The witness policy is too large or no text.", hint=_HINT)
    draft = _Draft()
    for number, line in enumerate(data.decode(errors="surrogateescape").split("\n"), 1):
        words = _BLANK.split(line.strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            draft.take(words, f"line {number}")
    return draft.done()


def quorum(policy: WitnessPolicy, signed: bytes, logs: Iterable[Verifier] = ()) -> Quorum:
    """
    Return what a policy says about a checkpoint.

    Args:
        policy: whom to count
        signed: the checkpoint with its signatures
        logs: keys of logs that are known otherwise; they count where the policy names no log

    Returns:
        Who cosigned, whether that is a quorum, and since when it proves the checkpoint.

    Raises:
        MalformedError: no signed checkpoint.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known log of that origin signed it.

    Source: C2SP tlog-policy.
    """
    accepted = policy.logs or tuple(logs)
    text, found = note.open_stamped(signed, [*accepted, *policy.witnesses.values()])
    point = checkpoint.parse(text)
    if not any(_is_log(one, point, accepted) for one in found):
        raise UnverifiableError(
            f"No known key of {point.origin} signed the checkpoint.",
            hint="Add the register's vkey to the policy or the trusted keys.",
        )
    times = _times(policy, found)
    since = _since(policy, policy.quorum, times)
    rule = policy.groups.get(policy.quorum, Group(1, (policy.quorum,)))
    if policy.quorum == NONE:
        rule = Group(0, ())
    asked = _below(policy, policy.quorum)
    return Quorum(
        checkpoint=point,
        reached=policy.quorum == NONE or since is not None,
        needed=rule.needed,
        of=len(rule.members),
        cosigned=tuple((name, _instant(times[name])) for name in asked if name in times),
        missing=tuple(name for name in asked if name not in times),
        since=None if since is None else _instant(since),
    )


def need(policy: WitnessPolicy, signed: bytes, logs: Iterable[Verifier] = ()) -> Quorum:
    """
    Return what a policy says about a checkpoint, where its quorum is reached.

    Args:
        policy: whom to count
        signed: the checkpoint with its signatures
        logs: keys of logs that are known otherwise

    Returns:
        The quorum.

    Raises:
        RefusedError: it is not reached, or a signature of a known key does not match.
        UnverifiableError: no known log of that origin signed it.
        MalformedError: no signed checkpoint.

    Source: C2SP tlog-policy.
    """
    found = quorum(policy, signed, logs)
    if not found.reached:
        raise RefusedError(
            f"The checkpoint has {found.sentence}.",
            hint="Ask the register for its checkpoint again, a little later.",
        )
    return found


class _Draft:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: dict[bytes, Verifier] = {}
        self.witnesses: dict[str, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.urls: dict[str, str] = {}
        self.members: set[str] = set()
        self.quorum = ""

    def take(self, words: list[str], where: str) -> None:
        word, *rest = words
        if word == "log" and len(rest) in (1, 2):
            self._log(note.parse_vkey(rest[0]), where)
        elif word == "witness" and len(rest) in (2, 3):
            self._witness(rest[0], note.parse_vkey(rest[1]), where)
            self.urls.update(zip(rest, rest[2:], strict=False))
        elif word == "group" and len(rest) > 2:  # noqa: PLR2004 — name, count, members
            self._group(rest[0], rest[1], rest[2:], where)
        elif word == "quorum" and len(rest) == 1 and not self.quorum:
            if rest[0] != NONE and not self._known(rest[0]):
                raise _odd(where, f"{rest[0]!r} is not defined above")
            self.quorum = rest[0]
        else:
            raise _odd(where, "it is none of log, witness, group and one quorum")

    def done(self) -> WitnessPolicy:
        if not self.quorum:
            raise MalformedError("The witness policy has no quorum line.", hint=_HINT)
        logs = tuple(self.logs.values())
        return WitnessPolicy(logs, self.witnesses, self.groups, self.quorum, self.urls)

    def _log(self, key: Verifier, where: str) -> None:
        if key.key_type != ED25519 or key.public_raw in self.logs:
            raise _odd(where, "the key is no log's, or stands twice")
        self.logs[key.public_raw] = key

    def _witness(self, name: str, key: Verifier, where: str) -> None:
        self._free(name, where)
        known = {one.public_raw for one in self.witnesses.values()}
        if key.key_type not in {COSIGNATURE, MLDSA_COSIGNATURE} or key.public_raw in known:
            raise _odd(where, "the key is no witness's, or stands twice")
        self.witnesses[name] = key

    def _group(self, name: str, count: str, members: list[str], where: str) -> None:
        self._free(name, where)
        for one in members:
            if not self._known(one) or one in self.members:
                raise _odd(where, f"{one!r} is not defined above, or stands in a group already")
            self.members.add(one)
        shorthand = {"all": str(len(members)), "any": "1"}.get(count, count)
        if not _COUNT.fullmatch(shorthand) or int(shorthand) > len(members):
            raise _odd(where, f"{count!r} is not all, any, or 1 to {len(members)}")
        self.groups[name] = Group(int(shorthand), tuple(members))

    def _free(self, name: str, where: str) -> None:
        if name == NONE or self._known(name):
            raise _odd(where, f"{name!r} is taken")

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups


def _is_log(one: Signed, point: Checkpoint, accepted: Iterable[Verifier]) -> bool:
    return one.by.key_type == ED25519 and one.by.name == point.origin and one.by in accepted


def _times(policy: WitnessPolicy, found: Iterable[Signed]) -> dict[str, int]:
    """Return the earliest time each witness says; a cosignature without time does not count."""
    names = {key: name for name, key in policy.witnesses.items()}
    times: dict[str, int] = {}
    for one in found:
        if one.by in names and 0 < one.time_s <= MAX_TIME_S:
            name = names[one.by]
            times[name] = min(one.time_s, times.get(name, one.time_s))
    return times


def _since(policy: WitnessPolicy, name: str, times: Mapping[str, int]) -> int | None:
    """Return since when a name has witnessed: of a group, when enough of its members had."""
    group = policy.groups.get(name)
    if group is None:
        return times.get(name)
    said = [_since(policy, one, times) for one in group.members]
    known = sorted(one for one in said if one is not None)
    return known[group.needed - 1] if len(known) >= group.needed else None


def _below(policy: WitnessPolicy, name: str) -> list[str]:
    group = policy.groups.get(name)
    if group is None:
        return [name] if name in policy.witnesses else []
    return [found for one in group.members for found in _below(policy, one)]


def _instant(time_s: int) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)


def _odd(where: str, why: str) -> MalformedError:
    return MalformedError(f"The witness policy is odd at {where}: {why[:200]}.", hint=_HINT)


__all__ = ["Group", "Quorum", "WitnessPolicy", "need", "parse", "quorum"]
