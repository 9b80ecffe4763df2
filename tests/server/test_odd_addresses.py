"""Whatever stands in an address, a page answers it or says no; it never stumbles."""

import base64
import json

import pytest

pytest.importorskip("django")

from django.test import Client

from server.site_world import site_desk, world_client
from voltrail.actions.desk import Desk
from voltrail.actions.prove import statement
from voltrail.errors import MalformedError
from voltrail_server.reading.page import read_cursor, read_number, write_cursor
from voltrail_server.reading.register import payload

__all__ = ["site_desk", "world_client"]

DEEP = base64.urlsafe_b64encode(b"[" * 3_000).decode()
MARKS = [
    *(write_cursor(one) for one in ([1, 2], ["a", 10**30], ["a", "\0"], ["a", "\ud800"], ["x"])),
    *(write_cursor(one) for one in ([1], ["\0"], [True], [None], [1.5], [[]], [], {"a": 1})),
    DEEP,
    "@",
    "é",
]
LISTS = ["arrivals", "lots", "orders", "parties", "places", "register"]


@pytest.mark.parametrize("page", LISTS)
def test_a_damaged_page_mark_is_refused_or_read(world_client: Client, page: str) -> None:
    for mark in MARKS:
        found = world_client.get(f"/{page}/", {"cursor": mark})
        assert found.status_code in {200, 400}, (page, mark)


@pytest.mark.parametrize(
    "query",
    [
        {"tier": "²"},
        {"tier": "9" * 30},
        {"tier": "9" * 5_000},
        {"text": "x" * 5_000},
    ],
)
def test_a_filter_that_fits_nothing_gives_an_empty_list(
    world_client: Client, query: dict[str, str]
) -> None:
    assert b'"/arrivals/nordlicht:' in world_client.get("/arrivals/").content
    found = world_client.get("/arrivals/", query)
    assert found.status_code == 200
    assert b'"/arrivals/nordlicht:' not in found.content


def test_a_page_mark_carries_texts_or_one_number_and_nothing_else() -> None:
    assert read_cursor(write_cursor(["a", "b"]), 2) == ["a", "b"]
    assert read_cursor("", 2) == []
    assert read_number(write_cursor([7])) == 7
    assert read_number("") is None
    for mark in MARKS:
        with pytest.raises(MalformedError):
            read_cursor(mark, 2)
    for mark in (write_cursor(["7"]), write_cursor([True]), DEEP):
        with pytest.raises(MalformedError):
            read_number(mark)


def test_a_statement_sent_in_url_safe_base64_is_shown_like_any_other(site_desk: Desk) -> None:
    raw = json.loads(statement(site_desk, 3))
    raw["payload"] = raw["payload"].replace("+", "-").replace("/", "_").rstrip("=")
    assert payload(json.dumps(raw).encode()) == payload(statement(site_desk, 3))
