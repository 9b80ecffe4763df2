"""One answer at the rack: the weaker of label and record wins; a serial is at one place only."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from voltrail.actions.label import Shown
from voltrail.actions.rack import AtRack, at_rack
from voltrail.ids.subject import PlaceId, UnitId
from voltrail.labels.verdict import Scanned, Word
from voltrail.statements.installation import Installation
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.statement import Header
from voltrail_world.cast import MERET, SUBSTATION
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

GOODS = clean_shipment()
UNIT = UnitId.of(GOODS.lot.parts[0], GOODS.delivered[0])
HALL, ROOM = PlaceId.of("hall-77"), PlaceId.of("hall-77-room-1")


@pytest.fixture
def seen() -> PlayedWorld:
    world = fresh_world()
    world.deliver(GOODS)
    return world


def asked(seen: PlayedWorld, text: str = str(UNIT), place: PlaceId | None = None) -> AtRack:
    return at_rack(seen.desk, Shown(text, place=place), NOW)


def installed(seen: PlayedWorld, place: PlaceId, days: int = 0) -> None:
    at = NOW + timedelta(days=days)
    fact = Installation(UNIT, GOODS.arrival, place, at, MERET)
    seen.hand_in(seen.world.say(fact, Header(seen.desk.operator, NOW), UNIT))


def test_a_released_unit_that_matches_may_be_installed(seen: PlayedWorld) -> None:
    found = asked(seen)
    assert found.bar.word is Word.MAY_INSTALL
    assert "Released as of" in found.bar.sentence
    assert found.install is not None
    assert set(found.install.entries) <= set(found.bar.entries)


def test_a_match_that_may_not_be_installed_says_so_first() -> None:
    seen = fresh_world()
    seen.deliver(replace(GOODS, record="unsigned"))
    found = asked(seen)
    assert (found.scan.verdict, found.bar.word) == (Scanned.MATCH, Word.NOT_TO_INSTALL)
    assert found.install is not None
    assert found.bar.sentence == found.install.sentence
    assert found.bar.hint.startswith("Do not install it.")


@pytest.mark.parametrize("text", ["K-NEVER", "urn:voltrail:unit:kestrel:NEVER"])
def test_what_nobody_knows_is_unknown_whatever_else_is_asked(seen: PlayedWorld, text: str) -> None:
    assert asked(seen, text).bar.word is Word.UNKNOWN


def test_a_mismatch_wins_over_a_release(seen: PlayedWorld) -> None:
    found = asked(seen, f"https://any.example/01/04012345678901/10/L99/21/{UNIT.parts[1]}")
    assert found.install is not None
    assert (found.install.allowed, found.bar.word) == (True, Word.MISMATCH)


def test_a_unit_in_service_at_two_places_is_cloned(seen: PlayedWorld) -> None:
    installed(seen, SUBSTATION)
    assert asked(seen).bar.word is not Word.CLONED
    installed(seen, HALL, days=3)
    found = asked(seen)
    assert found.bar.word is Word.CLONED
    day, later = (f"{NOW + timedelta(days=more):%Y-%m-%d}" for more in (0, 3))
    told = f"at {SUBSTATION.key} since {day} and at {HALL.key} since {later}"
    assert told in found.bar.sentence
    assert len(found.bar.entries) == 2


def test_a_unit_scanned_elsewhere_than_where_it_is_in_service_is_cloned(seen: PlayedWorld) -> None:
    installed(seen, SUBSTATION)
    assert asked(seen, place=SUBSTATION).bar.word is not Word.CLONED
    found = asked(seen, place=HALL)
    assert found.bar.word is Word.CLONED
    assert found.bar.sentence.endswith(f"was scanned now at {HALL.key}.")


def test_a_room_and_the_hall_around_it_are_one_place(seen: PlayedWorld) -> None:
    inner = Place(
        ROOM,
        "Room 1",
        PlaceClass.DATA_CENTER,
        seen.desk.operator,
        Grade.LOW,
        Grade.LOW,
        Environment.CONTROLLED,
        "Europe/Berlin",
        within=HALL,
    )
    seen.hand_in(seen.world.say(inner, Header(seen.desk.operator, NOW), ROOM))
    installed(seen, ROOM)
    assert asked(seen, place=HALL).bar.word is not Word.CLONED
    assert asked(seen, place=SUBSTATION).bar.word is Word.CLONED
