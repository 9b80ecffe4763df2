"""May this unit be installed: API, page and search box give the one answer."""

import pytest

pytest.importorskip("django")

from collections.abc import Callable
from urllib.parse import quote

from django.test import Client

from server.site_world import logged_in, site_desk, world_client
from voltrail.actions import show
from voltrail.actions.desk import Desk
from voltrail.ids.subject import PartyId, UnitId
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.panels import words
from world_fixture import NOW

__all__ = ["site_desk", "world_client"]

STRANGER = UnitId.of("kestrel", "NEVER-SEEN")


def ask(client: Client, unit: str, **headers: str) -> dict[str, object]:
    found = client.get(f"/api/v1/units/{quote(unit)}/may-install", headers=headers)
    return {"status": found.status_code, **found.json()}


def units_of(desk: Desk) -> list[UnitId]:
    """Every unit that an arrival of the story lists."""
    found = set()
    for row in desk.views.rows():
        story = show.arrival(desk, row.arrival)
        for one in story.facts:
            for serial in getattr(one.fact, "serials", ())[:3]:
                found.add(UnitId.of(row.lot.split(":")[3], serial))
    return sorted(found)


def some(desk: Desk, wanted: Callable[[show.InstallAnswer], bool]) -> UnitId:
    return next(u for u in units_of(desk) if wanted(show.may_install(desk, u, NOW)))


def test_the_api_says_what_the_kernel_says(world_client: Client, site_desk: Desk) -> None:
    for unit in (
        some(site_desk, lambda a: a.allowed),
        some(site_desk, lambda a: not a.allowed and bool(a.entries)),
        STRANGER,
    ):
        said, told = ask(world_client, unit), show.may_install(site_desk, unit, NOW)
        assert said["status"] == 200
        assert said["unit"] == unit
        assert (said["allowed"], said["entries"]) == (told.allowed, list(told.entries))
        assert ask(world_client, unit.key)["sentence"] == said["sentence"]


def test_a_unit_seen_twice_is_refused(world_client: Client, site_desk: Desk) -> None:
    twice = some(site_desk, lambda a: "clone" in a.sentence)
    assert ask(world_client, twice)["allowed"] is False
    assert b"one is a clone" in world_client.get(f"/units/{twice.key}/").content


def test_the_page_says_word_sentence_arrivals_and_entries(
    world_client: Client, site_desk: Desk
) -> None:
    unit = some(site_desk, lambda a: a.allowed)
    answer = show.may_install(site_desk, unit, NOW)
    body = world_client.get(f"/units/{unit.key}/").content.decode()
    (arrival,) = site_desk.views.sightings([unit])[unit]
    assert words.install(True).text in body  # noqa: FBT003
    assert "#sign-release" in body
    assert f"/register/{answer.entries[0]}/" in body
    assert f"/arrivals/{arrival.split(':', 3)[3]}/" in body


def test_a_unit_nobody_saw_has_a_page_that_refuses(world_client: Client) -> None:
    found = world_client.get(f"/units/{STRANGER.key}/")
    assert found.status_code == 200
    assert words.install(False).text in found.content.decode()  # noqa: FBT003
    assert "No arrival lists this unit." in found.content.decode()


def test_the_search_box_leads_to_the_unit(world_client: Client) -> None:
    found = world_client.get("/find/", {"q": STRANGER})
    assert found["Location"] == f"/units/{STRANGER.key}/"


def test_a_lot_is_no_unit(world_client: Client) -> None:
    assert ask(world_client, "urn:voltrail:lot:kestrel:L1")["status"] == 400


def test_an_outside_firm_learns_nothing_about_foreign_units(site_desk: Desk) -> None:
    unit = some(site_desk, lambda a: a.allowed)
    assert ask(Client(), unit)["status"] == 401
    token = tokens.issue(PartyId.of("hafen"), "test")
    bearer = {"Authorization": f"Bearer {token}"}
    assert ask(Client(), unit, **bearer)["status"] == 403
    assert ask(Client(), STRANGER, **bearer)["status"] == 403
    maker = {"Authorization": f"Bearer {tokens.issue(PartyId.of('kestrel'), 'test')}"}
    assert ask(Client(), STRANGER, **maker)["allowed"] is False
    ApiToken.objects.all().delete()


def test_a_supplier_does_not_open_the_page(site_desk: Desk) -> None:
    assert logged_in("supplier").get(f"/units/{STRANGER.key}/").status_code == 403
