"""What shares a firmware or a document with a suspect: sure, possible, or nobody says."""

from datetime import date

import pytest

from actions.test_recall import (
    ANNA,
    CELLS,
    MAYBE,
    MODEL,
    NORTH,
    PACKS,
    SURE,
    certainties,
    found,
    say,
    told,
    unit,
)
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import ArrivalId, DocumentId, FirmwareId, LotId, OrderId, SubjectId
from voltrail.projections.related import Relation
from voltrail.projections.scope import Scope
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Certainty
from voltrail.statements.certificate import Certificate
from voltrail.statements.fields import Digest
from voltrail.statements.firmware import FirmwareReading, FirmwareRelease
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.lot import TestResult as Outcome
from voltrail_world.cast import KESTREL
from world_fixture import NOW, PlayedWorld

IMAGE, OTHER, PAPER = (Digest(letter * 64) for letter in "abc")
CAME, OLD = ArrivalId.of("nordlicht", "A-7"), LotId.of("kestrel", "OLD-1")


def with_firmware() -> PlayedWorld:
    """P1 went in with an image, P2 was read with it, a delivery in part, a lot by its maker."""
    seen = told()
    put = Installation(unit("P1"), CAME, NORTH, NOW, ANNA, IMAGE)
    say(seen, put, unit("P1"))
    say(seen, Arrival(CAME, OrderId.of("nordlicht", "PO-1"), PACKS, NORTH, 9, NOW), CAME)
    reads(seen, IMAGE, "4.1", 1, unit("P2"))
    reads(seen, IMAGE, "4.1", 3)
    reads(seen, OTHER, "4.2", 1, unit("P9"))
    made = LotRecord(OLD, MODEL, KESTREL, "OLD-1", date(2026, 9, 1), "4.1")
    say(seen, made, OLD)
    return seen


def reads(
    seen: PlayedWorld, image: Digest, version: str, count: int, one: SubjectId | None = None
) -> None:
    fact = FirmwareReading(CAME, MODEL, image, version, count, NOW, "service port", one)
    say(seen, fact, CAME, *((one,) if one else ()))


def leads(one: Scope) -> dict[SubjectId, Certainty]:
    return {lead.thing: lead.certainty for lead in one.leads}


def test_a_version_leads_to_what_was_read_or_made_with_it_and_to_what_nobody_says() -> None:
    one = found(with_firmware(), "4.1", Relation.FIRMWARE)
    assert leads(one) == {unit("P2"): SURE, CAME: MAYBE, OLD: SURE}
    assert certainties(one) == {"P2": SURE, "A-7": MAYBE}
    (gap,) = (gap for gap in one.unknown if gap.about == OLD)
    assert str(gap.sentence) == "Nobody says where kestrel:OLD-1 went."
    assert gap.ask == KESTREL


def test_an_image_leads_to_what_was_installed_with_it_too() -> None:
    one = found(with_firmware(), IMAGE, Relation.FIRMWARE)
    assert leads(one) == {unit("P1"): SURE, unit("P2"): SURE, CAME: MAYBE}
    assert {str(lead.why) for lead in one.leads} == {f"It has the firmware {IMAGE}."}


def test_a_unit_leads_to_what_shares_its_firmware() -> None:
    one = found(with_firmware(), unit("P2"), Relation.FIRMWARE)
    assert leads(one).items() >= {unit("P1"): SURE, CAME: MAYBE, OLD: SURE}.items()
    assert unit("P9") not in leads(one)


def test_a_released_firmware_leads_to_what_has_its_version_or_image() -> None:
    seen, firmware = with_firmware(), FirmwareId.of("kestrel", "KR-48", "4.1")
    say(seen, FirmwareRelease(firmware, MODEL, "4.1", IMAGE, True), firmware)  # noqa: FBT003
    one = found(seen, firmware, Relation.FIRMWARE)
    assert leads(one) == {unit("P1"): SURE, unit("P2"): SURE, CAME: MAYBE, OLD: SURE}


def with_paper() -> tuple[PlayedWorld, DocumentId]:
    """A certificate for the cells, and a test of another lot, rest on the same paper."""
    seen, document = told(), DocumentId.of("kestrel", "C-1")
    body = KESTREL
    paper = Certificate(
        document,
        "C-1",
        "UN 38.3",
        body,
        KESTREL,
        "KR-48",
        MODEL,
        date(2026, 1, 1),
        None,
        lot=CELLS,
        content=PAPER,
    )
    say(seen, paper, document, CELLS)
    tests = (Outcome("capacity", "pass", report=PAPER),)
    say(seen, LotRecord(OLD, MODEL, KESTREL, "OLD-1", test_results=tests, quantity=8), OLD)
    return seen, document


def test_a_document_leads_to_each_lot_that_rests_on_it_and_where_that_is() -> None:
    one = found(with_paper()[0], PAPER, Relation.DOCUMENT)
    assert leads(one) == {CELLS: SURE, OLD: SURE}
    assert certainties(one) == {"P1": SURE, "P2": MAYBE}
    (gap,) = (gap for gap in one.unknown if gap.about == OLD)
    assert (str(gap.sentence), gap.ask) == ("Nobody says where kestrel:OLD-1 went.", KESTREL)


def test_a_document_by_its_number_leads_to_what_its_statement_names() -> None:
    seen, document = with_paper()
    assert leads(found(seen, document, Relation.DOCUMENT)) == {CELLS: SURE}


@pytest.mark.parametrize(
    ("about", "relation"),
    [
        ("9.9", Relation.FIRMWARE),
        ("d" * 64, Relation.FIRMWARE),
        ("urn:voltrail:firmware:kestrel:KR-48:9.9", Relation.FIRMWARE),
        ("d" * 64, Relation.DOCUMENT),
        ("urn:voltrail:document:kestrel:NONE", Relation.DOCUMENT),
        ("no document at all", Relation.DOCUMENT),
    ],
    ids=["version", "image", "release", "digest", "number", "words"],
)
def test_an_unknown_firmware_or_document_is_refused_in_words(
    about: str, relation: Relation
) -> None:
    with pytest.raises(UnknownSubjectError, match=f"is related to .* by {relation}"):
        found(told(), about, relation)


def test_no_firmware_and_no_document_is_malformed() -> None:
    for relation in (Relation.FIRMWARE, Relation.DOCUMENT):
        with pytest.raises(MalformedError, match="No suspect is named"):
            found(told(), "  ", relation)
