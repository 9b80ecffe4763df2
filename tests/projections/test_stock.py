"""Units in service before Voltrail: one statement over a table, found unit by unit."""

import pytest
from msgspec.structs import replace

from voltrail import canonical, table
from voltrail.actions import bring, show
from voltrail.actions.bring import Origin
from voltrail.errors import (
    IssuerNotTrustedError,
    MalformedError,
    RefusedError,
    UnverifiableError,
)
from voltrail.ids.subject import DocumentId, UnitId
from voltrail.projections import stock
from voltrail.projections.fold import rebuild, view
from voltrail.statements.fields import Digest
from voltrail.statements.stock import COLUMNS, Stock
from voltrail.table import Commitment
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, fresh_world

LINES = ("kestrel,A1,pack,L1,nordlicht:hall-7,kestrel:KP-24,2019-05-17", "kestrel,A2,cell,,x:y,,")
ORIGIN = Origin("f" * 64, None, NOW)
UNIT = UnitId.of("kestrel", "A1")


@pytest.fixture
def seen() -> PlayedWorld:
    return fresh_world()


def data_of(*lines: str, columns: tuple[str, ...] = COLUMNS) -> bytes:
    return "\n".join([",".join(columns), *lines, ""]).encode()


def said(seen: PlayedWorld, data: bytes, commitment: Commitment | None = None) -> bytes:
    document = DocumentId.of("nordlicht", canonical.digest(data))
    fact = Stock(document, Digest("f" * 64), commitment or table.commit(data))
    return seen.say(fact, NORDLICHT, document)


def test_one_statement_names_every_unit_and_each_line_is_provable(seen: PlayedWorld) -> None:
    desk, size = seen.desk, seen.desk.entries.size()
    placed = bring.bring_stock(desk, LINES, ORIGIN, NOW)
    assert (placed.index, desk.entries.size()) == (size, size + 1)
    row = show.brought(desk, UNIT)
    assert row is not None
    assert (row.lot, row.place, row.since) == ("L1", "nordlicht:hall-7", "2019-05-17")
    assert show.brought(desk, UnitId.of("kestrel", "A")) is None
    fact = view(desk.entries, desk.views, UNIT).newest(Stock)
    assert fact is not None
    data = desk.blobs.get(fact.fact.units.sha256)
    assert data is not None
    index, proof = table.prove(data, 1)
    table.verify_row(LINES[1].encode(), index, proof, fact.fact.units)


def test_the_same_import_is_the_same_statement_and_a_rebuild_finds_the_units_again(
    seen: PlayedWorld,
) -> None:
    desk = seen.desk
    first = bring.bring_stock(desk, LINES, ORIGIN, NOW)
    again = bring.bring_stock(desk, LINES, ORIGIN, NOW)
    assert (again.index, again.fresh) == (first.index, False)
    links = desk.views.indices(UNIT)
    rebuild(desk.entries, desk.views, desk.blobs)
    assert desk.views.indices(UNIT) == links


def test_the_newest_list_counts(seen: PlayedWorld) -> None:
    desk = seen.desk
    bring.bring_stock(desk, LINES, ORIGIN, NOW)
    moved = LINES[0].replace("hall-7", "office-kai")
    stands = bring.stock_on_record(desk)
    found = bring.compare_stock([moved, LINES[1], "kestrel,A3,pack,,x:y,,"], stands)
    assert (list(found.fresh), list(found.changed)) == ([0, 2], [0])
    later = replace(ORIGIN, confirmed_at=NOW.replace(minute=59))
    bring.bring_stock(desk, [moved], later, later.confirmed_at)
    assert bring.stock_on_record(desk).newest["kestrel,A1"] == moved
    row = show.brought(desk, UNIT)
    assert row is not None
    assert row.place == "nordlicht:office-kai"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (data_of("kestrel,A1,pack"), "names no unit"),
        (data_of("kestrel,A 1,pack,,,,"), "names no unit"),
        (data_of(",,pack,,,,"), "names no unit"),
        (data_of("x,y", columns=("a", "b")), "other columns"),
    ],
)
def test_a_table_that_names_no_units_is_refused(
    seen: PlayedWorld, data: bytes, sentence: str
) -> None:
    seen.desk.blobs.put(data)
    with pytest.raises(MalformedError, match=sentence):
        seen.hand_in(said(seen, data))


def test_a_statement_without_its_table_or_about_another_is_refused(seen: PlayedWorld) -> None:
    data = data_of(*LINES)
    with pytest.raises(UnverifiableError, match="is not here"):
        seen.hand_in(said(seen, data))
    seen.desk.blobs.put(data)
    wrong = replace_root(table.commit(data))
    with pytest.raises(RefusedError, match="not the one"):
        seen.hand_in(said(seen, data, wrong))
    seen.hand_in(said(seen, data))


def replace_root(commitment: Commitment) -> Commitment:
    return replace(commitment, root="0" * 64)


def test_nobody_but_the_operator_says_what_was_in_service(seen: PlayedWorld) -> None:
    data = data_of(*LINES)
    seen.desk.blobs.put(data)
    document = DocumentId.of("kestrel", canonical.digest(data))
    fact = Stock(document, Digest("f" * 64), table.commit(data))
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(seen.say(fact, KESTREL, document))


def test_a_table_that_was_lost_names_nobody(seen: PlayedWorld) -> None:
    bring.bring_stock(seen.desk, LINES, ORIGIN, NOW)
    fact = view(seen.desk.entries, seen.desk.views, UNIT).newest(Stock)
    assert fact is not None
    empty = fresh_world().desk.blobs
    assert list(stock.units_of(fact.fact, empty)) == []
    assert stock.row_of(fact.fact, empty, UNIT) is None
