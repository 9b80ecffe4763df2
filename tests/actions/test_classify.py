"""Classify a place: who may make it stricter, who must agree to make it lighter."""

import json

import pytest
from msgspec.structs import replace

from trust.enrolling import enrol
from voltrail.actions import classify
from voltrail.errors import IssuerNotTrustedError, MalformedError, NotPermittedError
from voltrail.ids.subject import PersonId, PlaceId
from voltrail.statements.fields import write
from voltrail.statements.place import Environment, Grade, Overrule, Place, PlaceClass
from voltrail_world.cast import ANSEL, HALL, MERET, NORDLICHT, RUNA, SUBSTATION
from world_fixture import NOW, PlayedWorld, fresh_world, signed, strict_shipment

GOODS = strict_shipment("761")
NOBODY = PersonId.of("p-nobody")
NEW = Place(
    PlaceId.of("nordlicht", "hut-3"),
    "Hut 3",
    PlaceClass.TELECOM,
    NORDLICHT,
    Grade.LOW,
    Grade.LOW,
    Environment.CONTROLLED,
    "Europe/Berlin",
)


def known(seen: PlayedWorld, place: PlaceId = HALL, **changes: object) -> Place:
    found = classify.standing(seen.desk, place)
    assert found is not None
    return replace(found.fact, **{"reason": "Assessed anew.", **changes})


def prepared() -> PlayedWorld:
    seen = fresh_world()
    seen.deliver(GOODS)
    enrol(seen, RUNA, "place")
    enrol(seen, MERET, "place")
    return seen


def test_a_new_place_is_classified_by_one_person_and_says_how_the_tier_came_about() -> None:
    seen = fresh_world()
    found = classify.derive(seen.desk, NEW)
    assert (found.tier, found.before, found.needs_second) == (3, None, False)
    assert found.sentence == "Impact low, replacement lead time low, controlled environment."
    assert classify.classify(seen.desk, NEW, RUNA, NOW).fresh
    stands = classify.standing(seen.desk, NEW.place)
    assert stands is not None
    assert stands.fact.assessed_by == RUNA
    assert stands.fact.agreed_by is None


def test_json_leaves_out_what_the_operator_knows() -> None:
    asked = {name: one for name, one in write(NEW).items() if name not in ("operator", "zone")}
    assert classify.read(json.dumps(asked).encode(), NORDLICHT) == replace(NEW, zone="UTC")
    by_hand = {**asked, "overrule": {"tier": 2, "reason": "Two halls stand beside it."}}
    found = classify.read(json.dumps(by_hand).encode(), NORDLICHT)
    assert found.overrule is not None
    assert (found.overrule.tier, found.overrule.second_person.key) == (2, "to-be-named")


@pytest.mark.parametrize(
    "changes",
    [
        {"runTime": "2.5"},
        {"impact": "huge"},
        {"overrule": {"tier": 0, "reason": "So."}},
        {"overrule": {"tier": 4, "reason": "So."}},
        {"overrule": {"tier": 2}},
        {"overrule": 2},
        {"requiredRunTime": "2.5"},
    ],
)
def test_json_that_is_no_classification_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        classify.read(json.dumps({**write(NEW), **changes}).encode(), NORDLICHT)


@pytest.mark.parametrize(
    ("impact", "lead", "environment", "tier"),
    [
        (Grade.HIGH, Grade.MEDIUM, Environment.CONTROLLED, 1),
        (Grade.HIGH, Grade.LOW, Environment.REMOTE, 1),
        (Grade.HIGH, Grade.LOW, Environment.CONTROLLED, 2),
        (Grade.MEDIUM, Grade.HIGH, Environment.HARSH, 2),
        (Grade.LOW, Grade.LOW, Environment.SHELTERED, 3),
        (Grade.LOW, Grade.LOW, Environment.HARSH, 2),
    ],
)
def test_the_tier_follows_from_impact_lead_time_and_exposure(
    impact: Grade, lead: Grade, environment: Environment, tier: int
) -> None:
    wanted = replace(NEW, impact=impact, lead_time=lead, environment=environment)
    assert classify.derive(fresh_world().desk, wanted).tier == tier


def test_a_stricter_tier_binds_at_once_on_one_persons_word() -> None:
    seen = fresh_world()
    wanted = known(seen, SUBSTATION, impact=Grade.HIGH)
    assert classify.derive(seen.desk, wanted).tier == 1
    assert classify.classify(seen.desk, wanted, RUNA, NOW).fresh


def test_a_lighter_tier_takes_a_second_person() -> None:
    seen = prepared()
    wanted = known(seen, impact=Grade.LOW, lead_time=Grade.LOW)
    found = classify.derive(seen.desk, wanted)
    assert (found.before, found.tier, found.needs_second) == (1, 3, True)
    with pytest.raises(NotPermittedError) as caught:
        classify.classify(seen.desk, wanted, RUNA, NOW)
    assert "second person" in str(caught.value)
    payload = classify.draft(seen.desk, wanted, (RUNA, MERET), NOW)
    for alone in ((RUNA,), (MERET,), (RUNA, ANSEL)):
        with pytest.raises(IssuerNotTrustedError):
            seen.hand_in(signed(seen, payload, *alone))
    assert seen.decision(GOODS.arrival).fact.tier == 1
    seen.hand_in(signed(seen, payload, RUNA, MERET))
    assert seen.decision(GOODS.arrival).fact.tier == 3


def test_a_tier_set_by_hand_takes_a_reason_and_a_second_person() -> None:
    seen = prepared()
    wanted = known(seen, overrule=Overrule(2, "Spare racks stand next door.", NOBODY))
    assert classify.derive(seen.desk, wanted).needs_second
    payload = classify.draft(seen.desk, wanted, (RUNA, MERET), NOW)
    seen.hand_in(signed(seen, payload, RUNA, MERET))
    stands = classify.standing(seen.desk, HALL)
    assert stands is not None
    assert stands.fact.overrule == Overrule(2, "Spare racks stand next door.", MERET)
    assert seen.decision(GOODS.arrival).fact.tier == 2


def test_a_persons_word_on_a_place_is_refused_where_nobody_agreed() -> None:
    seen = prepared()
    wanted = known(seen, impact=Grade.LOW, lead_time=Grade.LOW, assessed_by=RUNA)
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(seen.say(wanted, RUNA, HALL))


@pytest.mark.parametrize(
    ("changes", "both", "error"),
    [
        ({"reason": " "}, (RUNA, MERET), MalformedError),
        ({"name": ""}, (RUNA, MERET), MalformedError),
        ({"overrule": Overrule(7, "why not", NOBODY)}, (RUNA, MERET), MalformedError),
        ({}, (RUNA, RUNA), NotPermittedError),
        ({}, (RUNA, ANSEL), NotPermittedError),
        ({}, (NOBODY, RUNA), NotPermittedError),
    ],
)
def test_what_nobody_could_agree_to_is_refused(
    changes: dict[str, object], both: tuple[PersonId, PersonId], error: type[Exception]
) -> None:
    seen = prepared()
    with pytest.raises(error):
        classify.draft(seen.desk, known(seen, **changes), both, NOW)
