"""
People from a list: accounts without a password, to be invited later. The one place that makes them.

Names stay here and never enter the register; the register knows a pseudonym, drawn by lot.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from voltrail_server.people.models import Account

_SHOWN = {"name": "display_name", "function": "role"}


def on_record(usernames: Collection[str]) -> dict[str, dict[str, str]]:
    """Return name and function of the accounts that stand, by the name they log in with."""
    found = Account.objects.filter(username__in=list(usernames)).values_list(
        "username", "display_name", "role"
    )
    return {username: {"name": name, "function": role} for username, name, role in found}


def bring(username: str, given: Mapping[str, Any]) -> bool:
    """Make an account nobody can log in to yet, or bring its name and function up to date."""
    plain = {_SHOWN[name]: str(given[name]) for name in _SHOWN if name in given}
    changed = Account.objects.filter(username=username).update(**plain)
    if not changed:
        person = f"urn:voltrail:person:p-{secrets.token_hex(8)}"
        Account.objects.create_user(username, None, person=person, **plain)
    return not changed
