"""What a foreign file says is kept as its sender's word, once, linked to what is known here."""

import json

import pytest

from corpus import corpus
from voltrail.actions import foreign
from voltrail.actions.foreign import Filed
from voltrail.actions.record import Registered, state
from voltrail.actions.refold import refold
from voltrail.errors import MalformedError, ProductError
from voltrail.ids.subject import PartyId, ProductId, UnitId
from voltrail.projections.fold import view
from voltrail.quantities import Quantity
from voltrail.readers import registry
from voltrail.readers.foreign import Draft, Named, Reading
from voltrail.statements.intake import Intake
from voltrail.statements.product import Attestability, Product
from voltrail.statements.statement import Header
from world_fixture import NOW, fresh_world

SENDER = PartyId.of("kestrel")
GTIN = "09521234000013"


def event(serial: str, number: int = 1) -> bytes:
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-01T08:00:00Z",
        "epcisBody": {
            "eventList": [
                {
                    "type": "ObjectEvent",
                    "action": "OBSERVE",
                    "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
                    "bizStep": "shipping",
                    "eventTime": "2026-11-01T08:00:00Z",
                    "eventTimeZoneOffset": "+00:00",
                    "epcList": [f"https://id.gs1.org/01/{GTIN}/21/{serial}"],
                }
            ]
        },
    }
    return json.dumps(document).encode()


def filed(desk: object, data: bytes) -> Filed:
    reading = registry.read(data)
    known = {one.text: foreign.meaning(desk, one, NOW) for one in foreign.names(reading)}  # type: ignore[arg-type]
    return Filed(reading, SENDER, known)


def test_a_draft_is_kept_once_and_linked_to_the_unit_it_names() -> None:
    desk = fresh_world().desk
    product = ProductId.of("kestrel", "KP-9")
    model = Product(
        product, SENDER, "KP-9", "rack", "LFP", Attestability.PASSIVE,
        Quantity.parse({"value": "1", "unit": "A.h"}), Quantity.parse({"value": "1", "unit": "V"}),
        gtin=GTIN,
    )  # fmt: skip
    state(desk, model, Header(desk.operator, NOW), product)
    unit = UnitId.of("kestrel", "S701001")
    one = filed(desk, event("S701001"))
    (first,) = foreign.keep(desk, one, one.reading.drafts, NOW)
    (again,) = foreign.keep(desk, one, one.reading.drafts, NOW)
    assert isinstance(first, Registered)
    assert isinstance(again, Registered)
    assert (again.index, again.fresh, first.fresh) == (first.index, False, True)
    kept = view(desk.entries, desk.views, SENDER).newest(Intake)
    assert kept is not None
    assert kept.fact.file == one.reading.digest
    assert kept.fact.statement_type == "urn:voltrail:predicate:custody:v1"
    assert kept.fact.content["said"]["event"]["step"] == "shipping"
    assert kept.issuer == desk.operator
    assert unit in kept.subjects or one.meanings[f"https://id.gs1.org/01/{GTIN}/21/S701001"]


def test_two_senders_of_one_file_are_two_words() -> None:
    desk, data = fresh_world().desk, event("X1")
    one = filed(desk, data)
    foreign.keep(desk, one, one.reading.drafts, NOW)
    other = Filed(one.reading, PartyId.of("tiderace"), one.meanings)
    (told,) = foreign.keep(desk, other, other.reading.drafts, NOW)
    assert isinstance(told, Registered)
    assert told.fresh


def test_an_identity_that_is_written_wrong_is_no_subject() -> None:
    desk = fresh_world().desk
    wrong = foreign.meaning(desk, Named("(01)09521234000014", "gs1"), NOW)
    unknown = foreign.meaning(desk, Named("https://id.gs1.org/01/09521234000013/21/Z", "gs1"), NOW)
    assert wrong.refusal
    assert wrong.subjects == unknown.subjects == ()
    assert unknown.refusal == ""


def test_what_is_too_large_for_a_statement_is_refused_and_the_rest_is_kept() -> None:
    desk = fresh_world().desk
    small = filed(desk, event("X1"))
    large = Named("x" * 950_000, "text")
    drafts = [Draft("event 9", "event", large, "0" * 64), *small.reading.drafts]
    both = Filed(Reading("epcis", small.reading.digest, drafts), SENDER, {})
    refused, kept = foreign.keep(desk, both, drafts, NOW)
    assert isinstance(refused, MalformedError)
    assert "event 9" in str(refused)
    assert isinstance(kept, Registered)


@pytest.mark.corpus
def test_every_published_file_that_is_read_can_be_kept() -> None:
    desk, kept = fresh_world().desk, 0
    for path in sorted(corpus("traceability").rglob("*")):
        if path.suffix not in (".json", ".xml", ".jsonld"):
            continue
        try:
            reading = registry.read(path.read_bytes())
        except ProductError:
            continue
        one = Filed(reading, SENDER, {})
        answers = foreign.keep(desk, one, reading.drafts[:10], NOW)
        assert all(isinstance(each, Registered) for each in answers), path
        kept += len(answers)
    assert kept > 300


def events(*several: bytes, **more: object) -> bytes:
    """One document with the events of several."""
    told = [json.loads(one) for one in several]
    every = [event for one in told for event in one["epcisBody"]["eventList"]]
    return json.dumps({**told[0], **more, "epcisBody": {"eventList": every}}).encode()


def test_the_same_event_in_another_document_counts_once() -> None:
    desk, places = fresh_world().desk, []
    first = event("X1")
    again = json.dumps(json.loads(first), indent=4).encode()
    later = events(event("X0", 9), first, creationDate="2026-11-05T08:00:00Z")
    recorded = first.replace(b'"action"', b'"recordTime": "2026-11-06T08:00:00Z", "action"')
    for data in (first, again, later, recorded):
        one = filed(desk, data)
        told = foreign.keep(desk, one, one.reading.drafts, NOW)[-1]
        assert isinstance(told, Registered)
        places.append((told.index, told.fresh))
        assert foreign.differing(desk, one, one.reading.drafts) == ()
    assert places == [(places[0][0], fresh) for fresh in (True, False, False, False)]
    refold(desk, NOW)
    one = filed(desk, again)
    (told,) = foreign.keep(desk, one, one.reading.drafts, NOW)
    assert isinstance(told, Registered)
    assert (told.index, told.fresh) == (places[0][0], False)
    assert len(view(desk.entries, desk.views, SENDER).standing(Intake)) == 2


def test_one_event_three_times_in_a_document_counts_once() -> None:
    desk, data = fresh_world().desk, event("X1")
    one = filed(desk, events(data, data, data))
    told = foreign.keep(desk, one, one.reading.drafts, NOW)
    assert [each.fresh for each in told if isinstance(each, Registered)] == [True, False, False]
    assert len({each.index for each in told if isinstance(each, Registered)}) == 1
    assert len(view(desk.entries, desk.views, SENDER).standing(Intake)) == 1


def test_the_same_event_of_two_senders_is_two_words_and_one_without_id_is_never_the_same() -> None:
    desk = fresh_world().desk
    bare = json.loads(event("X1"))
    del bare["epcisBody"]["eventList"][0]["eventID"]
    nameless = json.dumps(bare).encode()
    one, two = filed(desk, event("X1")), filed(desk, events(nameless, nameless))
    other = Filed(one.reading, PartyId.of("tiderace"), one.meanings)
    told = [
        answer
        for each in (one, other, two)
        for answer in foreign.keep(desk, each, each.reading.drafts, NOW)
    ]
    assert [each.fresh for each in told if isinstance(each, Registered)] == [True] * 4


def test_another_word_under_the_same_event_id_is_kept_and_remarked() -> None:
    desk = fresh_world().desk
    one = filed(desk, event("X1"))
    (first,) = foreign.keep(desk, one, one.reading.drafts, NOW)
    assert isinstance(first, Registered)
    two = filed(desk, events(event("X2"), event("Y1", 2), event("Y2", 2)))
    remarks = foreign.differing(desk, two, two.reading.drafts)
    assert [one.place for one in remarks] == ["event 1", "event 3"]
    assert f"something else in entry {first.index}." in remarks[0].sentence
    assert "something else in event 2." in remarks[1].sentence
    told = foreign.keep(desk, two, two.reading.drafts, NOW)
    assert [each.fresh for each in told if isinstance(each, Registered)] == [True] * 3
