"""
What accounts held before every function was stated: stated once, by the operator's key.

The tables of this version keep it aside, and an upgrade states it as soon as the register can be
written. Until then nobody holds it and nothing is served. Asked by the upgrade alone.
"""

from django.db import transaction

from voltrail.actions import appointment as actions
from voltrail_server import wiring
from voltrail_server.people import bindings, invitations
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.models import Unstated

REASON = "Held before functions were stated; stated by the upgrade."


def waits(using: str = "default") -> bool:
    """Return whether something is still to be stated."""
    return Unstated.objects.using(using).exists()


def state_all() -> int:
    """State what waits, all or nothing, and return how many statements it took."""
    rows = Unstated.objects.select_related("account").order_by("pk")
    if not rows:
        return 0
    desk, at = wiring.desk(), wiring.now().replace(microsecond=0)  # as the upgrade's own entry
    with transaction.atomic():
        said = {str(one.appointment.fact.person) for one in actions.appointments(desk)}
        wanted = {
            (_person(one), one.function): one for one in rows if one.account.person not in said
        }
        for one in wanted.values():
            asked = Wanted(one.function, valid_from=at, reason=REASON)
            actions.appoint(desk, bindings.check(one.account, asked), at)
        bindings.refold()  # a backup's table may be older than the register beside it
        Unstated.objects.all().delete()
    return len(wanted)


def _person(one: Unstated) -> str:
    """Return whose function it is; an account that spoke for nobody gets a person of its own."""
    if not one.account.person:
        one.account.person = str(invitations.pseudonym())
        one.account.save(update_fields=["person"])
    return one.account.person
