"""A person signs on the page or outside, and the last signature brings the statement in."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django")

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from server.authenticator import Authenticator
from server.signing_site import HOST, PEOPLE, Site, again, newest, site, text
from voltrail.cli.main import main
from voltrail.errors import MalformedError, NotAdmittedError
from voltrail.trust import signer
from voltrail.trust.keys import Algorithm
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.people.models import Account, Passkey
from voltrail_server.people.origin import site_of
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted
from voltrail_server.signing.models import Draft, Proposal, Signature
from voltrail_world.cast import NORDLICHT, RUNA

__all__ = ["site"]


def signed_file(site: Site, draft: Draft, tmp_path: Path, *names: str) -> bytes:
    """What `voltrail sign` makes of the downloaded draft, with the persons' own keys."""
    payload = site.browser("runa").get(f"/signing/{draft.pk}/draft.json").content
    given, out = tmp_path / "draft.json", tmp_path / "signed.json"
    given.write_bytes(payload)
    words = ["sign", str(given), "--out", str(out)]
    for name in names:
        key = tmp_path / f"{name}.pem"
        key.write_bytes(site.seen.world.keys[PEOPLE[name][1]].pem())
        words += ["--key", str(key)]
    assert main(words) == 0
    return out.read_bytes()


def test_a_passkey_waits_until_somebody_else_has_confirmed_it(site: Site) -> None:
    site.browser("ines"), site.browser("otto")
    device, size = Authenticator(), site.desk.entries.size()
    assert site.adds("ines", device).status_code == 302
    assert "Waits to be confirmed" in text(site.browser("ines").get("/me/"))
    assert site.desk.entries.size() == size
    answer = site.confirms("otto", device)
    assert answer["Location"] == f"/register/{size}/"
    said = text(site.browser("ines").get("/me/"))
    assert "In force" in said
    assert "hold lift, policy, sign off" in said
    entry = text(site.browser("otto").get(f"/register/{size}/"))
    assert "Confirmed by urn:voltrail:person:p-otto." in entry
    assert "localhost" in entry


def test_an_eddsa_passkey_is_taken_too(site: Site) -> None:
    device = Authenticator(own=signer.generate(Algorithm.ED25519))
    assert site.adds("ines", device).status_code == 302
    assert site.confirms("runa", device).status_code == 302
    assert Passkey.objects.get(key=device.key).algorithm == "webauthn-ed25519"


def test_a_person_signs_off_with_a_passkey_on_the_page(site: Site) -> None:
    device = site.passkey("meret")
    draft = site.sign_off("meret")
    said = text(site.browser("meret").get(f"/signing/{draft.pk}/"))
    assert "Sign with passkey" in said
    assert "Entry #3:" in said
    assert "accept" in said
    size = site.desk.entries.size()
    assert site.signs("meret", draft, device).status_code == 302
    assert again(draft).state == "handed-in"
    assert again(draft).entry == size
    assert site.seen.since(size) == ["sign-off"]
    assert "In the register" in text(site.browser("meret").get(f"/signing/{draft.pk}/"))


def test_a_draft_signed_outside_is_uploaded(site: Site, tmp_path: Path) -> None:
    draft, size = site.sign_off("runa"), site.desk.entries.size()
    raw = signed_file(site, draft, tmp_path, "runa")
    file = SimpleUploadedFile("signed.json", raw)
    answer = site.browser("runa").post(f"/signing/{draft.pk}/upload/", {"file": file})
    assert answer.status_code == 302, text(answer)
    assert site.seen.since(size) == ["sign-off"]


def test_the_command_prints_the_sha256_that_the_page_shows(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = site.sign_off("runa")
    signed_file(site, draft, tmp_path, "runa")
    printed = capsys.readouterr().out
    page = text(site.browser("ansel").get(f"/signing/{draft.pk}/"))
    (digest,) = [line.split()[-1] for line in printed.splitlines() if "SHA-256" in line]
    assert digest in page


def test_what_waits_is_told_on_the_start_page_and_in_the_list(site: Site) -> None:
    assert "Waits for your signature" not in text(site.browser("runa").get("/"))
    draft = site.sign_off("runa")
    assert "Waits for your signature (1)" in text(site.browser("runa").get("/"))
    assert "Waits for your signature" not in text(site.browser("ansel").get("/"))
    assert again(draft).purpose in text(site.browser("runa").get("/signing/"))


def test_a_withdrawn_draft_takes_no_signature(site: Site) -> None:
    device = site.passkey("meret")
    draft = site.sign_off("meret")
    assert site.browser("ansel").post(f"/signing/{draft.pk}/withdraw/").status_code == 403
    assert site.browser("meret").post(f"/signing/{draft.pk}/withdraw/").status_code == 302
    answer = site.signs("meret", draft, device)
    assert answer.status_code in {403, 409}
    assert not Signature.objects.exclude(key="").exists()


def test_a_draft_expires_after_two_weeks(site: Site) -> None:
    device = site.passkey("meret")
    draft = site.sign_off("meret")
    page = site.browser("meret").get(f"/signing/{draft.pk}/").content.decode()
    assert "Sign with passkey" in page
    site.later(days=15)
    assert "Expired" in text(site.browser("meret").get(f"/signing/{draft.pk}/"))
    assert site.signs("meret", draft, device).status_code in {403, 409}


def test_what_the_register_refuses_keeps_its_signatures(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = site.passkey("meret")
    draft = site.sign_off("meret")

    def refuse(*_: object) -> None:
        raise NotAdmittedError("The clock shows yesterday.", hint="Set the clock.")

    with monkeypatch.context() as patch:
        patch.setattr(drafts.record, "hand_in", refuse)
        assert site.signs("meret", draft, device).status_code == 302
    assert again(draft).state == "open"
    page = text(site.browser("meret").get(f"/signing/{draft.pk}/"))
    assert "The clock shows yesterday. Set the clock." in page
    assert "1 of 1 signed" in page
    assert site.browser("meret").post(f"/signing/{draft.pk}/hand-in/").status_code == 302
    assert again(draft).state == "handed-in"


def test_any_person_act_can_begin_from_a_file(site: Site, tmp_path: Path) -> None:
    draft = site.sign_off("runa")
    payload = bytes(draft.payload)
    spaced = json.dumps(json.loads(payload), indent=2).encode()
    given = {
        "file": SimpleUploadedFile("d.json", spaced),
        "persons": str(RUNA),
        "purpose": "The same again.",
    }
    assert site.browser("ansel").post("/signing/new/", given).status_code == 302
    assert bytes(newest().payload) == payload
    given["file"] = SimpleUploadedFile("d.json", spaced)
    given["persons"] = PEOPLE["ansel"][1]
    answer = site.browser("ansel").post("/signing/new/", given)
    assert "who is not asked to sign it" in text(answer)


def test_drafts_are_read_and_signed_through_the_api(site: Site, tmp_path: Path) -> None:
    draft = site.sign_off("runa")
    mine = site.browser("runa").get("/api/v1/drafts").json()
    assert [one["number"] for one in mine] == [draft.pk]
    assert site.browser("ansel").get("/api/v1/drafts").json() == []
    one = site.browser("ansel").get(f"/api/v1/drafts/{draft.pk}").json()
    assert (one["state"], one["kind"], one["signatures"][0]["key"]) == ("open", "sign-off", None)
    raw = signed_file(site, draft, tmp_path, "runa")
    address = f"/api/v1/drafts/{draft.pk}/signatures"
    kind = "application/vnd.dsse.envelope+json"
    assert Client().post(address, raw, content_type=kind).status_code == 401
    token, size = tokens.issue(NORDLICHT, "test"), site.desk.entries.size()
    head = {"Authorization": f"Bearer {token}"}
    done = Client().post(address, raw, content_type=kind, headers=head).json()
    assert (done["state"], done["index"]) == ("handed-in", size)
    firm = tokens.issue("urn:voltrail:party:kestrel", "test")
    head = {"Authorization": f"Bearer {firm}"}
    assert Client().get("/api/v1/drafts", headers=head).status_code == 403
    ApiToken.objects.all().delete()


def test_the_page_says_where_passkeys_work(site: Site) -> None:
    page = text(site.browser("ines", "127.0.0.1:8000").get("/me/"))
    assert "Open this page at http://localhost:8000" in page
    assert "Add a passkey</button>" not in page


def test_an_account_without_a_person_signs_nothing(site: Site) -> None:
    client = Client(headers={"host": HOST})
    client.force_login(Account.objects.create(username="vera"))
    assert "speaks for no person" in text(client.get("/me/"))
    assert client.get("/signing/").status_code == 403  # nobody can be appointed who is no person
    assert client.get("/register/3/sign-off/").status_code == 403


def test_a_key_is_ended_and_then_signs_nothing(site: Site) -> None:
    device = site.passkey("meret")
    draft = site.sign_off("meret")
    assert site.browser("ansel").post("/me/keys/end/", {"key": device.key}).status_code == 403
    given = {"key": device.key, "since": "2026-11-01T08:00"}
    assert site.browser("meret").post("/me/keys/end/", given).status_code == 302
    site.later(minutes=1)
    assert "Stolen" in text(site.browser("meret").get("/me/"))
    assert site.signs("meret", draft, device).status_code == 403
    assert again(draft).state == "open"
    assert site.adds("meret", device).status_code == 403


INLINE = re.compile(r"<[^>]*\sstyle=|<style|<script(?![^>]*\ssrc=)|<[^>]*\son[a-z]+=")


def test_no_page_has_inline_code(site: Site) -> None:
    site.passkey("meret")
    site.adds("ines", Authenticator())
    draft = site.sign_off("meret")
    site.browser("meret").post("/policy/proposals/")
    for name, address in [
        ("meret", f"/signing/{draft.pk}/"),
        ("meret", "/signing/"),
        ("meret", "/me/"),
        ("otto", "/people/keys/"),
        ("ines", "/people/keys/"),
        ("meret", "/holds/"),
        ("meret", "/holds/new/"),
        ("meret", "/register/3/sign-off/"),
        ("meret", f"/policy/proposals/{Proposal.objects.first().pk}/"),
        ("meret", f"/policy/proposals/{Proposal.objects.first().pk}/rules/CUS-06/"),
    ]:
        answer = site.browser(name).get(address)
        assert answer.status_code == 200, address
        assert not INLINE.search(answer.content.decode()), address


def test_the_list_asks_as_often_for_many_drafts_as_for_few(site: Site) -> None:
    site.sign_off("meret")
    with CaptureQueriesContext(connection) as few:
        site.browser("meret").get("/signing/")
    for index in range(4, 14):
        site.sign_off("meret", index)
    with CaptureQueriesContext(connection) as many:
        site.browser("meret").get("/signing/")
    assert len(many) == len(few) <= 10


def test_any_two_of_a_role_may_sign_what_one_person_states(site: Site) -> None:
    first, second = site.passkey("runa"), site.passkey("vera")
    site.sign_off("runa")
    payload = bytes(newest().payload)
    account = Account.objects.get(username="runa")
    wanted = Wanted((RUNA,), role="security", number=1)
    draft = drafts.begin(account, payload, "Runa and one more of security.", wanted)
    other = site.passkey("ines")
    assert "Waits for your signature (1)" in text(site.browser("vera").get("/"))
    assert "not asked to sign" in text(site.signs("ines", draft, other))
    assert site.signs("vera", draft, second).status_code == 302
    page = text(site.browser("runa").get(f"/signing/{draft.pk}/"))
    assert "1 of 2 signed" in page
    assert site.signs("runa", draft, first).status_code == 302
    assert again(draft).refusal or again(draft).state == "handed-in"


@pytest.mark.parametrize(
    ("origin", "asked", "works"),
    [
        ("https://voltrail.example", "voltrail.example", True),
        ("https://voltrail.example", "other.example", False),
        ("http://voltrail.example", "voltrail.example", None),
        ("https://192.0.2.7", "192.0.2.7", None),
        ("voltrail.example", "voltrail.example", None),
        ("http://localhost:8000", "127.0.0.1:8000", False),
        ("http://localhost:8000", "localhost:9999", False),
        ("http://localhost:8000", "localhost:8000", True),
    ],
)
def test_a_site_has_one_origin(
    settings_of: Any,  # noqa: ANN401 — Django's settings
    origin: str,
    asked: str,
    works: bool | None,  # noqa: FBT001 — what is expected
) -> None:
    settings_of.VOLTRAIL_ORIGIN = origin
    settings_of.ALLOWED_HOSTS = ["*"]
    head = {"host": asked}
    request = RequestFactory(headers=head).get("/", secure=origin.startswith("https"))
    if works is None:
        with pytest.raises(MalformedError, match="no browser gives passkeys"):
            site_of(request)
        return
    found = site_of(request)
    assert found.here is works
    assert found.origin == origin
    assert found.host == origin.partition("://")[2].partition(":")[0]


@pytest.fixture
def settings_of() -> Iterator[Any]:
    """Django's settings, put back afterwards."""
    kept = {name: getattr(settings, name) for name in ("VOLTRAIL_ORIGIN", "ALLOWED_HOSTS")}
    yield settings
    for name, value in kept.items():
        setattr(settings, name, value)


def test_a_signature_whose_key_ended_is_asked_for_again(site: Site) -> None:
    first, second = site.passkey("meret"), site.passkey("vera")
    draft = site.sign_off("meret")
    Draft.objects.filter(pk=draft.pk).update(needed=2)
    Signature.objects.create(draft=draft, person=PEOPLE["vera"][1])
    assert site.signs("vera", draft, second).status_code == 302
    assert site.browser("runa").post("/me/keys/end/", {"key": second.key}).status_code == 302
    site.later(minutes=1)
    assert site.signs("meret", draft, first).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "open"
    assert "sign again" in draft.refusal
    assert site.signs("vera", draft, site.passkey("vera")).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "handed-in"
