"""The rack's page and its program's routes: scans, photos, labels to print."""

import json
from io import BytesIO

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from server.access_site import access, posts, site
from server.signing_site import Site, text
from voltrail.ids.subject import UnitId
from voltrail.labels import bare, code, link
from voltrail.labels.link import Label
from voltrail_server.api import tokens
from voltrail_world.cast import KESTREL
from world_fixture import clean_shipment

__all__ = ["access", "site"]

GOODS = clean_shipment()
SERIAL = GOODS.delivered[0]
UNIT = UnitId.of(GOODS.lot.parts[0], SERIAL)


def photo(*texts: str) -> SimpleUploadedFile:
    whole = Image.new("L", (500, 500 * len(texts)), 255)
    for place, one in enumerate(texts):
        whole.paste(Image.open(BytesIO(code.png(one))), (20, 500 * place + 20))
    out = BytesIO()
    whole.save(out, "JPEG")
    return SimpleUploadedFile("label.jpg", out.getvalue(), "image/jpeg")


def test_a_wedge_types_and_the_page_says_one_large_word(access: Site) -> None:
    access.seen.deliver(GOODS)
    page = access.browser("ines")
    assert "Match" in text(page.get("/scan/", {"text": SERIAL}))
    found = text(page.get("/scan/", {"text": "K-NEVER"}))
    assert "Unknown" in found
    assert "Do not install it." in found
    assert "Is this unit on record" in text(page.get("/scan/"))


def test_a_photo_is_read_on_the_server(access: Site) -> None:
    access.seen.deliver(GOODS)
    found = posts(access, "ines", "/scan/", photo=photo(link.address(Label(UNIT), "any.example")))
    assert "Match" in text(found)
    two = posts(access, "ines", "/scan/", photo=photo("one", "two"))
    assert (two.status_code, "2 codes" in text(two)) == (400, True)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", b"\x00" * 100])
def test_what_is_no_photo_is_refused_in_a_sentence(access: Site, data: bytes) -> None:
    found = posts(access, "ines", "/scan/", photo=SimpleUploadedFile("a.jpg", data))
    assert found.status_code in (200, 400)
    assert "Match" not in text(found)


def test_labels_of_an_arrival_and_of_a_unit_are_handed_out(access: Site) -> None:
    access.seen.deliver(GOODS)
    page = access.browser("ines")
    found = page.get(f"/arrivals/{GOODS.arrival.key}/labels.pdf")
    assert found.content.startswith(b"%PDF-")
    assert page.get(f"/arrivals/{GOODS.arrival.key}/labels.pdf?layout=a5").status_code == 400
    assert b"<svg" in page.get(f"/units/{UNIT.key}/label.svg").content
    assert page.get("/arrivals/nordlicht:2026-999/labels.pdf").status_code == 404


def test_a_program_sends_a_text_or_a_picture(access: Site) -> None:
    access.seen.deliver(GOODS)
    browser = access.browser("ines")
    head = {"Authorization": f"Bearer {tokens.issue(str(access.desk.operator), 'test')}"}
    told = json.dumps({"text": SERIAL})
    found = browser.post("/api/v1/labels/read", told, "application/json", headers=head)
    assert (found.status_code, found.json()["verdict"]) == (200, "match")
    data = photo(SERIAL).read()
    found = browser.post("/api/v1/labels/read", data, "image/jpeg", headers=head)
    assert found.json()["unit"] == str(UNIT)
    for raw, kind, status in (
        (b"x", "image/png", 400),
        (b"x", "image/tiff", 415),
        (b"{", "application/json", 400),
    ):
        assert browser.post("/api/v1/labels/read", raw, kind, headers=head).status_code == status
    maker = {"Authorization": f"Bearer {tokens.issue('urn:voltrail:party:kestrel', 'test')}"}
    refused = browser.post("/api/v1/labels/read", told, "application/json", headers=maker)
    assert refused.status_code == 403
    drawn = browser.get(f"/api/v1/units/{UNIT.key}/label?format=png", headers=head)
    assert code.read(drawn.content)[0].endswith(f"/u/{UNIT.parts[0]}/{SERIAL}")


def test_a_link_with_the_maker_s_signature_is_read_on_the_page(access: Site) -> None:
    access.seen.deliver(GOODS)
    key = access.seen.world.keys[KESTREL]
    signed = bare.sign(Label(UNIT, "4012345678901"), "id.example", key)
    page = access.browser("ines")
    assert "The maker signed this label" in text(page.get("/scan/", {"text": signed}))
    changed = signed.replace(SERIAL, GOODS.delivered[1])
    found = text(page.get("/scan/", {"text": changed}))
    assert "Mismatch" in found
    assert "does not cover what the label says" in found
    cut = page.get("/scan/", {"text": signed[:-4]})
    assert (cut.status_code, "was cut" in text(cut)) == (400, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("K-NEVER", "Nichts Eingetragenes trägt"),
        (SERIAL, "Stimmt überein, darf eingebaut werden"),
        (SERIAL, "kam mit nordlicht:"),
        (f"https://e.x/01/04012345678902/21/{SERIAL}", "Die Prüfziffer von GTIN 04012345678902"),
    ],
)
def test_a_german_page_says_what_a_scan_says_in_german(access: Site, typed: str, said: str) -> None:
    access.seen.deliver(GOODS)
    german = {"accept-language": "de"}
    page = text(access.browser("ines").get("/scan/", {"text": typed}, headers=german))
    assert said in page


def test_a_program_reads_the_same_sentence_in_english(access: Site) -> None:
    access.seen.deliver(GOODS)
    head = {
        "Authorization": f"Bearer {tokens.issue(str(access.desk.operator), 'test')}",
        "accept-language": "de",
    }
    told = json.dumps({"text": "K-NEVER"})
    found = access.browser("ines").post(
        "/api/v1/labels/read", told, "application/json", headers=head
    )
    assert found.json()["sentence"] == "Nothing on record bears 'K-NEVER'."
    assert found.json()["bar"]["word"] == "unknown"
