"""
A policy in an uploaded file or in a form, and the draft of one to download.

Decides nothing about it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail import canonical
from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail.statements import envelope, fields, kinds, statement
from voltrail.statements.policy import PolicyRecord
from voltrail_server.reading import arrivals
from voltrail_server.reading.times import read_time
from voltrail_server.signing.models import Proposal

MOST_RULES = 60  # [rules] of one control in one form
_DIGITS = 9  # [digits] more than any limit has
JUDGED = 500  # [arrivals] that a trial of a policy judges again, as `actions.policy.simulate` does


def read_policy(raw: bytes) -> PolicyRecord:
    """Return the policy in a signed envelope, a statement, or a bare draft; nothing is verified."""
    found = canonical.parse(raw, what="policy file", limit=2 * canonical.MAX_BYTES)
    if "payload" in found:
        fact = statement.parse(envelope.parse(raw).payload).fact
        if not isinstance(fact, PolicyRecord):
            raise MalformedError(
                "The file states something else than a policy.",
                hint=_("Set predicateType to %(kinds)s.") % {"kinds": kinds.uri("policy")},
            )
        return fact
    predicate = found.get("predicate", found)
    return fields.read(PolicyRecord, predicate, "The policy")


def draft(policy: PolicyRecord) -> bytes:
    """Return a policy as JSON to edit, sign with two keys and hand in."""
    return json.dumps(fields.write(policy), indent=2, ensure_ascii=False).encode() + b"\n"


def proposals() -> tuple[Proposal, ...]:
    """Return the policies that somebody is writing, newest first."""
    return tuple(Proposal.objects.select_related("draft", "created_by")[:20])


def judged() -> str:
    """Return how many arrivals a trial judges again, and of how many."""
    total = arrivals.count(arrivals.Filter(), JUDGED)
    if total.endswith("+"):
        return _("The first %(judged)s arrivals by identity were judged again; there are more.") % {
            "judged": JUDGED
        }
    return _("All %(total)s arrivals were judged again.") % {"total": total}


def known_control(control: str) -> str:
    """Return a control's id, refusing one that is in no catalogue."""
    families.load_all()
    if control not in {one.id for one in load.entries()}:
        raise UnknownSubjectError(
            _("There is no control %(control)s.") % {"control": control},
            hint="Go back to the policy.",
        )
    return control


def read_begin(form: Mapping[str, str]) -> datetime:
    """Return the time in a form's two fields: a wall clock and its offset from UTC."""
    return read_time(form.get("begins", ""), form.get("zone", ""))


def read_two(form: Mapping[str, str]) -> tuple[PersonId, PersonId]:
    """Return the two persons chosen in a form."""
    return PersonId.read(form.get("first", "")), PersonId.read(form.get("second", ""))


def read_rules(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rules in a form, as JSON names them; removed and blank ones are left out."""
    count = form.get("rules", "")
    if not _is_number(count) or int(count) > MOST_RULES:
        raise MalformedError("The form came in broken.", hint="Open the page again.")
    return [_rule(form, place) for place in range(int(count)) if form.get(f"keep-{place}") == "yes"]


def _rule(form: Mapping[str, str], place: int) -> dict[str, Any]:
    names = {"mode": "mode", "violated": "violated", "unproven": "unproven", "family": "family"}
    found: dict[str, Any] = {name: form.get(f"{key}-{place}", "") for name, key in names.items()}
    found["placeClass"] = form.get(f"place-{place}", "")
    tier = form.get(f"tier-{place}", "")
    found["tier"] = int(tier) if _is_number(tier) else None
    found["limits"] = dict(_limits(form, place)) or None
    return {name: value for name, value in found.items() if value not in ("", None)}


def _limits(form: Mapping[str, str], place: int) -> Iterator[tuple[str, int]]:
    begins = f"limit-{place}-"
    for name in form:
        text = form.get(name, "").strip()
        if name.startswith(begins) and text:
            if not _is_number(text):
                raise MalformedError(
                    _("The limit %(name)s is no whole number.")
                    % {"name": name.removeprefix(begins)},
                    hint="Write digits, or leave it empty for the default.",
                )
            yield name.removeprefix(begins), int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
