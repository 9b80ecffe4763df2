"""R1 to R5 and R11 at their edges."""

from collections.abc import Callable

import pytest

from anomalies.told import (
    ARRIVAL,
    BROKER,
    CARRIER,
    DOCK,
    HUB,
    MAKER,
    OPERATOR,
    PLANT,
    SELLER,
    Told,
)

HOUR = 1 / 24
MINUTE = HOUR / 60


@pytest.fixture
def told() -> Told:
    made = Told()
    made.places()
    made.lot()
    return made


def honest(told: Told) -> None:
    told.order()
    told.hop("H1", MAKER, CARRIER, 1, seals=("A1",), where=PLANT)
    told.hop("H2", CARRIER, SELLER, 12, seals=("A1",), where=HUB)
    told.hop("H3", SELLER, OPERATOR, 14, seals=("A1",), where=DOCK, arrival=ARRIVAL)
    told.arrival(14.1, seals=("A1",))


def test_an_honest_way_has_no_finding(told: Told) -> None:
    honest(told)
    assert told.find() == []


@pytest.mark.parametrize(("hours", "fires"), [(9.0, True), (9.8, True), (9.9, False), (24, False)])
def test_travel_faster_than_an_aircraft_is_found(told: Told, hours: float, *, fires: bool) -> None:
    # 9,318 km take 10 h 21 min; both clocks may be wrong by 15 min, which leaves 9 h 51 min.
    told.hop("H1", MAKER, CARRIER, 1, where=PLANT)
    told.hop("H2", CARRIER, SELLER, 1 + hours * HOUR, where=HUB)
    assert bool(told.find("R1")) is fires


def test_travel_between_places_nobody_located_accuses_nobody() -> None:
    told = Told()
    told.lot()
    told.place(PLANT, "22.543", "114.058")
    told.place(HUB, None, None)
    told.hop("H1", MAKER, CARRIER, 1, where=PLANT)
    told.hop("H2", CARRIER, SELLER, 1, where=HUB)
    assert told.find("R1") == []


def test_a_bay_lies_where_its_hub_lies(told: Told) -> None:
    bay = type(HUB).of("hub", "bay-1")
    told.place(bay, None, None, within=HUB)
    told.hop("H1", MAKER, CARRIER, 1, where=PLANT)
    told.hop("H2", CARRIER, SELLER, 1.1, where=bay)
    (found,) = told.find("R1")
    assert found.sentence == "9,318 km from kestrel:plant to hub:bay-1 in 2.4 h."


def test_two_halves_of_a_lot_may_be_in_two_places(told: Told) -> None:
    told.hop("H1", MAKER, CARRIER, 1, quantity=5, where=PLANT)
    told.hop("H2", MAKER, SELLER, 1, quantity=5, where=HUB)
    assert told.find() == []


@pytest.mark.parametrize(("quantity", "fires"), [(10, True), (5, False)])
def test_two_holders_of_more_than_the_lot_are_found(
    told: Told, quantity: int, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, quantity=quantity)
    told.hop("H2", MAKER, SELLER, 2, quantity=quantity)
    told.tick(2 + 72 * HOUR)
    assert bool(told.find("R2")) is fires


@pytest.mark.parametrize(("minutes", "fires"), [(0, False), (29, False), (31, True)])
def test_an_open_hand_over_is_tolerated_for_three_days(
    told: Told, minutes: float, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, container="C1")
    told.hop("H2", MAKER, SELLER, 2, container="C1")
    told.tick(2 + 71 * HOUR + minutes * MINUTE)  # logged an hour later
    assert bool(told.find("R2")) is fires


@pytest.mark.parametrize(("minutes", "fires"), [(29, False), (31, True)])
def test_clocks_that_differ_do_not_make_an_overlap(
    told: Told, minutes: float, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, container="C1")
    told.hop("H2", BROKER, SELLER, 5, container="C1")
    told.hop("H3", CARRIER, BROKER, 5 + minutes * MINUTE, container="C1")
    assert bool(told.find("R2")) is fires


@pytest.mark.parametrize(("days", "fires"), [(45, False), (45.02, False), (45.03, True)])
def test_a_passage_over_forty_five_days_is_a_gap(told: Told, days: float, *, fires: bool) -> None:
    told.hop("H1", MAKER, CARRIER, 1, 1 + days)
    assert bool(told.find("R3")) is fires


def test_goods_from_a_hand_that_never_took_them_have_a_gap(told: Told) -> None:
    told.hop("H1", MAKER, CARRIER, 1)
    told.hop("H2", BROKER, SELLER, 50)
    (found,) = told.find("R3")
    assert found.sentence == "No hand-over in 49.0 d before shade gave it."


@pytest.mark.parametrize(("days", "fires"), [(59, False), (61, True)])
def test_half_a_hand_over_may_wait_for_a_passage_by_sea(
    told: Told, days: float, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, taken=None)
    told.tick(1 + days)
    assert bool(told.find("R4")) is fires


@pytest.mark.parametrize(("days", "fires"), [(6, False), (8, True)])
def test_half_a_hand_over_waits_a_week_where_the_goods_went_on(
    told: Told, days: float, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, taken=None)
    told.hop("H2", CARRIER, SELLER, 2)
    told.tick(1 + days)
    assert bool(told.find("R4")) is fires


def test_a_half_that_another_party_stated_is_no_half(told: Told) -> None:
    told.hop("H1", MAKER, CARRIER, 1, taken=None)
    half = told.facts[-1].fact
    told.say(type(half)(**{**{n: getattr(half, n) for n in half.__struct_fields__},
                           "half": "taken"}), BROKER, 1)  # fmt: skip
    told.tick(80)
    assert [one.rule for one in told.find()] == ["R4"]


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ({"quantity": 9}, "Hand-over H1: 10 items given, 9 taken."),
        ({"container": "C2"}, "Hand-over H1: given in C1, taken in C2."),
        ({"where": HUB}, "Hand-over H1: the halves name places 9,318 km apart."),
        ({"container": None}, None),
        ({"where": None}, None),
    ],
)
def test_halves_that_differ_are_found(
    told: Told, taken: dict[str, object], said: str | None
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, 2, where=PLANT, container="C1", taken=taken)
    assert [one.sentence for one in told.find("R5")] == ([said] if said else [])


@pytest.mark.parametrize(("north", "fires"), [("22.760", False), ("22.775", True)])
def test_two_gates_of_one_port_are_one_place(told: Told, north: str, *, fires: bool) -> None:
    gate = type(HUB).of("kestrel", "gate-2")
    told.place(gate, north, "114.058")
    told.hop("H1", MAKER, CARRIER, 1, where=PLANT, taken={"where": gate})
    assert bool(told.find("R5")) is fires


@pytest.mark.parametrize(
    ("given", "taken", "fires"),
    [(("A",), ("A",), False), (("A",), ("B",), True), (("A",), (), True), ((), ("B",), False)],
)
def test_other_seals_than_given_are_found(
    told: Told, given: tuple[str, ...], taken: tuple[str, ...], *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, given={"seals": given}, taken={"seals": taken})
    assert bool(told.find("R11")) is fires


def test_another_seal_at_the_dock_is_found(told: Told) -> None:
    told.hop("H1", MAKER, OPERATOR, 1, seals=("A",), arrival=ARRIVAL)
    told.arrival(1.1, seals=("B",))
    (found,) = told.find("R11")
    assert found.sentence == "seal A handed over, seal B at the dock."


def _corrected(told: Told) -> None:
    from voltrail.statements.correction import Correction  # noqa: PLC0415

    told.hop("H1", MAKER, CARRIER, 1, taken={"quantity": 9})
    wrong = told.facts[-1].entry.digest
    told.say(Correction(wrong, "Miscounted."), CARRIER, 3)


@pytest.mark.parametrize("change", [_corrected])
def test_a_withdrawn_half_does_not_count(told: Told, change: Callable[[Told], None]) -> None:
    change(told)
    assert told.find("R5") == []
