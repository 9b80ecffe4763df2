"""Notices: each told once, to whom it concerns, in the product and by a real mail server."""

import re
from datetime import timedelta

import pytest

pytest.importorskip("django")
pytest.importorskip("aiosmtpd")

from server.mail_site import Post, post, site  # sets Django up, so it stands first

# isort: split
from django.utils import translation

from server.signing_site import Site, text
from server.table_world import tables
from voltrail_server.notices import letters, making, own, sending
from voltrail_server.notices.kinds import KINDS
from voltrail_server.notices.models import Letter, Notice, Told, Wish
from voltrail_server.people import bindings
from voltrail_server.people.models import Account
from voltrail_server.reading import outbox
from world_fixture import PlayedWorld, clean_shipment

__all__ = ["post", "site", "tables"]

GOODS = clean_shipment()
CHOSEN = {
    "hour": "7",
    "zone": "UTC",
    **{f"mail-{one.name}": one.mail for one in KINDS.values()},
    **{f"shown-{name}": "1" for name in KINDS},
}
HOLD = {"subject": str(GOODS.lot), "cause": "Swollen cells.", "case": "c-755"}


def begin(post: Post) -> None:
    """Look once, so that what comes from now on is told, with nobody's mail on the way."""
    making.turn(post.site.now())
    Notice.objects.all().delete()
    Letter.objects.all().delete()


def of(name: str, kind: str) -> list[str]:
    rows = Notice.objects.filter(account__username=name, kind=kind).order_by("id")
    return [one.sentence for one in rows]


def asked_to_sign(post: Post) -> None:
    post.site.passkey("runa")
    post.site.sign_off("runa")


def test_a_draft_that_waits_is_told_once_and_mailed_once(post: Post) -> None:
    post.knows("runa", "runa@nordlicht.example")
    begin(post)
    asked_to_sign(post)
    at = post.site.now()
    for _ in range(3):
        making.turn(at)
        sending.turn(at)
    (told,) = of("runa", "signature")
    assert "Your signature is asked for" in told
    (mail,) = post.took()
    assert mail["To"] == "runa@nordlicht.example"
    assert mail["Subject"].strip().startswith("[Voltrail] ")
    body = mail.get_content()
    assert "http://localhost:8000/signing/" in body
    assert "/me/notices/" in body
    assert mail.get_content_type() == "text/plain"
    assert mail["Auto-Submitted"] == "auto-generated"
    (letter,) = Letter.objects.all()
    assert (letter.state, letter.body) == ("sent", "")


def test_a_decision_goes_to_those_whom_it_is_for_and_into_the_daily_mail(
    post: Post, tables: PlayedWorld
) -> None:
    account = post.knows("meret", "meret@nordlicht.example")
    post.site.browser("ines")
    begin(post)
    Told.objects.update(event=0)
    own.choose(account, {**CHOSEN, "zone": "Asia/Tokyo"})
    at = post.site.now().replace(hour=21, minute=0)  # 6 o'clock there, the next day
    making.turn(at)
    sending.turn(at)
    assert len(of("meret", "decision")) >= 2
    assert of("ines", "decision") == []
    assert post.took() == []
    for hours in (1, 1.5, 2):
        making.turn(at + timedelta(hours=hours))
        sending.turn(at + timedelta(hours=hours))
    (mail,) = post.took()
    body = mail.get_content()
    assert GOODS.arrival.key in body
    assert "2026-703" in body
    assert "notices of today" in mail["Subject"]


def test_a_hold_rings_for_security_at_once(post: Post, tables: PlayedWorld) -> None:
    post.knows("vera", "vera@nordlicht.example")
    begin(post)
    assert post.site.browser("runa").post("/holds/new/", HOLD).status_code == 302
    making.turn(post.site.now())
    sending.turn(post.site.now())
    assert len(of("vera", "alarm")) == 1
    assert "Swollen cells." in of("vera", "alarm")[0]
    assert [mail["To"] for mail in post.took()] == ["vera@nordlicht.example"]


def test_a_recall_asks_whoever_looks_after_each_place_to_answer(
    post: Post, tables: PlayedWorld
) -> None:
    bindings.by_hand(
        Account.objects.create(username="fred", person="urn:voltrail:person:p-fred"), "facilities"
    )
    begin(post)
    form = {"about": str(GOODS.lot), "reason": "Welds.", "case": "c-9", "verb": "rehearse"}
    done = post.site.browser("runa").post("/recalls/new/", form)
    assert done.status_code == 302
    making.turn(post.site.now())
    (asked,) = Notice.objects.filter(account__username="fred", kind="alarm")
    assert asked.sentence.startswith("A recall asks what is found at ")
    assert asked.address.startswith(f"{done.url}answer/?place=urn:voltrail:place:")
    assert "nobody was told yet" not in text(post.site.browser("runa").get(done.url))


def test_a_server_that_is_down_loses_nothing_and_takes_it_later_once(post: Post) -> None:
    account = post.knows("runa", "runa@nordlicht.example")
    at = post.site.now()
    letters.write(account, "Hello", "World", at)
    post.stop()
    assert sending.turn(at) == 0
    (letter,) = Letter.objects.all()
    assert (letter.state, letter.tries) == ("waiting", 1)
    assert sending.turn(at + timedelta(seconds=30)) == 0, "the pause is not over"
    post.start()
    assert sending.turn(at + timedelta(minutes=1)) == 1
    assert sending.turn(at + timedelta(minutes=2)) == 0
    assert len(post.took()) == 1


def test_pauses_grow_and_end(post: Post) -> None:
    account = post.knows("runa", "later-runa@nordlicht.example")
    at = post.site.now()
    letters.write(account, "Hello", "World", at)
    waited = []
    for _ in range(20):
        sending.turn(at)
        letter = Letter.objects.get()
        if letter.state != "waiting":
            break
        waited.append(letter.next_at - at)
        at = letter.next_at
    assert waited == sorted(waited)
    assert len(waited) == len(sending.PAUSES)
    assert (letter.state, letter.body) == ("given-up", "")


def test_a_refused_address_is_told_to_its_person_and_stops_nobody_else(post: Post) -> None:
    bad = post.knows("runa", "no-runa@nordlicht.example")
    good = post.knows("meret", "meret@nordlicht.example")
    at = post.site.now()
    for account in (bad, good):
        letters.write(account, "Hello", "World", at)
    assert sending.turn(at) == 1
    assert sending.turn(at + timedelta(days=1)) == 0
    assert [mail["To"] for mail in post.took()] == ["meret@nordlicht.example"]
    assert "Nobody of that name" in text(post.site.browser("runa").get("/me/notices/"))


def test_a_letter_left_by_a_dead_process_goes_again_under_the_same_name(post: Post) -> None:
    account = post.knows("runa", "runa@nordlicht.example")
    at = post.site.now()
    made = letters.write(account, "Hello", "World", at)
    Letter.objects.update(state="handing", claimed_at=at)
    assert sending.turn(at + timedelta(minutes=5)) == 0, "its process may still be at it"
    assert sending.turn(at + timedelta(minutes=11)) == 1
    (mail,) = post.took()
    assert mail["Message-ID"] == made.message_id


def test_two_processes_hand_over_one_letter_once(post: Post) -> None:
    account = post.knows("runa", "runa@nordlicht.example")
    at = post.site.now()
    letters.write(account, "Hello", "World", at)
    seen_by_both = Letter.objects.get()
    assert sending._send(seen_by_both, None, at)
    assert not sending._send(seen_by_both, None, at)
    assert len(post.took()) == 1


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_nobody_writes_a_second_line_into_a_head(post: Post, sign: str) -> None:
    account = post.knows("runa", "runa@nordlicht.example")
    subject = f"Seals{sign}Bcc: everybody@nordlicht.example{sign}{sign}Body"
    letters.write(account, subject, "World", post.site.now())
    assert sending.turn(post.site.now()) == 1
    (mail,) = post.took()
    assert mail["Bcc"] is None
    assert "Bcc: everybody" in mail["Subject"]
    assert mail.get_all("X-Rcpt") == ["runa@nordlicht.example"]


def test_a_crash_between_event_and_notice_loses_neither(
    post: Post, tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.site.browser("meret")
    begin(post)
    before = 0
    Told.objects.update(event=before)
    real = making.tell

    def dies(found: object, at: object) -> None:
        real(found, at)  # type: ignore[arg-type]
        raise RuntimeError("killed")

    monkeypatch.setattr(making, "tell", dies)
    with pytest.raises(RuntimeError):
        making.turn(post.site.now())
    assert Told.objects.get().event == before
    assert of("meret", "decision") == []
    monkeypatch.setattr(making, "tell", real)
    making.turn(post.site.now())
    count = len(of("meret", "decision"))
    assert count >= 1
    Told.objects.update(event=before)  # as if it had been told and forgotten
    making.turn(post.site.now())
    assert len(of("meret", "decision")) == count
    assert Told.objects.get().event == outbox.newest()


def test_a_duty_is_told_once_it_is_overdue_and_not_twice(post: Post, tables: PlayedWorld) -> None:
    for name in ("meret", "ansel", "runa"):
        post.site.browser(name)
    begin(post)
    post.site.later(days=40)
    making.turn(post.site.now())
    told = sorted(Notice.objects.filter(kind="duty").values_list("account__username", "sentence"))
    assert any(said.startswith("Overdue: ") for _name, said in told), told
    making.turn(post.site.now() + timedelta(hours=1))
    assert Notice.objects.filter(kind="duty").count() == len(told)


def test_the_list_shows_unread_ones_first_and_the_bell_counts_them(post: Post) -> None:
    post.site.browser("runa")
    begin(post)
    asked_to_sign(post)
    making.turn(post.site.now())
    browser = post.site.browser("runa")
    assert re.search(r"Notices\s*<b>1</b>", browser.get("/arrivals/").content.decode())
    page = browser.get("/notices/")
    assert "Your signature is asked for" in text(page)
    number = Notice.objects.get(account__username="runa", kind="signature").pk
    assert post.site.browser("meret").get(f"/notices/{number}/").status_code == 404
    answer = browser.get(f"/notices/{number}/")
    assert answer["Location"].startswith("/signing/")
    assert "<b>1</b>" not in browser.get("/arrivals/").content.decode()
    assert browser.get("/notices/?show=unread").status_code == 200
    assert browser.post("/notices/read/", {"notice": "²"}).status_code == 302


def test_who_wants_no_notice_gets_none(post: Post) -> None:
    account = post.knows("runa", "runa@nordlicht.example")
    begin(post)
    Wish.objects.create(account=account, kind="signature", shown=False, mail="none")
    asked_to_sign(post)
    making.turn(post.site.now())
    sending.turn(post.site.now())
    assert of("runa", "signature") == []
    assert post.took() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"hour": "24"},
        {"hour": "x"},
        {"hour": "0070"},
        {"zone": "Mars/Base"},
        {"mail-duty": "pigeon"},
    ],
)
def test_a_wish_without_sense_is_refused(post: Post, changes: dict[str, str]) -> None:
    browser = post.site.browser("runa")
    assert browser.post("/me/notices/", {**CHOSEN, **changes}).status_code == 400
    assert Wish.objects.count() == 0
    assert browser.post("/me/notices/", CHOSEN).status_code == 302


def test_another_address_counts_once_its_link_is_opened(post: Post) -> None:
    account = post.knows("runa", "old@nordlicht.example")
    browser = post.site.browser("runa")
    assert browser.post("/me/address/", {"mail": "a@b\r\nBcc: c@d.example"}).status_code == 400
    assert browser.post("/me/address/", {"mail": "new@nordlicht.example"}).status_code == 302
    sending.turn(post.site.now())
    (mail,) = post.took()
    assert mail["To"] == "new@nordlicht.example"
    found = re.search(r"http://localhost:8000(/me/address/\S+/)", mail.get_content())
    assert found
    account.refresh_from_db()
    assert account.mail == "old@nordlicht.example"
    assert post.site.browser("meret").post(found[1]).status_code == 404
    assert browser.get(found[1]).status_code == 200
    assert browser.post(found[1]).status_code == 302
    account.refresh_from_db()
    assert account.mail == "new@nordlicht.example"
    sending.turn(post.site.now())
    assert post.took()[-1]["To"] == "old@nordlicht.example"
    assert browser.post(found[1]).status_code == 404


def test_an_invitation_is_mailed_where_an_address_is_known(post: Post) -> None:
    account = post.knows("meret", "meret@nordlicht.example")
    assert own.invitation(account, "http://localhost:8000/join/x/", post.site.now())
    sending.turn(post.site.now())
    assert "http://localhost:8000/join/x/" in post.took()[0].get_content()
    assert Letter.objects.get().body == ""


def speaks(post: Post, name: str, chosen: str) -> None:
    account = post.knows(name, f"{name}@nordlicht.example")
    account.language = chosen
    account.save(update_fields=["language"])


def by_address(post: Post) -> dict[str, tuple[str, str]]:
    """The subject and the text that each address got."""
    return {one["To"]: (one["Subject"], one.get_content()) for one in post.took()}


def test_each_reads_a_notice_in_their_own_language_whoever_caused_it(post: Post) -> None:
    speaks(post, "runa", "de"), speaks(post, "vera", "en")
    post.site.browser("ines"), post.site.browser("otto")
    begin(post)
    german = {"accept-language": "de"}
    body = {"act": "hold-place", "address": "/holds/new/", "sentence": "Nass."}
    assert post.site.browser("ines").post("/ask/", body, headers=german).status_code == 302
    (told,) = of("runa", "asked")
    assert told.startswith("ines bittet: ")
    assert told.endswith("“Nass.”")
    assert of("vera", "asked") == ["ines asks you: place a hold. “Nass.”"]
    assert of("otto", "asked") == of("vera", "asked")  # who never chose reads English
    page = text(post.site.browser("runa").get("/notices/"))
    assert told in page
    assert "Erledigen oder antworten." in page
    making.turn(post.site.now())
    sending.turn(post.site.now())
    found = by_address(post)
    subject, words = found["runa@nordlicht.example"]
    assert "bittet" in subject
    assert "Wählen, was es schreibt" in words
    subject, words = found["vera@nordlicht.example"]
    assert "asks you" in subject
    assert "Choose what it writes" in words


def test_the_daily_mail_is_in_the_language_of_who_gets_it(post: Post, tables: PlayedWorld) -> None:
    speaks(post, "meret", "de"), speaks(post, "ansel", "en")
    begin(post)
    Told.objects.update(event=0)
    at = (post.site.now() + timedelta(days=1)).replace(hour=8)
    with translation.override("de"):  # whatever the process speaks that looks at the clock
        making.turn(at)
        sending.turn(at)
    found = by_address(post)
    subject, words = found["meret@nordlicht.example"]
    assert "Nachrichten von heute" in subject
    for said in ("Über eine Lieferung wurde neu entschieden", "Lesen, warum.", "Wählen, was"):
        assert said in words
    assert f"{GOODS.arrival.key}: Freigeben." in words
    subject, words = found["ansel@nordlicht.example"]
    assert "notices of today" in subject
    for said in ("An arrival was decided anew", "Read why.", "Choose what it writes"):
        assert said in words
    assert f"{GOODS.arrival.key}: Release." in words
    for one in Notice.objects.filter(account__username="meret", kind="decision"):
        assert one.hint == "Lesen, warum."


def test_a_link_by_mail_is_in_the_language_of_who_gets_it(post: Post) -> None:
    speaks(post, "meret", "de"), speaks(post, "ansel", "en")
    for name, spoken in (("meret", "en"), ("ansel", "de")):
        with translation.override(spoken):  # of the administrator who makes the link
            assert own.invitation(account_of(name), "http://localhost/join/x/", post.site.now())
    sending.turn(post.site.now())
    found = by_address(post)
    assert "Einladung" in found["meret@nordlicht.example"][0]
    assert "Your invitation" in found["ansel@nordlicht.example"][0]


def account_of(name: str) -> Account:
    return Account.objects.get(username=name)


def test_without_a_mail_server_nothing_waits_and_the_page_says_so(site: Site) -> None:
    browser = site.browser("runa")
    assert "sends no mail" in text(browser.get("/me/notices/"))
    assert browser.post("/me/address/", {"mail": "a@b.example"}).status_code == 403
    assert Letter.objects.count() == 0
