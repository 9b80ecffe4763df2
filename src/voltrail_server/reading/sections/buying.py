"""What matters to those who buy: qualifications that end, orders that were refused."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from voltrail.projections.fold import of_type
from voltrail.statements import kinds
from voltrail.statements.qualification import Qualification, Verdict
from voltrail_server import wiring
from voltrail_server.panels import today as panel
from voltrail_server.panels.today import Section
from voltrail_server.reading import orders
from voltrail_server.reading.sections.seen import FEW, Seen

SOON = timedelta(days=60)  # our choice: a qualification takes weeks to renew
_QUALIFICATION = kinds.uri("qualification")


def ending(found: Seen) -> Section:
    """Return the qualifications that end within the time it takes to renew them, or just ended."""
    desk, newest = wiring.desk(), dict[tuple[Any, ...], Any]()
    for one in of_type(desk.entries, desk.views, _QUALIFICATION):
        if isinstance(one.fact, Qualification) and one.fact.verdict == Verdict.QUALIFIED:
            newest[one.fact.supplier, one.fact.families, one.fact.channels, one.fact.tier] = one
    near = [one for one in newest.values() if abs(one.fact.valid_until - found.at) <= SOON]
    near.sort(key=lambda one: one.fact.valid_until)
    return Section(
        "ending",
        _("Qualifications that end soon"),
        tuple(panel.qualification(one, found.at, found.book) for one in near[:FEW]),
        _("No supplier's qualification ends within 60 days. It stands here before it does."),
        _("All parties"),
        "/parties/",
    )


def refused(found: Seen) -> Section:
    """Return the newest orders that were refused."""
    page = orders.refused()
    return Section(
        "refused",
        _("Orders that were refused"),
        tuple(panel.refused(one, found.book) for one in page.items[:FEW]),
        _("No order was refused. One that misses a requirement stands here with its reason."),
        _("All refused"),
        "/orders/?show=refused",
    )
