"""
The operator's policy as a value: control and scope → mode, consequences, limits.

The narrowest fitting rule wins; the later one where two are equally narrow. A control without a
rule is required and quarantines: forgetting a rule never opens a gate. Knows no dossier.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from voltrail import canonical
from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.statements import fields as codec
from voltrail.statements.policy import Mode, PolicyRecord, Rule


class Policy(Struct, frozen=True, dict=True):
    """A policy with its digest, which names it for ever."""

    record: PolicyRecord
    digest: str

    @property
    def valid_from(self) -> datetime:
        """When it begins."""
        return self.record.valid_from

    def rule(self, control: str, family: str, tier: int, place_class: str) -> Rule:
        """Return the rule that governs a control in a scope."""
        scope = control, family, tier, place_class
        found = self._found.get(scope)
        if found is None:
            found = self._found[scope] = self._narrowest(*scope)
        return found

    @cached_property
    def _found(self) -> dict[tuple[str, str, int, str], Rule]:
        return {}

    def _narrowest(self, control: str, family: str, tier: int, place_class: str) -> Rule:
        best, narrowest = Rule(control, Mode.REQUIRED), -1
        for rule in self.record.rules:
            if rule.control != control:
                continue
            narrow = _fit(rule, family, tier, place_class)
            if narrow >= narrowest:
                best, narrowest = rule, narrow
        return best


def of_record(record: PolicyRecord) -> Policy:
    """
    Return a policy and its digest.

    Args:
        record: the policy as stated

    Returns:
        The policy; the digest covers its canonical content, not its signatures.

    Source: our choice: ADR 0007.
    """
    return Policy(record, canonical.digest(canonical.canonical_bytes(codec.write(record))))


def limits_of(kind: type[Struct], given: dict[str, Json] | None) -> Any:  # noqa: ANN401 — the control's own
    """
    Return a control's limits with a policy's values in place of defaults.

    Args:
        kind: the control's frozen struct of thresholds
        given: values by field name

    Returns:
        The limits.

    Raises:
        MalformedError: the policy names a limit the control does not have, or a value of another
        type.

    Source: design, section 5.1.
    """
    limits = kind()
    known = set(kind.__struct_fields__)
    for name, value in (given or {}).items():
        if name not in known or type(value) is not type(getattr(limits, name)):
            raise MalformedError(
                f"The policy's limit {name!r} does not fit {kind.__name__}.",
                hint=f"Use whole numbers for: {', '.join(sorted(known)) or 'nothing'}.",
            )
        limits = replace(limits, **{name: value})
    return limits


def _fit(rule: Rule, family: str, tier: int, place_class: str) -> int:
    wanted = ((rule.family, family), (rule.tier, tier), (rule.place_class, place_class))
    if any(asked is not None and asked != actual for asked, actual in wanted):
        return -2
    return sum(asked is not None for asked, _ in wanted)
