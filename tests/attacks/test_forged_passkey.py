"""Whoever would sign for another on the page: each answer that is not theirs is refused."""

from dataclasses import replace

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from server.authenticator import PRESENT, VERIFIED, Authenticator
from server.signing_site import PEOPLE, Site, again, newest, site, text
from voltrail.actions import signing
from voltrail.trust import signer
from voltrail_server.people.models import Account, Passkey
from voltrail_server.signing.models import Draft, Signature

__all__ = ["site"]


def refused(site: Site, answer: HttpResponse, sentence: str) -> None:
    """Nothing was signed, nothing entered the register, and the page says why."""
    assert answer.status_code in {400, 403, 409, 424}
    assert sentence in text(answer)
    assert not Signature.objects.exclude(key="").exists()
    assert "sign-off" not in site.seen.since(0)


def ready(site: Site) -> tuple[Authenticator, Draft]:
    return site.passkey("meret"), site.sign_off("meret")


def test_an_answer_for_other_bytes_is_refused(site: Site) -> None:
    device, draft = ready(site)
    given = device.answer(bytes(32))
    answer = site.browser("meret").post(f"/signing/{draft.pk}/sign/", given)
    refused(site, answer, "not for these bytes")


def test_an_answer_for_one_draft_is_refused_on_another(site: Site) -> None:
    device, first = ready(site)
    second = site.sign_off("meret", index=4)
    from_first = device.answer(challenge_of(first))
    answer = site.browser("meret").post(f"/signing/{second.pk}/sign/", from_first)
    refused(site, answer, "not for these bytes")


def test_an_answer_sent_twice_signs_once(site: Site) -> None:
    device, draft = ready(site)
    given = device.answer(challenge_of(draft))
    assert site.browser("meret").post(f"/signing/{draft.pk}/sign/", given).status_code == 302
    size = site.desk.entries.size()
    answer = site.browser("meret").post(f"/signing/{draft.pk}/sign/", given)
    assert answer.status_code == 409
    assert site.desk.entries.size() == size


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"origin": "https://evil.example"}, "answered on https://evil.example"),
        ({"origin": "http://localhost:9999"}, "answered on http://localhost:9999"),
        ({"origin": "https://localhost:8000"}, "answered on https://localhost:8000"),
        ({"more": (("crossOrigin", True),)}, "The passkey answered on"),
        ({"more": (("topOrigin", "https://evil.example"),)}, "The passkey answered on"),
        ({"host": "evil.example"}, "not for these bytes"),
        ({"flags": PRESENT}, "not for these bytes"),
        ({"flags": VERIFIED}, "not for these bytes"),
        ({"more": (("type", "webauthn.create"),)}, "not for these bytes"),
    ],
)
def test_an_answer_of_another_page_or_without_the_person_is_refused(
    site: Site, wrong: dict[str, object], sentence: str
) -> None:
    device, draft = ready(site)
    refused(site, site.signs("meret", draft, replace(device, **wrong)), sentence)


def test_another_key_under_the_same_credential_is_refused(site: Site) -> None:
    device, draft = ready(site)
    thief = replace(device, own=signer.generate(device.own.public.algorithm))
    refused(site, site.signs("meret", draft, thief), "not match the bytes")


def test_another_persons_passkey_is_refused(site: Site) -> None:
    _, draft = ready(site)
    other = site.passkey("ines")
    refused(site, site.signs("ines", draft, other), "not asked to sign this draft")
    refused(site, site.signs("meret", draft, other), "not one of yours")


def test_a_passkey_that_nobody_confirmed_signs_nothing(site: Site) -> None:
    device = Authenticator()
    site.adds("meret", device)
    draft = site.sign_off("meret")
    refused(site, site.signs("meret", draft, device), "not one of yours")


def test_a_passkey_signs_only_the_kinds_it_was_confirmed_for(site: Site) -> None:
    device = Authenticator()
    site.adds("meret", device)
    site.confirms("otto", device, ["policy"])
    site.later(minutes=1)
    draft = site.sign_off("meret")
    refused(site, site.signs("meret", draft, device), "not one of yours")


@pytest.mark.parametrize("broken", ["", "{}", "null", "[]", "x" * 100_000, '{"signature": 7}'])
def test_a_broken_answer_is_refused(site: Site, broken: str) -> None:
    device, draft = ready(site)
    given = {"credential": device.credential, "assertion": broken}
    answer = site.browser("meret").post(f"/signing/{draft.pk}/sign/", given)
    refused(site, answer, "came in broken")


def test_nobody_confirms_an_own_key(site: Site) -> None:
    site.browser("otto")
    device, size = Authenticator(), site.desk.entries.size()
    site.adds("otto", device)
    answer = site.confirms("otto", device)
    assert answer.status_code == 403
    assert "Nobody confirms an own key." in text(answer)
    assert site.desk.entries.size() == size


def test_a_second_account_of_the_same_person_confirms_nothing(site: Site) -> None:
    site.browser("vera"), site.browser("otto")
    device, size = Authenticator(), site.desk.entries.size()
    site.adds("vera", device)
    Account.objects.filter(username="otto").update(person=PEOPLE["vera"][1])
    assert "Nobody confirms an own key." in text(site.confirms("otto", device))
    assert site.desk.entries.size() == size


@pytest.mark.parametrize("name", ["meret", "ansel", "ines"])
def test_other_roles_confirm_nothing(site: Site, name: str) -> None:
    site.browser("vera"), site.browser(name)
    device, size = Authenticator(), site.desk.entries.size()
    site.adds("vera", device)
    assert site.confirms(name, device).status_code == 403
    assert site.desk.entries.size() == size


def test_one_authenticator_is_not_two_persons(site: Site) -> None:
    device = site.passkey("meret")
    answer = site.adds("ines", device)
    assert answer.status_code == 403
    assert "belongs to another person" in text(answer)
    assert not Passkey.objects.filter(account__username="ines").exists()


def test_one_authenticator_that_waits_twice_is_confirmed_once(site: Site) -> None:
    device = Authenticator()
    assert site.adds("meret", device).status_code == 302
    assert site.adds("ines", device).status_code == 302
    first, second = Passkey.objects.order_by("pk")
    confirm = "/people/keys/{}/confirm/".format
    assert site.browser("otto").post(confirm(first.pk), {"may": "policy"}).status_code == 302
    answer = site.browser("otto").post(confirm(second.pk), {"may": "policy"})
    assert answer.status_code == 403
    assert "belongs to another person" in text(answer)


def test_a_key_that_its_owner_does_not_hold_is_not_kept(site: Site) -> None:
    mine, theirs = Authenticator(), Authenticator()
    challenge = site.challenge("ines")
    stolen = {**theirs.made(challenge), "assertion": mine.answer(challenge)["assertion"]}
    answer = site.browser("ines").post("/me/passkeys/", stolen)
    assert "did not prove that you hold it" in text(answer)
    assert not Passkey.objects.exists()


def test_a_proof_of_possession_is_used_once_and_by_one_account(site: Site) -> None:
    device = Authenticator()
    given = device.made(site.challenge("ines"))
    assert site.browser("vera").post("/me/passkeys/", given).status_code == 409
    assert site.browser("ines").post("/me/passkeys/", given).status_code == 302
    again_ = site.browser("ines").post("/me/passkeys/", given)
    assert "This page is too old." in text(again_)


def test_a_proof_made_on_another_page_is_refused(site: Site) -> None:
    answer = site.adds("ines", Authenticator(origin="https://evil.example"))
    assert "answered on https://evil.example" in text(answer)
    assert not Passkey.objects.exists()


def test_a_draft_is_no_proof_of_possession(site: Site) -> None:
    device, draft = ready(site)
    site.challenge("meret")
    answer = site.browser("meret").post("/me/passkeys/", device.made(challenge_of(draft)))
    assert answer.status_code in {403, 409}


def test_an_uploaded_envelope_around_other_bytes_is_refused(site: Site) -> None:
    draft = site.sign_off("runa")
    other = site.sign_off("runa", index=4)
    raw = signer.sealed(bytes(other.payload), site.seen.world.keys[PEOPLE["runa"][1]]).raw
    answer = upload(site, "runa", draft, raw)
    refused(site, answer, "around other bytes")


def test_an_uploaded_signature_of_somebody_else_is_refused(site: Site) -> None:
    draft = site.sign_off("runa")
    raw = signer.sealed(bytes(draft.payload), site.seen.world.keys[PEOPLE["ansel"][1]]).raw
    refused(site, upload(site, "runa", draft, raw), "not asked to sign this draft")
    raw = signer.sealed(bytes(draft.payload), signer.generate()).raw
    refused(site, upload(site, "runa", draft, raw), "No key enrolled here")


def test_the_operators_own_key_signs_for_nobody(site: Site) -> None:
    draft = site.sign_off("runa")
    raw = signer.sealed(bytes(draft.payload), site.desk.signer).raw
    refused(site, upload(site, "runa", draft, raw), "no person's key")


def test_a_draft_for_another_person_cannot_be_begun_in_their_name_alone(site: Site) -> None:
    site.sign_off("runa")
    file = SimpleUploadedFile("d.json", bytes(newest().payload))
    given = {"file": file, "persons": PEOPLE["ansel"][1], "purpose": "Anything."}
    answer = site.browser("ansel").post("/signing/new/", given)
    assert answer.status_code == 403
    assert again(newest()).created_by.username == "runa"


def upload(site: Site, name: str, draft: Draft, raw: bytes) -> HttpResponse:
    file = SimpleUploadedFile("signed.json", raw)
    return site.browser(name).post(f"/signing/{draft.pk}/upload/", {"file": file})


def challenge_of(draft: Draft) -> bytes:
    return bytes.fromhex(signing.fingerprint(bytes(draft.payload)))
