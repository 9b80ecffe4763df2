"""A pack whose cells stand in a table: traced, asked of, and called back like any other."""

import pytest
from msgspec.structs import replace

from actions.test_recall import MODEL, SURE, certainties, found, say, unit
from voltrail import table
from voltrail.actions.desk import Desk
from voltrail.actions.provenance import provenance
from voltrail.actions.trace import trace
from voltrail.ids.subject import LotId
from voltrail.projections import parts
from voltrail.projections.five.model import Answer, Confidence, Question
from voltrail.projections.related import Relation
from voltrail.register.memory import MemoryBlobs
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail.statements.lot import LotRecord
from voltrail_world.cast import KESTREL
from world_fixture import NOW, PlayedWorld, fresh_world

MANY = 2_400  # [cells] more than a walk once stopped at
LOT, PACK, RACK = LotId.of("kestrel", "CELLS-9"), unit("P9"), unit("R9")
AWAY = "The table of parts of assembly T9 is not here; what it lists is not shown."


@pytest.fixture(scope="module")
def seen() -> PlayedWorld:
    """Cells of a lot in a pack, by a table; the pack and another pack of them in racks."""
    seen = fresh_world()
    cells = (f"input,{unit(f'C{one:05}')},{LOT},,,definite" for one in range(MANY))
    data = "\n".join([",".join(parts.COLUMNS), *cells, ""]).encode()
    seen.desk.blobs.put(data)
    say(seen, LotRecord(LOT, MODEL, KESTREL, "C9", quantity=MANY + 16), LOT)
    base = Assembly(KESTREL, "T9", Action.ADD, WholeLevel.PACK, NOW, (), (Part(unit=PACK),))
    say(seen, replace(base, part_table=table.commit(data)), PACK)
    inside = (Part(unit=PACK),)
    say(seen, replace(base, number="T10", inputs=inside, outputs=(Part(unit=RACK),)), RACK)
    other = (Part(unit=unit("C99999"), lot=LOT),)
    say(
        seen,
        replace(base, number="T11", inputs=other, outputs=(Part(unit=unit("P10")),)),
        unit("P10"),
    )
    return seen


def without_tables(seen: PlayedWorld) -> PlayedWorld:
    return replace(seen, desk=replace(seen.desk, blobs=MemoryBlobs()))


def cells_of(desk: Desk) -> Answer:
    (one,) = [one for one in provenance(desk, RACK).answers if one.question is Question.CELLS]
    return one


def test_a_rack_is_traced_to_each_cell_in_its_pack_s_table_and_back(seen: PlayedWorld) -> None:
    down = trace(seen.desk, RACK).origins
    assert {one.subject for one in down.steps} >= {PACK, LOT, unit("C00000"), unit("C02399")}
    assert (len(down.steps), down.is_cut) == (MANY + 3, False)
    up = trace(seen.desk, unit("C02399")).reach
    assert [one.subject for one in up.steps[1:3]] == [PACK, RACK]
    assert PACK in {one.subject for one in trace(seen.desk, LOT).reach.steps}


def test_a_lot_that_nothing_but_a_table_names_is_traced() -> None:
    seen, lot = fresh_world(), LotId.of("kestrel", "TABLED")
    data = f"{','.join(parts.COLUMNS)}\ninput,,{lot},16,items,definite\n".encode()
    seen.desk.blobs.put(data)
    listed, whole = table.commit(data), (Part(unit=PACK),)
    made = Assembly(KESTREL, "T1", Action.ADD, WholeLevel.PACK, NOW, (), whole, None, listed)
    say(seen, made, PACK)
    assert [one.subject for one in trace(seen.desk, lot).reach.steps] == [lot, PACK]
    assert certainties(found(seen, lot)) == {"P9": SURE}


def test_the_five_questions_know_who_made_the_cells_in_a_table(seen: PlayedWorld) -> None:
    one = cells_of(seen.desk)
    assert str(one.sentence) == "kestrel made its cells, in lot CELLS-9."
    assert one.confidence is not Confidence.NOT_PROVEN


def test_the_five_questions_say_that_a_table_is_away(seen: PlayedWorld) -> None:
    one = cells_of(without_tables(seen).desk)
    assert str(one.sentence) == "What was read of kestrel:R9 does not say who made its cells."
    assert (str(one.missing), one.ask) == (AWAY, KESTREL)
    assert one.confidence is Confidence.NOT_PROVEN


def test_the_five_questions_say_that_the_trace_was_cut(
    seen: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = cells_of(seen.desk)
    assert "Only the first" not in str(whole.missing)
    from voltrail.projections import genealogy  # noqa: PLC0415 — to shorten its walk

    walk = genealogy.origins
    monkeypatch.setattr(genealogy, "origins", lambda *asked: walk(*asked, 100))
    one = cells_of(seen.desk)
    said = "Only the first 100 of its parts were read; ask of one further down."
    assert (str(one.missing), one.ask) == (said, KESTREL)
    assert "does not say who made its cells" in one.sentence


def test_a_recall_by_parts_misses_none_however_many_they_are(seen: PlayedWorld) -> None:
    one = found(seen, RACK, Relation.PARTS)
    assert {lead.thing for lead in one.leads} == {
        RACK,
        PACK,
        LOT,
        *(unit(f"C{number:05}") for number in range(MANY)),
    }
    assert certainties(one) == {"P10": SURE, "R9": SURE}


def test_a_recall_by_parts_tells_which_table_is_away_and_who_has_it(seen: PlayedWorld) -> None:
    one = found(without_tables(seen), RACK, Relation.PARTS)
    assert {lead.thing for lead in one.leads} == {RACK, PACK}
    assert (PACK, AWAY, KESTREL) in {(gap.about, str(gap.sentence), gap.ask) for gap in one.unknown}
