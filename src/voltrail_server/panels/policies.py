"""Policies in words: versions, their rules, what a proposal would change, forms to write one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from msgspec.structs import fields

from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.controls.model import REGISTRY
from voltrail.controls.policy import of_record
from voltrail.statements.place import PlaceClass
from voltrail.statements.policy import Consequence, Mode
from voltrail_server.panels import chips, words
from voltrail_server.panels.named import Named, Naming, unnamed
from voltrail_server.panels.words import Word

_TIERS = (1, 2, 3)
_BLANK = 1  # [rules] offered empty below those that stand
CHOICES = {
    "mode": tuple(map(str, Mode)),
    "leads": tuple(map(str, Consequence)),
    "tier": ("1", "2", "3"),
    "place": tuple(map(str, PlaceClass)),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A control in a scope: its mode in each tier, and what its answers lead to."""

    control: str
    title: str
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
    approved_by: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a proposal would do to one arrival."""

    key: str
    before: Word
    after: Word
    sentence: str


def versions(
    recorded: Iterable[Any],
    current: Any,  # noqa: ANN401 — a policy
    naming: Naming = unnamed,
) -> tuple[Version, ...]:
    """Return the recorded policies, newest first, with the one in force marked."""
    found = [_version(item, current.digest, naming) for item in reversed(list(recorded))]
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


def _version(item: Any, current: str, naming: Naming) -> Version:  # noqa: ANN401 — a recorded policy
    fact, digest = item.fact, of_record(item.fact).digest
    return Version(
        chips.chip(item, naming),
        digest,
        fact.title,
        words.stamp(fact.valid_from),
        digest == current,
        _rows(fact.rules),
        len(fact.rules),
        tuple(naming(str(one)) for one in fact.approved_by),
    )


def _rows(rules: Iterable[Any]) -> tuple[RuleRow, ...]:
    modes: dict[tuple[str, ...], dict[int, str]] = {}
    for rule in rules:
        where = ", ".join(words.said(part) for part in (rule.family, rule.place_class) if part)
        row = modes.setdefault((rule.control, where, str(rule.violated), str(rule.unproven)), {})
        row.update(dict.fromkeys((rule.tier,) if rule.tier else _TIERS, str(rule.mode)))
    titles = {one.id: one.title for one in load.entries()}
    return tuple(
        RuleRow(
            control,
            words.said(titles.get(control, "")),  # a policy may name one unknown to this version
            where,
            tuple(found.get(tier, N_("no rule")) for tier in _TIERS),
            *map(words.said, leads),
        )
        for (control, where, *leads), found in modes.items()
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold a rule may set: its name in code and in words, its value, and its default."""

    name: str
    label: str
    value: str
    default: str


@dataclass(frozen=True, slots=True)
class RuleForm:
    """One rule to change; a blank one adds a rule where it is filled in."""

    place: int
    mode: str
    violated: str
    unproven: str
    tier: str
    family: str
    place_class: str
    limits: tuple[Limit, ...]
    blank: bool


@dataclass(frozen=True, slots=True)
class ControlForm:
    """A control: what it is called, and its rules to change."""

    control: str
    title: str
    rules: tuple[RuleForm, ...]


@dataclass(frozen=True, slots=True)
class ProposalStory:
    """A policy that is being written, as its page tells it."""

    number: int
    title: str
    begins: str
    picked: str
    rows: tuple[RuleRow, ...]
    differences: tuple[Any, ...]
    changed: frozenset[str]
    frozen: bool
    draft: int | None
    by: str
    changed_at: str


def proposal(
    found: Any,  # noqa: ANN401 — a proposal
    record: Any,  # noqa: ANN401 — a policy record
    differences: tuple[Any, ...],
    *,
    frozen: bool,
) -> ProposalStory:
    """Return a proposal as its page tells it."""
    return ProposalStory(
        found.pk,
        record.title,
        words.stamp(record.valid_from),
        record.valid_from.strftime("%Y-%m-%dT%H:%M"),
        _rows(record.rules),
        differences,
        frozenset(one.control for one in differences),
        frozen,
        found.draft_id,
        str(found.created_by or _("an account that is gone")),
        words.stamp(found.changed_at),
    )


def control_form(record: Any, control: str) -> ControlForm:  # noqa: ANN401 — a policy record
    """Return the rules of one control as a form, with one blank rule below them."""
    families.load_all()
    entry = load.entry(control)
    own = [rule for rule in record.rules if rule.control == control]
    forms = [_form(place, rule, control) for place, rule in enumerate(own)]
    blanks = [_form(len(own) + more, None, control) for more in range(_BLANK)]
    return ControlForm(control, entry.title, tuple(forms + blanks))


def zones() -> tuple[tuple[str, str], ...]:
    """Return every offset from UTC that a beginning may be written in, as value and words."""
    hours = range(-12, 15)
    named = [timezone(timedelta(hours=one)).tzname(None) for one in hours]
    return tuple(
        (f"{one:+03d}:00", "UTC" if not one else name)
        for one, name in zip(hours, named, strict=True)
    )


def _form(place: int, rule: Any, control: str) -> RuleForm:  # noqa: ANN401 — a rule, or none
    limits = tuple(_limits(REGISTRY[control].limits, getattr(rule, "limits", None) or {}))
    if rule is None:
        return RuleForm(
            place, "required", "quarantine", "quarantine", "", "", "", limits, blank=True
        )
    return RuleForm(
        place,
        str(rule.mode),
        str(rule.violated),
        str(rule.unproven),
        str(rule.tier or ""),
        rule.family or "",
        rule.place_class or "",
        limits,
        blank=False,
    )


def _limits(kind: type, given: dict[str, Any]) -> Iterable[Limit]:
    defaults = kind()
    for one in fields(kind):
        default = str(getattr(defaults, one.name))
        value = str(given[one.name]) if one.name in given else ""
        yield Limit(one.name, one.name.replace("_", " "), value, default)
