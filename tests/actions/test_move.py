"""Goods are moved after checks: each refusal says what to do, and nothing is lost or got around."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from voltrail.actions import hold, located, move, permission, refold, show, whereabouts
from voltrail.actions.hindrance import Against, Wanted
from voltrail.errors import (
    MalformedError,
    NotAdmittedError,
    NotPermittedError,
    ProductError,
    UnknownSubjectError,
    UnmetError,
    UnverifiableError,
)
from voltrail.ids.subject import ArrivalId, CaseId, LotId, OrderId, PlaceId, UnitId
from voltrail.projections.whereabouts import State
from voltrail.statements.arrival import Arrival
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.permission import Permission, PermissionVerb
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.retirement import Leaving, Retirement
from voltrail.statements.signal import Signal
from voltrail.statements.statement import Header
from voltrail.table import commit
from voltrail_world.cast import ANSEL, FJORDLINIE, HALL, MERET, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world, signed

GOODS = clean_shipment()
ONE, TWO, THREE = (UnitId.of("kestrel", serial) for serial in GOODS.delivered[:3])
CAGE, SHELF = (PlaceId.of("nordlicht", name) for name in ("cage-1", "cage-1-shelf"))
HOUR = timedelta(hours=1)


def named(seen: PlayedWorld, place: PlaceId, within: PlaceId | None = None) -> None:
    fact = Place(
        place,
        place.key,
        PlaceClass.WAREHOUSE,
        NORDLICHT,
        Grade.LOW,
        Grade.LOW,
        Environment.CONTROLLED,
        "UTC",
        within=within,
    )
    state(seen, fact, place)


def state(seen: PlayedWorld, fact: Any, *about: Any) -> int:  # noqa: ANN401 — any fact
    return seen.hand_in(seen.world.say(fact, Header(NORDLICHT, NOW), *about)).index


@pytest.fixture
def seen() -> PlayedWorld:
    world = fresh_world()
    world.deliver(GOODS)
    named(world, CAGE)
    named(world, SHELF, CAGE)
    return world


def wanted(verb: str = "store", *units: UnitId, to: PlaceId = CAGE, **more: Any) -> Wanted:  # noqa: ANN401
    return Wanted(MovementVerb(verb), to, more.pop("by", RUNA), units, **more)


def moved(seen: PlayedWorld, one: Wanted, hours: int = 1) -> move.Moved:
    return move.move(seen.desk, one, NOW + hours * HOUR)


def refused(seen: PlayedWorld, one: Wanted, hours: int = 1, **more: Any) -> list[Against]:  # noqa: ANN401
    size = seen.desk.entries.size()
    with pytest.raises(UnmetError) as raised:
        move.move(seen.desk, one, NOW + hours * HOUR, **more)
    if not more:
        assert seen.desk.entries.size() == size, "a refused move records nothing"
    assert raised.value.hint
    reasons = list(raised.value.unmet)
    assert all(reason.sentence and reason.hint for reason in reasons)
    return reasons


def state_of(seen: PlayedWorld, unit: UnitId) -> State:
    found = located.located(seen.desk, [unit])[unit]
    assert found is not None
    return found.state


def test_units_go_through_the_steps_and_every_one_is_found(seen: PlayedWorld) -> None:
    assert state_of(seen, ONE) is State.RECEIVED
    done = moved(seen, wanted("store", ONE, TWO))
    assert (done.units, done.holds) == ((ONE, TWO), ())
    found = located.located(seen.desk, [ONE, THREE])
    first, third = found[ONE], found[THREE]
    assert first is not None
    assert third is not None
    assert (first.place, first.holder, first.entry) == (CAGE, NORDLICHT, done.placed.index)
    assert (first.since, third.state) == (NOW + HOUR, State.RECEIVED)
    moved(seen, wanted("take-out", ONE), 2)
    assert state_of(seen, ONE) is State.OUT
    here = located.here(seen.desk, CAGE)
    assert set(here.units) == {ONE, TWO}


def test_a_lot_says_where_each_of_its_units_is_and_counts_the_rest(seen: PlayedWorld) -> None:
    moved(seen, wanted("store", ONE, TWO))
    found = located.units_of_lot(seen.desk, GOODS.lot)
    assert set(found.units) >= {ONE, TWO, THREE}
    counted = {(one.place, one.state): one.items for one in found.counts}
    assert counted[CAGE, State.STORED] == 2
    assert sum(counted.values()) == len(found.units) + found.unseen
    with pytest.raises(UnknownSubjectError):
        located.units_of_lot(seen.desk, type(GOODS.lot).of("kestrel", "NEVER"))


def test_every_reason_is_told_at_once(seen: PlayedWorld) -> None:
    strange = UnitId.of("kestrel", "NEVER")
    moved(seen, wanted("store", ONE))
    reasons = refused(seen, wanted("stage", ONE, strange, to=PlaceId.of("nordlicht", "x")), 2)
    assert [one.name for one in reasons] == ["no-place", "unknown", "step"]


def test_what_is_held_stays(seen: PlayedWorld) -> None:
    case = CaseId.of("nordlicht", "C-1")
    hold.place(seen.desk, case, {"unit": str(ONE)}, ("Swollen.", MERET), NOW)
    (reason,) = refused(seen, wanted("store", ONE))
    assert (reason.name, "Swollen." in reason.sentence) == ("held", True)


def test_what_left_cannot_be_moved(seen: PlayedWorld) -> None:
    gone = Retirement("L-1", NORDLICHT, Leaving.SCRAPPED, NOW, (ONE,))
    state(seen, gone, ONE)
    assert [one.name for one in refused(seen, wanted("store", ONE))] == ["left"]


def test_a_unit_elsewhere_is_told_and_can_be_put_right_by_naming_the_entry(
    seen: PlayedWorld,
) -> None:
    named(seen, other := PlaceId.of("nordlicht", "cage-2"))
    wrong = moved(seen, wanted("store", ONE, to=other)).placed.index
    (reason,) = refused(seen, wanted("take-out", ONE), 2)
    assert (reason.name, reason.entry) == ("elsewhere", wrong)
    assert str(wrong) in reason.hint
    done = moved(seen, wanted("take-out", ONE, corrects=(wrong,)), 2)
    assert len(move.one_move(seen.desk, done.placed.index).fact.corrects) == 1
    found = located.located(seen.desk, [ONE])[ONE]
    assert found is not None
    assert (found.place, found.state) == (CAGE, State.OUT)


def test_a_move_is_never_a_way_into_service(seen: PlayedWorld) -> None:
    assert [one.name for one in refused(seen, wanted("install", ONE, to=HALL))] == ["not-put-in"]
    fact = Movement("M-1", NORDLICHT, MovementVerb.INSTALL, HALL, NOW, RUNA, (ONE,))
    with pytest.raises(NotAdmittedError):
        state(seen, fact, ONE)
    box = Movement("M-2", NORDLICHT, MovementVerb.INSTALL, HALL, NOW, RUNA, container="C-1")
    with pytest.raises(NotAdmittedError):
        state(seen, box, HALL)
    place = located.located(seen.desk, [ONE])[ONE]
    assert place is not None
    assert place.place is not None
    put = Installation(ONE, GOODS.arrival, place.place, NOW, RUNA)
    state(seen, put, ONE)
    reasons = refused(seen, wanted("install", ONE))
    assert [one.name for one in reasons] == ["not-put-in"], "another place than the two signed for"
    moved(seen, wanted("install", ONE, to=place.place))
    assert state_of(seen, ONE) is State.INSTALLED


def test_goods_that_are_not_released_are_not_installed_by_a_move() -> None:
    seen = fresh_world()
    seen.deliver(replace(GOODS, record="unsigned"))
    reasons = refused(seen, wanted("install", ONE, to=HALL))
    assert [one.name for one in reasons] == ["not-to-install"]


def test_a_unit_that_was_moved_away_is_no_clone_of_itself(seen: PlayedWorld) -> None:
    put = Installation(ONE, GOODS.arrival, HALL, NOW - HOUR, RUNA)
    state(seen, put, ONE)
    assert whereabouts.in_service_at(seen.desk, ONE)
    moved(seen, wanted("maintain", ONE))
    assert not whereabouts.in_service_at(seen.desk, ONE)


def allowed(seen: PlayedWorld, **more: Any) -> None:  # noqa: ANN401
    given = {"people": (RUNA,), **more}
    fact = Permission("E-1", PermissionVerb.ALLOW, CAGE, NOW, MERET, **given)
    permission.give(seen.desk, fact, NOW)


def test_only_who_may_enter_moves_into_a_controlled_place(seen: PlayedWorld) -> None:
    moved(seen, wanted("stage", THREE, by=ANSEL), 0)
    allowed(seen, valid_until=NOW + 9 * HOUR)
    (reason,) = refused(seen, wanted("store", ONE, by=ANSEL))
    assert (reason.name, reason.about) == ("not-permitted", CAGE)
    inner = refused(seen, wanted("store", ONE, to=SHELF, by=ANSEL))
    assert [one.name for one in inner] == ["not-permitted"], "what lies within is controlled too"
    leaving = refused(seen, wanted("stage", THREE, to=HALL, by=ANSEL), 2)
    assert [one.name for one in leaving] == ["not-permitted"], "nobody takes it out of there either"
    moved(seen, wanted("store", ONE))
    late = refused(seen, wanted("store", TWO), 10)
    assert [one.name for one in late] == ["not-permitted"], "an ended permission opens no place"


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ({"by": RUNA}, True),
        ({"by": ANSEL}, False),
        ({"by": RUNA, "contractor": FJORDLINIE}, False),
        ({"by": ANSEL, "to": HALL, "came_from": CAGE}, False),
        ({"by": ANSEL, "to": SHELF}, False),
        ({"by": RUNA, "at": NOW + 10 * HOUR}, False),
    ],
)
def test_a_move_sealed_elsewhere_is_held_against_the_permissions_too(
    seen: PlayedWorld, more: dict[str, Any], *, taken: bool
) -> None:
    allowed(seen, valid_until=NOW + 9 * HOUR)
    given = {"to": CAGE, "at": NOW + HOUR, "units": (ONE,), **more}
    fact = Movement("M-1", NORDLICHT, MovementVerb.STORE, **given)
    if taken:
        assert state(seen, fact, ONE)
        return
    with pytest.raises(NotAdmittedError, match="may not enter"):
        state(seen, fact, ONE)


def test_a_move_from_before_a_place_was_controlled_is_taken(seen: PlayedWorld) -> None:
    fact = Permission("E-1", PermissionVerb.ALLOW, CAGE, NOW + 2 * HOUR, MERET, people=(RUNA,))
    permission.give(seen.desk, fact, NOW)
    early = Movement("M-1", NORDLICHT, MovementVerb.STORE, CAGE, NOW + HOUR, ANSEL, (ONE,))
    assert state(seen, early, ONE)
    late = replace(early, number="M-2", at=NOW + 3 * HOUR, units=(TWO,))
    with pytest.raises(NotAdmittedError, match="may not enter"):
        state(seen, late, TWO)


def test_a_firm_that_comes_along_must_be_allowed_too(seen: PlayedWorld) -> None:
    allowed(seen)
    reasons = refused(seen, wanted("store", ONE, contractor=FJORDLINIE))
    assert ["fjordlinie" in one.sentence for one in reasons] == [True]
    fact = Permission("E-2", PermissionVerb.ALLOW, CAGE, NOW, MERET, (), (FJORDLINIE,))
    permission.give(seen.desk, fact, NOW)
    moved(seen, wanted("store", ONE, contractor=FJORDLINIE))


def test_an_entry_without_permission_is_remembered_on_request(seen: PlayedWorld) -> None:
    allowed(seen)
    size = seen.desk.entries.size()
    reasons = refused(seen, wanted("store", ONE, by=ANSEL), report=True)
    assert [one.name for one in reasons] == ["not-permitted"]
    told = [one.fact for one in show.subject(seen.desk, CAGE) if isinstance(one.fact, Signal)]
    assert [one.kind for one in told] == ["entry-without-permission"]
    assert seen.desk.entries.size() == size + 1


def test_a_permission_is_ended_once_by_its_number(seen: PlayedWorld) -> None:
    allowed(seen)
    permission.end(seen.desk, CAGE, ("E-1", MERET), "He left.", NOW + HOUR)
    assert [one.name for one in refused(seen, wanted("store", ONE), 2)] == ["not-permitted"]
    for number, error in (("E-1", MalformedError), ("E-9", UnknownSubjectError)):
        with pytest.raises(error):
            permission.end(seen.desk, CAGE, (number, MERET), "", NOW + 2 * HOUR)


def test_the_seal_that_was_set_must_be_found(seen: PlayedWorld) -> None:
    first = moved(seen, wanted("store", ONE, TWO, seals_set=("S-1",))).placed.index
    (reason,) = refused(seen, wanted("take-out", ONE), 2)
    assert (reason.name, reason.entry) == ("seal", first)
    done = moved(seen, wanted("take-out", ONE, seals_found=("S-1",), seals_set=("S-2",)), 2)
    assert not done.holds
    assert not moved(seen, wanted("take-out", TWO, seals_found=("S-2",)), 3).holds


@pytest.mark.parametrize("found", [{"seals_found": ("S-9",)}, {"seals_missing": True}])
def test_an_unseen_change_of_a_seal_blocks_the_next_step(
    seen: PlayedWorld, found: dict[str, Any]
) -> None:
    moved(seen, wanted("store", ONE, TWO, seals_set=("S-1",)))
    done = moved(seen, wanted("take-out", ONE, **found), 2)
    assert len(done.holds) == 1
    (reason,) = refused(seen, wanted("stage", ONE), 3)
    assert reason.name == "held"
    assert "S-1" in reason.sentence
    index, evidence = done.holds[0].index, [done.placed.index]
    for person in (RUNA, ANSEL):
        payload = hold.draft_lift(seen.desk, index, person, evidence, NOW + 4 * HOUR)
        seen.hand_in(signed(seen, payload, person), NOW + 4 * HOUR)
        if person is RUNA:
            assert [one.name for one in refused(seen, wanted("stage", ONE), 5)] == ["held"]
    moved(seen, wanted("stage", ONE), 5)


def test_a_seal_that_nobody_set_is_a_change_too(seen: PlayedWorld) -> None:
    moved(seen, wanted("store", ONE, seals_set=("S-1",)))
    moved(seen, wanted("take-out", ONE, seals_found=("S-1",)), 2)
    assert moved(seen, wanted("store", ONE, seals_found=("S-8",)), 3).holds


def test_a_container_carries_its_units_and_has_seals_of_its_own(seen: PlayedWorld) -> None:
    moved(seen, wanted("stage", ONE, TWO, container="C-1", seals_set=("S-1",)))
    done = moved(seen, wanted("store", container="C-1", seals_found=("S-1",)), 2)
    assert set(done.units) == {ONE, TWO}
    assert state_of(seen, TWO) is State.STORED
    assert set(located.here(seen.desk, CAGE).units) == {ONE, TWO}
    with pytest.raises(UnknownSubjectError):
        moved(seen, wanted("store", container="C-2"), 3)


def test_a_container_goes_past_no_seal_of_the_place(seen: PlayedWorld) -> None:
    moved(seen, wanted("store", ONE, seals_set=("S-1",)))
    (reason,) = refused(seen, wanted("take-out", ONE, container="C-1"), 2)
    assert reason.name == "seal"
    unlike = wanted("take-out", ONE, container="C-1", place_seals_found=("S-9",))
    assert moved(seen, unlike, 2).holds
    fine = wanted("store", TWO, container="C-2", place_seals_set=("S-2",), seals_set=("X-1",))
    assert not moved(seen, replace(fine, place_seals_found=()), 3).holds
    out = wanted("take-out", container="C-2", place_seals_found=("S-2",), seals_found=("X-1",))
    assert [one.name for one in refused(seen, replace(out, seals_found=()), 4)][:1] == ["seal"]


def test_no_way_round_the_place_that_is_sealed(seen: PlayedWorld) -> None:
    moved(seen, wanted("store", ONE, seals_set=("S-1",)))
    inside = refused(seen, wanted("take-out", ONE, to=SHELF), 2)
    assert [one.name for one in inside] == ["seal"], "a shelf in the cage does not open the cage"
    moved(seen, wanted("take-out", ONE, seals_found=("S-1",), seals_set=("S-2",)), 2)
    moved(seen, wanted("stage", ONE, to=HALL), 3)
    moved(seen, wanted("stage", TWO, to=CAGE, seals_found=("S-2",), seals_set=("S-3",)), 4)
    away = refused(seen, wanted("stage", TWO, to=HALL), 5)
    assert [(one.name, one.about) for one in away] == [("seal", CAGE)]
    moved(seen, wanted("take-out", TWO, seals_found=("S-3",), seals_set=("S-4",)), 5)
    moved(seen, wanted("stage", TWO, to=HALL), 6)


def test_an_undone_move_has_still_set_its_seals(seen: PlayedWorld) -> None:
    index = moved(seen, wanted("store", ONE, seals_set=("S-1",))).placed.index
    move.undo(seen.desk, index, (RUNA, False), "Wrong shelf.", NOW + 2 * HOUR)
    assert [one.name for one in refused(seen, wanted("store", ONE), 3)] == ["seal"]


def test_a_mistake_is_undone_by_a_correction_and_stays_to_be_read(seen: PlayedWorld) -> None:
    first = moved(seen, wanted("stage", ONE)).placed.index
    second = moved(seen, wanted("store", ONE), 2).placed.index
    later, mine = NOW + 3 * HOUR, (RUNA, False)
    for index, by, error in (
        (first, mine, MalformedError),
        (second, (ANSEL, False), NotPermittedError),
        (0, mine, UnknownSubjectError),
    ):
        with pytest.raises(error):
            move.undo(seen.desk, index, by, "Wrong shelf.", later)
    with pytest.raises(MalformedError):
        move.undo(seen.desk, second, mine, " ", later)
    move.undo(seen.desk, second, mine, "Wrong shelf.", later)
    assert state_of(seen, ONE) is State.STAGED
    assert move.one_move(seen.desk, second).withdrawn_by is not None
    with pytest.raises(MalformedError):
        move.undo(seen.desk, second, mine, "Again.", later)


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b"[]",
        b'{"verb":"fly","to":"urn:voltrail:place:x:y","by":"urn:voltrail:person:p"}',
        b'{"verb":"store","to":"urn:voltrail:unit:x:y","by":"urn:voltrail:person:p"}',
        b'{"verb":"store","to":"urn:voltrail:place:x:y","by":"urn:voltrail:person:p","x":1}',
    ],
    ids=["empty", "list", "verb", "place", "strange"],
)
def test_what_is_no_move_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(MalformedError) as raised:
        move.read(raw)
    assert raised.value.hint


def test_no_move_lies_in_the_future_or_says_a_thing_twice(seen: PlayedWorld) -> None:
    bad = (
        wanted("store", ONE, at=NOW + 9 * HOUR),
        wanted("store", ONE, ONE),
        wanted("store", ONE, seals_missing=True, seals_found=("S-1",)),
        wanted("store"),
    )
    for one in bad:
        with pytest.raises(ProductError) as raised:
            moved(seen, one)
        assert raised.value.hint


def test_a_long_list_is_a_table_and_views_made_anew_are_the_same(seen: PlayedWorld) -> None:
    table = b"maker,serial\n" + b"".join(f"kestrel,{one.parts[1]}\n".encode() for one in (ONE, TWO))
    commitment = commit(table)
    fact = Movement(
        "M-1", NORDLICHT, MovementVerb.STORE, CAGE, NOW, RUNA, unit_table=commitment, container="C"
    )
    with pytest.raises(UnverifiableError):
        state(seen, fact, CAGE)
    seen.desk.blobs.put(table)
    state(seen, fact, CAGE)
    assert state_of(seen, TWO) is State.STORED
    assert set(located.here(seen.desk, CAGE).units) == {ONE, TWO}
    moved(seen, wanted("take-out", container="C"))
    before = seen.desk.views.digest()
    found = located.units_of_lot(seen.desk, GOODS.lot)
    refold.refold(seen.desk, NOW)
    assert seen.desk.views.digest() == before
    assert located.units_of_lot(seen.desk, GOODS.lot) == found


@pytest.mark.parametrize(
    "table", [b"serial\nP-1\n", b"maker,serial\nkestrel\n", b"maker,serial\nkestrel,a b\n"]
)
def test_a_table_that_names_no_units_is_refused(seen: PlayedWorld, table: bytes) -> None:
    seen.desk.blobs.put(table)
    fact = Movement("M-1", NORDLICHT, MovementVerb.STORE, CAGE, NOW, RUNA, unit_table=commit(table))
    with pytest.raises(MalformedError):
        state(seen, fact, CAGE)


def test_items_that_no_list_names_are_moved_by_number(seen: PlayedWorld) -> None:
    lot = LotId.of("kestrel", "LOOSE-1")
    arrival = ArrivalId.of("nordlicht", "A-LOOSE")
    came = Arrival(arrival, OrderId.of("nordlicht", "PO-9"), lot, HALL, 40, NOW)
    state(seen, came, arrival)
    moved(seen, wanted("store", lot=lot, quantity=15))
    counted = {one.place: one.items for one in located.units_of_lot(seen.desk, lot).counts}
    assert counted == {HALL: 25, CAGE: 15}
    many = refused(seen, wanted("stage", lot=lot, quantity=26, came_from=HALL), 2)
    assert [one.name for one in many] == ["too-few"]
    unsaid = refused(seen, wanted("stage", lot=lot, quantity=2), 2)
    assert [one.name for one in unsaid] == ["too-few"], "two places have some; say which"
    inside = refused(seen, wanted("install", to=HALL, lot=lot, quantity=2, came_from=HALL), 2)
    assert [one.name for one in inside] == ["not-put-in"]
    assert [one.items for _, one in located.here(seen.desk, CAGE).loose] == [15]
