"""Give a firm a token or a link on a page: what a form may ask for, and what is shown once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from voltrail.errors import MalformedError, NotPermittedError
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.people.models import Account

MOST_DAYS = 365  # [days]
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Made:
    """What was given to whom; the secret is known here and nowhere else."""

    party: str
    kind: str
    secret: str


def give(by: Account, form: Mapping[str, str]) -> Made:
    """Return a new token, or the address of a new page, for a firm that is not the operator."""
    party, label = PartyId.read(form.get("party", "")), form.get("label", "").strip()
    if party == wiring.desk().operator:
        raise NotPermittedError(
            _("A token of the operator itself opens everything."),
            hint=_("Make it at the machine: voltrail token issue."),
        )
    if not label:
        raise MalformedError(_("Nobody said what it is for."), hint=_("Write a few words."))
    days = _days(form.get("days", ""))
    if form.get("kind") == "link":
        secret = tokens.issue_link(party, label[:120], days, by=by)
        return Made(party, "link", f"{settings.VOLTRAIL_ORIGIN}/in/{secret}")
    return Made(party, "token", tokens.issue(party, label[:120], days, by))


def _days(text: str) -> int:
    fits = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not fits or not 1 <= int(text) <= MOST_DAYS:
        raise MalformedError(
            _("That is no number of days from 1 to 365."), hint=_("Write for example 30.")
        )
    return int(text)
