"""Lots, by maker and lot number: one page of the list."""

from voltrail_server.reading import subjects
from voltrail_server.reading.page import Page


def listing(text: str = "", cursor: str = "") -> Page:
    """Return one page of lots, with how their arrivals stand."""
    return subjects.listing("lot", "lot", text, cursor)
