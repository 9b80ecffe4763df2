"""A file of somebody else is seen first, then kept as its sender's word; and once."""

import json

import pytest

pytest.importorskip("django")

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from actions.test_foreign import event
from server.table_world import logged_in, tables
from voltrail.ids.subject import PartyId
from voltrail.projections.fold import view
from voltrail.statements.intake import Intake
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.work.models import Work
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import PlayedWorld

__all__ = ["tables"]


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def upload(client: Client, data: bytes, form: str = "") -> HttpResponse:
    file = SimpleUploadedFile("events.json", data)
    return client.post("/foreign/upload/", {"file": file, "form": form})


def kept() -> tuple[Intake, ...]:
    desk = wiring.desk()
    found = view(desk.entries, desk.views, PartyId.of("kestrel")).standing(Intake)
    return tuple(one.fact for one in found)


def test_a_file_is_seen_and_then_kept_once(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    assert "Files of others" in text(client.get("/foreign/"))
    answer = upload(client, event("S701001"))
    assert answer.status_code == 302
    seen = text(client.get(answer["Location"]))
    assert "https://id.gs1.org/01/09521234000013/21/S701001" in seen
    assert "Not known here" in seen
    assert "custody" in seen
    assert kept() == ()
    address = answer["Location"].partition("?")[0]
    for _ in range(2):
        went = client.post(f"{address}keep/", {"sender": "kestrel"})
        assert went["Location"].startswith("/long-work/")
    assert len(kept()) == 1
    counts = [one.result["counts"] for one in Work.objects.filter(verb="keep-foreign")]
    assert {"kept": 1, "same": 0, "refused": 0} in counts
    assert {"kept": 0, "same": 1, "refused": 0} in counts


@pytest.mark.parametrize(
    ("data", "form", "sentence"),
    [
        (b"", "", "of no format"),
        (b'{"a": 1}', "", "of no format that is read here"),
        (
            event("X").replace(
                b'"2026-11-01T08:00:00Z", "eventTimeZ', b'"22-07-2026", "eventTimeZ'
            ),
            "",
            "time",
        ),
        (event("X"), "cyclonedx", ""),
        (event("X"), "nothing", "There is no format"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(
    tables: PlayedWorld, data: bytes, form: str, sentence: str
) -> None:
    answer = upload(logged_in("quality"), data, form)
    assert answer.status_code == 400
    assert sentence in text(answer)


def test_what_is_no_file_here_and_no_firm_is_refused(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    assert client.get(f"/foreign/{'0' * 64}/").status_code == 404
    assert client.get("/foreign/..%2F..%2Fsecret/").status_code == 404
    address = upload(client, event("X2"))["Location"].partition("?")[0]
    assert client.post(f"{address}keep/", {"sender": "no firm"}).status_code == 400
    assert client.post("/foreign/upload/", {}).status_code == 400


def test_a_program_sees_and_keeps_and_a_firm_s_may_not(tables: PlayedWorld) -> None:
    client = Client()
    for party, status in ((NORDLICHT, 200), (KESTREL, 403)):
        bearer = {"Authorization": f"Bearer {tokens.issue(str(party), 'a program')}"}
        answer = client.post(
            "/api/v1/foreign", event("X3"), content_type="application/octet-stream", headers=bearer
        )
        assert answer.status_code == status
        if status == 200:
            told = json.loads(answer.content)
            assert told["form"] == "epcis"
            assert told["drafts"] == [{"place": "event 1", "kind": "custody"}]
            address = f"/api/v1/foreign/{told['digest']}/keep?sender=urn:voltrail:party:kestrel"
            assert client.post(address, headers=bearer).status_code == 202
