"""The HTTP API against a desk in memory: what firms may hand in and read, and how it says no."""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("django")
if "DJANGO_SETTINGS_MODULE" not in os.environ:
    os.environ["DJANGO_SETTINGS_MODULE"] = "voltrail_server.settings"
    os.environ.setdefault("VOLTRAIL_DATA", tempfile.mkdtemp(prefix="voltrail-api-"))

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voltrail import cose, merkle
from voltrail.actions import show
from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import LotId, PartyId, ProductId
from voltrail.projections.memory import MemoryViews
from voltrail.projections.store import ArrivalRow
from voltrail.register import cose_receipt, receipt, tile
from voltrail.register.log import LogKey
from voltrail.register.memory import MemoryBlobs, MemoryEntries
from voltrail.register.note import parse_vkey, vkey
from voltrail.statements import statement
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header, Visibility
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors
from voltrail_server import wiring
from voltrail_server.api import subjects, tokens
from voltrail_server.api.models import ApiToken, IntakeLink
from voltrail_server.people import bindings, records
from voltrail_server.people.models import Account, Tally
from voltrail_server.reading.page import Page

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OPERATOR, KESTREL, HAFEN = (PartyId.of(name) for name in ("nordwind", "kestrel", "hafen"))
ADA, SAM = "urn:voltrail:person:p-ada", "urn:voltrail:person:p-sam"
API = "/api/v1"
JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass
class Room:
    """A desk, a client, a key and a token per firm, and a clock that a test may move."""

    desk: Desk
    client: Client
    keys: dict[PartyId, signer.LocalSigner]
    tokens: dict[PartyId, str]
    at: datetime = AT

    def lot(self, number: str, issuer: PartyId = KESTREL, **more: Any) -> bytes:  # noqa: ANN401
        lot = LotId.of("kestrel", number)
        fact = LotRecord(lot, ProductId.of("kestrel", "K2"))
        header = Header(issuer, AT, visibility=Visibility(**more))
        payload = statement.compose(fact, header, lot)
        return signer.sealed(payload, self.keys[issuer]).raw

    def auth(self, party: PartyId) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[party]}"}

    def post(self, path: str, data: bytes, party: PartyId = KESTREL, kind: str = JSON) -> Any:  # noqa: ANN401
        return self.client.post(
            API + path, data=data, content_type=kind, CONTENT_TYPE=kind, headers=self.auth(party)
        )

    def get(self, path: str, party: PartyId | None = None) -> Any:  # noqa: ANN401
        return self.client.get(API + path, headers=self.auth(party) if party else {})


@pytest.fixture(scope="session", autouse=True)
def _tables() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def empty_desk(keys: dict[PartyId, signer.LocalSigner]) -> Desk:
    views = MemoryViews()
    return Desk(
        entries=MemoryEntries([views]),
        views=views,
        blobs=MemoryBlobs(),
        pinned=Anchors(tuple(Anchor(key.public, who, AT) for who, key in keys.items())),
        operator=OPERATOR,
        signer=keys[OPERATOR],
        log=LogKey("test.example/log", signer.generate()),
    )


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    keys = {party: signer.generate() for party in (OPERATOR, KESTREL, HAFEN)}
    found = Room(empty_desk(keys), Client(raise_request_exception=False), keys, {})
    elsewhere = empty_desk(keys)  # says that tokens were issued, so that the room's begins empty
    monkeypatch.setattr(wiring, "desk", lambda: elsewhere)
    monkeypatch.setattr(wiring, "now", lambda: found.at)
    Tally.objects.all().delete()
    found.tokens = {party: tokens.issue(party, "test") for party in keys}
    monkeypatch.setattr(wiring, "desk", lambda: found.desk)
    yield found
    ApiToken.objects.all().delete()
    IntakeLink.objects.all().delete()


def is_problem(response: Any, status: int, word: str = "") -> dict[str, Any]:  # noqa: ANN401
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    found = response.json()
    assert set(found) == {"type", "title", "status", "detail", "hint", "instance", "requestId"}
    assert found["status"] == status
    assert found["detail"]
    assert found["hint"]
    assert word in found["type"] + found["title"] + found["detail"]
    return found


def test_a_statement_is_registered_once_and_found_again(room: Room) -> None:
    raw = room.lot("A1")
    first, again = room.post("/statements", raw), room.post("/statements", raw)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["fresh"]
    assert not again.json()["fresh"]
    assert first.json()["index"] == again.json()["index"] == 0
    assert set(first.json()) == {"index", "digest", "fresh", "predicateType", "subjects"}
    assert first.json()["subjects"] == ["urn:voltrail:lot:kestrel:A1"]


def test_the_envelope_comes_back_byte_for_byte(room: Room) -> None:
    raw = json.dumps(json.loads(room.lot("A1")), indent=3).encode()
    assert room.post("/statements", raw).status_code == 201
    found = room.get("/statements/0", KESTREL)
    assert found.content == raw
    assert found["Content-Type"] == "application/vnd.dsse.envelope+json"


def test_a_firm_hands_in_its_own_statements_only_and_the_operator_any(room: Room) -> None:
    raw = room.lot("A1")
    is_problem(room.post("/statements", raw, HAFEN), 403, "notpermitted")
    assert room.desk.entries.size() == 0
    assert room.post("/statements", raw, OPERATOR).status_code == 201


def test_without_a_token_nothing_is_taken_and_no_envelope_is_shown(room: Room) -> None:
    refused = room.client.post(API + "/statements", data=room.lot("A1"), content_type=JSON)
    is_problem(refused, 401)
    assert refused["WWW-Authenticate"] == "Bearer"
    room.post("/statements", room.lot("A1"))
    is_problem(room.get("/statements/0"), 401)


def test_a_token_ends_by_time_and_by_revocation(room: Room) -> None:
    room.at = AT + timedelta(days=366)
    is_problem(room.get("/statements/0", KESTREL), 401)
    room.at = AT
    tokens.end(tokens.name_of(ApiToken.objects.get(party=KESTREL)), "It leaked.")
    is_problem(room.get("/statements/0", KESTREL), 401)


def test_a_token_is_on_record_when_it_is_issued_and_when_it_ends(room: Room) -> None:
    made = tokens.issue(KESTREL, "Lena's laptop", days=30)
    kept = ApiToken.objects.filter(party=KESTREL).latest("pk")
    assert kept in tokens.in_force()
    assert tokens.end(tokens.name_of(kept), "The laptop was lost.").pk == kept.pk
    assert kept not in tokens.in_force()
    said = [one.fact for one in stated(room)]
    assert [(str(one.act), one.by, str(one.about)) for one in said] == [
        ("issue-token", (), str(KESTREL)),
        ("end-token", (), str(KESTREL)),
    ]
    until = AT + timedelta(days=30)
    assert [one.detail for one in said] == [
        f"token-{kept.pk} until {until:%Y-%m-%d}",
        f"token-{kept.pk}",
    ]
    assert said[1].reason == "The laptop was lost."
    raw = b"".join(one.raw for one in room.desk.entries.entries(0, 2))
    for secret in (made, kept.digest, "Lena"):
        assert secret.encode() not in raw


def test_a_token_that_is_not_in_force_is_not_ended_and_leaves_no_entry(room: Room) -> None:
    name = tokens.name_of(ApiToken.objects.get(party=KESTREL))
    tokens.end(name, "")
    for unknown in (name, "token-0", f"token-{10**18}", "link-1", "first", ""):
        with pytest.raises(UnknownSubjectError, match="is in force"):
            tokens.end(unknown, "Again.")
    with pytest.raises(MalformedError):
        tokens.issue("nobody", "test")
    assert [one.fact.reason for one in stated(room)] == [records.BY_HAND]


def stated(room: Room) -> list[Any]:
    return [show.entry(room.desk, index) for index in range(room.desk.entries.size())]


def test_a_token_is_kept_as_a_digest_only(room: Room) -> None:
    kept = ApiToken.objects.get(party=KESTREL)
    assert room.tokens[KESTREL] not in str(vars(kept))


@pytest.mark.parametrize(
    ("more", "may"),
    [
        ({}, False),
        ({"public": True}, True),
        ({"parties": (HAFEN,)}, True),
        ({"public": True, "sealed_until": AT + timedelta(days=1)}, False),
        ({"public": True, "sealed_until": AT}, True),
    ],
)
def test_visibility_decides_which_firm_reads(room: Room, more: dict[str, Any], may: bool) -> None:  # noqa: FBT001
    assert room.post("/statements", room.lot("A1", **more)).status_code == 201
    assert room.get("/statements/0", KESTREL).status_code == 200
    assert room.get("/statements/0", OPERATOR).status_code == 200
    for path in ("/statements/0", "/subjects/urn:voltrail:lot:kestrel:A1"):
        found = room.get(path, HAFEN)
        assert found.status_code == (200 if may else 403), found.content


def test_a_firm_reads_what_is_said_about_its_own_lot(room: Room) -> None:
    room.post("/statements", room.lot("A1", HAFEN), HAFEN)
    assert room.get("/statements/0", KESTREL).status_code == 200


def test_a_subject_lists_its_statements(room: Room) -> None:
    room.post("/statements", room.lot("A1"))
    found = room.get("/subjects/urn:voltrail:lot:kestrel:A1", KESTREL).json()
    (fact,) = found["facts"]
    assert fact["index"] == 0
    assert fact["issuer"] == KESTREL
    assert fact["claimedTime"] == "2026-11-22T09:00:00Z"
    is_problem(room.get("/subjects/urn:voltrail:lot:kestrel:B9", KESTREL), 404, "unknownsubject")
    is_problem(room.get("/subjects/nonsense", KESTREL), 400, "malformed")


@pytest.mark.parametrize("kind", [JSON, "application/x-ndjson"])
def test_many_statements_get_an_answer_each(room: Room, kind: str) -> None:
    good, other = room.lot("A1"), room.lot("A2")
    bad = room.lot("A3", HAFEN)
    items = [good, bad, b'{"payloadType":"x"}', other, good]
    data = b"[" + b", ".join(items) + b"]" if kind == JSON else b"\n".join(items) + b"\n"
    found = room.post("/statements/bulk", data, kind=kind)
    assert found.status_code == 207, found.content
    assert [one["status"] for one in found.json()] == [201, 403, 400, 201, 200]
    assert found.json()[1]["problem"]["type"] == "/docs/errors#notpermittederror"
    assert "problem" not in found.json()[0]
    assert room.desk.entries.size() == 2
    assert room.get("/statements/1", KESTREL).content == other


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[", b"[1,]", b"[1 2]", b"[]x", b"\xff", b"[" * 100_000]
)
def test_a_body_that_is_no_array_is_malformed(room: Room, data: bytes) -> None:
    is_problem(room.post("/statements/bulk", data), 400, "malformed")


def test_an_empty_array_gets_an_empty_answer(room: Room) -> None:
    assert room.post("/statements/bulk", b" [ ] ").json() == []


def test_too_many_or_too_large_is_refused_before_it_is_read(room: Room) -> None:
    is_problem(room.post("/statements/bulk", b"[" + b",".join([b"{}"] * 1_001) + b"]"), 413)
    is_problem(room.post("/statements", b" " * 2_097_153), 413)
    huge = room.post("/blobs", b"0" * (32 * 1_048_576 + 1), kind="application/octet-stream")
    is_problem(huge, 413)


def test_a_wrong_media_type_is_refused(room: Room) -> None:
    is_problem(room.post("/statements", room.lot("A1"), kind="text/plain"), 415)
    is_problem(room.post("/blobs", b"x", kind=JSON), 415)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"a":' * 5_000, b'{"a":1.5}', b'{"a":1,"a":1}']
)
def test_malformed_envelopes_are_named_so(room: Room, data: bytes) -> None:
    is_problem(room.post("/statements", data), 400, "malformed")
    is_problem(room.post("/statements", data, OPERATOR), 400, "malformed")


def test_a_changed_envelope_is_refused(room: Room) -> None:
    found = json.loads(room.lot("A1"))
    found["signatures"] = json.loads(room.lot("A2"))["signatures"]
    is_problem(room.post("/statements", json.dumps(found).encode()), 403, "signatureinvalid")


def test_a_file_is_stored_by_digest(room: Room) -> None:
    data = b"7" * 20_000_000
    found = room.post("/blobs", data, kind="application/octet-stream")
    assert found.status_code == 201, found.content
    assert room.desk.blobs.get(found.json()["digest"]) == data


def test_proofs_checkpoint_and_tiles_are_public_and_true(room: Room) -> None:
    for number in range(5):
        room.post("/statements", room.lot(f"A{number}"))
    log = room.desk.log
    key = parse_vkey(vkey(log.origin, log.signer.public.spki[-32:]))
    (leaf,) = [one.leaf for one in room.desk.entries.at([3])]
    proof = receipt.parse(room.get("/statements/3/proof").content)
    assert receipt.verify(proof, leaf, [key]).size == 5
    assert room.get("/checkpoint").content == proof.checkpoint_note
    answer = room.get("/statements/3/receipt")
    assert answer["Content-Type"] == cose_receipt.MEDIA_TYPE
    found = cose.parse(answer.content)
    assert cose_receipt.leaf_in(found) == leaf
    assert cose_receipt.verify(found, leaf, [key]).index == 3
    hashes = tile.hashes_of(room.get("/tile/0/000.p/5").content)
    bundle = tile.unbundle(room.get("/tile/entries/000.p/5").content)
    assert hashes == tuple(merkle.leaf_hash(one) for one in bundle)
    is_problem(room.get("/tile/0/000"), 404)
    is_problem(room.get("/tile/0/0"), 400)
    is_problem(room.get("/statements/99/proof"), 404)
    is_problem(room.get("/statements/99/receipt"), 404)


def test_the_register_proves_that_it_only_grew(room: Room) -> None:
    for number in range(4):
        room.post("/statements", room.lot(f"A{number}"))
    assert len(room.get("/consistency?old=2&new=4").json()["hashes"]) == 1
    is_problem(room.get("/consistency?old=4&new=2"), 400)
    is_problem(room.get("/consistency?old=2&new=9"), 404)
    is_problem(room.get("/consistency?old=two&new=4"), 422)
    assert is_problem(room.get("/consistency?old=2"), 422)["title"]


def test_what_no_route_answers_is_a_problem_too(room: Room) -> None:
    is_problem(room.get("/nowhere"), 404)
    is_problem(room.get("/"), 404)
    is_problem(room.get("/tile/0/000%0A"), 404)
    is_problem(room.client.delete(API + "/checkpoint"), 405)
    assert room.client.delete(API + "/checkpoint")["Allow"] == "GET"
    is_problem(room.client.post(API + "/nowhere", data=b"", content_type=JSON), 404)


def test_a_fault_of_ours_tells_nothing_of_our_insides(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Desk:
        raise ZeroDivisionError("secret insides")

    monkeypatch.setattr(wiring, "desk", broken)
    assert "secret" not in str(is_problem(room.get("/checkpoint"), 500))


CALM = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
GETS = [
    "/statements/{}",
    "/statements/{}/proof",
    "/statements/{}/receipt",
    "/subjects/{}",
    "/arrivals/{}/decision",
    "/tile/{}",
    "/consistency?old={}&new={}",
    "/arrivals?cursor={}",
    "/arrivals?place={}",
]


@CALM
@given(st.sampled_from(GETS), st.text(max_size=20) | st.integers().map(str))
def test_no_address_makes_the_server_stumble(room: Room, path: str, word: str) -> None:
    found = room.get(path.format(quote(word), quote(word)), OPERATOR)
    assert found.status_code < 500, found.content


@CALM
@given(st.sampled_from(["/statements", "/statements/bulk"]), st.binary(max_size=60))
def test_no_body_makes_the_server_stumble(room: Room, path: str, data: bytes) -> None:
    assert room.post(path, data).status_code < 500


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ArrivalRow(
        *["a", "b", "urn:voltrail:lot:kestrel:A1", "d", "e", "f", "g"],
        2,
        40,
        "t",
        "release",
        "s",
        "x=y",
        "h",
        0,
    )
    monkeypatch.setattr(subjects.listed, "listing", lambda *_: Page((row,), "more", "1"))


@pytest.mark.usefixtures("rows")
def test_arrivals_are_listed_to_those_who_may_read_their_decision(room: Room) -> None:
    room.post("/statements", room.lot("A1"))
    found = room.get("/arrivals?disposition=release&tier=2", OPERATOR).json()
    assert found["next"] == "more"
    assert found["items"][0]["layers"] == {"x": "y"}
    assert found["items"][0]["receivedAt"] == "t"
    assert room.get("/arrivals", HAFEN).json()["items"] == []


def test_wrong_filters_are_named(room: Room) -> None:
    is_problem(room.get("/arrivals?disposition=maybe", OPERATOR), 422)
    is_problem(room.get("/arrivals?tier=99999999999999999999", OPERATOR), 400)
    is_problem(room.get("/arrivals?lot=x", OPERATOR), 400)
    is_problem(room.get("/arrivals?cursor=WzEsMl0", OPERATOR), 400)
    is_problem(room.get("/arrivals/unknown/decision", OPERATOR), 404)


def test_the_description_names_each_route_and_its_media_types(room: Room) -> None:
    found = room.get("/openapi.json").json()
    operations = [one for methods in found["paths"].values() for one in methods.values()]
    assert len(operations) == 86
    assert all(one["summary"] and one["description"] for one in operations)
    handed = found["paths"]["/api/v1/statements"]["post"]
    assert "application/vnd.dsse.envelope+json" in handed["requestBody"]["content"]
    assert PROBLEM in handed["responses"]["403"]["content"]


def test_a_session_reads_but_does_not_write(room: Room) -> None:
    room.post("/statements", room.lot("A1"))
    inside, _ = Account.objects.get_or_create(username="ada", person=ADA)
    outside, _ = Account.objects.get_or_create(username="sam", person=SAM, party=HAFEN)
    bindings.by_hand(inside, "quality"), bindings.by_hand(outside, "supplier")
    room.client.force_login(inside)
    assert room.get("/statements/0").status_code == 200
    refused = room.client.post(API + "/statements", data=room.lot("A2"), content_type=JSON)
    is_problem(refused, 401)
    room.client.force_login(outside)
    is_problem(room.get("/statements/0"), 403)


def send(room: Room, link: str, **form: Any) -> Any:  # noqa: ANN401
    return room.client.post(f"/in/{link}", form)


def test_a_link_takes_signed_envelopes_of_its_own_firm(room: Room) -> None:
    link = tokens.issue_link(KESTREL, "Lot records of November")
    assert b"Lot records of November" in room.client.get(f"/in/{link}").content
    own = SimpleUploadedFile("own.json", room.lot("A1"))
    assert b"entry 1" in send(room, link, envelopes=own).content
    foreign = send(room, link, envelopes=SimpleUploadedFile("f.json", room.lot("A2", HAFEN)))
    assert foreign.status_code == 422
    assert room.desk.entries.size() == 2  # the link is on record too


def test_a_link_keeps_an_unsigned_answer_as_said(room: Room) -> None:
    link = tokens.issue_link(KESTREL, "Questions", predicate_types=("urn:x:answer:v1",))
    file = SimpleUploadedFile("report.pdf", b"%PDF")
    found = send(room, link, answer='{"question": "yes"}', file=file)
    assert found.status_code == 200, found.content
    facts = json.loads(room.get("/subjects/" + KESTREL, OPERATOR).content)["facts"]
    kinds = {one["predicateType"].split(":")[3]: one["issuer"] for one in facts}
    assert kinds == {"administration": OPERATOR, "intake": OPERATOR}
    assert send(room, link, answer="{}", kind="urn:x:other:v1").status_code == 403
    assert send(room, link, answer="[1.5]").status_code == 400
    assert send(room, link).status_code == 400


def test_a_link_ends_and_slows_down(room: Room) -> None:
    link = tokens.issue_link(KESTREL, "Questions", days=1)
    codes = [send(room, link).status_code for _ in range(61)]
    assert codes == [400] * 60 + [429]
    room.at = AT + timedelta(minutes=2)
    assert send(room, link).status_code == 400
    room.at = AT + timedelta(days=2)
    assert room.client.get(f"/in/{link}").status_code == 404
    assert room.client.get("/in/unknown").status_code == 404
