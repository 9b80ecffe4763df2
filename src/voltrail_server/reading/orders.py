"""Order lines of the operator: one page of the list."""

from voltrail_server.reading import subjects
from voltrail_server.reading.page import Page


def listing(text: str = "", cursor: str = "") -> Page:
    """Return one page of orders, with how their arrivals stand."""
    return subjects.listing("order", "order", text, cursor)
