"""The tour of pages, which pictures and checks of accessibility walk, leaves no page out."""

import pytest

pytest.importorskip("django")

import tour
from django.urls import get_resolver

from server.site_world import logged_in, site_desk
from server.test_default_deny import CONVERTER, SAMPLES
from voltrail.actions.desk import Desk
from voltrail_server.pages.exporting.addresses import LISTS

__all__ = ["site_desk"]

FILES = {f"{name}-{ending}" for name in LISTS for ending in ("csv", "xlsx")}
SHOWN = {*tour.PAGES, *tour.GATE}


def routes() -> dict[str, str]:
    """Every address with a name, outside of the API, with something in its places."""
    found = ((getattr(one, "name", ""), str(one.pattern)) for one in get_resolver().url_patterns)
    return {
        str(name): "/" + CONVERTER.sub(lambda m: SAMPLES.get(m[1] or "str", "x"), route)
        for name, route in found
        if name and not route.startswith("^")
    }


def test_each_page_that_opens_is_on_the_tour_or_says_why_not(site_desk: Desk) -> None:
    client = logged_in("administrator")
    missing = [
        name
        for name, address in routes().items()
        if name not in SHOWN | {*tour.NOT_OPENED} | FILES and client.get(address).status_code != 405
    ]
    assert not missing, "Give each its place in tools/tour.py."


def test_the_tour_names_no_page_that_is_gone() -> None:
    assert SHOWN | {*tour.NOT_OPENED} <= set(routes())
    assert not SHOWN & {*tour.NOT_OPENED}
    assert all(len(reason.split()) > 3 for reason in tour.NOT_OPENED.values())
