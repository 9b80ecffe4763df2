"""Classifying a place on one person's word, or asking a second where the tier gets lighter."""

from django.utils.translation import gettext as _

from voltrail.actions import classify
from voltrail.actions.record import Registered
from voltrail.ids.subject import PersonId
from voltrail.statements.place import Place
from voltrail_server import wiring
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted
from voltrail_server.signing.models import Draft


def state(by: Account, wanted: Place, second: PersonId | None) -> Registered | Draft:
    """Return where the classification stands, or the draft that two persons are asked to sign."""
    person, desk, at = passkeys.person_of(by), wiring.desk(), wiring.now()
    if second is None:
        return classify.classify(desk, wanted, person, at)
    derived = classify.derive(desk, wanted)
    payload = classify.draft(desk, wanted, (person, second), at)
    purpose = _("Classify %(place)s as tier %(tier)s.") % {
        "place": wanted.name,
        "tier": derived.tier,
    }
    return drafts.begin(by, payload, purpose, Wanted((person, second)))
