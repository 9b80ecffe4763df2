"""R6 to R10, R19, R20, R23 and R24 at their edges."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from anomalies.cases import CODE, OTHER_WHOLE, WHOLE, bom, built, install, product, unit
from anomalies.told import (
    ARRIVAL,
    BROKER,
    CARRIER,
    CLERK,
    DOCK,
    HUB,
    LOT,
    MAKER,
    OPERATOR,
    OTHER_LOT,
    PLANT,
    PRODUCT,
    SELLER,
    UNIT,
    Told,
    day,
)
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail.projections.rules import battery_code
from voltrail.quantities import Quantity, Unit
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail.statements.change_notice import (
    Answer,
    Change,
    ChangeDecision,
    ChangeKind,
    ChangeNotice,
    Side,
)
from voltrail.statements.intake import Intake
from voltrail.statements.lot import LotRecord, ShippingEvent
from voltrail.statements.party import Party, Role
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.unit import Level, UnitRecord

AGAIN = ArrivalId.of("A-2")


@pytest.fixture
def told() -> Told:
    made = Told()
    made.lot()
    return made


def left(told: Told, at: float, how: Leaving = Leaving.RETURNED, **fields: object) -> None:
    given = {"units": (UNIT,), **fields}
    told.say(Retirement(f"L-{at}", OPERATOR, how, day(at), **given), OPERATOR, at)  # type: ignore[arg-type]


@pytest.mark.parametrize(("passed", "fires"), [(9, False), (10, False), (11, True)])
def test_nobody_passes_on_more_than_they_took(told: Told, passed: int, *, fires: bool) -> None:
    told.hop("H1", MAKER, CARRIER, 1)
    told.hop("H2", CARRIER, SELLER, 2, quantity=passed)
    assert bool(told.find("R6")) is fires


def test_who_took_nothing_on_record_is_not_accused_of_the_count(told: Told) -> None:
    told.hop("H2", CARRIER, SELLER, 2, quantity=50)
    assert told.find("R6") == []


def test_a_lot_without_a_quantity_says_nothing_of_the_count() -> None:
    told = Told()
    told.lot(quantity=None)
    told.hop("H1", MAKER, CARRIER, 1, quantity=50)
    assert told.find("R6") == []


@pytest.mark.parametrize(("used", "scrapped", "fires"), [(7, 3, False), (7, 4, True)])
def test_what_is_used_and_scrapped_counts(
    told: Told, used: int, scrapped: int, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1)
    parts = (Part(lot=LOT, quantity=Quantity(Decimal(used), Unit.items)),)
    made = Assembly(CARRIER, "A1", Action.ADD, WholeLevel.PACK, day(2), parts, (Part(WHOLE),))
    told.say(made, CARRIER, 2, about=(WHOLE,))
    gone = Retirement("L", CARRIER, Leaving.SCRAPPED, day(3), lot=LOT, quantity=scrapped)
    told.say(gone, CARRIER, 3)
    assert bool(told.find("R6")) is fires


def test_what_came_back_to_the_maker_may_go_out_again(told: Told) -> None:
    told.hop("H1", MAKER, CARRIER, 1)
    told.hop("H2", CARRIER, MAKER, 2)
    told.hop("H3", MAKER, SELLER, 3)
    assert told.find("R6") == []


@pytest.mark.parametrize(("counted", "fires"), [(10, False), (9, True), (11, True)])
def test_the_dock_counts_what_was_handed_over(told: Told, counted: int, *, fires: bool) -> None:
    told.hop("H1", MAKER, OPERATOR, 1, arrival=ARRIVAL)
    told.arrival(2, quantity=counted)
    assert bool(told.find("R6")) is fires


def test_a_unit_of_two_lots_is_cloned(told: Told) -> None:
    unit(told)
    unit(told, 2, lot=OTHER_LOT)
    (found,) = told.find("R7")
    assert found.sentence == "It was made in lot kestrel:L-1 and in lot kestrel:L-2."


@pytest.mark.parametrize(("returned", "fires"), [(False, True), (True, False)])
def test_a_unit_comes_twice_only_where_it_was_returned(
    told: Told, *, returned: bool, fires: bool
) -> None:
    told.arrival(2, serials=("S-1",))
    told.arrival(9, serials=("S-1",), arrival=AGAIN)
    if returned:
        left(told, 5)
    assert bool(told.find("R7")) is fires


@pytest.mark.parametrize(("opened", "fires"), [(False, True), (True, False)])
def test_a_part_is_in_one_whole_at_a_time(told: Told, *, opened: bool, fires: bool) -> None:
    built(told, "A1", 1)
    if opened:
        built(told, "A2", 2, action=Action.DELETE)
    built(told, "A3", 3, whole=OTHER_WHOLE)
    assert bool(told.find("R7")) is fires


def test_a_unit_is_in_service_in_a_room_of_its_site(told: Told) -> None:
    room = type(DOCK).of("gridco", "dc-1", "hall")
    told.place(room, None, None, within=DOCK)
    install(told, 1)
    install(told, 2, room)
    assert told.find("R7") == []


@pytest.mark.parametrize(
    ("hops", "fires"),
    [((), False), (((MAKER, OPERATOR),), False), (((MAKER, CARRIER),), True)],
)
def test_two_hands_need_a_way_between_them(told: Told, hops: tuple, *, fires: bool) -> None:  # type: ignore[type-arg]
    told.place(DOCK, None, None)
    unit(told)
    built(told, "A1", 1, whole=UNIT, parts=(OTHER_WHOLE,))
    for number, (giver, taker) in enumerate(hops):
        told.hop(f"H{number}", giver, taker, 2, quantity=1)
    told.arrival(5, serials=("S-1",))
    assert bool(told.find("R7")) is fires


def test_a_serial_outside_the_makers_list_is_found() -> None:
    told = Told()
    told.lot(serials=("S-1", "S-2"))
    unit(told)
    told.arrival(5, serials=("S-1", "S-8", "S-9"))
    (found,) = told.find("R8")
    assert found.sentence == "2 serials are not of lot kestrel:L-1, first S-8."


def test_a_list_longer_than_the_lot_and_a_list_that_meets_another_are_found() -> None:
    told = Told()
    told.lot(quantity=1, serials=("S-1", "S-2"))
    told.lot(OTHER_LOT, at=1, serials=("S-2", "S-3"))
    assert [one.sentence for one in told.find("R8")] == [
        "The maker lists 2 units of a lot of 1.",
        "Serial S-2 is in the lists of lots kestrel:L-1 and kestrel:L-2.",
    ]


def test_a_list_that_another_party_stated_accuses_nobody(told: Told) -> None:
    record = told.facts[0].fact
    told.say(type(record)(LOT, PRODUCT, serials=("S-7",)), BROKER, 1)
    unit(told)
    assert told.find("R8") == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"unit": CODE}, []),
        ({"gtin": "09506000134352"}, []),
        ({"gtin": "09506000134353"}, ["The check digit of GTIN 09506000134353 is wrong."]),
        ({"unit": CODE, "level": Level.PACK},
         ["Its code is that of a cell, its record of a pack."]),
        ({"unit": UnitId.of("kestrel", "001CB240000003G2X0021953")},
         ["Its code names a day that never was."]),
        ({"unit": UnitId.of("kestrel", "001CB240000003I310021953"), "level": Level.PACK}, []),
    ],
)  # fmt: skip
def test_an_identity_that_contradicts_itself_is_found(
    told: Told, fields: dict[str, object], said: list[str]
) -> None:
    unit(told, **fields)
    assert [one.sentence for one in told.find("R9")] == said


@pytest.mark.parametrize(
    ("level", "said"),
    [(Level.PACK, None), (Level.CELL, "It was built as a pack, its record is of a cell.")],
)
def test_a_unit_is_what_it_was_built_as(told: Told, level: Level, said: str | None) -> None:
    built(told, "A1", 1)
    unit(told, unit=WHOLE, level=level)
    assert [one.sentence for one in told.find("R9")] == ([said] if said else [])


@pytest.mark.parametrize(
    ("taken", "given", "fires"),
    [("C1", "C2", True), ("C1", "C1", False), (None, "C2", False), ("C1", None, False)],
)
def test_goods_in_another_container_were_repacked(
    told: Told, taken: str | None, given: str | None, *, fires: bool
) -> None:
    told.hop("H1", MAKER, CARRIER, 1, container=taken)
    told.hop("H2", CARRIER, SELLER, 2, container=given)
    assert bool(told.find("R10")) is fires
    packed = Assembly(
        CARRIER, "P1", Action.ADD, WholeLevel.SYSTEM, day(1.5), (Part(lot=LOT),), (Part(lot=LOT),)
    )
    told.say(packed, CARRIER, 1.5, about=(LOT,))
    assert told.find("R10") == []


def test_the_days_of_real_codes_are_read() -> None:
    catl, eve = battery_code.read("001CB240000003B3C0221953"), None
    eve = battery_code.read("04QCB76836300JBC40000903")
    assert catl is not None
    assert eve is not None
    assert (catl.day, catl.level, catl.number) == (date(2021, 3, 12), Level.CELL, 221953)
    assert (eve.day, eve.number) == (date(2021, 12, 4), 903)


@pytest.mark.parametrize("what", ["arrival", "installation"])
def test_a_part_seen_alone_breaks_its_whole(told: Told, what: str) -> None:
    built(told, "A1", 1)
    if what == "arrival":
        told.arrival(5, serials=("S-1",))
    else:
        install(told, 5)
    (found,) = told.find("R10")
    assert found.sentence == (
        "It was seen alone on 2026-03-06 while it is in kestrel:P-1, unopened."
    )


def test_a_unit_is_not_in_itself(told: Told) -> None:
    built(told, "A1", 1, whole=UNIT)
    (found,) = told.find("R10")
    assert (found.subject, found.sentence) == (UNIT, "It is said to be in itself.")


def test_a_unit_is_not_in_a_part_of_its_own_however_far_down(told: Told) -> None:
    built(told, "A1", 1)
    built(told, "A2", 2, whole=OTHER_WHOLE, parts=(WHOLE,))
    assert told.find("R10") == []
    built(told, "A3", 3, whole=UNIT, parts=(OTHER_WHOLE,))
    said = {one.subject: one.sentence for one in told.find("R10")}
    through = f"by way of {WHOLE.key}, {OTHER_WHOLE.key}"
    assert said[UNIT] == f"It is said to be in itself, {through}."
    assert set(said) == {UNIT, WHOLE, OTHER_WHOLE}
    built(told, "A4", 4, whole=UNIT, parts=(OTHER_WHOLE,), action=Action.DELETE)
    assert not [one for one in told.find("R10") if "in itself" in one.sentence]


def test_a_part_that_came_with_its_whole_or_out_of_it_breaks_nothing(told: Told) -> None:
    built(told, "A1", 1)
    told.arrival(5, serials=("S-1", "P-1"))
    built(told, "A2", 6, action=Action.DELETE)
    install(told, 7)
    assert told.find("R10") == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((UNIT,), "kestrel:S-2 went in and did not come out in A2."),
        ((UNIT, UnitId.of("kestrel", "S-2")), None),
        ((UNIT, UnitId.of("kestrel", "S-3")), "kestrel:S-3 was in it in A2, and never went in."),
    ],
)
def test_what_comes_out_is_what_went_in(
    told: Told, parts: tuple[UnitId, ...], said: str | None
) -> None:
    built(told, "A1", 1, parts=(UNIT, UnitId.of("kestrel", "S-2")))
    built(told, "A2", 2, parts=parts, action=Action.DELETE)
    assert [one.sentence for one in told.find("R10")] == ([said] if said else [])


@pytest.mark.parametrize(("made", "fires"), [(5, True), (6, False), (None, False)])
def test_no_more_is_shipped_in_a_day_than_the_plant_makes(made: int | None, *, fires: bool) -> None:
    told = Told()
    told.lot(factory=PLANT)
    plant = Place(
        PLANT, "Plant", PlaceClass.FACTORY, MAKER, Grade.LOW, Grade.LOW, Environment.CONTROLLED,
        "Asia/Shanghai", daily_output=made,
    )  # fmt: skip
    told.say(plant, CLERK, 0)
    told.hop("H1", MAKER, CARRIER, 1, quantity=3)
    told.hop("H2", MAKER, SELLER, 1.5, quantity=3)
    told.hop("H3", MAKER, SELLER, 2.5, quantity=3)
    unit(told, unit=CODE)
    found = told.find("R19")
    assert bool([one for one in found if one.subject == LOT]) is fires
    assert bool([one for one in found if one.subject == CODE]) is (made is not None)


@pytest.mark.parametrize(
    ("other", "fires"),
    [
        ({}, True),
        ({"made": date(2026, 2, 28)}, False),
        ({"made": None}, False),
        ({"quantity": 2}, False),
        ({"at": day(3)}, False),
        ({"factory": HUB}, False),
        ({"by": SELLER}, False),
    ],
)
def test_lots_that_leave_on_one_day_are_counted_together(
    other: dict[str, Any], *, fires: bool
) -> None:
    told = Told()
    plant = Place(
        PLANT, "Plant", PlaceClass.FACTORY, MAKER, Grade.LOW, Grade.LOW, Environment.CONTROLLED,
        "Asia/Shanghai", daily_output=5,
    )  # fmt: skip
    told.say(plant, CLERK, 0)
    made = date(2026, 3, 1)
    given = {"quantity": 3, "at": day(2), "factory": PLANT, "by": MAKER, "made": made, **other}
    first = ShippingEvent(CARRIER, day(2.3), 3)
    told.lot(factory=PLANT, shipping=(first,), production_date=made)
    second = ShippingEvent(SELLER, given["at"], given["quantity"])
    fact = LotRecord(
        OTHER_LOT, PRODUCT, quantity=10, factory=given["factory"], shipping=(second,),
        production_date=given["made"],
    )  # fmt: skip
    told.say(fact, given["by"], 1)
    found = told.find("R19")
    assert {one.subject for one in found} == ({LOT, OTHER_LOT} if fires else set())
    if fires:
        said = "6 items of 2 lots left on 2026-03-03, made in 1 d; the plant makes 5 a day."
        assert found[0].sentence == said


def test_a_code_in_the_record_counts_as_one_on_the_label(told: Told) -> None:
    product(told)
    told.lot(at=1, production_date=date(2026, 3, 4))
    unit(told, identifiers=("001CE240000003G910021953",))
    said = {one.sentence for one in told.find("R23")}
    assert said == {
        "Its code says 2026-09-01, the lot was made on 2026-03-04.",
        "Its code says NMC, its product is LFP.",
    }
    assert told.find("R24") == []


def test_only_the_maker_says_what_a_unit_is_called(told: Told) -> None:
    product(told)
    unit(told)
    other = UnitRecord(UNIT, LOT, Level.CELL, identifiers=("001CB24G310021953RC",))
    told.say(other, BROKER, 3)
    assert told.find("R24") == []
    told.say(other, MAKER, 4)
    assert len(told.find("R24")) == 1


@pytest.mark.parametrize(
    ("answer", "part", "fires"),
    [
        (None, "B-100", True),
        (Answer.ACCEPT, "B-100", False),
        (Answer.REFUSE, "B-100", True),
        (Answer.REQUALIFY, "B-100", True),
        (Answer.ACCEPT, "B-200", True),
    ],
)
def test_a_part_changes_only_by_an_accepted_notice(
    told: Told, answer: Answer | None, part: str, *, fires: bool
) -> None:
    unit(told, unit=WHOLE)
    unit(told, unit=OTHER_WHOLE)
    built(told, "A1", 1, bom=bom(SELLER))
    after = Side("From shade", maker=BROKER, part_number=part)
    change = Change("bms", Side("From norvolt"), after)
    notice = ChangeNotice(MAKER, "N1", ChangeKind.BOM, (PRODUCT,), (change,), day(4), "Supply.")
    said = told.say(notice, MAKER, 2, about=(MAKER,))
    if answer is not None:
        decided = ChangeDecision(said.entry.digest, MAKER, (PRODUCT,), answer, "Looked at.")  # type: ignore[arg-type]
        told.say(decided, CLERK, 3, about=(MAKER,))
    built(told, "A2", 5, whole=OTHER_WHOLE, bom=bom(BROKER))
    assert bool(told.find("R20")) is fires


def test_every_lot_with_the_other_part_is_found(told: Told) -> None:
    for number, (lot, maker) in enumerate([(LOT, SELLER), (LOT, BROKER), (OTHER_LOT, BROKER)]):
        told.lot(lot)
        whole = UnitId.of("kestrel", f"P-{number}")
        built(told, f"A{number}", number, whole=whole, lot=lot, bom=bom(maker))
    assert [one.subject for one in told.find("R20")] == [LOT, OTHER_LOT]


def test_parts_of_two_products_are_not_compared(told: Told) -> None:
    built(told, "A1", 1, bom=bom(SELLER))
    built(told, "A2", 5, whole=OTHER_WHOLE, bom=bom(BROKER))
    assert told.find("R20") == []


@pytest.mark.parametrize(
    ("made", "fires"),
    [(date(2026, 3, 8), False), (date(2026, 3, 9), True), (date(2026, 2, 21), True), (None, False)],
)
def test_a_code_is_made_within_a_week_of_its_lot(made: date | None, *, fires: bool) -> None:
    told = Told()
    told.lot(production_date=made)
    unit(told, unit=CODE)
    assert bool(told.find("R23")) is fires


@pytest.mark.parametrize(
    ("chemistry", "fires"), [("LFP", False), ("LiFePO4", False), ("NMC", True), ("lead", False)]
)
def test_a_code_names_the_chemistry_of_its_product(
    told: Told, chemistry: str, *, fires: bool
) -> None:
    product(told, chemistry)
    unit(told, unit=CODE)
    assert bool(told.find("R23")) is fires


def test_a_record_that_names_another_maker_is_found() -> None:
    told = Told()
    told.lot(manufacturer=BROKER)
    (found,) = told.find("R23")
    assert found.sentence == "The lot is of kestrel, its record names shade."


def test_what_was_in_service_elsewhere_is_not_new(told: Told) -> None:
    other = Place(
        HUB, "Elsewhere", PlaceClass.OFFICE, BROKER, Grade.LOW, Grade.LOW,
        Environment.CONTROLLED, "Europe/Berlin",
    )  # fmt: skip
    told.say(other, CLERK, 0)
    told.place(DOCK, None, None)
    install(told, 1, HUB)
    told.arrival(20, serials=("S-1",))
    (found,) = told.find("R24")
    assert found.sentence == "In service since 2026-03-02, it came in on 2026-03-21."


def test_what_comes_back_to_its_operator_was_repaired(told: Told) -> None:
    told.place(DOCK, None, None)
    install(told, 1)
    left(told, 5)
    told.arrival(20, serials=("S-1",))
    assert told.find("R24") == []


@pytest.mark.parametrize(
    ("how", "at", "fires"),
    [
        (Leaving.SCRAPPED, 1, True),
        (Leaving.RECYCLED, 1, True),
        (Leaving.RETURNED, 1, False),
        (Leaving.SCRAPPED, 30, False),
    ],
)
def test_what_was_scrapped_is_not_seen_again(
    told: Told, how: Leaving, at: float, *, fires: bool
) -> None:
    left(told, at, how)
    told.arrival(20, serials=("S-1",))
    assert bool(told.find("R24")) is fires


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"model": "kp-48", "chemistry": "LFP"}, []),
        ({"model": "KP-24"}, ["Its passport says model KP-24, the record KP-48."]),
        ({"chemistry": "NCM"}, ["Its passport says chemistry NCM, the record LFP."]),
        ({"capacity": {"value": "104", "unit": "A.h"}}, []),
        ({"capacity": {"value": "106", "unit": "A.h"}},
         ["Its passport says capacity 106 A.h, the record 100 A.h."]),
        ({"made": "2026-03-01"}, []),
        ({"made": "2025-03"}, ["Its passport says made on 2025-03, the record 2026-03-04."]),
        ({"status": "original"}, []),
        ({"status": "waste"},
         ["Its passport says status waste, the record delivered as new."]),
        ({"serial": "S-1", "batch": "L-1"}, []),
        ({"batch": "L-9"}, ["Its passport says batch L-9, the record L-1."]),
        ({"mass": {"value": "20", "unit": "kg"}, "manufacturerName": "Kestrel Cellworks"}, []),
    ],
)  # fmt: skip
def test_a_passport_is_held_against_the_record(
    told: Told, said: dict[str, object], found: list[str]
) -> None:
    product(told, rated_capacity=Quantity(Decimal(100), Unit.A_h))
    told.lot(at=1, production_date=date(2026, 3, 4))
    unit(told)
    word = Intake(MAKER, "passport", "urn:voltrail:foreign:unit", {"said": said})
    told.say(word, OPERATOR, 2, about=(MAKER, UNIT))
    assert [one.sentence for one in told.find("R23")] == found


@pytest.mark.parametrize(
    ("maker", "found"),
    [
        ({"text": "https://id.gs1.org/417/9524000059109", "scheme": "pgln"}, []),
        ({"text": "https://example.org/417/9524000060006", "scheme": "pgln"},
         ["Its passport says maker shade, the record kestrel."]),
        ({"text": str(BROKER), "scheme": "voltrail"},
         ["Its passport says maker shade, the record kestrel."]),
        ({"text": str(MAKER), "scheme": "voltrail"}, []),
        ({"text": "https://id.gs1.org/417/9524000000004", "scheme": "pgln"}, []),
        ({"text": "Shade GmbH", "scheme": "text"}, []),
        ("9524000060006", []),
    ],
)  # fmt: skip
def test_the_maker_in_a_passport_is_whoever_has_its_number(
    told: Told, maker: object, found: list[str]
) -> None:
    product(told)
    unit(told)
    for firm, number in ((MAKER, "9524000059109"), (BROKER, "9524000060006")):
        fact = Party(
            firm, firm.key, "NO", (Role.MANUFACTURER,), (f"https://id.gs1.org/417/{number}",)
        )
        told.say(fact, OPERATOR, 0, about=(firm,))
    said = {"manufacturerName": "kestrel", "manufacturer": maker}
    word = Intake(MAKER, "passport", "urn:voltrail:foreign:unit", {"said": said})
    told.say(word, OPERATOR, 2, about=(MAKER, UNIT))
    assert [one.sentence for one in told.find("R23")] == found


def test_a_number_that_a_firm_gave_back_is_not_its_own(told: Told) -> None:
    product(told)
    unit(told)
    for at, numbers in ((0, ("https://id.gs1.org/417/9524000060006",)), (1, ())):
        fact = Party(BROKER, "shade", "NO", (Role.BROKER,), numbers)
        told.say(fact, OPERATOR, at, about=(BROKER,))
    said = {"manufacturer": {"text": "9524000060006", "scheme": "gln"}}
    word = Intake(MAKER, "passport", "urn:voltrail:foreign:unit", {"said": said})
    told.say(word, OPERATOR, 2, about=(MAKER, UNIT))
    assert told.find("R23") == []


def test_what_is_no_passport_is_not_held_against_the_record(told: Told) -> None:
    product(told)
    unit(told)
    for via, content in (("epcis", {"said": {"model": "X"}}), ("passport", {"said": "X"})):
        told.say(Intake(MAKER, via, "x", content), OPERATOR, 2, about=(MAKER, UNIT))
    assert told.find("R23") == []
