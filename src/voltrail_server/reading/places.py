"""Places of the operator and its suppliers: one page of the list."""

from voltrail_server.reading import subjects
from voltrail_server.reading.page import Page


def listing(text: str = "", cursor: str = "") -> Page:
    """Return one page of places, with how their arrivals stand."""
    return subjects.listing("place", "place", text, cursor)
