"""The playbook on the arrival's page and by API: the same for everybody, and one line is yours."""

import pytest

pytest.importorskip("django")

from server.signing_site import text
from server.site_world import logged_in, site_desk
from voltrail.actions.desk import Desk
from voltrail_world.story import stories

__all__ = ["site_desk"]

KEY = {one.tells: one.shipment.arrival.key for one in stories()}
HALF = KEY["missing hand-over half"]
FAILED = KEY["failed sample, tried again"]


@pytest.mark.parametrize("role", ["procurement", "quality", "facilities", "ot", "it", "security"])
def test_all_six_functions_see_the_same_playbook(site_desk: Desk, role: str) -> None:
    page = text(logged_in(role).get(f"/arrivals/{HALF}/"))
    assert "Who does what" in page
    assert "Hand the goods over in two signed halves" in page
    assert "procurement decides, both hands signs" in page
    assert "waits for procurement" in page
    # procurement gets the missing half, quality settles that nobody has it by the rules
    assert ("Yours" in page) == (role in ("procurement", "quality"))


def test_a_rejection_leads_each_of_the_two_to_its_signature(site_desk: Desk) -> None:
    page = logged_in("quality").get(f"/arrivals/{FAILED}/").content.decode()
    assert "sign-off/?verb=sign-rejection" in page
    assert "Do this" in page


def test_the_api_says_what_waits_for_whom(site_desk: Desk) -> None:
    found = logged_in("auditor").get(f"/api/v1/arrivals/{HALF}/playbook").json()
    step = next(one for one in found["steps"] if one["step"] == "custody")
    assert (step["standing"], step["waitsFor"]) == ("open", "procurement")
    assert step["due"].endswith("Z")
    assert found["arrival"].endswith(HALF)


def test_an_arrival_that_nobody_knows_has_none(site_desk: Desk) -> None:
    answer = logged_in("auditor").get("/api/v1/arrivals/none/playbook")
    assert answer.status_code == 404
