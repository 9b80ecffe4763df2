"""A passport that came in is held against the record, field by field."""

import json

import pytest

pytest.importorskip("django")

from django.test import Client

from server.table_world import logged_in, tables
from voltrail.actions import intake
from voltrail.actions.intake import Said
from voltrail.actions.passport import passports
from voltrail.actions.record import state
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import PartyId, UnitId
from voltrail.projections.passport import Agreement
from voltrail.statements.intake import Intake
from voltrail.statements.statement import Header
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_world.cast import KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment

__all__ = ["tables"]
LOT = clean_shipment().lot
UNIT = UnitId.of("kestrel", f"S{clean_shipment().number}001")
SAID = {"model": "KX-1", "manufacturerName": "kestrel", "mass": {"value": "9", "unit": "kg"}}


def came(said: dict[str, object]) -> None:
    desk = wiring.desk()
    fact = Intake(KESTREL, "passport", "urn:voltrail:foreign:unit", {"said": said})
    state(desk, fact, Header(desk.operator, NOW), KESTREL, UNIT, LOT)


def test_each_field_is_the_same_or_differs_or_is_not_on_record(tables: PlayedWorld) -> None:
    client = logged_in("quality")
    assert "No passport came in" in client.get("/passports/", {"about": UNIT}).content.decode()
    came(SAID)
    (held,) = passports(wiring.desk(), UNIT).held
    told = {one.field: one.agreement for one in held.lines}
    assert told == {
        "maker": Agreement.SAME, "model": Agreement.DIFFERS, "mass": Agreement.NOT_THERE,
    }  # fmt: skip
    for about in (UNIT, LOT):
        page = client.get("/passports/", {"about": about}).content.decode()
        assert "KX-1" in page
        assert "Differs" in page
        assert "Not on record" in page
    assert "/passports/?about=" in client.get(f"/units/{UNIT.key}/").content.decode()
    assert "/passports/?about=" in client.get(f"/lots/{LOT.key}/").content.decode()


def test_what_is_no_subject_of_a_passport_is_refused(tables: PlayedWorld) -> None:
    desk = wiring.desk()
    with pytest.raises(MalformedError, match="neither unit"):
        passports(desk, PartyId.of("kestrel"))
    with pytest.raises(UnknownSubjectError):
        passports(desk, UnitId.of("kestrel", "NEVER"))
    client = logged_in("quality")
    assert client.get("/passports/").status_code == 400
    assert client.get("/passports/", {"about": "urn:voltrail:unit:a:b"}).status_code == 404


def test_an_answer_that_is_no_passport_stays_outside(tables: PlayedWorld) -> None:
    desk = wiring.desk()
    intake.receive(desk, Said(KESTREL, "urn:voltrail:foreign:unit", {"said": SAID}), "link", NOW)
    assert passports(desk, UNIT).held == ()


def test_a_program_of_the_operator_asks_and_a_firm_s_does_not(tables: PlayedWorld) -> None:
    came(SAID)
    for party, status in ((NORDLICHT, 200), (KESTREL, 403)):
        bearer = {"Authorization": f"Bearer {tokens.issue(str(party), 'a program')}"}
        answer = Client().get("/api/v1/passports", {"about": UNIT}, headers=bearer)
        assert answer.status_code == status
        if status == 200:
            (one,) = json.loads(answer.content)["passports"]
            assert one["sender"] == str(KESTREL)
            assert {line["agreement"] for line in one["lines"]} == {"same", "differs", "not-there"}
