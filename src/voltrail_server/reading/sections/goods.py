"""What matters to those who handle goods: held, released, isolated, flagged, each with a way on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import acceptance
from voltrail.projections.view import View
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail_server import wiring
from voltrail_server.panels import today as panel
from voltrail_server.panels.named import address, key_of
from voltrail_server.panels.today import Line, Section
from voltrail_server.reading import arrivals, links
from voltrail_server.reading.sections.seen import FEW, Seen

_READY = 12  # [arrivals] looked at for what two may sign next


def layers(found: Seen) -> Section:
    """Return how many held arrivals each layer holds back."""
    return Section(
        "layers",
        _("What holds arrivals"),
        panel.layers(found.held),
        _("No layer holds an arrival back."),
        _("Held arrivals"),
        "/arrivals/?disposition=quarantine",
    )


def longest(found: Seen) -> Section:
    """Return what is in quarantine longest."""
    rows = [row for row in found.held if row.disposition == "quarantine"]
    return Section(
        "held",
        _("Held longest"),
        panel.arrivals(rows[:FEW], found.book),
        _("Nothing is held. An arrival stands here as soon as it cannot be released."),
        _("All in quarantine"),
        "/arrivals/?disposition=quarantine",
    )


def ready(found: Seen) -> Section:
    """Return released arrivals at one's places, each with what two persons sign next."""
    rows = _at_places(found, "facilities", "release")[:_READY]
    said = links.views_of([row.arrival for row in rows])
    around = links.views_of({key for row in rows for key in (row.product, row.place)})
    fresh = [row for row in rows if _accepted_first(said.get(row.arrival), row, around)]
    way = "/acceptances/new/?verb={verb}&arrival={{arrival}}".format
    lines = (
        *panel.arrivals(fresh, found.book, (_("Accept"), way(verb="accept"))),
        *panel.arrivals(
            [row for row in rows if row not in fresh],
            found.book,
            (_("Put into service"), way(verb="install")),
        ),
    )
    return Section(
        "ready",
        _("Released: accept, then put into service"),
        lines[:FEW],
        _("No released arrival waits. Two people accept one before its first unit goes in."),
        _("All released"),
        "/arrivals/?disposition=release",
    )


def kept(found: Seen) -> Section:
    """Return what is in quarantine at one's places."""
    rows = _at_places(found, "facilities", "quarantine")
    return Section(
        "kept",
        _("Held at your places"),
        panel.arrivals(rows[:FEW], found.book),
        _("Nothing is held at your places. Goods that must not move stand here."),
        _("All in quarantine"),
        "/arrivals/?disposition=quarantine",
    )


def isolated(found: Seen) -> Section:
    """Return what is isolated."""
    rows = [row for row in found.held if row.disposition == "isolate"]
    return Section(
        "isolated",
        _("Isolated"),
        panel.arrivals(rows[:FEW], found.book),
        _("Nothing is isolated. Units to be cut off from power and network stand here."),
        _("All isolated"),
        "/arrivals/?disposition=isolate",
    )


def firmware(found: Seen) -> Section:
    """Return held arrivals whose firmware is not told or not approved."""
    return Section(
        "firmware",
        _("Firmware that is not told or not approved"),
        panel.arrivals(panel.lacking(found.held, "firmware")[:FEW], found.book),
        _("The firmware of every held arrival is read and approved."),
    )


def flags(found: Seen) -> Section:
    """Return the red flags on held arrivals."""
    owed = [one for one in found.owed if one.verb == "look-into-red-flag"]
    lines = tuple(
        Line(key_of(one.subject), f"{address(one.subject)}#why", one.why) for one in owed[:FEW]
    )
    return Section("flags", _("Red flags"), lines, _("No red flag stands on a held arrival."))


def packs(found: Seen) -> Section:
    """Return the newest arrivals, each with its evidence pack."""
    page = arrivals.listing(arrivals.Filter())
    way = (_("Evidence pack"), "/arrivals/{key}/pack.zip")
    return Section(
        "packs",
        _("Newest arrivals, each with its pack"),
        panel.arrivals(page.items[:FEW], found.book, way),
        _("No arrival is on record. Each one's pack can be checked without this server."),
        _("All arrivals"),
        "/arrivals/",
    )


def _accepted_first(own: View | None, row: Any, around: Mapping[str, View]) -> bool:  # noqa: ANN401
    """Return whether the next thing two persons sign about an arrival is that they accept it."""
    decided = None if own is None else own.newest(DecisionRecord)
    if own is None or decided is None or own.standing(Acceptance):
        return False
    model = around[row.product].newest(Product) if row.product in around else None
    site = around[row.place].newest(Place) if row.place in around else None
    family = "" if model is None else model.fact.family
    where = "" if site is None else str(site.fact.place_class)
    return acceptance.comes_first(wiring.desk(), decided.fact, family, where)


def _at_places(found: Seen, function: str, disposition: str) -> list[Any]:
    """Return newest arrivals with a disposition where a function is held, a page for each place."""
    wanted: Iterable[str] = found.places(function) or ("",)
    rows = [
        row
        for place in wanted
        for row in arrivals.listing(arrivals.Filter(disposition=disposition, place=place)).items
    ]
    return sorted(rows, key=lambda row: row.received_at, reverse=True)
