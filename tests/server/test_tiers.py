"""Tiers on pages: a place is classified, a lighter one takes two, practices become a proposal."""

import json

import pytest

pytest.importorskip("django")

from django.http import HttpResponse
from django.test import Client

from server.authenticator import Authenticator
from server.signing_site import Site, again, newest, site, text
from voltrail.actions import classify
from voltrail.actions.practices import Level, matrix
from voltrail.ids.subject import PlaceId
from voltrail.projections.tier import tier_of
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.people.models import Account, Binding
from voltrail_server.signing import proposals
from voltrail_server.signing.models import Proposal
from voltrail_world.cast import HALL, MERET, RUNA

__all__ = ["site"]

HALL_FORM = {
    "name": "Data hall 7",
    "place_class": "data-center",
    "impact": "low",
    "lead_time": "low",
    "environment": "controlled",
    "zone": "Europe/Berlin",
    "reason": "The hall is empty now.",
}
ADDRESS = f"/places/{HALL.key}/classify/"


def device(site: Site, name: str) -> Authenticator:
    made = Authenticator()
    assert site.adds(name, made).status_code == 302
    assert site.confirms("otto", made, ["place"]).status_code == 302
    site.later(minutes=1)
    return made


def tier(site: Site, place: PlaceId = HALL) -> int:
    found = classify.standing(site.desk, place)
    assert found is not None
    return tier_of(found.fact)


def test_a_new_place_is_classified_and_the_page_says_how(site: Site) -> None:
    browser = site.browser("vera")
    answer = browser.post("/places/new/", {"key": "hut-3"})
    assert answer["Location"] == "/places/nordlicht:hut-3/classify/"
    form = {**HALL_FORM, "name": "Hut 3", "run_time": "2.5"}
    seen = text(browser.post(answer["Location"], {**form, "look": "1"}))
    assert "Tier 3" in seen
    assert "Impact low, replacement lead time low, controlled environment." in seen
    assert browser.post(answer["Location"], form).status_code == 302
    assert tier(site, PlaceId.of("nordlicht", "hut-3")) == 3


def test_a_lighter_tier_waits_for_two_signatures(site: Site) -> None:
    first, second = device(site, "runa"), device(site, "meret")
    browser = site.browser("runa")
    refused = browser.post(ADDRESS, HALL_FORM)
    assert refused.status_code == 403
    assert "needs a second person" in text(refused)
    assert "The hall is empty now." in text(refused)
    assert browser.post(ADDRESS, {**HALL_FORM, "second": str(MERET)}).status_code == 302
    draft = newest()
    assert site.signs("runa", draft, first).status_code == 302
    assert tier(site) == 1
    assert site.signs("meret", draft, second).status_code == 302
    assert again(draft).state == "handed-in", again(draft).refusal
    assert tier(site) == 3


def test_a_tier_set_by_hand_is_said_to_be(site: Site) -> None:
    first, second = device(site, "runa"), device(site, "meret")
    form = {**HALL_FORM, "impact": "high", "lead_time": "high", "tier": "2", "second": str(MERET)}
    assert site.browser("runa").post(ADDRESS, form).status_code == 302
    draft = newest()
    assert site.signs("runa", draft, first).status_code == 302
    assert site.signs("meret", draft, second).status_code == 302
    assert tier(site) == 2
    page = text(site.browser("ines").get(f"/places/{HALL.key}/"))
    assert "Set by hand to 2" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "name"),
        ({"reason": ""}, "No reason"),
        ({"impact": "huge"}, "huge"),
        ({"run_time": "long"}, "long"),
        ({"tier": "9"}, "set by hand"),
        ({"second": "urn:voltrail:person:p-vera"}, "no key in force"),
        ({"second": "nobody"}, "nobody"),
    ],
)
def test_a_classification_without_sense_is_refused(
    site: Site, changes: dict[str, str], sentence: str
) -> None:
    device(site, "runa")
    answer = site.browser("runa").post(ADDRESS, {**HALL_FORM, **changes})
    assert answer.status_code in (400, 403), answer.content
    assert sentence in text(answer)
    assert tier(site) == 1


def test_procurement_and_auditors_classify_nothing(site: Site) -> None:
    for name in ("ines", "ansel"):
        assert site.browser(name).post(ADDRESS, HALL_FORM).status_code == 403
        assert site.browser(name).get(ADDRESS).status_code == 403


def test_the_matrix_shows_five_areas_by_three_tiers_and_what_each_reduces(site: Site) -> None:
    page = text(site.browser("ines").get("/policy/practices/"))
    for said in (
        "Supplier vetting",
        "Chain of custody",
        "Change management",
        "Counterfeit goods and misrepresented makers.",
        "Silent drift of components.",
        "Recommended",
        "Minimum",
    ):
        assert said in page
    assert "Propose these practices" not in page


def test_another_practice_becomes_a_proposal_that_two_sign(site: Site) -> None:
    answer = site.browser("runa").post("/policy/practices/", {"chain-of-custody-3": "recommended"})
    assert answer.status_code == 302
    found = Proposal.objects.get()
    assert answer["Location"] == f"/policy/proposals/{found.pk}/"
    rows = matrix(proposals.record_of(found))
    levels = {one.area.id: one.level for row in rows for one in row if one.tier == 3}
    assert levels["chain-of-custody"] is Level.RECOMMENDED
    assert levels["firmware"] is Level.MINIMUM
    assert "CUS-01" in text(site.browser("runa").get(answer["Location"]))


def test_a_choice_that_is_none_is_refused_and_keeps_nothing(site: Site) -> None:
    for form in ({}, {"firmware-1": "perfect"}):
        assert site.browser("runa").post("/policy/practices/", form).status_code == 400
    assert not Proposal.objects.exists()


WANTED = {
    "place": str(HALL),
    "name": "Data hall 7",
    "placeClass": "data-center",
    "impact": "low",
    "leadTime": "low",
    "environment": "controlled",
    "reason": "The hall is empty now.",
    "assessedBy": str(RUNA),
}


def calls(site: Site, path: str, party: str = "", **changes: object) -> HttpResponse:
    token = tokens.issue(party or str(site.desk.operator), "test")
    given = {name: one for name, one in {**WANTED, **changes}.items() if one is not None}
    headers = {"Authorization": f"Bearer {token}"}
    answer = Client(headers=headers).post(f"/api/v1{path}", json.dumps(given), "application/json")
    ApiToken.objects.all().delete()
    return answer


def recorded(site: Site) -> int:
    """How many entries there are besides those about tokens."""
    entries = site.desk.entries.entries(0, site.desk.entries.size())
    return sum(":administration:" not in one.parsed.predicate_type for one in entries)


def test_a_program_asks_for_the_tier_and_records_nothing(site: Site) -> None:
    size = recorded(site)
    found = calls(site, "/places/check", assessedBy=None).json()
    assert (found["tier"], found["before"], found["needsSecond"]) == (3, 1, True)
    assert found["sentence"].startswith("Impact low")
    by_hand = {"tier": 2, "reason": "Two halls stand beside it."}
    assert calls(site, "/places/check", overrule=by_hand).json()["tier"] == 2
    assert recorded(site) == size


def test_a_program_states_a_stricter_tier_and_asks_two_for_a_lighter_one(site: Site) -> None:
    first, second = device(site, "runa"), device(site, "meret")
    refused = calls(site, "/places")
    assert (refused.status_code, tier(site)) == (403, 1)
    assert "needs a second person" in refused.json()["detail"]
    made = calls(site, "/places", agreedBy=str(MERET))
    assert made.status_code == 201, made.content
    assert (made.json()["draft"], made.json()["index"]) == (newest().pk, None)
    assert site.signs("runa", newest(), first).status_code == 302
    assert site.signs("meret", newest(), second).status_code == 302
    assert tier(site) == 3
    site.later(minutes=1)
    strict = calls(site, "/places", impact="high", leadTime="high")
    assert (strict.status_code, strict.json()["draft"], tier(site)) == (201, None, 1)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"assessedBy": None}, 400),
        ({"assessedBy": "runa"}, 400),
        ({"assessedBy": "urn:voltrail:person:p-nobody"}, 404),
        ({"assessedBy": "urn:voltrail:person:p-ines"}, 403),  # an auditor classifies nothing
        ({"place": "urn:voltrail:lot:kestrel:L1"}, 400),
        ({"place": None}, 400),
        ({"impact": "huge"}, 400),
        ({"name": " "}, 400),
        ({"reason": None}, 400),
        ({"colour": "red"}, 400),
        ({"overrule": {"tier": 7, "reason": "So."}}, 400),
        ({"overrule": {"tier": 2}}, 400),
        ({"overrule": "2"}, 400),
        ({"agreedBy": str(RUNA)}, 403),
        ({"agreedBy": "urn:voltrail:person:p-nobody"}, 403),
    ],
)
def test_a_program_classifies_nothing_without_sense(
    site: Site, changes: dict[str, object], status: int
) -> None:
    for name in ("runa", "ines"):
        site.browser(name)
    size = recorded(site)
    found = calls(site, "/places", **changes)
    assert found.status_code == status, found.content
    assert found.json()["hint"]
    assert recorded(site) == size


def test_only_the_operators_token_classifies(site: Site) -> None:
    for path in ("/places", "/places/check"):
        assert calls(site, path, "urn:voltrail:party:kestrel").status_code == 403
        answer = site.browser("runa").post(f"/api/v1{path}", WANTED, "application/json")
        assert answer.status_code == 401
    assert tier(site) == 1


def test_somebody_of_another_place_is_not_named_by_a_program(site: Site) -> None:
    site.browser("vera")
    vera = Account.objects.get(username="vera")
    Binding.objects.filter(person=vera.person).delete()  # she holds it everywhere else in the tests
    row = {"function": "security", "valid_from": site.now(), "entry": 0, "number": "A-1"}
    elsewhere = Binding.objects.create(person=vera.person, places=["urn:voltrail:place:x:y"], **row)
    found = calls(site, "/places", assessedBy=vera.person, impact="high", leadTime="high")
    elsewhere.delete()
    assert found.status_code == 403, found.content
    assert "does not reach" in found.json()["detail"]
