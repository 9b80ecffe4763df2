"""What matters to those who keep the server running: its parts, the last backup."""

from django.utils.translation import gettext as _

from voltrail.actions.administration import ADMINISTRATION_TYPE
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.panels import today as panel
from voltrail_server.panels import words
from voltrail_server.panels.today import Line, Section
from voltrail_server.reading import links
from voltrail_server.reading.sections.seen import Seen

_NEWEST = 200  # [entries] looked through for the last backup


def server(found: Seen) -> Section:
    """Return how each part of the server is."""
    _well, parts = found.look(found.at)
    return Section(
        "server",
        _("How the server is"),
        tuple(panel.part(name, one) for name, one in parts.items()),
        "",
        _("As programs read it"),
        "/healthz",
    )


def backup(found: Seen) -> Section:
    """Return the newest backup on record, with its age."""
    desk = wiring.desk()
    near = links.facts_at(desk.views.indices(ADMINISTRATION_TYPE)[-_NEWEST:])
    made = [one for one in near.values() if getattr(one.fact, "act", None) == Act.BACK_UP]
    lines = tuple(
        Line(
            words.age(one.entry.log_time, found.at),
            f"/register/{one.entry.index}/",
            words.stamp(one.entry.log_time),
        )
        for one in sorted(made, key=lambda one: -one.entry.index)[:1]
    )
    empty = _("No backup is on record. Run: voltrail backup FOLDER; each one stands here.")
    return Section("backup", _("The last backup"), lines, empty)
