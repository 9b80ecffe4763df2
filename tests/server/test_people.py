"""Passkeys on their way: added, looked at, confirmed, refused, removed, ended."""

import pytest

pytest.importorskip("django")

from django.http import HttpResponse

from server.authenticator import Authenticator, url64
from server.signing_site import PEOPLE, Site, site, text
from voltrail.actions import keys, signing
from voltrail.actions.keys import Material
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account, Passkey
from voltrail_world.cast import MERET, RUNA

__all__ = ["site"]


def adds(site: Site, name: str = "ines", **changed: str) -> HttpResponse:
    given = {**Authenticator().made(site.challenge(name)), **changed}
    return site.browser(name).post("/me/passkeys/", given)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"algorithm": "-257"}, "no key of a kind used here"),
        ({"spki": ""}, "no key of a kind used here"),
        ({"spki": "A" * 5_000}, "no key of a kind used here"),
        ({"spki": "§"}, "The key came in broken"),
        ({"spki": url64(b"no key")}, "The bytes are no public key"),
        ({"algorithm": "-8"}, "The key is not webauthn-ed25519"),
        ({"credential": ""}, "no name of its own"),
        ({"credential": "A" * 2_000}, "no name of its own"),
        ({"assertion": ""}, "came in broken"),
    ],
)
def test_a_key_that_is_none_is_not_kept(site: Site, changed: dict[str, str], sentence: str) -> None:
    answer = adds(site, **changed)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not Passkey.objects.exists()


def test_an_owner_removes_a_passkey_that_waits(site: Site) -> None:
    assert adds(site).status_code == 302
    row = Passkey.objects.get()
    assert site.browser("ansel").post(f"/me/passkeys/{row.pk}/remove/").status_code == 403
    assert site.browser("ines").post(f"/me/passkeys/{row.pk}/remove/").status_code == 302
    assert site.browser("ines").post(f"/me/passkeys/{row.pk}/remove/").status_code == 404


def test_a_confirmer_says_no(site: Site) -> None:
    assert adds(site).status_code == 302
    row = Passkey.objects.get()
    assert site.browser("meret").post(f"/people/keys/{row.pk}/refuse/").status_code == 403
    assert site.browser("vera").post(f"/people/keys/{row.pk}/refuse/").status_code == 302
    assert not Passkey.objects.exists()


def test_the_list_of_keys_is_for_those_who_confirm_and_for_auditors(site: Site) -> None:
    assert adds(site).status_code == 302
    seen = text(site.browser("otto").get("/people/keys/"))
    assert "Confirm that it is theirs" in seen
    assert "Key held outside this site" in seen
    own = text(site.browser("ines").get("/people/keys/"))
    assert "It is yours. Somebody else confirms it." in own
    assert site.browser("meret").get("/people/keys/").status_code == 403


def test_a_passkey_is_confirmed_once(site: Site) -> None:
    site.passkey("ines")
    row = Passkey.objects.get()
    given = {"may": "policy"}
    assert site.browser("otto").post(f"/people/keys/{row.pk}/confirm/", given).status_code == 404
    assert site.browser("ines").post(f"/me/passkeys/{row.pk}/remove/").status_code == 404


def test_a_table_that_was_not_told_does_not_enrol_twice(site: Site) -> None:
    device = site.passkey("meret")
    Passkey.objects.update(entry=None)
    row, size = Passkey.objects.get(), site.desk.entries.size()
    given = {"may": "policy"}
    assert site.browser("otto").post(f"/people/keys/{row.pk}/confirm/", given).status_code == 404
    assert site.desk.entries.size() == size
    assert "No passkey waits." in text(site.browser("otto").get("/people/keys/"))
    assert site.signs("meret", site.sign_off("meret"), device).status_code == 302


def test_a_key_that_may_sign_nothing_is_not_enrolled(site: Site) -> None:
    device = Authenticator()
    site.adds("ines", device)
    assert "for a person's acts" in text(site.confirms("otto", device, []))
    assert "for a person's acts" in text(site.confirms("otto", device, ["decision"]))


def test_one_passkey_is_added_once(site: Site) -> None:
    device = Authenticator()
    assert site.adds("ines", device).status_code == 302
    assert "added this passkey already" in text(site.adds("ines", device))


def test_an_account_has_few_passkeys(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    assert adds(site).status_code == 302
    assert "at most 1 passkeys" in text(adds(site))


def test_security_ends_the_key_of_somebody_who_lost_it(site: Site) -> None:
    device = site.passkey("meret")
    later = {"key": device.key, "since": "2031-01-01T00:00"}
    assert "has not come" in text(site.browser("vera").post("/me/keys/end/", later))
    answer = site.browser("vera").post("/me/keys/end/", {"key": device.key})
    assert answer.status_code == 302
    entry = text(site.browser("ines").get(answer["Location"]))
    assert "Asked for by urn:voltrail:person:p-vera." in entry
    site.later(minutes=1)
    assert "Ended" in text(site.browser("meret").get("/me/"))
    broken = {"key": device.key, "since": "yesterday"}
    assert "is no time" in text(site.browser("vera").post("/me/keys/end/", broken))
    unknown = site.browser("vera").post("/me/keys/end/", {"key": "0" * 64})
    assert unknown.status_code == 404


def test_an_account_that_changes_hands_signs_with_no_old_key(site: Site) -> None:
    device = site.passkey("ines")
    Account.objects.filter(username="ines").update(person=PEOPLE["vera"][1])
    site.browsers.clear()
    account = Account.objects.get(username="ines")
    assert passkeys.usable(account, "sign-off") == {}
    assert Passkey.objects.get().key == device.key


def test_the_kernel_refuses_an_own_confirmation_by_itself(site: Site) -> None:
    material = Material("ed25519", Authenticator().own.public.spki)
    with pytest.raises(NotPermittedError, match="cannot confirm an own key"):
        keys.enrol_person_key(site.desk, material, (RUNA, RUNA), ("policy",), site.at)
    with pytest.raises(UnknownSubjectError):
        keys.end_person_key(site.desk, "0" * 64, RUNA, None, site.at)


def test_keys_in_force_are_told_by_kind(site: Site) -> None:
    assert {RUNA, MERET} <= signing.signers(site.desk, "policy", site.at)
    site.passkey("ines")
    assert PersonId.read(PEOPLE["ines"][1]) in signing.signers(site.desk, "policy", site.at)
    found = keys.held_keys(site.desk, PersonId.read(PEOPLE["ines"][1]), site.at)
    assert [one.state for one in found] == ["active"]


def test_a_sign_off_says_what_is_agreed_to(site: Site) -> None:
    with pytest.raises(UnknownSubjectError):
        signing.draft_sign_off(site.desk, 10_000, RUNA, ("accept", ""), site.at)
    with pytest.raises(MalformedError):
        signing.draft_sign_off(site.desk, 3, RUNA, (" ", ""), site.at)
