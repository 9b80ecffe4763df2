"""Asking two persons to approve an exception: the risk is frozen, and a draft waits for both."""

from django.utils.translation import gettext as _

from voltrail.actions import waiver
from voltrail.actions.waiver import Asked
from voltrail.statements.waiver import Waiver
from voltrail_server import wiring
from voltrail_server.people.models import Account
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted
from voltrail_server.signing.models import Draft


def ask(by: Account | None, wanted: Waiver) -> tuple[Draft, Asked]:
    """Return the draft that the two persons named are asked to sign, and what was frozen."""
    made = waiver.ask(wiring.desk(), wanted, wiring.now())
    purpose = _("Exception from %(control)s until %(ends)s.") % {
        "control": wanted.control,
        "ends": f"{wanted.valid_until:%Y-%m-%d %H:%MZ}",
    }
    return drafts.begin(by, made.payload, purpose, Wanted(wanted.approved_by)), made
