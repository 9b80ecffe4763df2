"""The start page's queue: what waits for whoever looks, each with one button."""

import re

import pytest

pytest.importorskip("django")

from server.site_world import logged_in, site_desk
from voltrail.actions.desk import Desk
from voltrail_server import wiring
from world_fixture import NOW

__all__ = ["site_desk"]


@pytest.mark.parametrize("role", ["quality", "procurement", "auditor"])
def test_the_start_page_says_what_waits_for_a_role(
    site_desk: Desk, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    body = logged_in(role).get("/").content.decode()
    title = "What waits, whoever does it" if role == "auditor" else "What waits for you"
    queue = body.partition(title)[2].partition("</section>")[0]
    rows = queue.split("<li")[1:]
    assert rows
    for row in rows:
        assert len(re.findall(r'class="button( plain)?"', row)) == 1
        assert re.search(r"due <time>\d{4}-\d\d-\d\d \d\d:\d\dZ</time>", row)
        assert role == "auditor" or f"For {role}" in row


def test_nothing_waits_for_a_role_without_duties(site_desk: Desk) -> None:
    assert "Nothing waits for you." in logged_in("it").get("/").content.decode()
