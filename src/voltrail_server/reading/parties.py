"""Parties of the supply network: one page of the list."""

from voltrail_server.reading import subjects
from voltrail_server.reading.page import Page


def listing(text: str = "", cursor: str = "") -> Page:
    """Return one page of parties, with how the arrivals they sold stand."""
    return subjects.listing("party", "seller", text, cursor)
