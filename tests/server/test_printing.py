"""Many labels are drawn by a worker: told as it goes, in parts that outlive it, handed out once."""

import io
import zipfile
from uuid import UUID

import pytest

pytest.importorskip("django")

from server.access_site import access, site
from server.signing_site import Site, text
from server.test_scan import GOODS
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.exporting import printing, shelf
from voltrail_server.work.models import State, Work
from voltrail_server.work.progress import Progress

__all__ = ["access", "site"]

PAGE = f"/arrivals/{GOODS.arrival.key}/labels.pdf"
COUNT = len(GOODS.delivered)


@pytest.fixture
def many(access: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Site:
    """A delivery that counts as large, drawn in three parts."""
    access.seen.deliver(GOODS)
    monkeypatch.setattr(printing, "AT_ONCE", COUNT - 1)
    monkeypatch.setattr(printing, "PART", -(-COUNT // 3))
    monkeypatch.setattr(shelf.settings, "VOLTRAIL_DATA", tmp_path)
    return access


def test_a_large_delivery_becomes_work_and_its_file_is_an_archive(many: Site) -> None:
    page = many.browser("meret")
    begun = page.get(PAGE)
    assert begun.status_code == 302
    work = Work.objects.get()
    assert begun["Location"] == f"/long-work/{work.pk}/"
    assert (work.state, work.done, work.total) == (State.DONE, COUNT, COUNT)
    assert f"{COUNT} labels are drawn" in text(page.get(f"/long-work/{work.pk}/"))
    file = page.get(f"/long-work/{work.pk}/file")
    assert (file["Content-Type"], "labels-" in file["Content-Disposition"]) == (
        "application/zip",
        True,
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(file))) as archive:
        names = archive.namelist()
        assert len(names) == 3
        assert all(archive.read(one).startswith(b"%PDF-") for one in names)
    assert not list(shelf.place(work.pk, "x").parent.glob("*part*"))


def test_an_unknown_layout_begins_no_work(many: Site) -> None:
    assert many.browser("meret").get(f"{PAGE}?layout=a5").status_code == 400
    assert not Work.objects.exists()


def test_a_part_that_is_there_is_not_drawn_again(
    many: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Work.objects.create(verb=printing.VERB, state=State.RUNNING, created_at=many.at)
    drawn = list[int]()
    draw = printing.sheet.sheet

    def counted(labels: list[object], *given: object) -> bytes:
        drawn.append(len(labels))
        return draw(labels, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(printing.sheet, "sheet", counted)
    shelf.place(made.pk, "part-01").write_bytes(b"%PDF-1.4 drawn before")
    pen = Progress(made.pk, made.attempt, wiring.now)
    told = printing.run(pen, {"arrival": str(GOODS.arrival), "layout": "a4-65"})
    assert (told["ending"], len(drawn)) == ("zip", 2)


def test_the_same_sheets_are_not_begun_twice(many: Site) -> None:
    from voltrail_server.people.models import Account  # noqa: PLC0415 — Django is ready

    many.browser("meret")
    by = Account.objects.get(username="meret")
    wanted = {"arrival": str(GOODS.arrival), "layout": "a4-24"}
    waits = Work.objects.create(
        verb=printing.VERB, arguments=wanted, started_by=by, created_at=many.at
    )
    assert printing.begin(by, GOODS.arrival, "a4-24") == waits
    assert printing.begin(by, GOODS.arrival, "a4-65") != waits


def test_a_program_has_them_drawn_and_takes_them_away(many: Site) -> None:
    head = {"Authorization": f"Bearer {tokens.issue(str(many.desk.operator), 'test')}"}
    browser = many.browser("meret")
    where = f"/api/v1/arrivals/{GOODS.arrival.key}/labels"
    refused = browser.get(where, headers=head)
    assert (refused.status_code, "POST" in refused.json()["hint"]) == (403, True)
    begun = browser.post(f"{where}?layout=a4-65", headers=head)
    assert begun.status_code == 202
    number = UUID(begun.json()["work"])
    assert browser.get(f"/api/v1/work/{number}", headers=head).json()["state"] == "done"
    file = browser.get(f"/api/v1/work/{number}/file", headers=head)
    assert b"".join(file).startswith(b"PK")
