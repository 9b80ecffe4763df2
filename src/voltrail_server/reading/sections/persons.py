"""What matters to those who let people in: invitations, keys and requests that wait."""

from django.utils.translation import gettext as _

from voltrail_server.panels import today as panel
from voltrail_server.panels import words
from voltrail_server.panels.today import Line, Section
from voltrail_server.people import confirming
from voltrail_server.people.models import Invitation
from voltrail_server.reading import people
from voltrail_server.reading.sections.seen import FEW, Seen


def invited(found: Seen) -> Section:
    """Return who was invited and has not come."""
    rows = Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=found.at)
    listed = rows.filter(is_reset=False).select_related("account")[:FEW]
    until = _("the link is good until %(until)s")
    lines = tuple(
        Line(
            str(one.account),
            f"/people/{one.account_id}/" if "administrator" in found.names else "",
            until % {"until": words.stamp(one.expires_at)},
            panel.WAITS,
        )
        for one in listed
    )
    return Section(
        "invited", _("Invited, not here yet"), lines, _("Everybody who was invited has come.")
    )


def keys(found: Seen) -> Section:
    """Return the keys that wait to be confirmed."""
    waits = people.waiting_keys(found.account)
    lines = tuple(
        Line(one.name, "/people/keys/", f"{one.label} · {one.since}", panel.WAITS)
        for one in waits[:FEW]
    )
    return Section(
        "keys",
        _("Keys that wait to be confirmed"),
        lines,
        _("No key waits. A new passkey stands here until somebody else confirms it."),
    )


def requests(found: Seen) -> Section:
    """Return what waits for a second administrator."""
    asked = _("asked on %(at)s: %(reason)s")
    lines = tuple(
        Line(
            str(one.account),
            "/people/requests/",
            asked % {"at": words.stamp(one.asked_at), "reason": one.reason},
            panel.WAITS,
        )
        for one in confirming.waiting()[:FEW]
    )
    return Section(
        "requests",
        _("Waits for a second administrator"),
        lines,
        _("No request waits. A lost sign-in and a new administrator need two of you."),
    )
