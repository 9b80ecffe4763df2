"""R12 to R18, R21 and R22 at their edges."""

from datetime import date
from decimal import Decimal

import pytest

from anomalies.cases import REPORT, certificate, condition, degrees, enrolled, install
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
    SELLER,
    Told,
    day,
)
from voltrail.ids.subject import LotId, PartyId, ProductId
from voltrail.projections.rules.model import Severity
from voltrail.quantities import Quantity, Unit
from voltrail.statements.channel import Authorization, Disclosure
from voltrail.statements.inspection import Inspection, Plan, Stage
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import TestResult as FactoryTest
from voltrail.table import commit

HOUR = 1 / 24
MADE = date(2026, 3, 11)  # day 10


@pytest.fixture
def told() -> Told:
    made = Told()
    made.lot(at=11)
    return made


def rules(told: Told) -> list[str]:
    return [one.rule for one in told.find()]


@pytest.mark.parametrize(
    ("issuer", "since", "fires"),
    [(MAKER, 0, True), (BROKER, 0, False), (MAKER, 9, False)],
)
def test_a_list_in_force_accuses_who_is_not_on_it(
    told: Told, issuer: PartyId, since: float, *, fires: bool
) -> None:
    told.order()
    told.arrival(9)
    told.say(Disclosure(MAKER, (CARRIER,), day(since)), issuer, 0)
    told.hop("H1", MAKER, BROKER, 5, quantity=1)
    assert bool(told.find("R12")) is fires


def test_whom_the_maker_authorized_is_declared(told: Told) -> None:
    told.say(Disclosure(MAKER, (CARRIER,), day(0)), MAKER, 0)
    allowed = Authorization(MAKER, SELLER, ("packs",), ("EU",), day(0), day(90))
    told.say(allowed, MAKER, 0)
    told.hop("H1", MAKER, SELLER, 5, quantity=1)
    assert told.find("R12") == []


def test_goods_to_a_hall_of_the_ordered_site_are_not_diverted(told: Told) -> None:
    hall = type(DOCK).of("gridco", "dc-1", "hall")
    told.place(hall, None, None, within=DOCK)
    told.order()
    told.arrival(9, place=hall)
    assert told.find("R13") == []


@pytest.mark.parametrize(
    ("brought", "onward", "fires"),
    [(None, False, True), (BROKER, False, False), (None, True, False)],
)
def test_a_strange_consignee_is_found(
    told: Told, brought: PartyId | None, *, onward: bool, fires: bool
) -> None:
    told.place(DOCK, None, None)
    told.order()
    told.hop("H1", MAKER, BROKER, 1, arrival=ARRIVAL, quantity=1)
    if onward:
        told.hop("H2", BROKER, OPERATOR, 2, arrival=ARRIVAL, quantity=1)
    told.arrival(9, delivered_by=brought)
    assert bool(told.find("R13")) is fires


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, None),
        ({"holder": BROKER}, "One certificate was filed as of kestrel and as of shade."),
        ({"model": "KP 48"}, "One certificate was filed as of KP-48 and as of KP 48."),
        ({"model": "kp -48"}, None),
        ({"factory": HUB}, "One certificate was filed of kestrel:plant and of hub."),
        ({"filed_for": ProductId.of("shade", "KP-48")},
         "One certificate was filed for goods of kestrel and of shade."),
    ],
)  # fmt: skip
def test_one_file_says_one_thing(told: Told, fields: dict[str, object], said: str | None) -> None:
    certificate(told, "C-1", content=REPORT, factory=PLANT)
    certificate(told, "C-2", 1, content=REPORT, **fields)
    found = [one.sentence for one in told.find("R14")]
    assert found == ([said] if said else [])


def test_a_certificate_of_one_lot_is_not_one_of_another(told: Told) -> None:
    certificate(told, "C-1", content=REPORT, lot=LOT)
    certificate(told, "C-2", 1, content=REPORT, lot=OTHER_LOT)
    (found,) = told.find("R14")
    assert found.subject == OTHER_LOT


@pytest.mark.parametrize(
    ("fields", "fires"),
    [
        ({"factory": PLANT}, False),
        ({"factory": HUB}, True),
        ({"covers": 10, "lot": LOT}, False),
        ({"covers": 9, "lot": LOT}, True),
        ({"expires": MADE}, False),
        ({"expires": date(2026, 3, 10)}, True),
    ],
)
def test_a_certificate_covers_plant_number_and_day(
    fields: dict[str, object], *, fires: bool
) -> None:
    told = Told()
    told.lot(at=11, factory=PLANT, production_date=MADE)
    certificate(told, **fields)
    assert bool(told.find("R14")) is fires
    if fires and "covers" not in fields:
        certificate(told, "C-2", 1, factory=PLANT, expires=date(2027, 1, 1))
        assert told.find("R14") == []


@pytest.mark.parametrize(("hours", "fires"), [(-13, False), (-14.4, False), (-14.6, True)])
def test_a_date_begins_in_the_east(hours: float, *, fires: bool) -> None:
    told = Told()
    told.lot(at=11, production_date=MADE)
    told.hop("H1", MAKER, CARRIER, 10 + hours * HOUR, quantity=1)
    assert bool(told.find("R15")) is fires


@pytest.mark.parametrize(
    ("tested", "fires"), [(MADE, False), (date(2026, 3, 10), True), (date(2026, 4, 1), True)]
)
def test_tests_come_after_making_and_before_shipping(tested: date, *, fires: bool) -> None:
    told = Told()
    tests = (FactoryTest("capacity", "passed", tested_on=tested),)
    told.lot(at=11, production_date=MADE, test_results=tests)
    told.hop("H1", MAKER, CARRIER, 12, quantity=1)
    assert bool(told.find("R15")) is fires


@pytest.mark.parametrize(
    ("standard", "lot", "issued", "fires"),
    [
        ("UN 38.3", None, date(2026, 3, 5), True),
        ("UN 38.3", None, date(2026, 3, 2), False),
        ("IEC 62619", None, date(2026, 3, 5), False),
        ("IEC 62619", LOT, date(2026, 3, 5), True),
    ],
)
def test_papers_come_before_the_first_shipment(
    told: Told, standard: str, lot: LotId | None, issued: date, *, fires: bool
) -> None:
    certificate(told, standard=standard, lot=lot, issued=issued)
    told.hop("H1", MAKER, CARRIER, 1, quantity=1)
    assert bool(told.find("R15")) is fires


@pytest.mark.parametrize(("minutes", "fires"), [(-29, False), (-31, True)])
def test_nothing_is_installed_before_it_came(told: Told, minutes: float, *, fires: bool) -> None:
    told.arrival(5, serials=("S-1",))
    install(told, 5 + minutes * HOUR / 60)
    assert bool(told.find("R15")) is fires


def test_a_statement_signed_after_it_came_is_held_for_review(told: Told) -> None:
    told.say(told.facts[0].fact, MAKER, 20, logged=19)
    (found,) = told.find("R15")
    assert found.severity is Severity.MIDDLE


@pytest.mark.parametrize(("same", "fires"), [(True, True), (False, False)])
def test_two_arrivals_never_measure_alike(told: Told, *, same: bool, fires: bool) -> None:
    for number in (1, 2):
        name = type(ARRIVAL).of(f"A-{number}")
        readings = commit(f"serial,v\nS-1,{1 if same else number}\n".encode())
        plan = Plan(1, 0, 1, "c=0")
        looked = Inspection(name, Stage.SAMPLE, 1, plan, (), day(9), readings=readings)
        told.say(looked, CLERK, 9 + number)
    assert bool(told.find("R16")) is fires


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"most": degrees("30")}, None),
        ({"most": degrees("29.9")}, Severity.MIDDLE),
        ({"most": degrees("29.9"), "highest": degrees("30", "0.5")}, None),
        ({"least": degrees("5")}, None),
        ({"least": degrees("5.1")}, Severity.MIDDLE),
        ({"most": Quantity(Decimal(300), Unit.K)}, Severity.MIDDLE),
        ({"most": Quantity(Decimal(2), Unit.g_n)}, None),
        ({}, None),
        ({"highest": degrees("61")}, Severity.MIDDLE),
        ({"highest": degrees("61"), "most": degrees("70")}, None),
        ({"lowest": degrees("-21")}, Severity.MIDDLE),
    ],
)
def test_only_what_lies_outside_the_makers_limits_is_an_excursion(
    told: Told, fields: dict[str, object], severity: Severity | None
) -> None:
    condition(told, **fields)
    assert [one.severity for one in told.find("R17")] == ([severity] if severity else [])


@pytest.mark.parametrize(("gap", "fires"), [(20, False), (21, True)])
def test_a_logger_that_missed_more_than_one_reading_was_off(
    told: Told, gap: int, *, fires: bool
) -> None:
    minutes = Quantity(Decimal(gap), Unit.min)
    condition(told, interval=Quantity(Decimal(600), Unit.s), longest_gap=minutes)
    assert bool(told.find("R17")) is fires


@pytest.mark.parametrize(
    ("charge", "air", "fires"), [(30, True, False), (31, True, True), (31, False, False)]
)
def test_charged_goods_do_not_fly(told: Told, charge: int, *, air: bool, fires: bool) -> None:
    condition(told, charge=Quantity(Decimal(charge), Unit.percent), by_air=air)
    assert [one.severity for one in told.find("R17")] == ([Severity.HIGH] if fires else [])


@pytest.mark.parametrize(("others", "fires"), [(19, False), (20, True)])
def test_a_lane_of_few_trips_says_nothing(others: int, *, fires: bool) -> None:
    told = Told()
    for number in range(others + 1):
        lot = LotId.of("kestrel", f"N-{number}")
        took = 9 if number == 3 else 2
        told.hop("H1", CARRIER, SELLER, 1, 1 + took, lot=lot)
    found = told.find("R18")
    assert [one.subject.key for one in found] == (["kestrel:N-3"] if fires else [])


def test_goods_that_stayed_too_long_with_one_holder_are_found(told: Told) -> None:
    for number in range(24):
        lot, stay = LotId.of("kestrel", f"N-{number}"), 25 if number == 3 else 2
        told.hop("H1", MAKER, CARRIER, 1, lot=lot)
        told.hop("H2", CARRIER, SELLER, 1 + stay, lot=lot)
    (found,) = told.find("R18")
    assert found.sentence == (
        "From hand-over H1 to H2 with rheintrans, it took 25.0 d; 2.0 d is usual."
    )


@pytest.mark.parametrize(("late", "fires"), [(7.0, False), (7.02, False), (7.03, True)])
def test_what_is_told_after_a_week_is_late(told: Told, late: float, *, fires: bool) -> None:
    told.hop("H1", MAKER, CARRIER, 1, quantity=1, taken=None)
    told.say(told.facts.pop().fact, MAKER, 1, logged=1 + late)
    assert bool(told.find("R21")) is fires


LIST = Disclosure(CARRIER, (SELLER,), day(0))
TYPE = "urn:voltrail:predicate:disclosure:v1"


@pytest.mark.parametrize(
    ("bound", "severity"),
    [
        ({}, None),
        ({"predicate_types": (TYPE,)}, None),
        ({"predicate_types": ("urn:voltrail:predicate:lot:v1",)}, Severity.HIGH),
        ({"issuer": SELLER}, Severity.HIGH),
        ({"places": (DOCK,)}, Severity.HIGH),
        ({"valid_until": day(4)}, Severity.HIGH),
        ({"valid_from": day(5.03)}, Severity.MIDDLE),
        ({"valid_from": day(5.01)}, None),
    ],
)
def test_a_key_signs_what_it_is_bound_to(
    told: Told, bound: dict[str, object], severity: Severity | None
) -> None:
    key = enrolled(told, **bound)
    told.say(LIST, CARRIER, 5, keys=(key,))
    assert [one.severity for one in told.find("R22")] == ([severity] if severity else [])


@pytest.mark.parametrize(("verb", "at"), [(KeyVerb.CEASE, 3), (KeyVerb.COMPROMISE, 9)])
def test_a_key_that_ended_signs_nothing_more(told: Told, verb: KeyVerb, at: float) -> None:
    key = enrolled(told)
    (event,) = (one.fact for one in told.facts if isinstance(one.fact, KeyEvent))
    ended = KeyEvent(verb, event.key, CARRIER, "ed25519", event.spki, day(-30),
                     compromised_since=day(2))  # fmt: skip
    told.say(ended, OPERATOR, at)
    told.say(LIST, CARRIER, 5, keys=(key,))
    (found,) = told.find("R22")
    assert found.severity is Severity.HIGH


def test_a_key_that_nobody_enrolled_says_nothing(told: Told) -> None:
    told.say(LIST, CARRIER, 5, keys=("f" * 64,))
    assert told.find("R22") == []


def test_a_co_signature_of_another_key_accuses_nobody(told: Told) -> None:
    key = enrolled(told)
    told.say(LIST, CARRIER, 5, keys=(key, "f" * 64))
    assert told.find("R22") == []
