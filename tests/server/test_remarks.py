"""Remarks: a comment, a file or a mail under any subject; nothing that runs or judges."""

import base64
import io
import json
import zipfile
from email.message import EmailMessage

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile

from server.signing_site import Site, site, text
from voltrail.actions import remark
from voltrail.canonical import digest
from voltrail.errors import MalformedError
from voltrail.ids.subject import CaseId, PersonId
from voltrail_server.api import tokens
from voltrail_server.remarks import archives, files, uploads
from voltrail_world.cast import MERET
from world_fixture import clean_shipment

__all__ = ["site"]

GOODS = clean_shipment("753")
PDF = b"%PDF-1.7\nthe seals were whole\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
PAGE = f"/arrivals/{GOODS.arrival.key}/"


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return made.getvalue()


def written(**more: str) -> EmailMessage:
    made = EmailMessage()
    heads = {
        "From": "Desk <desk@hafen.example>",
        "To": "dock@nordlicht.example, Runa <runa@nordlicht.example>",
        "Subject": "Seals of lot 753",
        "Date": "Fri, 27 Nov 2026 09:00:00 +0100",
        "Message-ID": "<753@hafen.example>",
        **more,
    }
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content("The seals were whole.")
    made.add_alternative("<html><script>alert(1)</script></html>", subtype="html")
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename="seals.pdf")
    return made


def notes(site: Site, *given: tuple[str, bytes], name: str = "meret", **more: str) -> object:
    body = {"about": str(GOODS.arrival), "text": "", **more}
    sent = [SimpleUploadedFile(one, data, "text/html") for one, data in given]
    return site.browser(name).post("/remarks/new/", {**body, "files": sent})


def noted(site: Site) -> list[object]:
    return list(remark.remarks(site.desk, GOODS.arrival))


def test_a_comment_and_a_file_stand_on_the_page_and_change_no_decision(site: Site) -> None:
    site.seen.deliver(GOODS)
    before = site.seen.decision(GOODS.arrival)
    answer = notes(site, ("seals.pdf", PDF), text="Two seals.\n<b>Whole</b>, says the carrier.")
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}#remarks"
    page = text(site.browser("ines").get(PAGE))
    assert "&lt;b&gt;Whole&lt;/b&gt;, says the carrier." in page
    assert "seals.pdf" in page
    (one,) = noted(site)
    assert one.fact.by == MERET
    assert one.fact.files[0].content == digest(PDF)
    assert site.seen.decision(GOODS.arrival).entry == before.entry


def test_a_file_goes_out_as_it_came_and_is_never_drawn(site: Site) -> None:
    site.seen.deliver(GOODS)
    assert notes(site, ("Schein für Halle 7.pdf", PDF)).status_code == 302
    index = noted(site)[0].entry.index
    answer = site.browser("ines").get(f"/remarks/{index}/files/0/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert site.browser("ines").get(f"/remarks/{index}/files/1/").status_code == 404
    assert site.browser("ines").get("/remarks/0/files/0/").status_code == 404


def test_a_name_full_of_tricks_stays_one_header() -> None:
    answer = uploads.handed_out(files.clean('a"\r\nSet-Cookie: x=\u202efdp.pdf'), PDF)
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize("about", ["lot", "order"])
def test_any_subject_takes_one(site: Site, about: str) -> None:
    site.seen.deliver(GOODS)
    subject = getattr(GOODS, about)
    assert notes(site, about=str(subject), text="Seen.").status_code == 302
    assert "Seen." in text(site.browser("ines").get(f"/{about}s/{subject.key}/"))


def test_a_unit_that_was_delivered_and_a_case_take_one(site: Site) -> None:
    site.seen.deliver(GOODS)
    unit = f"urn:voltrail:unit:kestrel:{GOODS.delivered[0]}"
    assert notes(site, about=unit, text="Scratched.").status_code == 302
    assert "Scratched." in text(site.browser("ines").get(f"/units/{unit[18:]}/"))
    held = {"subject": str(GOODS.lot), "cause": "Swollen cells.", "case": "c-753"}
    answer = site.browser("runa").post("/holds/new/", held)
    case = str(CaseId.of("c-753"))
    assert notes(site, about=case, text="Called the maker.").status_code == 302
    assert "Called the maker." in text(site.browser("ines").get(answer["Location"]))


def test_a_mail_says_what_it_says_of_itself_and_its_files_are_kept_apart(site: Site) -> None:
    site.seen.deliver(GOODS)
    raw = written().as_bytes()
    assert notes(site, ("seals.eml", raw)).status_code == 302
    fact = noted(site)[0].fact
    (head,) = fact.mails
    assert head.sender == "Desk <desk@hafen.example>"
    assert head.recipients == ("dock@nordlicht.example", "runa@nordlicht.example")
    assert (head.subject, head.message_id) == ("Seals of lot 753", "<753@hafen.example>")
    assert head.sent_at.isoformat() == "2026-11-27T08:00:00+00:00"
    assert [one.name for one in fact.files] == ["seals.eml", "seals.pdf"]
    page = site.browser("ines").get(PAGE).content
    assert b"alert(1)" not in page
    assert b"Seals of lot 753" in page


def test_mails_inside_mails_end_somewhere(site: Site) -> None:
    site.seen.deliver(GOODS)
    inner = written()
    for _ in range(5):
        outer = written()
        outer.add_attachment(inner)
        inner = outer
    answer = notes(site, ("deep.eml", inner.as_bytes()))
    assert answer.status_code == 400
    assert "too deep" in text(answer) or "at most" in text(answer)
    assert noted(site) == []


def test_a_mail_with_a_program_in_it_is_refused_whole(site: Site) -> None:
    site.seen.deliver(GOODS)
    mail = written()
    mail.add_attachment(b"MZ\x90", maintype="image", subtype="png", filename="photo.png")
    answer = notes(site, ("seals.eml", mail.as_bytes()))
    assert answer.status_code == 400
    assert "photo.png is a program" in text(answer)
    assert noted(site) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"no mail at all",
        b"From: a@b.example\n\n",
        b"Subject: hello\n\nworld",
        b"From: a\nDate: " + b"x" * 9_000 + b"\n\n",
        b"From: =?utf-8?b?////?=\nSubject: =?x?q?=00?=\nTo: ,,<,\nDate: 99\n\nx",
        b"From: a@b\nSubject: x\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 500,
        b"From: a@b\nSubject: x\nContent-Type: text/plain; charset=\xff\xfe\n\nx",
    ],
)
def test_a_hostile_mail_is_kept_as_bytes_or_refused_in_words(site: Site, raw: bytes) -> None:
    site.seen.deliver(GOODS)
    answer = notes(site, ("odd.eml", raw))
    assert answer.status_code in (302, 400)
    assert site.browser("ines").get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("run.exe", b"MZ\x90\x00", "is a program"),
        ("run.txt", b"#!/bin/sh\nrm -rf /", "is a program"),
        ("run.pdf", b"\x7fELF\x02", "is a program"),
        ("page.txt", b"<!DOCTYPE html><html>", "page or script"),
        ("page.csv", b"  <ScRiPt>alert(1)", "page or script"),
        ("draw.svg", b"<svg xmlns='x'/>", "page or script"),
        ("draw.txt", b"<?xml version='1.0'?><svg/>", "page or script"),
        ("run.js", b"alert(1)", "not what its name says"),
        ("run.bat", b"del *", "not what its name says"),
        ("paper.png", PDF, "not what its name says"),
        ("paper.pdf.html", PDF, "not what its name says"),
        ("paper", PDF, "not what its name says"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office"),
        ("more.gz", b"\x1f\x8b\x08", "archive of a kind"),
        ("more.tar", b"a" * 257 + b"ustar", "archive of a kind"),
        ("raw.bin", b"\x00\x01\x02", "not kept here"),
        ("empty.txt", b"", "is empty"),
        ("broken.zip", b"PK\x03\x04nonsense", "cannot be unpacked"),
        ("in.zip", packed({"run.exe": b"MZ"}), "run.exe is a program"),
        ("in.zip", packed({"a.js": b"alert(1)"}), "a.js is not what"),
        ("in.zip", packed({"in.zip": packed({"a.txt": b"x"})}), "archive inside another"),
        ("in.docx", packed({"a.txt": b"x"}), "not what its name says"),
        (
            "macro.docx",
            packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>",
                      "word/vbaProject.bin": b"x"}),
            "holds macros",
        ),
        (
            "macro.xlsx",
            packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>",
                      "xl/media/a.png": b"MZ\x90"}),
            "holds macros",
        ),
    ],
)  # fmt: skip
def test_what_runs_or_is_drawn_or_is_not_what_it_says_is_refused_and_keeps_the_text(
    site: Site, name: str, data: bytes, sentence: str
) -> None:
    site.seen.deliver(GOODS)
    answer = notes(site, ("good.pdf", PDF), (name, data), text="Typed with care.")
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert "Typed with care." in text(answer)
    assert noted(site) == []


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("photo.PNG", PNG, "image/png"),
        ("C:\\scan\\paper.pdf", PDF, "application/pdf"),
        ("../../etc/list.csv", "größe;7\n".encode("latin-1"), "text/csv"),
        ("all.zip", packed({"a.pdf": PDF, "b.csv": b"a;b"}), "application/zip"),
        (
            "note.docx",
            packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
            files._ZIPS["docx"],
        ),
    ],
)
def test_papers_pictures_and_tables_are_kept(name: str, data: bytes, kind: str) -> None:
    found = files.judge(name, data)
    assert found.media_type == kind
    assert "/" not in found.name
    assert "\\" not in found.name


def test_a_bomb_is_told_before_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed({"a.txt": b"a" * 3_000_000})
    assert len(bomb) < 10_000
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(MalformedError, match="far more"):
        files.judge("a.zip", bomb)


def test_a_part_that_lies_about_its_size_goes_no_further_than_the_bound() -> None:
    whole = bytearray(packed({"a.txt": b"a" * 300_000}))
    at = whole.index(b"PK\x01\x02") + 24
    whole[at : at + 4] = (5).to_bytes(4, "little")
    with pytest.raises(MalformedError):
        files.judge("a.zip", bytes(whole))


def test_too_many_and_too_large_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.seen.deliver(GOODS)
    many = [(f"{n}.txt", b"%d" % n) for n in range(11)]
    assert "at most" in text(notes(site, *many))
    monkeypatch.setattr(files, "MAX_FILE", 10)
    assert notes(site, ("long.txt", b"a" * 11)).status_code == 400
    assert noted(site) == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"about": "urn:voltrail:lot:kestrel:NOBODY-SPOKE"}, 404),
        ({"about": "nonsense"}, 400),
        ({"about": str(MERET)}, 400),
        ({"text": " \r\n "}, 400),
        ({"text": "a" * 4_001}, 400),
        ({"text": "a\0b"}, 400),
    ],
)
def test_a_remark_about_nothing_or_of_nothing_is_refused(
    site: Site, more: dict[str, str], status: int
) -> None:
    site.seen.deliver(GOODS)
    assert notes(site, **{"text": "Seen.", **more}).status_code == status


def test_an_auditor_notes_nothing(site: Site) -> None:
    site.seen.deliver(GOODS)
    assert notes(site, name="ines", text="Seen.").status_code == 403
    assert "Add a comment" not in text(site.browser("ines").get(PAGE))


def test_its_person_takes_a_remark_back_and_it_stays_to_be_read(site: Site) -> None:
    site.seen.deliver(GOODS)
    notes(site, text="The seals were whole.")
    site.later(minutes=1)
    index = noted(site)[0].entry.index
    there, why = f"/remarks/{index}/withdraw/", {"why": "It was another lot."}
    assert site.browser("runa").post(there, why).status_code == 403
    assert site.browser("meret").post(there, {"why": " "}).status_code == 400
    assert site.browser("meret").post(there, why).status_code == 302
    page = text(site.browser("ines").get(PAGE))
    assert "Taken back" in page
    assert "The seals were whole." in page
    assert site.browser("meret").post(there, why).status_code == 400


def test_the_api_notes_and_reads_and_shows_no_firm_what_is_said_of_it(site: Site) -> None:
    site.seen.deliver(GOODS)
    site.browser("meret")
    own = {"Authorization": f"Bearer {tokens.issue(str(site.desk.operator), 'test')}"}
    maker = {"Authorization": f"Bearer {tokens.issue('urn:voltrail:party:kestrel', 'test')}"}
    body = {
        "about": str(GOODS.lot),
        "by": str(MERET),
        "text": "They are late again.",
        "files": [{"name": "a.pdf", "content": base64.b64encode(PDF).decode()}],
    }
    browser = site.browser("ines")

    def send(what: object, headers: dict[str, str]) -> object:
        raw = what if isinstance(what, str) else json.dumps(what)
        return browser.post("/api/v1/remarks", raw, "application/json", headers=headers)

    assert send(body, maker).status_code == 403
    assert send(body, {}).status_code == 401
    for wrong in ("[]", "{", json.dumps({**body, "files": [{"name": "a"}]})):
        assert send(wrong, own).status_code == 400
    made = send(body, own)
    assert made.status_code == 201
    index = made.json()["index"]
    there = f"/api/v1/remarks?about={GOODS.lot}"
    (found,) = browser.get(there).json()
    assert (found["text"], found["by"]) == ("They are late again.", str(PersonId.read(MERET)))
    assert browser.get(f"/api/v1/remarks/{index}/files/0").content == PDF
    assert browser.get(there, headers=maker).status_code in (200, 403)
    assert browser.get(f"/api/v1/statements/{index}").status_code == 200
    from django.test import Client  # noqa: PLC0415 — no session beside the token

    firm = Client(headers=maker)
    assert firm.get(there).status_code == 403
    assert firm.get(f"/api/v1/statements/{index}").status_code == 403
    seen = firm.get(f"/api/v1/subjects/{GOODS.lot}")
    assert b"late again" not in seen.content


def test_the_api_takes_parts_too(site: Site) -> None:
    site.seen.deliver(GOODS)
    site.browser("meret")
    own = {"Authorization": f"Bearer {tokens.issue(str(site.desk.operator), 'test')}"}
    body = {"about": str(GOODS.lot), "by": str(MERET), "files": SimpleUploadedFile("a.png", PNG)}
    from django.test import Client  # noqa: PLC0415 — no session beside the token

    made = Client().post("/api/v1/remarks", body, headers=own)
    assert made.status_code == 201, made.content
    (found,) = remark.remarks(site.desk, GOODS.lot)
    assert found.fact.files[0].media_type == "image/png"
