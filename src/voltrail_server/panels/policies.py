"""Policies in words: versions, their rules, and what a proposal would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from voltrail.controls.policy import of_record
from voltrail_server.panels import chips, words
from voltrail_server.panels.words import Word


@dataclass(frozen=True, slots=True)
class Version:
    """One recorded policy."""

    chip: Any
    digest: str
    title: str
    valid_from: str
    in_force: bool
    rules: tuple[Any, ...]
    approved_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a proposal would do to one arrival."""

    key: str
    before: Word
    after: Word
    sentence: str


def versions(recorded: Iterable[Any], current: Any) -> tuple[Version, ...]:  # noqa: ANN401 — a policy
    """Return the recorded policies, newest first, with the one in force marked."""
    found = [_version(item, current.digest) for item in reversed(list(recorded))]
    if not any(version.in_force for version in found):
        found.insert(0, _unrecorded(current))
    return tuple(found)


def simulated(found: Iterable[Any]) -> tuple[Change, ...]:
    """Return the arrivals that a policy would judge otherwise."""
    return tuple(
        Change(
            item.arrival.split(":", 3)[3],
            words.disposition(item.before),
            words.disposition(item.after),
            item.sentence,
        )
        for item in found
    )


def _unrecorded(policy: Any) -> Version:  # noqa: ANN401 — a policy
    record = policy.record
    begins = words.stamp(record.valid_from)
    return Version(None, policy.digest, record.title, begins, True, record.rules, ())  # noqa: FBT003


def _version(item: Any, current: str) -> Version:  # noqa: ANN401 — a recorded policy
    fact, digest = item.fact, of_record(item.fact).digest
    return Version(
        chips.chip(item),
        digest,
        fact.title,
        words.stamp(fact.valid_from),
        digest == current,
        fact.rules,
        tuple(map(str, fact.approved_by)),
    )
