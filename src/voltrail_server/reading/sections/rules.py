"""What matters to those who watch the rules: holds, exceptions, policies, the register itself."""

from django.utils.translation import gettext as _

from voltrail.actions import hold as hold_actions
from voltrail.actions import policy as policy_actions
from voltrail_server import wiring
from voltrail_server.panels import today as panel
from voltrail_server.panels import words
from voltrail_server.panels.today import Line, Section
from voltrail_server.reading import register, waivers
from voltrail_server.reading.sections.seen import FEW, Seen


def holds(found: Seen) -> Section:
    """Return the holds that stand."""
    standing = [one for one in hold_actions.holds(wiring.desk()) if one.stands]
    return Section(
        "holds",
        _("Holds that stand"),
        tuple(panel.hold(one, found.book) for one in standing[:FEW]),
        _("No hold stands. Whoever doubts a lot, a unit or a firm places one at once."),
        _("All holds"),
        "/holds/",
    )


def exceptions(found: Seen) -> Section:
    """Return the exceptions in force."""
    until = _("until %(until)s: %(reason)s")
    lines = tuple(
        Line(
            f"{one.waiver.fact.control}, {one.waiver.fact.number}",
            f"/exceptions/{one.waiver.entry.index}/",
            until
            % {
                "until": words.stamp(one.waiver.fact.valid_until),
                "reason": one.waiver.fact.reason,
            },
            words.WAIVED,
        )
        for one in waivers.listing(found.at, "in-force")[:FEW]
    )
    empty = _("No exception is in force: every required control binds.")
    return Section(
        "exceptions", _("Exceptions in force"), lines, empty, _("All exceptions"), "/exceptions/"
    )


def policies(found: Seen) -> Section:
    """Return the newest versions of the policy."""
    every = policy_actions.all_policies(wiring.desk())
    newest = sorted(every, key=lambda one: -one.entry.index)[:FEW]
    since = _("from %(since)s")
    lines = tuple(
        Line(
            one.fact.title,
            f"/register/{one.entry.index}/",
            since % {"since": words.stamp(one.fact.valid_from)},
        )
        for one in newest
    )
    empty = _("Nobody has signed a policy yet; the built-in one counts.")
    return Section("policies", _("Versions of the policy"), lines, empty, _("Policy"), "/policy/")


def checkpoint(found: Seen) -> Section:
    """Return how much of the register the signed checkpoint covers."""
    told = {"covered": words.number(register.covered()), "size": words.number(register.size())}
    text = _("The signed checkpoint covers %(covered)s of %(size)s entries.") % told
    return Section(
        "register", _("Register"), (Line(text, "/checkpoint"),), "", _("Entries"), "/register/"
    )
