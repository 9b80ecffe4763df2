"""Who is not trained for what they sign is no signatory: refused, with a way out."""

import pytest

pytest.importorskip("django")

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from server.access_site import access, account, number, posts, site
from server.signing_site import Site, again, text
from voltrail.actions import show, signing
from voltrail.actions.courses import courses, trainings
from voltrail.statements import kinds
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.people import origin
from voltrail_server.signing.models import Draft
from voltrail_world.cast import MERET

__all__ = ["access", "site"]

COURSE = "release-approval"


def draft_of(site: Site, name: str, verb: str = "approve-release") -> Draft:
    answer = posts(site, name, "/register/3/sign-off/", verb=verb)
    assert answer.status_code == 302
    return Draft.objects.latest("pk")


def trains(site: Site, by: str, who: str, **more: str) -> object:
    site.browser(who)
    given = {"person": number(who), "course": COURSE, **more}
    return posts(site, by, "/people/training/new/", **given)


def test_without_the_course_the_signature_is_refused_and_the_page_says_who_records_it(
    access: Site,
) -> None:
    device = access.passkey("meret")
    draft = draft_of(access, "meret")
    answer = access.signs("meret", draft, device)
    assert answer.status_code == 403
    assert f"not trained for this: {COURSE}" in text(answer)
    assert "/people/training/" in text(answer)
    assert again(draft).state == "open"


def test_with_the_course_it_is_taken(access: Site) -> None:
    device = access.passkey("meret")
    assert trains(access, "vera", "meret").status_code == 302
    draft = draft_of(access, "meret")
    assert access.signs("meret", draft, device).status_code == 302
    assert again(draft).state == "handed-in"
    page = text(access.browser("meret").get("/me/"))
    assert COURSE in page
    assert "Valid" in page


def test_a_course_that_ran_out_counts_no_more_and_shows(access: Site) -> None:
    device = access.passkey("meret")
    ends = (access.now() + timedelta(days=2)).date().isoformat()
    assert trains(access, "vera", "meret", until=ends).status_code == 302
    access.later(days=3)
    answer = access.signs("meret", draft_of(access, "meret"), device)
    assert answer.status_code == 403
    assert "Out of date" in text(access.browser("vera").get("/people/training/"))


def test_another_sign_off_needs_no_course(access: Site) -> None:
    device = access.passkey("meret")
    draft = draft_of(access, "meret", "accept")
    assert access.signs("meret", draft, device).status_code == 302


def test_nobody_records_their_own_training(access: Site) -> None:
    answer = trains(access, "vera", "vera")
    assert (answer.status_code, "their own training" in text(answer)) == (403, True)


def test_who_may_record_is_in_the_table(access: Site) -> None:
    assert trains(access, "ines", "meret").status_code == 403
    access.browser("meret"), access.browser("ansel")
    assert trains(access, "meret", "ansel").status_code == 302


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"course": "juggling"}, "There is no course"),
        ({"person": "meret"}, "Nobody here has that number"),
        ({"passed": "2031-01-01"}, "lies ahead"),
        ({"passed": "2026-01-01", "until": "2025-01-01"}, "end before it begins"),
        ({"passed": "yesterday"}, "is no day"),
    ],
)
def test_a_training_without_sense_leaves_nothing(
    access: Site, given: dict[str, str], sentence: str
) -> None:
    access.browser("meret"), access.browser("vera")
    size = access.desk.entries.size()
    told = {"person": number("meret"), "course": COURSE, **given}
    answer = posts(access, "vera", "/people/training/new/", **told)
    assert answer.status_code in {400, 404}
    assert sentence in text(answer)
    assert access.desk.entries.size() == size


def test_the_statement_names_who_assessed(access: Site) -> None:
    trains(access, "vera", "meret", note="Seen at work.")
    (said,) = trainings(access.desk)
    assert str(said.fact.assessed_by) == account("vera").person
    assert said.fact.note == "Seen at work."
    page = text(access.browser("otto").get(f"/people/{number('meret')}/"))
    assert "assessed by vera" in page
    assert show.entry(access.desk, said.entry.index)


def test_every_row_of_the_table_names_a_kind_there_is() -> None:
    for row in courses():
        assert row.kind in kinds.KINDS
        assert row.valid_days > 0
        assert row.why.endswith("our choice.")


def test_a_signature_from_outside_needs_the_course_as_well(access: Site) -> None:
    device = access.passkey("meret")
    draft = draft_of(access, "meret")
    challenge = bytes.fromhex(signing.fingerprint(bytes(draft.payload)))
    answer = device.answer(challenge)
    envelope = signing.envelope(
        bytes(draft.payload), {device.key: origin.assertion(answer["assertion"])}
    )
    file = SimpleUploadedFile("signed.json", envelope)
    refused = posts(access, "meret", f"/signing/{draft.pk}/upload/", file=file)
    assert (refused.status_code, "not trained" in text(refused)) == (403, True)


def sealed(site: Site) -> bytes:
    """An approval of a release that Meret signed with her passkey, outside of any draft."""
    device = site.passkey("meret")
    payload = signing.draft_sign_off(site.desk, 3, MERET, ("approve-release", ""), site.now())
    answer = device.answer(bytes.fromhex(signing.fingerprint(payload)))
    return signing.envelope(payload, {device.key: origin.assertion(answer["assertion"])})


def by_page(site: Site, raw: bytes) -> HttpResponse:
    return posts(site, "meret", "/register/hand-in/", file=SimpleUploadedFile("signed.json", raw))


def by_program(site: Site, raw: bytes) -> HttpResponse:
    head = {"Authorization": f"Bearer {tokens.issue(site.desk.operator, 'test')}"}
    kind = "application/vnd.dsse.envelope+json"
    return Client().post("/api/v1/statements", raw, content_type=kind, headers=head)


@pytest.mark.parametrize(("way", "taken"), [(by_page, 302), (by_program, 201)])
def test_an_envelope_that_is_handed_in_already_signed_needs_the_course_as_well(
    access: Site, way: Callable[[Site, bytes], HttpResponse], taken: int
) -> None:
    raw = sealed(access)
    refused = way(access, raw)
    assert (refused.status_code, f"not trained for this: {COURSE}" in text(refused)) == (403, True)
    assert trains(access, "vera", "meret").status_code == 302
    access.later(minutes=1)
    assert way(access, raw).status_code == taken
    ApiToken.objects.all().delete()
