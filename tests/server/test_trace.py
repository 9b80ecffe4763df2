"""A unit or a lot is traced both ways on a page, as a sheet and by a program."""

import pytest
from msgspec.structs import replace

pytest.importorskip("django")

from server.table_world import logged_in, tables
from voltrail import table
from voltrail.actions.record import hand_in
from voltrail.ids.subject import LotId, UnitId
from voltrail.projections import parts
from voltrail.statements.assembly import Action, Assembly, Part, WholeLevel
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment

__all__ = ["tables"]
LOT = clean_shipment().lot
UNIT = UnitId.of("kestrel", f"S{clean_shipment().number}001")


def test_a_unit_s_page_leads_to_its_lot_and_arrival_and_names_the_gaps(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    assert (
        "/trace/?about=urn%3Avoltrail%3Aunit" in client.get(f"/units/{UNIT.key}/").content.decode()
    )
    page = client.get("/trace/", {"about": UNIT}).content.decode()
    assert "of the lot" in page
    assert "arrived in" in page
    assert "Nobody says what" in page
    assert "Ask" in page


def test_a_lot_s_page_leads_there_too(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    assert "Where from, where to" in client.get(f"/lots/{LOT.key}/").content.decode()
    assert "arrived in" in client.get("/trace/", {"about": LOT}).content.decode()


def test_the_sheet_holds_each_step_and_each_gap(tables: PlayedWorld) -> None:
    answer = logged_in("quality").get("/trace.csv", {"about": UNIT})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "direction,depth,way,certainty,subject,entries"
    assert any(",of-lot,definite," in line for line in lines)
    assert any(",gap,not proven," in line for line in lines)


@pytest.mark.parametrize("about", ["", "x", "urn:voltrail:party:kestrel"])
def test_what_cannot_be_traced_is_refused_in_a_sentence(tables: PlayedWorld, about: str) -> None:
    assert logged_in("quality").get("/trace/", {"about": about}).status_code == 400


def test_what_nobody_spoke_of_is_not_there(tables: PlayedWorld) -> None:
    about = UnitId.of("kestrel", "NEVER")
    assert logged_in("quality").get("/trace/", {"about": about}).status_code == 404


def test_a_program_of_the_operator_asks_and_a_firm_s_does_not(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    client.logout()
    for party, status in ((NORDLICHT, 200), (KESTREL, 403)):
        token = tokens.issue(str(party), "a program")
        bearer = {"Authorization": f"Bearer {token}"}
        answer = client.get("/api/v1/trace", {"about": UNIT}, headers=bearer)
        assert answer.status_code == status
        if status == 200:
            told = answer.json()
            assert told["origins"]["gaps"]
            assert told["reach"]["isCut"] is False


def test_a_pack_s_many_cells_are_one_line_that_opens(tables: PlayedWorld) -> None:
    whole, lot, many = UnitId.of("kestrel", "PT-1"), LotId.of("kestrel", "CT-1"), 2_400
    rows = (f"input,urn:voltrail:unit:kestrel:CT-{one:04},{lot},,,definite" for one in range(many))
    data = "\n".join([",".join(parts.COLUMNS), *rows, ""]).encode()
    desk = wiring.desk()
    desk.blobs.put(data)
    fact = Assembly(KESTREL, "T-1", Action.ADD, WholeLevel.PACK, NOW, (), (Part(unit=whole),))
    fact = replace(fact, part_table=table.commit(data))
    hand_in(desk, tables.say(fact, desk.operator, whole), NOW)
    client = logged_in("quality")
    page = client.get("/trace/", {"about": whole}).content.decode()
    assert (
        "and 2\u202f398 more like it" in page
    )  # the first has the lot below it, the second the rest
    assert "The sheet has the other 2\u202f198." in page
    assert page.count("<tr>") < 12
    assert "There is more than a page holds" not in page
    assert len(page) < 60_000
    sheet = b"".join(client.get("/trace.csv", {"about": whole}).streaming_content).decode()
    assert sheet.count(",made-of,definite,") == many
