"""What moves on site say counts for the rules: R1, R7, R10 and R24."""

from typing import Any

import pytest

from anomalies.cases import install
from anomalies.told import CLERK, DOCK, MAKER, OPERATOR, PLANT, UNIT, Told, day
from voltrail.ids.subject import PartyId, PlaceId
from voltrail.projections import anomalies
from voltrail.projections.rules.model import Tolerances
from voltrail.projections.view import Recorded
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.retirement import Leaving, Retirement

RACK, OTHER_RACK = PlaceId.of("gridco", "rack-1"), PlaceId.of("gridco", "rack-2")
VERB = MovementVerb
CLOCKS = 0.02  # [d] about the half hour that two clocks may differ


@pytest.fixture
def told() -> Told:
    made = Told()
    made.places()
    made.lot()
    made.arrival(19, serials=("S-1",))
    return made


def move(told: Told, verb: MovementVerb, to: PlaceId, at: float, **fields: Any) -> Recorded[Any]:  # noqa: ANN401
    """The operator moves the unit, or what is given."""
    given = {"units": (UNIT,), **fields}
    fact = Movement(f"M-{at}", OPERATOR, verb, to, day(at), CLERK, **given)
    return told.say(fact, OPERATOR, at, about=given["units"] or (OPERATOR,))


@pytest.mark.parametrize(("after", "fires"), [(0.001, True), (CLOCKS, True), (2, False)])
def test_a_unit_is_not_far_away_a_minute_later(told: Told, after: float, *, fires: bool) -> None:
    move(told, VERB.STORE, DOCK, 20)
    move(told, VERB.STORE, PLANT, 20 + after)
    assert bool(told.find("R1")) is fires


def test_honest_moves_contradict_nothing(told: Told) -> None:
    move(told, VERB.RECEIVE, DOCK, 20)
    move(told, VERB.STORE, DOCK, 20.1, container="TOTE-1", seals_set=("S-9",))
    move(told, VERB.STAGE, DOCK, 21, container="TOTE-1", seals_found=("S-9",))
    move(told, VERB.INSTALL, RACK, 21.1, came_from=DOCK)
    move(told, VERB.TAKE_OUT, DOCK, 30, came_from=RACK)
    move(told, VERB.INSTALL, OTHER_RACK, 31, came_from=DOCK)
    assert [one for one in told.find() if one.rule in ("R1", "R7", "R10", "R24")] == []


@pytest.mark.parametrize(
    ("between", "came_from", "fires"),
    [
        (None, None, True),
        (None, RACK, False),
        (None, DOCK, True),
        (VERB.TAKE_OUT, None, False),
        (VERB.MAINTAIN, None, False),
    ],
)
def test_a_unit_serves_in_one_rack_at_a_time(
    told: Told, between: MovementVerb | None, came_from: PlaceId | None, *, fires: bool
) -> None:
    move(told, VERB.INSTALL, RACK, 20)
    if between is not None:
        move(told, between, DOCK, 21)
    move(told, VERB.INSTALL, OTHER_RACK, 22, came_from=came_from)
    assert bool(told.find("R7")) is fires


def test_a_move_into_service_and_an_installation_are_one_where_the_place_is(told: Told) -> None:
    install(told, 20, RACK)
    move(told, VERB.INSTALL, RACK, 20.1)
    assert told.find("R7") == []
    move(told, VERB.INSTALL, OTHER_RACK, 23)
    (found,) = told.find("R7")
    assert found.sentence == "It is in service at gridco:rack-1 and at gridco:rack-2."


def test_a_place_around_the_rack_does_not_hide_the_other_rack(told: Told) -> None:
    told.place(OTHER_RACK, None, None, within=DOCK)
    told.place(RACK, None, None, within=DOCK)
    move(told, VERB.INSTALL, RACK, 20)
    install(told, 20.1, DOCK)
    assert told.find("R7") == []
    move(told, VERB.INSTALL, OTHER_RACK, 20.2)
    assert len(told.find("R7")) == 1


@pytest.mark.parametrize(("quantity", "fires"), [(10, True), (9, False)])
def test_a_unit_travels_with_its_whole_lot(told: Told, quantity: int, *, fires: bool) -> None:
    made = {"where": PLANT}
    told.hop("H1", MAKER, OPERATOR, 18, 20, given=made, taken=made, quantity=quantity)
    move(told, VERB.RECEIVE, DOCK, 20.01)
    found = [one for one in told.find("R1") if one.subject == UNIT]
    assert bool([one for one in found if "in 0.2 h" in one.sentence]) is fires


@pytest.mark.parametrize(
    ("opening", "fires"),
    [
        ({}, True),
        ({"seals_set": ("S-9",)}, True),
        ({"seals_set": ("S-7",)}, False),
        ({"seals_found": ("S-9",)}, False),
        ({"seals_missing": True}, False),
    ],
)
def test_nothing_leaves_a_sealed_container_that_nobody_opened(
    told: Told, opening: dict[str, Any], *, fires: bool
) -> None:
    move(told, VERB.STORE, DOCK, 20, container="TOTE-1")
    move(told, VERB.STORE, DOCK, 20.1, units=(), container="TOTE-1", seals_set=("S-9",))
    move(told, VERB.STAGE, DOCK, 21, units=(), container="TOTE-1", **opening)
    move(told, VERB.STAGE, DOCK, 22)
    found = told.find("R10")
    assert bool(found) is fires
    if fires:
        day_, said = "2026-03-23", "outside TOTE-1, sealed with it inside and unopened."
        assert found[0].sentence == f"It was seen on {day_} {said}"


def test_who_puts_a_wrong_move_right_is_not_accused(told: Told) -> None:
    wrong = [
        move(told, VERB.INSTALL, RACK, 20),
        move(told, VERB.STORE, PLANT, 21),
        move(told, VERB.STORE, DOCK, 21.001, container="TOTE-1", seals_set=("S-9",)),
    ]
    assert {one.rule for one in told.find()} >= {"R1"}
    move(told, VERB.INSTALL, OTHER_RACK, 21.002, corrects=tuple(one.entry.digest for one in wrong))
    assert [one for one in told.find() if one.rule in ("R1", "R7", "R10")] == []


def test_goods_leave_in_the_sealed_container_they_were_put_into(told: Told) -> None:
    move(told, VERB.STORE, DOCK, 20, container="TOTE-1", seals_set=("S-9",))
    gone = Retirement("L-1", OPERATOR, Leaving.RECYCLED, day(25), where=DOCK, units=(UNIT,))
    told.say(gone, OPERATOR, 25, about=(UNIT,))
    assert told.find("R10") == []


def test_who_tells_the_seal_of_the_container_opened_it(told: Told) -> None:
    move(told, VERB.STORE, DOCK, 20, container="TOTE-1", seals_set=("S-9",))
    move(told, VERB.INSTALL, RACK, 22, seals_found=("S-9",))
    assert told.find("R10") == []


def test_a_workshop_of_another_firm_has_not_taken_the_unit(told: Told) -> None:
    shop = PlaceId.of("fixit", "shop")
    fact = Place(
        shop, "Shop", PlaceClass.WAREHOUSE, PartyId.of("fixit"), Grade.LOW, Grade.LOW,
        Environment.CONTROLLED, "Europe/Berlin",
    )  # fmt: skip
    told.say(fact, OPERATOR, 0)
    told.hop("H1", MAKER, OPERATOR, 18, 18.5)
    move(told, VERB.MAINTAIN, shop, 24)
    move(told, VERB.STORE, DOCK, 30)
    assert told.find("R7") == []


@pytest.mark.parametrize(("after", "fires"), [(0.3, False), (3, True)])
def test_the_last_step_of_what_leaves_is_no_second_life(
    told: Told, after: float, *, fires: bool
) -> None:
    gone = Retirement("L-1", OPERATOR, Leaving.RECYCLED, day(25), units=(UNIT,))
    told.say(gone, OPERATOR, 25, about=(UNIT,))
    move(told, VERB.STAGE, DOCK, 25 + after)
    assert bool(told.find("R24")) is fires


def test_a_container_without_a_seal_accuses_nobody(told: Told) -> None:
    move(told, VERB.STORE, DOCK, 20, container="TOTE-1")
    move(told, VERB.STORE, DOCK, 21, container="TOTE-2", seals_set=("S-1",))
    assert told.find("R10") == []
    move(told, VERB.STORE, DOCK, 22, container="TOTE-1")
    assert len(told.find("R10")) == 1


def test_what_was_scrapped_is_not_moved_again_and_what_served_is_not_new(told: Told) -> None:
    gone = Retirement("L-1", OPERATOR, Leaving.SCRAPPED, day(25), units=(UNIT,))
    told.say(gone, OPERATOR, 25, about=(UNIT,))
    assert told.find("R24") == []
    move(told, VERB.STORE, DOCK, 27)
    (found,) = told.find("R24")
    assert "scrapped" in found.sentence


def test_told_one_by_one_they_give_what_all_at_once_gives(told: Told) -> None:
    move(told, VERB.STORE, DOCK, 20, container="TOTE-1")
    move(told, VERB.STORE, DOCK, 20.1, units=(), container="TOTE-1", seals_set=("S-9",))
    move(told, VERB.INSTALL, RACK, 22)
    move(told, VERB.STAGE, DOCK, 21.5, units=(), container="TOTE-1", seals_found=("S-9",))
    watch = anomalies.Watch(Tolerances())
    for number, one in enumerate(told.facts, 1):
        watch.add(one)
        assert watch.findings == anomalies.find(told.facts[:number], Tolerances())
    assert told.find("R10") == []
