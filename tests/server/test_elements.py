"""A unit's element is asked on the page and through the API, and its answer works once."""

import json
import re
import threading
from contextlib import suppress
from datetime import datetime

import pytest

pytest.importorskip("django")

from django.db import connections

from actions.chips import bind
from server.access_site import access, posts, site
from server.signing_site import Site, text
from server.test_scan import GOODS, UNIT, photo
from voltrail.actions import show
from voltrail.actions.desk import Desk
from voltrail.actions.element import Heard, Reply
from voltrail.ids.subject import UnitId
from voltrail.labels import element
from voltrail.labels.element import Challenge, Judged, Proof
from voltrail.trust import signer
from voltrail.trust.signer import LocalSigner
from voltrail.wording import worded
from voltrail_server.api import tokens
from voltrail_server.elements import asking
from voltrail_server.elements.models import ElementChallenge

__all__ = ["access", "site"]

CHIP, STRANGER = signer.generate(), signer.generate()
OTHER = UnitId.of(GOODS.lot.parts[0], GOODS.delivered[1])


@pytest.fixture
def rack(access: Site) -> Site:
    """A delivery whose first unit has an element, and no challenge that waits."""
    ElementChallenge.objects.all().delete()
    access.seen.deliver(GOODS)
    bind(access.seen, UNIT, CHIP)
    return access


def asked(rack: Site, unit: UnitId = UNIT) -> ElementChallenge:
    answer = posts(rack, "meret", "/scan/element/", text=str(unit), purpose="install")
    assert answer.status_code == 302, text(answer)
    found = ElementChallenge.objects.latest("pk")
    assert answer["Location"] == f"/scan/element/{found.pk}/"
    return found


def answer_of(kept: ElementChallenge, chip: LocalSigner) -> str:
    return element.answer(element.parse(asking.text_of(kept)), chip)


def test_the_scan_page_offers_to_ask_and_shows_the_challenge(rack: Site) -> None:
    page = rack.browser("meret")
    assert "Ask its element" in text(page.get("/scan/", {"text": str(UNIT)}))
    assert "Ask its element" not in text(page.get("/scan/", {"text": str(OTHER)}))
    kept = asked(rack)
    found = text(page.get(f"/scan/element/{kept.pk}/"))
    assert asking.text_of(kept).split()[0] in found
    assert "<svg" in found
    assert "before it goes in" in found


def test_a_right_answer_is_a_match_on_record_and_works_once(rack: Site) -> None:
    kept = asked(rack)
    where, given = f"/scan/element/{kept.pk}/answer/", answer_of(kept, CHIP)
    found = text(posts(rack, "meret", where, text=given))
    assert "holds the key that kestrel bound to it" in found
    size = rack.desk.entries.size()
    again = text(posts(rack, "meret", where, text=given))
    assert "Answered before" in again
    assert rack.desk.entries.size() == size
    kept.refresh_from_db()
    assert kept.entry is not None
    assert f"/register/{kept.entry}/" in found


def test_a_wrong_answer_holds_the_unit_and_offers_a_hold(rack: Site) -> None:
    kept = asked(rack)
    found = text(
        posts(rack, "meret", f"/scan/element/{kept.pk}/answer/", text=answer_of(kept, STRANGER))
    )
    assert "Mismatch" in found
    assert not show.may_install(rack.desk, UNIT, rack.at).allowed
    scanned = text(rack.browser("meret").get("/scan/", {"text": str(UNIT)}))
    assert "gave a wrong answer" in scanned
    assert "Place a hold" in scanned


def test_the_answer_may_be_a_photo_of_its_code(rack: Site) -> None:
    kept = asked(rack)
    shown = photo(answer_of(kept, CHIP))
    found = text(posts(rack, "meret", f"/scan/element/{kept.pk}/answer/", photo=shown))
    assert "holds the key" in found


def test_what_says_nothing_of_the_unit_leaves_the_challenge_standing(rack: Site) -> None:
    kept = asked(rack)
    where, given = f"/scan/element/{kept.pk}/answer/", answer_of(kept, CHIP)
    cut = posts(rack, "meret", where, text=given[:-6])
    assert (cut.status_code, "cut or mistyped" in text(cut)) == (400, True)
    bind(rack.seen, OTHER, CHIP)
    other, size = asked(rack, OTHER), rack.desk.entries.size()
    found = text(posts(rack, "meret", where, text=answer_of(other, CHIP)))
    assert "Another unit" in found
    assert "nothing is on record" in found
    nobody = posts(rack, "meret", where, text=answer_of(unasked(), CHIP))
    assert nobody.status_code == 409
    assert rack.desk.entries.size() == size
    assert "holds the key" in text(posts(rack, "meret", where, text=given))


def unasked() -> ElementChallenge:
    made = ElementChallenge.objects.latest("pk")
    made.nonce = "ab" * 32
    return made


def test_an_answer_that_comes_late_is_no_match(rack: Site) -> None:
    kept = asked(rack)
    rack.later(minutes=11)
    found = posts(rack, "meret", f"/scan/element/{kept.pk}/answer/", text=answer_of(kept, CHIP))
    assert "Too late" in text(found)
    assert "Ask it anew" in text(rack.browser("meret").get(f"/scan/element/{kept.pk}/"))
    rack.later(days=2)
    assert asking.tidy() == 1
    assert rack.browser("meret").get(f"/scan/element/{kept.pk}/").status_code == 404


def test_of_two_processes_that_take_one_answer_one_finds_it_spent(
    rack: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its own connection; whoever comes first stays inside as long as the other may."""
    given, read = answer_of(asked(rack), CHIP), element.read
    begin, inside = threading.Barrier(2, timeout=20), threading.Barrier(2, timeout=0.5)
    spent = list[bool]()

    def together(text: str) -> element.Given:
        begin.wait()
        return read(text)

    def judged(desk: Desk, kept: Challenge, reply: Reply, at: datetime) -> Heard:
        spent.append(reply.spent)
        with suppress(threading.BrokenBarrierError):
            inside.wait()  # the write of the first keeps the second out, so nobody meets here
        proof = Proof.SPENT if reply.spent else Proof.MATCH
        return Heard(reply.unit, Judged(proof, worded("Judged."), ""))

    def takes() -> None:
        try:
            asking.answer(given)
        finally:
            connections.close_all()

    monkeypatch.setattr(asking.act, "answer", judged)
    monkeypatch.setattr(asking.element, "read", together)
    both = [threading.Thread(target=takes) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(spent) == [False, True]


def test_nobody_asks_without_end_nor_a_unit_without_a_key(rack: Site) -> None:
    found = posts(rack, "meret", "/scan/element/", text=str(OTHER))
    assert (found.status_code, "No key of" in text(found)) == (424, True)
    assert posts(rack, "meret", "/scan/element/", text="K-NEVER").status_code == 404
    assert posts(rack, "meret", "/scan/element/", text=str(UNIT), purpose="x").status_code == 400
    for _ in range(asking.MOST_OPEN):
        asking.ask(UNIT, "look", "urn:voltrail:person:p-meret")
    assert posts(rack, "meret", "/scan/element/", text=str(UNIT)).status_code == 429


def test_an_auditor_begins_nothing(rack: Site) -> None:
    assert posts(rack, "ines", "/scan/element/", text=str(UNIT)).status_code == 403
    assert "Ask its element" not in text(rack.browser("ines").get("/scan/", {"text": str(UNIT)}))


def test_a_program_asks_and_answers(rack: Site) -> None:
    head = {"Authorization": f"Bearer {tokens.issue(str(rack.desk.operator), 'test')}"}
    browser = rack.browser("meret")

    def sends(path: str, **body: str) -> tuple[int, dict[str, object]]:
        raw = json.dumps(body)
        found = browser.post(f"/api/v1/labels/{path}", raw, "application/json", headers=head)
        return found.status_code, found.json()

    status, made = sends("challenge", text=UNIT.parts[1])
    assert (status, made["unit"], made["purpose"]) == (200, str(UNIT), "look")
    assert re.fullmatch(r"\d{4}-.*Z", str(made["expiresAt"]))
    given = element.answer(element.parse(str(made["challenge"])), CHIP)
    assert sends("answer", answer=given, unit=str(OTHER))[1]["result"] == "other-unit"
    status, heard = sends("answer", answer=given)
    assert (status, heard["result"], heard["unit"]) == (200, "match", str(UNIT))
    assert show.entry(rack.desk, int(str(heard["entry"]))).fact.unit == UNIT
    assert sends("answer", answer=given)[1]["result"] == "answered-before"
    assert sends("answer", answer="VTA1:")[0] == 400
    status, told = sends("read", text=str(UNIT), place="urn:voltrail:place:nowhere")
    assert (told["canBeAsked"], told["verdict"]) == (True, "match")
    assert told["bar"]["word"] == "may-install"  # type: ignore[index]
    assert told["mayInstall"]["allowed"] is True  # type: ignore[index]
