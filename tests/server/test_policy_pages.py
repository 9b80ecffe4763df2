"""A policy is written on pages, tried, signed by two persons, and in force from its date."""

import re
from datetime import timedelta

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile

from server.authenticator import Authenticator
from server.signing_site import PEOPLE, Site, again, newest, site, text
from voltrail.actions import policy as rules
from voltrail.catalogue import load
from voltrail.trust import signer
from voltrail_server.panels import policies as panel
from voltrail_server.signing import proposals
from voltrail_server.signing.models import Draft, Proposal
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import ANSEL, RUNA
from voltrail_world.play import play
from world_fixture import clean_shipment

__all__ = ["site"]


def begun(site: Site, name: str = "meret") -> int:
    answer = site.browser(name).post("/policy/proposals/")
    assert answer.status_code == 302
    return int(answer["Location"].split("/")[3])


def form_of(site: Site, number: int, control: str) -> dict[str, str]:
    """What the browser posts when nothing is changed."""
    form = panel.control_form(proposals.record_of(proposals.get(number)), control)
    found = {"rules": str(len(form.rules))}
    for rule in form.rules:
        place = rule.place
        found |= {
            f"keep-{place}": "no" if rule.blank else "yes",
            f"mode-{place}": rule.mode,
            f"violated-{place}": rule.violated,
            f"unproven-{place}": rule.unproven,
            f"tier-{place}": rule.tier,
            f"family-{place}": rule.family,
            f"place-{place}": rule.place_class,
        }
        found |= {f"limit-{place}-{one.name}": one.value for one in rule.limits}
    return found


def changes(site: Site, number: int, control: str, **given: str) -> object:
    form = form_of(site, number, control)
    form |= {name.replace("_", "-", 1): value for name, value in given.items()}
    return site.browser("meret").post(f"/policy/proposals/{number}/rules/{control}/", form)


def frozen(site: Site, number: int) -> Draft:
    given = {"first": str(RUNA), "second": str(ANSEL)}
    answer = site.browser("meret").post(f"/policy/proposals/{number}/freeze/", given)
    assert answer.status_code == 302, text(answer)
    return newest()


def with_passkeys(site: Site) -> tuple[Authenticator, Authenticator]:
    return site.passkey("runa"), site.passkey("ansel")


def test_a_proposal_begins_as_the_policy_in_force(site: Site) -> None:
    number = begun(site)
    page = text(site.browser("meret").get(f"/policy/proposals/{number}/"))
    assert "The two policies have the same rules." in page
    assert "counts for nothing until two persons have signed it" in page
    assert "Being written" in text(site.browser("ansel").get("/policy/"))


@pytest.mark.parametrize("control", [one.id for one in load.entries()])
def test_each_control_has_a_form_that_changes_nothing_by_itself(site: Site, control: str) -> None:
    number = begun(site)
    before = Proposal.objects.get(pk=number).content
    page = site.browser("meret").get(f"/policy/proposals/{number}/rules/{control}/")
    names = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page.content.decode()))
    form = form_of(site, number, control)
    assert set(form) <= names
    assert changes(site, number, control).status_code == 302
    assert Proposal.objects.get(pk=number).content == before


def test_two_persons_sign_a_changed_policy_and_it_counts_from_its_date(site: Site) -> None:
    first, second = with_passkeys(site)
    old = rules.in_force(site.desk, site.at)
    number = begun(site)
    assert changes(site, number, "CUS-01", mode_1="required").status_code == 302
    given = {"title": "Stricter custody", "begins": "2026-12-01T00:00", "zone": "+01:00"}
    assert site.browser("meret").post(f"/policy/proposals/{number}/", given).status_code == 302
    page = text(site.browser("meret").get(f"/policy/proposals/{number}/"))
    assert "advised; violated: quarantine" in page
    assert "2026-11-30 23:00Z" in page
    draft = frozen(site, number)
    assert [str(one.person) for one in draft.signatures.all()] == [str(RUNA), str(ANSEL)]
    read = text(site.browser("runa").get(f"/signing/{draft.pk}/"))
    assert "Stricter custody" in read
    assert "What changes against the policy in force now" in read
    assert site.signs("runa", draft, first).status_code == 302
    assert "1 of 2 signed" in text(site.browser("ansel").get(f"/signing/{draft.pk}/"))
    assert again(draft).state == "open"
    assert site.signs("ansel", draft, second).status_code == 302
    done = again(draft)
    assert done.state == "handed-in", done.refusal
    assert rules.in_force(site.desk, site.at).digest == old.digest
    new = rules.in_force(site.desk, site.at + timedelta(days=10))
    assert new.record.title == "Stricter custody"
    assert new.record.approved_by == (RUNA, ANSEL)
    assert "Stricter custody" in text(site.browser("ines").get("/policy/"))


def test_one_person_who_signs_twice_is_one(site: Site) -> None:
    device, more = site.passkey("runa"), site.passkey("runa")
    number = begun(site)
    draft = frozen(site, number)
    assert site.signs("runa", draft, device).status_code == 302
    for one in (device, more):
        answer = site.signs("runa", draft, one)
        assert answer.status_code == 403
        assert "has signed this draft" in text(answer)
    assert draft.signatures.exclude(key="").count() == 1
    assert "policy" not in site.seen.since(site.desk.policies()[0].entry.index + 1)


def test_the_same_person_cannot_be_asked_twice(site: Site) -> None:
    number = begun(site)
    given = {"first": str(RUNA), "second": str(RUNA)}
    answer = site.browser("meret").post(f"/policy/proposals/{number}/freeze/", given)
    assert answer.status_code == 403
    assert "needs two persons" in text(answer)
    given["second"] = PEOPLE["ines"][1]
    answer = site.browser("meret").post(f"/policy/proposals/{number}/freeze/", given)
    assert "has no key in force for a policy" in text(answer)


def test_a_frozen_text_stands_still_until_it_is_withdrawn(site: Site) -> None:
    number = begun(site)
    draft = frozen(site, number)
    answer = changes(site, number, "CUS-01", mode_1="off")
    assert answer.status_code == 403
    assert "Persons are asked to sign this very text" in text(answer)
    assert site.browser("meret").post(f"/policy/proposals/{number}/drop/").status_code == 403
    site.browser("meret").post(f"/signing/{draft.pk}/withdraw/")
    assert changes(site, number, "CUS-01", mode_1="off").status_code == 302
    assert site.browser("meret").post(f"/policy/proposals/{number}/drop/").status_code == 302


def test_a_rule_is_added_narrowed_and_taken_out(site: Site) -> None:
    number = begun(site)
    new = {"keep_3": "yes", "tier_3": "3", "family_3": "rack", "limit_3-max_difference_h": "6"}
    assert changes(site, number, "CUS-06", **new).status_code == 302
    page = text(site.browser("meret").get(f"/policy/proposals/{number}/"))
    assert "tier 3, rack" in page
    assert "max_difference_h = 6" in page
    assert changes(site, number, "CUS-06", keep_0="no").status_code == 302
    assert "tier 1" in text(site.browser("meret").get(f"/policy/proposals/{number}/"))


@pytest.mark.parametrize(
    ("control", "given", "sentence"),
    [
        ("CUS-01", {"mode_0": "perhaps"}, "mode is"),
        ("CUS-01", {"tier_1": "1"}, "for the same goods"),
        ("CUS-01", {"tier_1": "7"}, "no control CUS-01 for tier 7"),
        ("CUS-06", {"limit_0-max_difference_h": "six"}, "no whole number"),
        ("CUS-06", {"limit_0-nonsense": "6"}, "does not fit"),
        ("CUS-01", {"rules": "9" * 30}, "came in broken"),
    ],
)
def test_a_rule_that_no_control_could_follow_is_refused(
    site: Site, control: str, given: dict[str, str], sentence: str
) -> None:
    number = begun(site)
    before = Proposal.objects.get(pk=number).content
    answer = changes(site, number, control, **given)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert Proposal.objects.get(pk=number).content == before


def test_a_proposal_is_tried_on_past_arrivals(site: Site) -> None:
    shipment = clean_shipment()
    play(site.desk, sorted(acts_of(site.seen.world, shipment), key=lambda act: act.at))
    number = begun(site)
    page = site.browser("meret").get(f"/policy/proposals/{number}/simulate/")
    assert "would be judged otherwise" in text(page)
    assert "were judged again" in text(page)


def test_a_policy_does_not_begin_in_the_past(site: Site) -> None:
    number = begun(site)
    given = {"title": "Too late", "begins": "2026-01-01T00:00", "zone": "+00:00"}
    site.browser("meret").post(f"/policy/proposals/{number}/", given)
    given = {"first": str(RUNA), "second": str(ANSEL)}
    answer = site.browser("meret").post(f"/policy/proposals/{number}/freeze/", given)
    assert "which is past" in text(answer)


@pytest.mark.parametrize("name", ["ansel", "ines"])
def test_other_roles_propose_nothing(site: Site, name: str) -> None:
    assert site.browser(name).post("/policy/proposals/").status_code == 403
    number = begun(site)
    for address in ("", "freeze/", "drop/", "rules/CUS-01/"):
        answer = site.browser(name).post(f"/policy/proposals/{number}/{address}")
        assert answer.status_code == 403


def test_one_file_with_two_signatures_puts_a_policy_in_force(site: Site) -> None:
    draft = frozen(site, begun(site))
    payload = bytes(draft.payload)
    raw = signer.sealed(payload, *(site.seen.world.keys[one] for one in (RUNA, ANSEL))).raw
    file = SimpleUploadedFile("signed.json", raw)
    answer = site.browser("otto").post(f"/signing/{draft.pk}/upload/", {"file": file})
    assert answer.status_code == 302, text(answer)
    assert again(draft).state == "handed-in"
    assert "by upload" in text(site.browser("ines").get(f"/signing/{draft.pk}/"))
    missing = site.browser("otto").post(f"/signing/{draft.pk}/upload/")
    assert missing.status_code == 400
    assert site.browser("ines").get("/signing/999999/").status_code == 404
    assert site.browser("ines").get("/policy/proposals/999999/").status_code == 404
    assert site.browser("meret").get("/policy/proposals/1/rules/XXX-01/").status_code == 404
