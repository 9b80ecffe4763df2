"""
Who let a person in says neither whose key it is nor what they learned, while somebody else could.

Else one administrator makes a second signer of their own. Those who had least to do with it may:
inviting and resetting weigh more than giving a function. So there is always somebody.
"""

from django.utils.translation import gettext as _

from voltrail.errors import NotPermittedError
from voltrail_server import wiring
from voltrail_server.people import administrators, functions, may
from voltrail_server.people.models import Account, Binding, Invitation, Request

_LET_IN, _APPOINTED = 2, 1  # how much somebody had to do with a person's coming


def need(by: Account, account: Account, act: str) -> None:
    """Refuse who had more to do with a person's coming than somebody else who could act."""
    shares = _shares(account)
    own = shares.get(by.person, 0)
    if not own:
        return
    others = sorted(
        {
            str(one)
            for one, how in functions.holders(may.of(act).who, wiring.now())
            if may.reaches(how, act, None)
            and one.person not in ("", by.person, account.person)
            and shares.get(one.person, 0) < own
            and administrators.can_log_in(one)
        }
    )
    if others:
        raise NotPermittedError(
            "You invited, appointed or reset this person, so somebody else does this.",
            hint=_("Ask %(names)s.") % {"names": ", ".join(others[:5])},
        )


def _shares(account: Account) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in Binding.objects.filter(person=account.person):
        found |= dict.fromkeys(one.decided_by, _APPOINTED)
    same = {"account__person": account.person}
    reset = Request.objects.filter(**same, kind="reset", granted=True)
    for row in reset.values_list("asked_by", "settled_by"):
        found |= dict.fromkeys(row, _LET_IN)
    made = Invitation.objects.filter(**same).values_list("made_by", flat=True)
    return found | dict.fromkeys(made, _LET_IN)
