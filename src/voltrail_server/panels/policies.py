"""Policies in words: versions, their rules, and what a proposal would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from voltrail.controls.policy import of_record
from voltrail_server.panels import chips, words
from voltrail_server.panels.words import Word

_TIERS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A control in a scope: its mode in each tier, and what its answers lead to."""

    control: str
    where: str
    modes: tuple[str, ...]
    violated: str
    unproven: str


@dataclass(frozen=True, slots=True)
class Version:
    """One recorded policy."""

    chip: Any
    digest: str
    title: str
    valid_from: str
    in_force: bool
    rules: tuple[RuleRow, ...]
    rule_count: int
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
    return Version(
        None,
        policy.digest,
        record.title,
        begins,
        in_force=True,
        rules=_rows(record.rules),
        rule_count=len(record.rules),
        approved_by=(),
    )


def _version(item: Any, current: str) -> Version:  # noqa: ANN401 — a recorded policy
    fact, digest = item.fact, of_record(item.fact).digest
    return Version(
        chips.chip(item),
        digest,
        fact.title,
        words.stamp(fact.valid_from),
        digest == current,
        _rows(fact.rules),
        len(fact.rules),
        tuple(map(str, fact.approved_by)),
    )


def _rows(rules: Iterable[Any]) -> tuple[RuleRow, ...]:
    modes: dict[tuple[str, ...], dict[int, str]] = {}
    for rule in rules:
        where = ", ".join(part for part in (rule.family, rule.place_class) if part)
        row = modes.setdefault((rule.control, where, str(rule.violated), str(rule.unproven)), {})
        row.update(dict.fromkeys((rule.tier,) if rule.tier else _TIERS, str(rule.mode)))
    return tuple(
        RuleRow(control, where, tuple(found.get(tier, "no rule") for tier in _TIERS), *leads)
        for (control, where, *leads), found in modes.items()
    )
