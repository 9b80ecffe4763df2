"""Nobody sees a page without logging in, and no outside firm sees the operator's pages."""

import pytest

pytest.importorskip("django")

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from server.site_world import logged_in, site_desk, world_client
from voltrail.actions.desk import Desk

__all__ = ["site_desk", "world_client"]

OPEN = {
    "log-in/",
    "log-in/code/",
    "log-in/passkey/",
    "log-in/provider/",
    "log-in/provider/back/",
    "language/",
    "join/<str:link>/",
    "join/<str:link>/passkey/",
    "join/<str:link>/provider/",
    "docs/errors",
    "healthz",
    "metrics",
    "in/<str:link>",
}
SAMPLES = {"by": "1", "key": "kestrel:L26-101", "urn": "urn:voltrail:unit:kestrel:1", "index": "1"}
SAMPLES["link"] = "x"
SAMPLES["number"] = "00000000-0000-4000-8000-000000000000"  # of work and imports


def addresses() -> list[str]:
    found = []
    for one in get_resolver().url_patterns:
        assert isinstance(one, URLPattern | URLResolver)
        route = str(one.pattern)
        if isinstance(one, URLPattern) and route not in OPEN | {"log-out/"}:
            for converter, name in (
                ("key", "key"),
                ("key", "urn"),
                ("int", "index"),
                ("int", "number"),
                ("int", "by"),
                ("uuid", "number"),
                ("str", "link"),
            ):
                sample = "1" if (converter, name) == ("int", "number") else SAMPLES[name]
                route = route.replace(f"<{converter}:{name}>", sample)
            found.append(f"/{route}")
    return found


def test_the_walk_covers_the_whole_site() -> None:
    assert len(addresses()) > 20
    assert not [address for address in addresses() if "<" in address]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_nobody_is_sent_to_the_log_in(site_desk: Desk, method: str) -> None:
    for address in addresses():
        found = getattr(Client(), method)(address)
        assert found.status_code in {302, 401, 403}, address
        assert "/log-in/" in found.headers.get("Location", "/log-in/"), address


def test_a_supplier_sees_no_page_of_the_operator_but_one_of_its_own(site_desk: Desk) -> None:
    client = logged_in("supplier")
    assert client.get("/").status_code == 200
    for address in addresses():
        assert address == "/" or client.get(address).status_code == 403, address


def test_log_in_and_health_are_open(site_desk: Desk) -> None:
    health = Client().get("/healthz").json()
    assert health["parts"]["register"]["word"] == "readable"
    assert health["register"] == site_desk.entries.size()
    assert health["lag"] == health["register"] - health["checkpoint"] >= 0
    assert b"Log in" in Client().get("/log-in/").content


def test_logging_out_needs_a_post(world_client: Client) -> None:
    assert world_client.get("/log-out/").status_code == 405
    assert world_client.post("/log-out/")["Location"] == "/log-in/"
    assert world_client.get("/").status_code == 302


def test_a_wrong_password_is_told_plainly(site_desk: Desk) -> None:
    found = Client().post("/log-in/", {"username": "nobody", "password": "wrong"})
    assert b"Name and password do not match." in found.content


def test_forms_without_their_secret_are_refused(site_desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/log-in/", {"username": "a", "password": "b"}).status_code == 403


def test_an_intake_link_nobody_issued_leads_nowhere(site_desk: Desk) -> None:
    assert Client().get("/in/not-a-link").status_code == 404
    assert Client().post("/in/not-a-link", {}).status_code in {403, 404}
