"""A foreign code means the subject that the record says, once; two that claim it are a clone."""

import pytest
from msgspec.structs import replace

from voltrail.actions import identity
from voltrail.actions.label import Shown, judge_scan, unit_of
from voltrail.errors import UnknownSubjectError
from voltrail.ids.identify import identify
from voltrail.ids.subject import PartyId, SubjectId, UnitId
from voltrail.labels.verdict import Scanned
from voltrail.projections import fold, identities
from voltrail.projections.memory import MemoryViews
from voltrail.statements.party import Party, Role
from voltrail.statements.product import Product
from voltrail.statements.statement import Header
from voltrail.statements.unit import Level, UnitRecord
from voltrail_world.cast import KESTREL, NORDLICHT, PRODUCTS, SODALITH, TIDERACE
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

GOODS = clean_shipment()
SERIAL, LOT = GOODS.delivered[0], GOODS.lot
UNIT = UnitId.of(LOT.parts[0], SERIAL)
GTIN, GLN, LEI = "09521234000013", "9521234000006", "5493001KJTIIGC8Y1R12"
BATTERY = "001PB240000003B3C0221953"
ITEM = f"https://id.gs1.org/01/{GTIN}/21/{SERIAL}"


@pytest.fixture
def seen() -> PlayedWorld:
    """A world with one clean delivery."""
    world = fresh_world()
    world.deliver(GOODS)
    return world


def say(seen: PlayedWorld, fact: object, issuer: SubjectId, about: SubjectId) -> bytes:
    raw = seen.say(fact, issuer, about)
    seen.hand_in(raw)
    return raw


def numbered(seen: PlayedWorld, maker: PartyId = KESTREL, gtin: str = GTIN) -> Product:
    """A product of a maker whose newest record names a GTIN."""
    product = replace(next(one for one in PRODUCTS if one.maker == maker), gtin=gtin)
    say(seen, product, NORDLICHT, product.product)
    return product


def firm(seen: PlayedWorld, party: PartyId, *others: str) -> None:
    say(seen, Party(party, "A firm", "SE", (Role.MANUFACTURER,), others), NORDLICHT, party)


def meant(seen: PlayedWorld, text: str) -> tuple[SubjectId, ...]:
    return identity.meant(seen.desk, text).subjects


@pytest.mark.parametrize(
    "text",
    [
        ITEM,
        f"HTTPS://LABELS.EXAMPLE/x/gtin/{GTIN}/lot/L1/ser/{SERIAL}",
        f"]d201{GTIN}10L1\x1d21{SERIAL}",
        f"(01){GTIN}(21){SERIAL}",
        f"urn:epc:id:sgtin:9521234.000001.{SERIAL}",
    ],
)
def test_every_form_of_a_unit_s_code_means_that_unit(seen: PlayedWorld, text: str) -> None:
    assert meant(seen, text) == ()
    numbered(seen)
    assert meant(seen, text) == (UNIT,)
    assert unit_of(seen.desk, text) == UNIT


def test_a_code_of_lot_and_item_means_the_maker_s_lot(seen: PlayedWorld) -> None:
    product = numbered(seen)
    assert meant(seen, f"(01){GTIN}(10){LOT.parts[1]}") == (LOT,)
    assert meant(seen, f"(01){GTIN}(10)nobody") == ()
    assert meant(seen, GTIN) == (product.product,)


@pytest.mark.parametrize(
    "text", [GLN, f"(414){GLN}", f"(417){GLN}", "urn:epc:id:pgln:9521234.00000", LEI, LEI.lower()]
)
def test_a_firm_s_number_means_the_firm(seen: PlayedWorld, text: str) -> None:
    firm(seen, KESTREL, GLN, LEI)
    assert meant(seen, text) == (KESTREL,)


@pytest.mark.parametrize("text", [GLN, LEI])
def test_two_firms_that_claim_one_number_contradict_each_other(
    seen: PlayedWorld, text: str
) -> None:
    firm(seen, KESTREL, text)
    firm(seen, TIDERACE, text)
    found = identity.meant(seen.desk, text)
    assert set(found.subjects) == {KESTREL, TIDERACE}
    assert found.clash is not None
    assert "At most one of them is it" in found.clash
    assert len(found.entries) == 2


def test_a_claim_that_was_taken_back_counts_no_more(seen: PlayedWorld) -> None:
    firm(seen, KESTREL, LEI)
    later = Party(KESTREL, "A firm", "SE", (Role.MANUFACTURER,))
    seen.hand_in(seen.world.say(later, Header(NORDLICHT, NOW), KESTREL))
    assert meant(seen, LEI) == ()


def test_a_unit_is_found_by_what_others_call_it(seen: PlayedWorld) -> None:
    record = UnitRecord(UNIT, LOT, Level.PACK, identifiers=(BATTERY, "urn:example:pack:7"))
    say(seen, record, KESTREL, UNIT)
    for text in (BATTERY, f"{BATTERY[:12]} {BATTERY[12:]}", "URN:EXAMPLE:pack:7"):
        assert meant(seen, text) == (UNIT,)
        assert judge_scan(seen.desk, Shown(text)).unit == UNIT


def test_a_second_unit_with_the_same_identity_is_a_clone(seen: PlayedWorld) -> None:
    numbered(seen)
    assert judge_scan(seen.desk, Shown(ITEM)).verdict is Scanned.MATCH
    other = UnitId.of("kestrel", "K-OTHER")
    say(seen, UnitRecord(other, LOT, Level.PACK, identifiers=(ITEM,)), KESTREL, other)
    found = judge_scan(seen.desk, Shown(ITEM))
    assert found.verdict is Scanned.CLONED
    assert found.entries
    with pytest.raises(UnknownSubjectError):
        unit_of(seen.desk, ITEM)


def test_the_same_serial_of_another_maker_is_another_unit(seen: PlayedWorld) -> None:
    numbered(seen, SODALITH)
    found = judge_scan(seen.desk, Shown(ITEM))  # kestrel's serial under sodalith's item
    assert (found.verdict, found.unit) == (Scanned.UNKNOWN, None)


def test_an_item_that_nobody_claims_is_looked_for_by_its_serial(seen: PlayedWorld) -> None:
    assert judge_scan(seen.desk, Shown(ITEM)).unit == UNIT


@pytest.mark.parametrize("text", ["", "К0001", f"(01){GTIN[:-1]}4(21)1", "K" * 600])
def test_what_is_no_code_means_nothing(seen: PlayedWorld, text: str) -> None:
    assert identity.meant(seen.desk, text) == identities.Meant()


def test_the_claims_are_the_same_when_every_view_is_folded_again(seen: PlayedWorld) -> None:
    numbered(seen)
    firm(seen, KESTREL, GLN, LEI)
    again = MemoryViews()
    fold.rebuild(seen.desk.entries, again, seen.desk.blobs)
    for text in (ITEM, GLN, LEI):
        code = identify(text)
        assert identities.meant(seen.desk.entries, again, code).subjects == meant(seen, text)
