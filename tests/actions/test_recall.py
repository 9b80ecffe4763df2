"""From one suspect to everything related: found, held once, called back, answered, counted."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from voltrail.actions import recall, recall_report
from voltrail.actions.hold import holds
from voltrail.actions.recall import Answer, Notice
from voltrail.actions.recall_report import Word
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import (
    ArrivalId,
    CaseId,
    LotId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections.related import Relation, Suspect
from voltrail.projections.scope import Scope
from voltrail.quantities import Quantity
from voltrail.statements.assembly import Action, Assembly, Certainty, Part, WholeLevel
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.recall import RecallAction
from voltrail.statements.unit import Level, UnitRecord
from voltrail_world.cast import KESTREL
from world_fixture import NOW, PlayedWorld, fresh_world

CELLS, PACKS = LotId.of("kestrel", "CELLS-1"), LotId.of("kestrel", "PACKS-1")
NORTH = PlaceId.of("north")
MODEL = ProductId.of("kestrel", "KR-48")
FACTORY = PlaceId.of("kestrel-works")
ANNA, CASE = PersonId.of("anna"), CaseId.of("acme", "R-1")
SURE, MAYBE = Certainty.DEFINITE, Certainty.POSSIBLE


def unit(name: str) -> UnitId:
    return UnitId.of("kestrel", name)


def sixteen(lot: LotId, certainty: Certainty = SURE) -> Part:
    many = Quantity.parse({"value": "16", "unit": "items"})
    return Part(lot=lot, quantity=many, certainty=certainty)


def joins(number: str, inputs: tuple[Part, ...], whole: UnitId) -> Assembly:
    outputs = (Part(unit=whole),)
    return Assembly(KESTREL, number, Action.ADD, WholeLevel.PACK, NOW, inputs, outputs)


def told() -> PlayedWorld:
    """64 cells of one lot, 16 in each of three modules; these in two packs, one in service."""
    seen = fresh_world()
    say(seen, LotRecord(CELLS, MODEL, KESTREL, "C1", date(2026, 10, 1), quantity=64), CELLS)
    for number, name in enumerate(("M1", "M2", "M3")):
        made = joins(f"A{number}", (sixteen(CELLS, MAYBE if name == "M3" else SURE),), unit(name))
        say(seen, made, unit(name))
    for number, (whole, inside) in enumerate({"P1": ("M1", "M2"), "P2": ("M3",)}.items()):
        parts = tuple(Part(unit=unit(one)) for one in inside)
        say(seen, joins(f"B{number}", parts, unit(whole)), unit(whole))
        say(seen, UnitRecord(unit(whole), PACKS, Level.PACK), unit(whole))
    put = Installation(unit("P1"), ArrivalId.of("A-9"), NORTH, NOW, ANNA)
    seen.hand_in(seen.say(put, seen.desk.operator, unit("P1")))
    return seen


def say(seen: PlayedWorld, fact: object, *about: SubjectId) -> None:
    seen.hand_in(seen.say(fact, seen.desk.operator, *about))


def found(seen: PlayedWorld, about: str, relation: Relation = Relation.LOT) -> Scope:
    return recall.scope(seen.desk, Suspect(about, relation))


def certainties(one: Scope) -> dict[str, Certainty]:
    return {row.asset.parts[-1]: row.certainty for row in one.related}


def test_a_lot_leads_to_each_pack_it_is_in_and_to_what_nobody_says() -> None:
    one = found(told(), CELLS)
    assert certainties(one) == {"P1": SURE, "P2": MAYBE}
    (first, second) = one.related
    assert (first.definite, first.possible) == (32, 0)
    assert (second.definite, second.possible) == (0, 16)
    assert [stay.place for stay in first.stays] == [NORTH]
    assert {str(gap.sentence) for gap in one.unknown} == {
        "Nobody says where 16 of the 64 items of lot kestrel:CELLS-1 went.",
        "Nobody says where kestrel:P2 is.",
    }


def test_one_unit_leads_to_its_lot_and_by_its_parts_to_whatever_shares_them() -> None:
    seen = told()
    by_lot = found(seen, unit("P2"))
    assert certainties(by_lot) == {"P1": SURE, "P2": SURE}
    assert {one.thing for one in by_lot.leads} == {unit("P2"), PACKS}
    by_parts = found(seen, unit("P2"), Relation.PARTS)
    assert {one.thing for one in by_parts.leads} == {unit("P2"), PACKS, unit("M3"), CELLS}


def test_everything_is_held_in_one_action_and_once() -> None:
    seen = told()
    one = found(seen, CELLS)
    size = seen.desk.entries.size()
    held = recall.hold_all(seen.desk, one, CASE, ("Welds can open.", ANNA), NOW)
    assert len(held.new) == 3  # the lot of cells, and two packs of another lot
    assert held.standing == ()
    assert seen.since(size).count("hold") == 3
    size = seen.desk.entries.size()
    again = recall.hold_all(seen.desk, one, CASE, ("Welds can open.", ANNA), NOW)
    assert (again.new, len(again.standing)) == ((), 3)
    assert seen.since(size) == []


def test_holding_needs_a_cause_and_nothing_is_held_without() -> None:
    seen = told()
    with pytest.raises(MalformedError, match="no cause"):
        recall.hold_all(seen.desk, found(seen, CELLS), CASE, (" ", ANNA), NOW)
    assert holds(seen.desk) == ()


def test_a_rehearsal_holds_nothing_and_tells_what_was_not_found() -> None:
    seen = told()
    one = found(seen, CELLS)
    began = NOW - timedelta(seconds=3)
    notice = Notice(CASE, "1", "A rehearsal.", RecallAction.QUARANTINE, mock=True, started_at=began)
    index = recall.issue(seen.desk, one, notice, NOW).index
    assert holds(seen.desk) == ()
    before = recall_report.report(seen.desk, index)
    assert (before.scope_s, before.answered_s) == (3.0, None)
    assert [line.word for line in before.lines] == [Word.OPEN, Word.OPEN]
    said = Answer(NORTH, ANNA, found=(unit("P1"),), missing=(unit("P2"),))
    recall.answer(seen.desk, index, said, NOW + timedelta(hours=2))
    after = recall_report.report(seen.desk, index)
    assert {line.thing: line.word for line in after.lines} == {
        unit("P1"): Word.FOUND,
        unit("P2"): Word.MISSING,
    }
    assert [line.thing for line in after.not_found] == [unit("P2")]
    assert after.answered_s == 7200.0
    assert [one.entry.index for one in recall_report.recalls(seen.desk)] == [index]


def test_a_later_answer_takes_the_place_of_an_earlier_one() -> None:
    seen = told()
    notice = Notice(CASE, "1", "A test.", RecallAction.INSPECT, mock=True, started_at=NOW)
    index = recall.issue(seen.desk, found(seen, CELLS), notice, NOW).index
    for hours, said in enumerate(
        (Answer(NORTH, ANNA, missing=(unit("P1"),)), Answer(NORTH, ANNA, found=(unit("P1"),)))
    ):
        recall.answer(seen.desk, index, said, NOW + timedelta(hours=hours))
    (first, _) = recall_report.report(seen.desk, index).lines
    assert first.word is Word.FOUND


def test_answers_stand_by_place_and_who_owes_one_is_told() -> None:
    seen = told()
    notice = Notice(CASE, "1", "A test.", RecallAction.INSPECT, mock=True, started_at=NOW)
    index = recall.issue(seen.desk, found(seen, CELLS), notice, NOW).index
    (north, nowhere) = recall_report.by_place(recall_report.report(seen.desk, index))
    assert (north.owed, nowhere.owed) == ((unit("P1"),), (unit("P2"),))
    here = PlaceId.of("nordlicht", "hall-7")
    recall.answer(seen.desk, index, Answer(here, ANNA, elsewhere=(unit("P1"),)), NOW)
    recall.answer(seen.desk, index, Answer(NORTH, ANNA, found=(unit("P1"),)), NOW)
    answered = recall_report.by_place(recall_report.report(seen.desk, index))
    assert [(one.at.place, len(one.answers), len(one.owed)) for one in answered] == [
        (here, 1, 0),
        (NORTH, 1, 0),
        ("", 0, 1),
    ]


def test_an_answer_says_something_of_each_thing_once() -> None:
    seen = told()
    notice = Notice(CASE, "1", "A test.", RecallAction.INSPECT, mock=True, started_at=NOW)
    index = recall.issue(seen.desk, found(seen, CELLS), notice, NOW).index
    with pytest.raises(MalformedError, match="Nothing is answered"):
        recall.answer(seen.desk, index, Answer(NORTH, ANNA), NOW)
    twice = Answer(NORTH, ANNA, found=(unit("P1"),), missing=(unit("P1"),))
    with pytest.raises(MalformedError, match="answered twice"):
        recall.answer(seen.desk, index, twice, NOW)
    with pytest.raises(UnknownSubjectError, match="is no recall"):
        recall.recalled(seen.desk, 0)


def test_lots_of_one_factory_in_the_same_days_are_related() -> None:
    seen = told()
    base = LotRecord(CELLS, MODEL, KESTREL, "C1", date(2026, 10, 1), factory=FACTORY)
    days = {"D1": date(2026, 10, 2), "D9": date(2026, 10, 9), "DX": None}
    for name, day in days.items():
        other = LotId.of("kestrel", name)
        say(seen, replace(base, lot=other, lot_number=name, production_date=day), other)
    window = Suspect(FACTORY, Relation.FACTORY, date(2026, 10, 1), date(2026, 10, 3))
    one = recall.scope(seen.desk, window)
    assert {lead.thing.parts[-1]: lead.certainty for lead in one.leads} == {"D1": SURE, "DX": MAYBE}
    near = found(seen, LotId.of("kestrel", "D1"), Relation.FACTORY)
    assert {lead.thing.parts[-1] for lead in near.leads} == {"D1", "DX"}


@pytest.mark.parametrize(
    ("about", "says"),
    [("", "No suspect"), ("urn:voltrail:lot:kestrel:NONE", "Nothing on record is related")],
    ids=["nothing", "unknown"],
)
def test_an_unknown_suspect_is_refused_in_words(about: str, says: str) -> None:
    with pytest.raises((MalformedError, UnknownSubjectError), match=says):
        found(told(), about)


def test_days_in_the_wrong_order_are_refused() -> None:
    wrong = Suspect(FACTORY, Relation.FACTORY, date(2026, 10, 3), date(2026, 10, 1))
    with pytest.raises(MalformedError, match="end before they begin"):
        recall.scope(told().desk, wrong)
