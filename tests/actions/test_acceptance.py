"""Two people accept goods and put units into service: what is asked, refused, and stands."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from voltrail.actions import acceptance, fresh, hold, show, signing
from voltrail.errors import (
    IssuerNotTrustedError,
    MalformedError,
    NotPermittedError,
    ProductError,
    StaleEvidenceError,
    UnknownSubjectError,
)
from voltrail.ids.subject import ArrivalId, CaseId, PersonId, PlaceId, UnitId
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.installation import Installation
from voltrail_world.cast import ANSEL, HALL, MERET, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld, signed, strict_shipment, trained_world

GOODS = strict_shipment("751")
ONE, TWO = (UnitId.of("kestrel", serial) for serial in GOODS.delivered[:2])
HOUR = timedelta(hours=1)


def wanted(verb: str = "accept", *units: UnitId, by: tuple[PersonId, ...] = (RUNA, MERET)) -> bytes:
    listed = ",".join(f'"{unit}"' for unit in units)
    both = ",".join(f'"{one}"' for one in by)
    return (
        f'{{"verb":"{verb}","arrival":"{GOODS.arrival}","acceptedBy":[{both}],"units":[{listed}]}}'
    ).encode()


def prepared() -> PlayedWorld:
    seen = trained_world()
    assert seen.deliver(GOODS).fact.disposition == "release"
    return seen


def asked(seen: PlayedWorld, raw: bytes, after: timedelta = timedelta()) -> bytes:
    return acceptance.ask(seen.desk, acceptance.read(raw), NOW + after)


def hand_in(seen: PlayedWorld, payload: bytes, after: timedelta = timedelta()) -> int:
    raw = signed(seen, payload, RUNA, MERET)
    return seen.hand_in(raw, NOW + after).index


def accepted(seen: PlayedWorld) -> None:
    hand_in(seen, asked(seen, wanted()))


def finding(seen: PlayedWorld, control: str) -> str:
    record = seen.decision(GOODS.arrival).fact
    return next(one.outcome for one in record.findings if one.control == control)


def test_two_accept_and_two_install_on_one_record_each() -> None:
    seen = prepared()
    accepted(seen)
    hand_in(seen, asked(seen, wanted("install", ONE, TWO), HOUR), HOUR)
    stands = show.arrival(seen.desk, GOODS.arrival).service
    assert [one.fact.accepted_by for one in stands.accepted] == [(RUNA, MERET)]
    assert stands.holds(ONE)
    assert stands.holds(TWO)
    record = seen.decision(GOODS.arrival).fact
    assert record.disposition == "release"
    assert finding(seen, "SVC-01") == finding(seen, "SVC-02") == "holds"


def test_the_record_names_place_time_and_the_decision_it_rests_on() -> None:
    seen = prepared()
    fact: Acceptance = signing.read(asked(seen, wanted())).fact
    assert (fact.place, fact.at) == (HALL, NOW)
    assert fact.rests_on == (seen.decision(GOODS.arrival).entry.digest,)
    assert fact.number.endswith("-accept-" + f"{NOW:%Y%m%dT%H%M%S}")


@pytest.mark.parametrize("by", [(RUNA,), (RUNA, RUNA), (RUNA, MERET, ANSEL), ()])
def test_anything_but_two_different_persons_is_refused(by: tuple[PersonId, ...]) -> None:
    with pytest.raises(NotPermittedError) as caught:
        asked(prepared(), wanted(by=by))
    assert "Two different persons" in str(caught.value)


def test_somebody_without_a_key_for_it_is_not_asked() -> None:
    with pytest.raises(NotPermittedError) as caught:
        asked(prepared(), wanted(by=(RUNA, PersonId.of("p-nobody"))))
    assert "p-nobody has no key" in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (wanted("accept", ONE), MalformedError),
        (wanted("install"), MalformedError),
        (wanted("install", *(UnitId.of("kestrel", f"X{n}") for n in range(501))), MalformedError),
        (wanted("install", UnitId.of("kestrel", "KP-999999")), UnknownSubjectError),
    ],
)
def test_a_record_without_sense_is_refused(raw: bytes, error: type[ProductError]) -> None:
    seen = prepared()
    accepted(seen)
    with pytest.raises(error) as caught:
        asked(seen, raw)
    assert caught.value.hint


@pytest.mark.parametrize("raw", [b"{}", b"[]", b'{"verb":"wave"}', b'{"verb":"accept"}'])
def test_what_is_no_acceptance_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        acceptance.read(raw)


def test_goods_that_nobody_accepted_do_not_go_in() -> None:
    with pytest.raises(NotPermittedError) as caught:
        asked(prepared(), wanted("install", ONE))
    assert "Nobody has accepted" in str(caught.value)


def test_goods_that_are_held_are_not_accepted() -> None:
    seen = prepared()
    held(seen)
    with pytest.raises(NotPermittedError) as caught:
        asked(seen, wanted())
    assert "not released" in str(caught.value)


def test_an_arrival_that_nobody_knows_is_not_accepted() -> None:
    record = replace(acceptance.read(wanted()), arrival=ArrivalId.of("nordlicht", "none"))
    with pytest.raises(UnknownSubjectError):
        acceptance.ask(prepared().desk, record, NOW)


def test_a_unit_goes_in_once() -> None:
    seen = prepared()
    accepted(seen)
    hand_in(seen, asked(seen, wanted("install", ONE), HOUR), HOUR)
    with pytest.raises(NotPermittedError) as caught:
        asked(seen, wanted("install", ONE), 2 * HOUR)
    assert "in service already" in str(caught.value)


def held(seen: PlayedWorld) -> None:
    case, selector = CaseId.of("C-1"), {"lot": str(GOODS.lot)}
    hold.place(seen.desk, case, selector, ("Swollen cells.", RUNA), NOW)


def test_nobody_signs_for_goods_that_were_held_meanwhile() -> None:
    seen = prepared()
    accepted(seen)
    goes_in = asked(seen, wanted("install", ONE), HOUR)
    takes = asked(seen, wanted())
    fresh.need_fresh(seen.desk, goes_in, NOW + HOUR)
    fresh.need_fresh(seen.desk, takes, NOW + HOUR)
    held(seen)
    for payload in (goes_in, takes):
        with pytest.raises(StaleEvidenceError) as caught:
            fresh.need_fresh(seen.desk, payload, NOW + HOUR)
        assert caught.value.hint


def test_a_record_handed_in_although_the_goods_are_held_isolates_them() -> None:
    seen = prepared()
    accepted(seen)
    payload = asked(seen, wanted("install", ONE), HOUR)
    held(seen)
    hand_in(seen, payload, HOUR)
    assert seen.decision(GOODS.arrival).fact.disposition == "isolate"


def test_one_person_with_two_signatures_accepts_nothing() -> None:
    seen = prepared()
    payload = asked(seen, wanted())
    size = seen.desk.entries.size()
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(signed(seen, payload, RUNA))
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(signed(seen, payload, RUNA, MERET, ANSEL))
    assert seen.since(size) == []


def test_the_operator_alone_installs_nothing_at_a_critical_place() -> None:
    seen = prepared()
    fact = Installation(ONE, GOODS.arrival, HALL, NOW, MERET)
    seen.hand_in(seen.say(fact, NORDLICHT, ONE, GOODS.arrival))
    assert seen.decision(GOODS.arrival).fact.disposition == "isolate"
    assert finding(seen, "SVC-01") == "violated"


def test_another_place_is_not_what_two_signed_for() -> None:
    seen = prepared()
    accepted(seen)
    hand_in(seen, asked(seen, wanted("install", ONE), HOUR), HOUR)
    elsewhere = Installation(ONE, GOODS.arrival, PlaceId.of("nordlicht", "shed"), NOW + HOUR, RUNA)
    raw = seen.say(elsewhere, NORDLICHT, ONE, GOODS.arrival)
    seen.hand_in(raw, NOW + 2 * HOUR)
    assert finding(seen, "SVC-01") == "violated"


def test_the_verbs_are_those_of_the_statement() -> None:
    assert {one.value for one in AcceptanceVerb} == {"accept", "install"}
