"""What is in what, both ways, with every missing link as a gap, and no circle that never ends."""

import random
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from voltrail import table
from voltrail.actions.trace import trace
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import LotId, PartyId, PlaceId, SubjectId, UnitId
from voltrail.projections import genealogy, parts
from voltrail.projections.gathering import Gathering
from voltrail.projections.genealogy import Traced, Way
from voltrail.projections.parts import Put
from voltrail.projections.reach_keys import keys_of
from voltrail.projections.view import EntryRef, Recorded, fold
from voltrail.quantities import Quantity
from voltrail.register.memory import MemoryBlobs
from voltrail.statements import kinds
from voltrail.statements.assembly import Action, Assembly, Certainty, Part, WholeLevel
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.statement import Header
from voltrail.statements.unit import Level, UnitRecord
from voltrail_world.cast import KESTREL, NORDLICHT, RUNA
from world_fixture import played_world

AT = datetime(2026, 11, 2, tzinfo=UTC)
MAKER = PartyId.of("kestrel")
SURE, MAYBE = Certainty.DEFINITE, Certainty.POSSIBLE


def unit(name: str) -> UnitId:
    return UnitId.of("kestrel", name)


def lot(name: str) -> LotId:
    return LotId.of("kestrel", name)


def so_many(name: str, certainty: Certainty = SURE) -> Part:
    many = Quantity.parse({"value": "16", "unit": "items"})
    return Part(lot=lot(name), quantity=many, certainty=certainty)


class Said(Gathering):
    """Facts that are at hand, by what they name."""

    def __init__(self) -> None:
        self.facts_: list[Recorded[object]] = []
        self.blobs, self.linked = MemoryBlobs(), dict[int, set[str]]()

    def joins(
        self,
        inputs: tuple[Part, ...],
        outputs: tuple[Part, ...],
        action: Action = Action.ADD,
        tabled: bytes | None = None,
    ) -> None:
        at = AT + timedelta(hours=len(self.facts_))
        listed = None if tabled is None else table.commit(tabled)
        if tabled is not None:
            self.blobs.put(tabled)
        number = f"B{len(self.facts_)}"
        fact = Assembly(MAKER, number, action, WholeLevel.PACK, at, inputs, outputs, None, listed)
        self._say("assembly", fact, fact.links)

    def put(self, one: Recorded[Assembly]) -> Put:
        return parts.put(one.fact, self.blobs)

    def standing(self, key: str) -> tuple[Recorded[object], ...]:
        every = fold(None, self._under(key)).facts
        return tuple(one for one in every if one.withdrawn_by is None)

    def is_of(self, one: UnitId, whose: LotId) -> None:
        self._say("unit", UnitRecord(one, whose, Level.CELL), (one, whose))

    def moves(self, one: UnitId, verb: MovementVerb, to: PlaceId) -> None:
        fact = Movement("M-1", NORDLICHT, verb, to, AT, RUNA, (one,))
        self._say("movement", fact, (one,))

    def fetch(self, keys: Iterable[str]) -> None:
        """Everything is at hand."""

    def _say(self, kind: str, fact: object, about: tuple[SubjectId, ...]) -> None:
        ref = EntryRef(len(self.facts_), f"{len(self.facts_):064x}", AT)
        self.facts_.append(Recorded(fact, Header(MAKER, AT), about, kinds.uri(kind), ref))
        self.linked[ref.index] = set(keys_of(self.facts_[-1], self.blobs))

    def view(self, subject: SubjectId | None):  # noqa: ANN201 — as its base
        return fold(subject, self._under(subject))

    def _under(self, key: str | None) -> list[Recorded[object]]:
        """What is linked under a key since it came in, whatever table was lost later."""
        every = ((one, self.linked[one.entry.index]) for one in self.facts_)
        return [one for one, keys in every if key in {*one.subjects, *keys}]


def nobody(_: Collection[UnitId]) -> dict[str, frozenset[str]]:
    return {}


def origins(said: Said, start: SubjectId, most: int | None = genealogy.MOST) -> Traced:
    return genealogy.origins(said, start, nobody, said.put, most)


def reach(said: Said, start: SubjectId, most: int | None = genealogy.MOST) -> Traced:
    return genealogy.reach(said, start, nobody, said.put, most)


def names(found: Traced) -> dict[str, Certainty]:
    return {one.subject.parts[-1]: one.certainty for one in found.steps[1:]}


def test_a_pack_leads_down_to_each_lot_of_cells_at_any_depth() -> None:
    said = Said()
    said.joins((so_many("C1"), so_many("C2")), (Part(unit=unit("M1")),))
    said.joins((Part(unit=unit("M1")), Part(unit=unit("M2"))), (Part(unit=unit("P1")),))
    found = origins(said, unit("P1"))
    assert names(found) == dict.fromkeys(["M1", "M2", "C1", "C2"], SURE)
    told = {(found.steps[one.after].subject.parts[-1], str(one.sentence)) for one in found.gaps}
    assert told == {
        ("M2", "Nobody says what kestrel:M2 was made of."),
        ("C1", "Nobody recorded lot kestrel:C1."),
        ("C2", "Nobody recorded lot kestrel:C2."),
    }
    assert {one.ask for one in found.gaps} == {MAKER}


def test_a_lot_leads_up_to_each_whole_it_is_in() -> None:
    said = Said()
    said.joins((so_many("C1"),), (Part(unit=unit("M1")),))
    said.joins((so_many("C1"),), (Part(unit=unit("M2")),))
    said.joins((Part(unit=unit("M1")), Part(unit=unit("M2"))), (Part(unit=unit("P1")),))
    found = reach(said, lot("C1"))
    assert names(found) == dict.fromkeys(["M1", "M2", "P1"], SURE)
    (whole,) = [one for one in found.steps if one.subject == unit("P1")]
    assert len(whole.entries) == 1
    assert whole.way is Way.PART_OF


def test_one_cell_of_a_lot_is_possibly_in_each_whole_that_took_of_it() -> None:
    said = Said()
    said.is_of(unit("c7"), lot("C1"))
    for name in ("M1", "M2"):
        said.joins((so_many("C1"),), (Part(unit=unit(name)),))
    assert names(reach(said, unit("c7"))) == {"M1": MAYBE, "M2": MAYBE}


def test_one_possible_link_makes_everything_beyond_it_possible() -> None:
    said = Said()
    said.joins((so_many("C1", MAYBE),), (Part(unit=unit("M1")),))
    said.joins((Part(unit=unit("M1")),), (Part(unit=unit("P1")),))
    assert names(reach(said, lot("C1"))) == {"M1": MAYBE, "P1": MAYBE}


def test_what_was_taken_apart_is_not_in_it_any_more() -> None:
    said = Said()
    parts, whole = parts_of("M1"), parts_of("P1")
    said.joins(parts, whole)
    said.joins(parts, whole, Action.DELETE)
    assert names(origins(said, unit("P1"))) == {}
    said.joins(parts, whole)
    assert names(origins(said, unit("P1"))) == {"M1": SURE}


def parts_of(*names: str) -> tuple[Part, ...]:
    return tuple(Part(unit=unit(name)) for name in names)


def test_one_part_of_three_taken_out_leaves_the_two_others() -> None:
    said, whole = Said(), parts_of("P1")
    said.joins(parts_of("M1", "M2", "M3"), whole)
    said.joins(parts_of("M2"), whole, Action.DELETE)
    assert names(origins(said, unit("P1"))) == {"M1": SURE, "M3": SURE}
    assert names(reach(said, unit("M1"))) == {"P1": SURE}
    assert names(reach(said, unit("M2"))) == {}


def test_a_part_that_was_taken_out_and_put_back_is_there_by_its_last_entry() -> None:
    said, whole = Said(), parts_of("P1")
    said.joins(parts_of("M1", "M2"), whole)
    said.joins(parts_of("M1"), whole, Action.DELETE)
    said.joins(parts_of("M1"), whole)
    found = origins(said, unit("P1"))
    assert {one.subject.parts[-1]: one.entries for one in found.steps[1:]} == {
        "M1": (2,),
        "M2": (0,),
    }


def test_a_replaced_part_is_out_and_the_new_one_is_in() -> None:
    said, whole = Said(), parts_of("P1")
    said.joins((*parts_of("M1", "M2"), so_many("C1")), whole)
    said.joins(parts_of("M2"), whole, Action.DELETE)
    said.joins(parts_of("M9"), whole)
    found = names(origins(said, unit("P1")))
    assert found == {"M1": SURE, "M9": SURE, "C1": SURE}


def test_some_items_of_a_lot_taken_out_leave_the_rest_possible() -> None:
    said, whole = Said(), parts_of("P1")
    said.joins((so_many("C1"),), whole)
    some = Quantity.parse({"value": "4", "unit": "items"})
    said.joins((Part(lot=lot("C1"), quantity=some),), whole, Action.DELETE)
    assert names(reach(said, lot("C1"))) == {"P1": MAYBE}


def test_a_whole_that_was_emptied_holds_nothing() -> None:
    said, whole = Said(), parts_of("P1")
    said.joins(parts_of("M1", "M2"), whole)
    said.joins((), whole, Action.DELETE)
    assert names(origins(said, unit("P1"))) == {}
    assert names(reach(said, unit("M1"))) == {}


def test_a_circle_ends_where_it_closes() -> None:
    said = Said()
    for here, there in (("A", "B"), ("B", "C"), ("C", "A"), ("A", "A")):
        said.joins((Part(unit=unit(here)),), (Part(unit=unit(there)),))
    for found in (reach(said, unit("A")), origins(said, unit("A"))):
        assert set(names(found)) == {"B", "C"}
        assert {one.sentence for one in found.gaps} == {"kestrel:A is said to be in itself."}


def test_too_many_steps_are_cut_and_said() -> None:
    said = Said()
    said.joins((so_many("C1"),), tuple(Part(unit=unit(f"M{n}")) for n in range(20)))
    found = reach(said, lot("C1"), 10)
    assert (len(found.steps), found.is_cut) == (10, True)
    assert not reach(said, lot("C1"), None).is_cut


@pytest.mark.parametrize("seed", range(20))
def test_order_and_repetition_change_nothing(seed: int) -> None:
    draw, said = random.Random(seed), Said()
    for _ in range(30):
        inputs = tuple(Part(unit=unit(f"u{draw.randrange(12)}")) for _ in range(2))
        said.joins(inputs, (Part(unit=unit(f"u{draw.randrange(12)}")),))
    start = unit("u0")
    before = names(reach(said, start))
    draw.shuffle(said.facts_)
    said.facts_ += said.facts_[:5]
    assert names(reach(said, start)) == before


def test_a_delivered_unit_leads_to_its_lot_its_arrival_and_its_place() -> None:
    desk = played_world().desk
    found = trace(desk, UnitId.of("kestrel", "S900015"))
    assert {one.way for one in found.origins.steps} >= {Way.START, Way.OF_LOT}
    assert Way.ARRIVED in {one.way for one in found.reach.steps}
    for one in (*found.origins.steps[1:], *found.reach.steps[1:]):
        assert one.entries, "each step names the entry that says so"


def test_only_units_and_lots_are_traced() -> None:
    desk = played_world().desk
    with pytest.raises(MalformedError):
        trace(desk, KESTREL)
    with pytest.raises(MalformedError):
        trace(desk, PlaceId.of("nordlicht", "hall-7"))
    with pytest.raises(UnknownSubjectError):
        trace(desk, UnitId.of("kestrel", "NEVER"))


@pytest.mark.parametrize(("verb", "there"), [("install", True), ("store", False)])
def test_a_move_into_service_leads_to_its_place(verb: str, *, there: bool) -> None:
    said, rack = Said(), PlaceId.of("nordlicht", "rack-1")
    said.is_of(unit("S-1"), lot("L-1"))
    said.moves(unit("S-1"), MovementVerb(verb), rack)
    found = reach(said, unit("S-1"))
    assert [one.subject for one in found.steps if one.way is Way.INSTALLED] == [rack] * there
