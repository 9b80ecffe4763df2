"""Asking two persons to sign that goods are accepted, or that units go into service."""

from django.utils.translation import gettext as _

from voltrail.actions import acceptance
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail_server import wiring
from voltrail_server.people.models import Account
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted
from voltrail_server.signing.models import Draft


def ask(by: Account | None, wanted: Acceptance) -> Draft:
    """Return the draft that the two persons named are asked to sign."""
    payload = acceptance.ask(wiring.desk(), wanted, wiring.now())
    named = {"arrival": wanted.arrival.key, "count": len(wanted.units)}
    purpose = (
        _("Accept the goods of %(arrival)s.")
        if wanted.verb is AcceptanceVerb.ACCEPT
        else _("Put %(count)s units of %(arrival)s into service.")
    )
    return drafts.begin(by, payload, purpose % named, Wanted(wanted.accepted_by))
