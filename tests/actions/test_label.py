"""A scan at the rack against the register: match, mismatch, unknown, cloned."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from voltrail.actions.label import Shown, judge_scan
from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, PartyId, UnitId
from voltrail.labels import bare, link, scan, signed
from voltrail.labels.link import Label
from voltrail.labels.verdict import Answer, Scanned
from voltrail.statements.statement import Header
from voltrail.statements.unit import Level, UnitRecord
from voltrail.trust import signer
from voltrail_world.cast import KESTREL, TIDERACE
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

GOODS = clean_shipment()
SERIAL = GOODS.delivered[0]
UNIT = UnitId.of(GOODS.lot.parts[0], SERIAL)
MAKER = PartyId.of("kestrel")


@pytest.fixture
def seen() -> PlayedWorld:
    """A world with one clean delivery."""
    world = fresh_world()
    world.deliver(GOODS)
    return world


def scanned(seen: PlayedWorld, text: str, seal: str = "") -> Answer:
    return judge_scan(seen.desk, Shown(text, seal))


def sealed_with(seen: PlayedWorld, seal: str) -> None:
    fact = UnitRecord(UNIT, GOODS.lot, Level.PACK, seal=seal)
    seen.hand_in(seen.world.say(fact, Header(KESTREL, NOW), UNIT))


@pytest.mark.parametrize(
    "text",
    [
        SERIAL,
        f"kestrel:{SERIAL}",
        str(UNIT),
        link.address(Label(UNIT), "any.example"),
        link.address(Label(UNIT, "4012345678901"), "id.example"),
        link.address(Label(UNIT, "4012345678901", GOODS.lot.parts[1]), "id.example"),
    ],
)
def test_a_unit_that_came_once_matches_however_it_is_scanned(seen: PlayedWorld, text: str) -> None:
    found = scanned(seen, text)
    assert (found.verdict, found.unit) == (Scanned.MATCH, UNIT)
    assert found.entries
    assert "copied" in found.hint


def test_the_maker_s_signature_on_a_label_is_told(seen: PlayedWorld) -> None:
    key = seen.world.keys[KESTREL]
    found = scanned(seen, signed.sign(UNIT, key))
    assert (found.verdict, found.signed) == (Scanned.MATCH, True)
    assert found.sentence.startswith("The maker signed this label")


def test_a_label_signed_by_somebody_else_is_no_match(seen: PlayedWorld) -> None:
    assert scanned(seen, signed.sign(UNIT, signer.generate())).verdict is Scanned.UNKNOWN
    other = next(key for who, key in seen.world.keys.items() if who != KESTREL and "party" in who)
    found = scanned(seen, signed.sign(UNIT, other))
    assert found.verdict is Scanned.MISMATCH


def test_a_link_with_the_maker_s_signature_is_judged_like_a_signed_label(
    seen: PlayedWorld,
) -> None:
    label = Label(UNIT, "4012345678901", GOODS.lot.parts[1])
    text = bare.sign(label, "id.example", seen.world.keys[KESTREL])
    found = scanned(seen, text)
    assert (found.verdict, found.signed, found.unit) == (Scanned.MATCH, True, UNIT)
    other = scanned(seen, text.replace(SERIAL, GOODS.delivered[1]))
    assert (other.verdict, other.unit) == (
        Scanned.MISMATCH,
        UnitId.of("kestrel", GOODS.delivered[1]),
    )
    stranger = bare.sign(label, "id.example", signer.generate())
    assert scanned(seen, stranger).verdict is Scanned.UNKNOWN
    with pytest.raises(MalformedError, match="was cut"):
        scanned(seen, text[:-1])


def test_another_lot_or_another_seal_is_a_mismatch(seen: PlayedWorld) -> None:
    text = link.address(Label(UNIT, "4012345678901", "L99"), "id.example")
    assert "lot L99" in scanned(seen, text).sentence
    sealed_with(seen, "S-1")
    assert scanned(seen, SERIAL, "S-1").verdict is Scanned.MATCH
    assert "seal number" in scanned(seen, SERIAL).hint
    found = scanned(seen, SERIAL, "S-2")
    assert (found.verdict, found.sentence) == (
        Scanned.MISMATCH,
        "Seal S-2 is on it; the record says S-1.",
    )


def test_a_unit_that_came_twice_is_cloned(seen: PlayedWorld) -> None:
    again = replace(clean_shipment("703"), first_serial=701_000, day=GOODS.day + timedelta(days=60))
    seen.deliver(again)
    found = scanned(seen, SERIAL)
    assert found.verdict is Scanned.CLONED
    assert len(found.entries) == 2


@pytest.mark.parametrize(
    "text", ["K-NEVER", "urn:voltrail:unit:kestrel:NEVER", "Hello, world", "]d2"]
)
def test_what_nobody_recorded_is_unknown_and_never_a_match(seen: PlayedWorld, text: str) -> None:
    found = scanned(seen, text)
    assert found.verdict is Scanned.UNKNOWN
    assert "Do not install" in found.hint


def test_a_serial_of_two_makers_is_asked_for_whole_not_said_to_be_missing(
    seen: PlayedWorld,
) -> None:
    fact = UnitRecord(UnitId.of("tiderace", SERIAL), LotId.of("tiderace", "L1"), Level.PACK)
    seen.hand_in(seen.world.say(fact, Header(TIDERACE, NOW), fact.unit, fact.lot))
    found = scanned(seen, SERIAL)
    assert found.verdict is Scanned.UNKNOWN
    assert "2 units on record" in found.sentence
    assert scanned(seen, f"kestrel:{SERIAL}").verdict is Scanned.MATCH


def test_a_seal_that_is_not_on_record_is_said_to_be_compared_with_nothing(
    seen: PlayedWorld,
) -> None:
    assert "seal S-7 was compared with nothing" in scanned(seen, SERIAL, "S-7").hint


def test_a_match_of_what_is_not_released_says_not_to_install_it() -> None:
    seen = fresh_world()
    seen.deliver(replace(GOODS, record="unsigned"))
    found = scanned(seen, SERIAL)
    assert found.verdict is Scanned.MATCH
    assert found.hint.startswith("Do not install it: ")
    assert found.held


def test_a_wrong_check_digit_is_a_mismatch(seen: PlayedWorld) -> None:
    found = scanned(seen, f"https://any.example/01/04012345678902/21/{SERIAL}")
    assert (found.verdict, "check digit" in found.sentence) == (Scanned.MISMATCH, True)


def test_a_bracket_inside_a_serial_does_not_end_it(seen: PlayedWorld) -> None:
    assert scanned(seen, f"(01)04012345678901(21){SERIAL}(X").verdict is Scanned.UNKNOWN


def test_a_text_that_is_too_long_is_refused_and_not_cut_to_another_serial(
    seen: PlayedWorld,
) -> None:
    begun = f"/u/kestrel/{SERIAL}"
    padded = f"https://any.example/{'a' * (scan.LONGEST - 20 - len(begun))}{begun}"
    assert len(padded) == scan.LONGEST
    assert scanned(seen, padded).verdict is Scanned.MATCH
    with pytest.raises(MalformedError):
        scanned(seen, f"{padded}9")


@pytest.mark.parametrize(
    "text", ["", "  ", "urn:voltrail:lot:kestrel:L1", "urn:voltrail:unit:", "VT1:!!"]
)
def test_what_is_no_label_of_a_unit_is_refused(seen: PlayedWorld, text: str) -> None:
    with pytest.raises(MalformedError):
        scanned(seen, text)


def test_another_trade_item_than_the_record_s_is_a_mismatch(seen: PlayedWorld) -> None:
    fact = UnitRecord(UNIT, GOODS.lot, Level.PACK, gtin="4012345678901")
    seen.hand_in(seen.world.say(fact, Header(KESTREL, NOW), UNIT))
    own, other = (link.address(Label(UNIT, one), "e.x") for one in (fact.gtin, "9506000134352"))
    assert scanned(seen, own).verdict is Scanned.MATCH
    assert scanned(seen, other).verdict is Scanned.MISMATCH


def test_records_that_name_two_lots_are_a_mismatch(seen: PlayedWorld) -> None:
    fact = UnitRecord(UNIT, LotId.of("kestrel", "L00-999"), Level.PACK)
    seen.hand_in(seen.world.say(fact, Header(KESTREL, NOW), UNIT))
    assert scanned(seen, str(UNIT)).verdict is Scanned.MISMATCH
