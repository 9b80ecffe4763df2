"""What stands only in a table of parts is traced both ways; a table that is away is said."""

from collections.abc import Iterable

import pytest

from projections.test_genealogy import (
    MAKER,
    MAYBE,
    SURE,
    Said,
    lot,
    names,
    origins,
    parts_of,
    reach,
    so_many,
    unit,
)
from voltrail.projections import parts
from voltrail.projections.genealogy import Traced, Way
from voltrail.statements.assembly import Action
from voltrail_world.cast import KESTREL

CELLS, AWAY = 40, "The table of parts of assembly B0 is not here; what it lists is not shown."


def listed(rows: Iterable[str]) -> bytes:
    return "\n".join([",".join(parts.COLUMNS), *rows, ""]).encode()


def cells(many: int = CELLS, lots: int = 2) -> bytes:
    """A table of cells by number, each of a lot."""
    every = ((unit(f"c{one:05}"), lot(f"C{one % lots}")) for one in range(many))
    return listed(f"input,{cell},{of},,,definite" for cell, of in every)


def some_of(*names: str) -> bytes:
    return listed(f"input,,{lot(name)},16,items,definite" for name in names)


def told(found: Traced) -> list[tuple[str, str]]:
    return [(found.steps[one.after].subject.parts[-1], str(one.sentence)) for one in found.gaps]


def test_a_pack_leads_down_to_the_cells_in_its_table_and_to_their_lots() -> None:
    said = Said()
    said.joins((), parts_of("P1"), tabled=cells())
    found = origins(said, unit("P1"))
    assert len(names(found)) == CELLS + 2
    assert set(names(found).values()) == {SURE}
    assert {one.subject for one in found.steps if one.way is Way.OF_LOT} == {lot("C0"), lot("C1")}
    assert ("P1", "Nobody says what kestrel:P1 was made of.") not in told(found)


def test_a_table_stands_beside_what_is_named_inline() -> None:
    said = Said()
    said.joins((so_many("C9"), *parts_of("M1")), parts_of("P1"), tabled=some_of("C1"))
    assert names(origins(said, unit("P1"))) == dict.fromkeys(["C1", "C9", "M1"], SURE)


def test_a_cell_that_only_a_table_names_leads_up_to_its_whole() -> None:
    said = Said()
    said.joins((), parts_of("P1"), tabled=cells())
    said.joins(parts_of("P1"), parts_of("R1"))
    assert names(reach(said, unit("c00007"))) == {"P1": SURE, "R1": SURE}


def test_a_lot_that_only_a_table_names_leads_up_to_each_whole() -> None:
    said = Said()
    said.joins((), parts_of("P1"), tabled=some_of("C1", "C2"))
    said.joins((), parts_of("P2"), tabled=cells(lots=1))
    said.joins((so_many("C1"),), parts_of("P3"))
    assert names(reach(said, lot("C1"))) == {"P1": SURE, "P3": SURE}
    assert names(reach(said, lot("C0"))) == {"P2": SURE}


def test_a_lot_that_came_out_by_a_table_leads_down_to_what_went_in() -> None:
    said = Said()
    said.joins((so_many("RAW"),), (), tabled=listed([f"output,,{lot('C1')},,,definite"]))
    assert names(origins(said, lot("C1"))) == {"RAW": SURE}
    assert names(reach(said, lot("RAW"))) == {"C1": SURE}


def test_what_was_taken_out_by_a_table_is_out() -> None:
    said = Said()
    said.joins((), parts_of("P1"), tabled=cells(4))
    said.joins((), parts_of("P1"), Action.DELETE, cells(2))
    found = names(origins(said, unit("P1")))
    assert found == dict.fromkeys(["c00002", "c00003", "C0", "C1"], SURE)
    assert names(reach(said, unit("c00001"))) == {}


@pytest.mark.parametrize("how", ["lost", "altered"])
def test_a_table_that_is_not_here_is_a_gap_with_its_assembler(how: str) -> None:
    said, data = Said(), cells()
    said.joins(parts_of("M1"), parts_of("P1"), tabled=data)
    (key,) = said.blobs._kept
    said.blobs._kept = {} if how == "lost" else {key: data.replace(b"c00001", b"c99999")}
    down = origins(said, unit("P1"))
    assert names(down) == {"M1": SURE}, "what is inline counts"
    assert told(down)[0] == ("P1", AWAY)
    assert down.gaps[0].ask == MAKER == KESTREL
    up = reach(said, unit("c00007"))
    assert (names(up), told(up)) == ({}, [("c00007", AWAY)])
    assert told(reach(said, lot("C1"))) == [("C1", AWAY)]


def test_a_pack_whose_whole_table_is_lost_is_not_said_to_be_made_of_nothing() -> None:
    said = Said()
    said.joins((), parts_of("P1"), tabled=cells())
    said.blobs._kept = {}
    assert told(origins(said, unit("P1"))) == [("P1", AWAY)]


def test_what_a_lost_table_took_out_leaves_everything_possible() -> None:
    said = Said()
    said.joins(parts_of("M1", "M2"), parts_of("P1"))
    said.joins((), parts_of("P1"), Action.DELETE, listed([f"input,{unit('M1')},,,,definite"]))
    assert names(origins(said, unit("P1"))) == {"M2": SURE}
    said.blobs._kept = {}
    assert names(origins(said, unit("P1"))) == {"M1": MAYBE, "M2": MAYBE}


def test_each_table_is_read_once() -> None:
    said, read = Said(), list[int]()
    for pack in ("P1", "P2"):
        said.joins((), parts_of(pack), tabled=cells())
    put = said.put
    said.put = lambda one: (read.append(one.entry.index), put(one))[1]
    origins(said, unit("P1"))
    assert sorted(read) == [0, 1]
