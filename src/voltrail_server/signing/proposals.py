"""
Policies that somebody is writing: begun from the one in force, changed rule by rule, then frozen.

A frozen proposal is a draft that two named persons sign; while they are asked, its text stands
still. Judges no rule: the kernel does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from msgspec.structs import replace

from voltrail.actions import policy as rules
from voltrail.actions import practices, signing
from voltrail.errors import NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail.statements import fields
from voltrail.statements.policy import PolicyRecord, Rule
from voltrail_server import wiring
from voltrail_server.people.models import Account
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted
from voltrail_server.signing.models import Draft, Proposal

_WHERE = "The policy"
_DAY = timedelta(days=1)


def begin(by: Account) -> Proposal:
    """Return a new proposal with the text of the policy in force, beginning tomorrow."""
    at = wiring.now()
    current = rules.in_force(wiring.desk(), at).record
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    record = replace(current, valid_from=midnight + _DAY, approved_by=())
    return Proposal.objects.create(
        title=record.title,
        content=fields.write(record),
        created_by=by,
        created_at=at,
        changed_at=at,
    )


def begin_with(by: Account, wanted: Mapping[tuple[str, int], str]) -> Proposal:
    """Return a new proposal that asks for other practices than the policy in force."""
    current = rules.in_force(wiring.desk(), wiring.now()).record
    practices.chosen(current, wanted)  # refuses what no practice is before anything is kept
    made = begin(by)
    return _keep(made, practices.chosen(record_of(made), wanted))


def get(number: int) -> Proposal:
    """Return a proposal."""
    rows = Proposal.objects.select_related("draft", "created_by")
    found = rows.filter(pk=number).first()
    if found is None:
        raise UnknownSubjectError(
            _("There is no proposal %(number)s.") % {"number": number},
            hint="Look at the policy page.",
        )
    return found


def record_of(found: Proposal) -> PolicyRecord:
    """Return the policy a proposal holds."""
    return fields.read(PolicyRecord, found.content, _WHERE)


def set_head(number: int, title: str, valid_from: datetime) -> Proposal:
    """Change a proposal's title and beginning."""
    found = _free(number)
    return _keep(found, replace(record_of(found), title=title.strip(), valid_from=valid_from))


def set_rules(number: int, control: str, given: Sequence[Mapping[str, Any]]) -> Proposal:
    """Change what a proposal says of one control; the other controls keep their rules."""
    found = _free(number)
    record = record_of(found)
    new = [fields.read(Rule, {**one, "control": control}, "The rule") for one in given]
    others = [one for one in record.rules if one.control != control]
    first = next((n for n, one in enumerate(record.rules) if one.control == control), len(others))
    changed = replace(record, rules=(*others[:first], *new, *others[first:]))
    rules.check(changed)
    return _keep(found, changed)


def freeze(by: Account, number: int, approvers: tuple[PersonId, PersonId]) -> Draft:
    """Return the draft that two persons sign to put a proposal in force."""
    found, desk, at = _free(number), wiring.desk(), wiring.now()
    able = signing.signers(desk, "policy", at)
    for person in approvers:
        if person not in able:
            raise NotPermittedError(
                _("%(person)s has no key in force for a policy.") % {"person": person},
                hint="Choose somebody whose key was confirmed for it.",
            )
    record = record_of(found)
    payload = rules.draft(desk, record, approvers, at)
    purpose = f"Put the policy “{record.title}” in force from {record.valid_from:%Y-%m-%d %H:%MZ}."
    found.draft = drafts.begin(by, payload, purpose, Wanted(approvers))
    found.save(update_fields=["draft"])
    return found.draft


def drop(number: int) -> None:
    """Forget a proposal that nobody is asked to sign."""
    _free(number).delete()


def is_frozen(found: Proposal) -> bool:
    """Return whether persons are being asked to sign a proposal, or have put it in force."""
    draft = found.draft
    return draft is not None and (draft.entry is not None or draft.is_open(wiring.now()))


def _free(number: int) -> Proposal:
    found = get(number)
    if is_frozen(found):
        raise NotPermittedError(
            "Persons are asked to sign this very text, or have signed it.",
            hint="Withdraw the draft first, or begin another proposal.",
        )
    return found


def _keep(found: Proposal, record: PolicyRecord) -> Proposal:
    found.title = record.title[:200]
    found.content = fields.write(record)
    found.changed_at = wiring.now()
    found.save(update_fields=["title", "content", "changed_at"])
    return found
