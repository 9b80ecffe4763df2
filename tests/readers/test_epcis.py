"""EPCIS: both forms of an event are one, what is ambiguous is refused, and our own comes back."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.ids.subject import ArrivalId, LotId, PartyId, PersonId, PlaceId, UnitId
from voltrail.quantities import Quantity, Unit
from voltrail.readers import epcis, epcis_wrong, registry, testing
from voltrail.readers.foreign import Draft, Named
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.table import Commitment
from voltrail.writers import epcis as writer
from world_fixture import NOW

FOLDER = ("traceability", "epcis-openepcis", "2.0", "EPCIS")
# Twins that say different things: a comment that is no element in the XML, another notation of
# device identities, and an order of fields that the schema forbids.
UNEQUAL = {
    "ObjectEvent_with_comment",
    "Query/ObjectEventWithAllPossibleFields",
    "JumbledFieldsOrder",
}
KESTREL, TIDERACE = PartyId.of("kestrel"), PartyId.of("tiderace")
NORDLICHT = PartyId.of("nordlicht")
LOT, HALL = LotId.of("kestrel", "L1"), PlaceId.of("nordlicht", "hall-7")
ARRIVAL = ArrivalId.of("nordlicht", "A1")


def event(**more: object) -> dict[str, Any]:
    plain = {
        "type": "ObjectEvent",
        "eventTime": "2026-11-02T08:00:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": ["https://id.gs1.org/01/09521141012345/21/2017"],
    }
    return {name: one for name, one in {**plain, **more}.items() if one is not None}


def document(*events: object, **more: object) -> bytes:
    frame = {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-02T09:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }
    return json.dumps({**frame, **more}).encode()


def read(*events: object) -> list[Draft]:
    return list(registry.read(document(*events)).drafts)


def said(path: Path) -> list[Any]:
    return [(one.kind, one.said) for one in registry.read(path.read_bytes()).drafts]


@pytest.mark.corpus
def test_the_two_forms_of_an_event_give_equal_drafts() -> None:
    root, compared = corpus(*FOLDER, "JSON"), 0
    for one in sorted(root.rglob("*.json")):
        name = one.relative_to(root).with_suffix(".xml").as_posix()
        names = (name, name.replace("error_declaration", "errorDeclaration"))
        twin = next((t for t in (root.parent / "XML" / n for n in names) if t.exists()), None)
        if twin is None or "Queries" in name or "Invalid" in name:
            continue
        if not any(part in name for part in UNEQUAL):
            assert said(one) == said(twin), name
            compared += 1
    assert compared == 25


def test_the_reader_keeps_the_contract() -> None:
    report = {
        "type": "Temperature",
        "value": 21.5,
        "uom": "CEL",
        "exception": "gs1:ALARM_CONDITION",
    }
    about = {"time": "2026-11-02T07:00:00Z", "deviceID": "urn:epc:id:giai:4000001.111",
             "rawData": "https://example.org/1"}  # fmt: skip
    sensor = {"sensorMetadata": about, "sensorReport": [report]}
    whole = event(
        bizStep="shipping", disposition="in_transit", sensorElementList=[sensor],
        readPoint={"id": "urn:epc:id:sgln:9529999.99999.0"},
        quantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200}],
        sourceList=[{"type": "possessing_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.16"}],
        persistentDisposition={"set": ["completeness_inferred"]},
        errorDeclaration={"declarationTime": "2026-11-03T07:00:00Z", "reason": "did_not_occur"},
        ilmd={"cbvmda:lotNumber": "A"}, certificationInfo="https://example.org/c/1",
    )  # fmt: skip
    testing.format_conforms(epcis.FORMAT, document(whole))


def test_shipping_and_receiving_are_the_halves_of_a_hand_over() -> None:
    sides = {
        "sourceList": [{"type": "possessing_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        "destinationList": [
            {
                "type": "urn:epcglobal:cbv:sdt:possessing_party",
                "destination": "https://id.gs1.org/417/4099999000005",
            }
        ],
        "bizTransactionList": [{"type": "cbv:BTT-desadv", "bizTransaction": "urn:x:D1"}],
    }
    given, taken = read(
        event(bizStep="shipping", **sides),
        event(bizStep="https://ref.gs1.org/cbv/BizStep-receiving", **sides),
    )
    assert [given.kind, taken.kind] == ["custody", "custody"]
    assert [given.said.half, taken.said.half] == [Half.GIVEN, Half.TAKEN]
    assert given.said.giver == Named("urn:epc:id:pgln:4012345.00225", "epc")
    assert given.said.taker == Named("https://id.gs1.org/417/4099999000005", "digital-link")
    assert given.said.number == taken.said.number == "urn:x:D1"
    assert given.said.event.offset == "+01:00"


def test_a_hand_over_without_possessors_is_remarked() -> None:
    found = registry.read(document(event(bizStep="shipping")))
    assert found.drafts[0].said.giver is None
    assert [one.place for one in found.remarks] == ["event 1", "event 1"]


def test_extremes_of_sensors_are_in_our_units() -> None:
    reports = [{"type": "Temperature", "value": 50, "uom": "FAH"},
               {"type": "Temperature", "minValue": 41, "maxValue": 68, "uom": "FAH"},
               {"type": "gs1:Speed", "value": 80, "uom": "KMH"}]  # fmt: skip
    found = registry.read(document(event(sensorElementList=[{"sensorReport": reports}])))
    _, warm, fast = found.drafts
    assert (warm.said.lowest, warm.said.highest) == (
        Quantity.parse({"value": "5", "unit": "degC"}),
        Quantity.parse({"value": "20", "unit": "degC"}),
    )
    assert fast.said.unread == ("80 KMH",)
    assert "kept as text" in found.remarks[-1].sentence


def test_a_withdrawn_event_is_a_correction() -> None:
    wrong = {"declarationTime": "2026-11-03T07:00:00Z", "reason": "incorrect_data",
             "correctiveEventIDs": ["urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"]}  # fmt: skip
    (draft,) = read(event(bizStep="shipping", errorDeclaration=wrong))
    assert (draft.kind, draft.said.reason) == ("correction", "incorrect_data")
    assert draft.said.instead == ("urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",)


def test_words_of_holding_and_recall_are_kept_as_dispositions() -> None:
    (draft,) = read(event(bizStep="holding", disposition="recalled"))
    assert (draft.kind, draft.said.step, draft.said.dispositions) == (
        "event",
        "holding",
        ("recalled",),
    )


@pytest.mark.parametrize(
    ("odd", "place"),
    [
        ({"eventTime": "2026-11-02T08:00:00"}, "event 1.eventTime is not a time with a zone"),
        ({"eventTime": "2026-13-02T08:00:00Z"}, "event 1.eventTime is no time that exists"),
        ({"eventTimeZoneOffset": "1h"}, "event 1.eventTimeZoneOffset is no offset"),
        ({"action": "add"}, "event 1.action is 'add'"),
        ({"bizStep": "posting"}, "event 1.bizStep is 'posting'"),
        ({"epcList": ["2017"]}, r"event 1.epcList\[0\] is no URI"),
        ({"epcList": None}, "event 1 names nothing that it is about"),
        ({"colour": "red"}, "event 1.colour is no field of EPCIS and bears no namespace"),
        ({"quantityList": [{"epcClass": "urn:a:b", "quantity": -1}]}, "quantity is below zero"),
        ({"quantityList": [{"epcClass": "urn:a:b", "quantity": True}]}, "quantity is not a number"),
        ({"sensorElementList": [{"sensorReport": []}]}, "sensorReport is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(odd: dict[str, Any], place: str) -> None:
    with pytest.raises(MalformedError, match=place):
        read(event(**odd))


def test_a_context_of_others_is_named_and_never_fetched() -> None:
    contexts = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "https://example.org/c"]
    found = registry.read(document(event(colour="red"), **{"@context": contexts}))
    assert found.drafts[0].said.event.more == {"colour": "red"}
    assert "https://example.org/c is not here" in found.remarks[0].sentence


def test_one_wrong_event_refuses_the_whole_document() -> None:
    with pytest.raises(MalformedError, match=r"event 2\.action"):
        read(event(), event(action="MAKE"))


def test_xml_with_a_document_type_is_refused() -> None:
    with pytest.raises(MalformedError, match="document type"):
        registry.read(b"<!DOCTYPE a SYSTEM 'http://example.org/x'><ObjectEvent/>")


def test_prefixes_that_would_swell_every_name_are_refused() -> None:
    """Each name bears its namespace: few and short ones, or a small file becomes a large one."""
    epcis_context = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
    many = {f"p{nr}": "urn:x" for nr in range(300)}
    for context in (many, {"x": "h" * 3_000}):
        with pytest.raises(MalformedError, match="prefixes"):
            registry.read(document(event(), **{"@context": [epcis_context, context]}))
    spaces = "".join(f" xmlns:p{nr}='urn:{nr}'" for nr in range(300))
    for odd in (spaces, f" xmlns:x='{'u' * 3_000}'"):
        with pytest.raises(MalformedError, match="namespaces"):
            registry.read(f"<ObjectEvent{odd}/>".encode())


def test_a_refusal_does_not_steer_the_terminal() -> None:
    with pytest.raises(MalformedError, match=r"event 1\.colour\?") as refused:
        read(event(**{"colour\x1b[2J" + "x" * 9_000: "red"}))
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) <= 2_000


def test_what_we_write_is_read_back_to_the_same() -> None:
    over = HandOver(LOT, "D/17 a", Half.GIVEN, KESTREL, TIDERACE, NOW, 40, HALL, ARRIVAL, ("S1",))
    parts = (
        Part(unit=UnitId.of("kestrel", "M1"), lot=LOT),
        Part(lot=LOT, quantity=Quantity(Decimal(12), Unit.items)),
    )
    whole = (Part(unit=UnitId.of("kestrel", "P1")),)
    built = Assembly(KESTREL, "B1", Action.ADD, WholeLevel.PACK, NOW, parts, whole, HALL)
    made = Assembly(
        KESTREL,
        "B2",
        Action.ADD,
        WholeLevel.PACK,
        NOW,
        parts,
        (*whole, Part(unit=UnitId.of("kestrel", "P2"))),
    )
    fitted = Installation(UnitId.of("kestrel", "P1"), ARRIVAL, HALL, NOW, PersonId.of("meret"))
    data = writer.write([over, built, made, fitted], NOW)
    assert data == writer.write([over, built, made, fitted], NOW)
    custody, joined, mixed, placed = registry.read(data).drafts
    half = custody.said
    assert (half.half, half.number, half.giver.text, half.taker.text) == (
        Half.GIVEN,
        "D/17 a",
        KESTREL,
        TIDERACE,
    )
    assert (half.at, half.where.text, half.amounts[0].of.text, half.amounts[0].quantity) == (
        NOW,
        HALL,
        LOT,
        40,
    )
    assert half.event.more["urn:voltrail:epcis#seals"] == ["S1"]
    assert (joined.said.action, joined.said.how, joined.said.at) == (Action.ADD, "built in", NOW)
    assert [one.text for one in joined.said.inputs] == [parts[0].unit]
    assert joined.said.input_amounts[0].quantity == 12
    assert [one.text for one in joined.said.outputs] == [whole[0].unit]
    assert (mixed.said.how, len(mixed.said.outputs)) == ("made of", 2)
    assert (placed.said.event.step, placed.said.outputs[0].text) == ("installing", HALL)


def test_a_fact_without_an_event_is_refused() -> None:
    with pytest.raises(MalformedError, match="is no event of EPCIS"):
        writer.event(Part(lot=LOT))


@pytest.mark.parametrize(
    ("what", "step"),
    [
        ({"units": (UnitId.of("kestrel", "P1"),), "container": "SSCC1"}, "storing"),
        ({"lot": LOT, "quantity": 12}, "storing"),
        ({"container": "SSCC1", "verb": MovementVerb.TAKE_OUT}, "picking"),
    ],
)
def test_a_move_is_an_event_that_is_read_back(what: dict[str, object], step: str) -> None:
    given = {"verb": MovementVerb.STORE, "came_from": HALL, "seals_set": ("S1",), **what}
    moved = Movement("M1", NORDLICHT, to=HALL, at=NOW, by=PersonId.of("meret"), **given)
    event = registry.read(writer.write([moved], NOW)).drafts[0].said
    told = getattr(event, "event", event)
    assert told.step == step
    assert told.location.text == HALL
    named = [str(one) for one in moved.units]
    assert [one.text for one in told.items][: len(named)] == named


def test_a_move_of_a_table_is_no_event() -> None:
    table = Commitment(("serial",), 1, "0" * 64, "0" * 64)
    moved = Movement(
        "M1", NORDLICHT, MovementVerb.STORE, HALL, NOW, PersonId.of("meret"), unit_table=table
    )
    with pytest.raises(MalformedError, match="in a table"):
        writer.event(moved)


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        ("https://id.gs1.org/01/09506000134353/21/A1", "check digit"),
        ("https://id.gs1.org/gtin/09506000134353", "check digit"),
        ("https://id.gs1.org/00/123456789012345678", "check digit"),
        ("https://id.gs1.org/21/A1/01/09506000134352", "stands before the key"),
        ("urn:epc:id:sgtin:9506000.013435.\u04101", "CYRILLIC"),
        ("urn:epc:id:sgtin:95060.013435.A1", "digits"),
        ("urn:epc:id:sgtin:9506000.013435.A%00", "cannot stand"),
        ("urn:epc:id:nothing:1.2.3", "no EPC"),
    ],
)
def test_an_identity_of_gs1_that_is_written_wrong_is_remarked(identity: str, why: str) -> None:
    right = "https://id.gs1.org/01/09506000134352/21/A1"
    found = registry.read(document(event(), event(epcList=[right, identity, identity])))
    (told,) = found.remarks
    assert told.place == "event 2"
    assert repr(identity) in told.sentence
    assert why in told.sentence
    assert len(found.drafts) == 2


def test_a_wrong_identity_is_found_wherever_it_stands_in_an_event() -> None:
    bad = "urn:epc:id:sgln:1.2.3"
    side = [{"type": "possessing_party", "source": f"{bad}1"}]
    amount = [{"epcClass": f"{bad}2", "quantity": 1}]
    paper = [{"type": "po", "bizTransaction": f"{bad}3"}]
    whole = event(
        sourceList=side, quantityList=amount, bizTransactionList=paper,
        readPoint={"id": f"{bad}4"}, bizLocation={"id": f"{bad}5"},
        sensorElementList=[
            {"sensorMetadata": {"deviceID": f"{bad}6"}, "sensorReport": [{"value": 1}]}
        ],
    )  # fmt: skip
    told = [one.sentence for one in registry.read(document(whole)).remarks]
    assert all(any(f"{bad}{number}" in one for one in told) for number in range(1, 7))


@pytest.mark.parametrize(
    "identity",
    [
        "urn:example:thing:42",
        "https://partner.example/stock/42",
        "https://partner.example/party/10042",
        "https://partner.example/01/shelf",
        "https://partner.example/a%zz",
        "urn:uuid:00000000-0000-4000-8000-000000000001",
    ],
)
def test_an_identity_that_claims_nothing_of_gs1_stays_silent(identity: str) -> None:
    assert registry.read(document(event(epcList=[identity]))).remarks == []


def test_remarks_about_wrong_identities_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epcis_wrong, "MOST_TOLD", 3)
    monkeypatch.setattr(epcis_wrong, "MOST_READ", 5)
    bad = [f"urn:epc:id:sgtin:1.2.{number}" for number in range(9)]
    told = [one.sentence for one in registry.read(document(event(epcList=bad))).remarks]
    assert len(told) == 5
    assert told[3:] == [
        "Identities are written wrong in 2 more places.",
        "Whether 4 more identities are right was not read.",
    ]


def test_a_container_that_is_packed_into_itself_is_remarked() -> None:
    box = "urn:example:box:1"
    packed = event(epcList=None, type="AggregationEvent", parentID=box, childEPCs=[box])
    packed = {name: value for name, value in packed.items() if value is not None}
    told = [one.sentence for one in registry.read(document(packed)).remarks]
    assert f"{box} is said to be packed into itself." in told
