"""Every list that can be taken away: its name, and the rows that fit what its address asks for."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from voltrail.errors import UnknownSubjectError
from voltrail_server.reading import arrivals, sheets
from voltrail_server.reading.sheets import Sheet

Asked = Mapping[str, str]

# list → its head and rows; the filters are those of the page
LISTS: dict[str, Callable[[Asked], Sheet]] = {
    "arrivals": lambda asked: sheets.arrivals(
        arrivals.read_filter(asked), asked.get("sort", "newest")
    ),
    "lots": lambda asked: sheets.lots(asked.get("text", "")),
    "orders": lambda asked: sheets.orders(asked.get("text", "")),
    "parties": lambda asked: sheets.parties(asked.get("text", "")),
    "places": lambda asked: sheets.places(asked.get("text", "")),
    "refused-orders": lambda _: sheets.attempts(),
    "register": lambda _: sheets.entries(),
}


def sheet_of(name: str, asked: Asked) -> Sheet:
    """Return the head and rows of a list."""
    if name not in LISTS:
        raise UnknownSubjectError(
            _("There is no list %(name)s.") % {"name": f"{name[:40]!r}"},
            hint=_("Choose: %(names)s.") % {"names": ", ".join(LISTS)},
        )
    return LISTS[name](asked)
