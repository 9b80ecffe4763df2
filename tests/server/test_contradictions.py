"""What contradicts itself is a list, a panel, a sheet, an answer for programs, and a command."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("django")

from django.test import Client
from msgspec.structs import replace

from server.table_world import logged_in, tables
from voltrail.actions import contradictions as actions
from voltrail.actions.refold import refold
from voltrail.cli.main import main
from voltrail.errors import UnverifiableError
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail.quantities import Quantity, Unit
from voltrail.statements.condition import Condition
from voltrail.statements.custody import Half
from voltrail.statements.movement import Movement, MovementVerb
from voltrail_server.api import tokens
from voltrail_server.reading import contradictions as ask
from voltrail_server.reading import page
from voltrail_server.records import models
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import HALL, KESTREL, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld, strict_shipment

__all__ = ["tables"]

SHORT = replace(strict_shipment("741"), short=2)
LOST = replace(strict_shipment("742"), lost_half=(0, Half.TAKEN))


def wrong(seen: PlayedWorld) -> None:
    """Let one lot come short, and a half of another never be signed."""
    for one in (SHORT, LOST):
        for act in sorted(acts_of(seen.world, one), key=lambda act: act.at):
            seen.hand_in(act.raw)


def bearer(party: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(str(party), 'a program')}"}


def test_an_honest_register_says_that_nothing_contradicts_itself(tables: PlayedWorld) -> None:
    page = logged_in("quality").get("/contradictions/").content.decode()
    assert "Nothing contradicts itself" in page
    assert "0 found" in page


def test_the_list_names_rule_severity_subject_entries_and_way_out(tables: PlayedWorld) -> None:
    wrong(tables)
    client = logged_in("quality")
    page = client.get("/contradictions/").content.decode()
    assert "mismatched hand over" in page
    assert "Blocks" in page
    assert "16 items given, 14 taken" in page
    assert f"/lots/{SHORT.lot.key}/" in page
    assert "#" in page
    assert "Both parties compare their papers" in page
    assert "control=TRC-01" in client.get("/contradictions/").content.decode()


@pytest.mark.parametrize(
    ("query", "there", "away"),
    [
        ("severity=M", "has not signed", "16 items given"),
        ("severity=H", "16 items given", "has not signed"),
        ("rule=R4", "has not signed", "16 items given"),
        ("severity=H&rule=R4", "Nothing fits here", "has not signed"),
        ("place=nowhere:x", "Nothing fits here", "16 items given"),
    ],
)
def test_the_filters_narrow_and_stay_in_the_address(
    tables: PlayedWorld, query: str, there: str, away: str
) -> None:
    wrong(tables)
    page = logged_in("quality").get(f"/contradictions/?{query}").content.decode()
    assert there in page
    assert away not in page


@pytest.mark.parametrize("query", ["rule=R99", "severity=X", "cursor=broken"])
def test_an_address_that_means_nothing_is_refused_in_words(tables: PlayedWorld, query: str) -> None:
    answer = logged_in("quality").get(f"/contradictions/?{query}")
    assert answer.status_code == 400


def test_the_sheet_holds_each_finding_however_many_there_are(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(tables)
    answer = logged_in("quality").get("/contradictions.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == ",".join(ask.HEAD)
    assert any(",R5,mismatched hand over,H," in line for line in lines)
    monkeypatch.setattr(ask, "_CHUNK", 1)
    rows = list(ask.rows_of(ask.Wanted()))
    assert len(rows) == len({row.at for row in rows}) == len(lines) - 1


def test_arrival_lot_and_unit_pages_have_a_panel(tables: PlayedWorld) -> None:
    wrong(tables)
    client = logged_in("quality")
    for address in (f"/arrivals/{SHORT.arrival.key}/", f"/lots/{SHORT.lot.key}/"):
        page = client.get(address).content.decode()
        assert 'id="contradictions"' in page
        assert "16 items given, 14 taken" in page
    unit = client.get(f"/units/kestrel:{SHORT.delivered[0]}/").content.decode()
    assert "Contradictions of its lot" in unit
    assert "16 items given, 14 taken" in unit


def test_a_program_of_the_operator_asks_and_a_firm_s_does_not(tables: PlayedWorld) -> None:
    wrong(tables)
    assert Client().get("/api/v1/contradictions", headers=bearer(KESTREL)).status_code == 403
    head = bearer(NORDLICHT)
    every = Client().get("/api/v1/contradictions", headers=head).json()
    assert {one["rule"] for one in every["findings"]} >= {"R4", "R5"}
    few = Client().get("/api/v1/contradictions?severity=M", headers=head).json()
    assert {one["severity"] for one in few["findings"]} == {"M"}
    about = f"urn:voltrail:unit:kestrel:{SHORT.delivered[0]}"
    told = Client().get(f"/api/v1/contradictions?about={about}", headers=head).json()
    assert told["findings"] == []
    assert {one["rule"] for one in told["nearby"]} >= {"R5"}
    assert Client().get("/api/v1/contradictions?about=x", headers=head).status_code == 400


def test_the_command_tells_and_ends_with_one(
    tables: PlayedWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["contradictions"]) == 0
    assert "That does not make it true" in capsys.readouterr().out
    wrong(tables)
    assert main(["contradictions", "--severity", "H"]) == 1
    told = capsys.readouterr().out
    assert "16 items given, 14 taken" in told
    assert "has not signed" not in told
    assert main(["contradictions", "--about", str(LOST.lot), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert ("R4", str(LOST.lot)) in {(one["rule"], one["subject"]) for one in found}


def test_what_a_logger_saw_stands_on_the_page_of_each_unit_of_the_lot(tables: PlayedWorld) -> None:
    wrong(tables)
    cool, hot = (Quantity(Decimal(value), Unit.degC) for value in (12, 68))
    begins = NOW - timedelta(hours=6)
    fact = Condition(LOST.lot, "yard", begins, NOW - timedelta(hours=5), cool, hot)
    tables.hand_in(tables.say(fact, NORDLICHT, LOST.lot))
    client = logged_in("quality")
    for serial in LOST.delivered[:2]:
        page = client.get(f"/units/kestrel:{serial}/").content.decode()
        assert "Leg yard: 68 degC" in page
        assert "condition excursion" in page.casefold()


def test_the_list_pages_on_and_counts_by_severity(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(tables)
    every = [row.at for row in ask.rows_of(ask.Wanted())]
    counted = {one: int(number) for one, number in ask.tally(ask.Wanted()).items()}
    assert sum(counted.values()) == len(every)
    monkeypatch.setattr(page, "PER_PAGE", 1)
    monkeypatch.setattr(ask, "PER_PAGE", 1)
    seen, cursor = [], ""
    for _turn in every:
        found = ask.listing(ask.Wanted(), cursor)
        seen += [row.at for row in found.items]
        cursor = found.next_cursor
    assert (seen, cursor) == (every, "")


@pytest.mark.parametrize("number", ["x", "-1", "1234567890", "٣", ""])
def test_a_cursor_that_no_page_gave_is_refused(tables: PlayedWorld, number: str) -> None:
    cursor = page.write_cursor(["2026", "urn", number])
    answer = logged_in("quality").get(f"/contradictions/?cursor={cursor}")
    assert answer.status_code == (200 if number == "٣" else 400)


def test_what_is_kept_is_what_looking_finds(tables: PlayedWorld) -> None:
    wrong(tables)
    kept: dict[str, set[object]] = {}
    for row in ask.rows_of(ask.Wanted()):
        kept.setdefault(row.arrival, set()).add(row.found)
    assert set(kept) >= {str(SHORT.arrival), str(LOST.arrival)}
    rows = tables.desk.views.rows("", 10**6)
    told = actions.of_arrivals(tables.desk, [ArrivalId.read(row.arrival) for row in rows])
    assert kept == {str(one.subject): set(one.found) for one in told if one.found}


def test_a_mended_statement_takes_its_finding_away_and_a_rebuild_finds_the_same(
    tables: PlayedWorld,
) -> None:
    wrong(tables)
    before = list(ask.rows_of(ask.Wanted()))
    with tables.desk.entries.transaction():
        refold(tables.desk, NOW)
    assert list(ask.rows_of(ask.Wanted())) == before
    said = {act.raw for act in acts_of(tables.world, LOST)}
    (late,) = {act.raw for act in acts_of(tables.world, strict_shipment("742"))} - said
    tables.hand_in(late)
    gone = {row.found for row in before} - {row.found for row in ask.rows_of(ask.Wanted())}
    assert "R4" in {one.rule for one in gone}


def move(seen: PlayedWorld, number: str, hours: float, **fields: Any) -> None:  # noqa: ANN401
    """Say that goods of the short lot were moved in the hall, at hours before now."""
    unit = UnitId.of("kestrel", SHORT.delivered[0])
    given = {"units": (unit,), **fields}
    at = NOW - timedelta(hours=hours)
    fact = Movement(number, NORDLICHT, MovementVerb.STORE, HALL, at, RUNA, **given)
    seen.hand_in(seen.say(fact, NORDLICHT, *(given["units"] or (NORDLICHT,))))


def test_who_opened_a_container_late_told_takes_the_finding_away(tables: PlayedWorld) -> None:
    wrong(tables)
    move(tables, "M-1", 9, container="T1", seals_set=("S-9",))
    move(tables, "M-2", 5)
    assert "R10" in {row.found.rule for row in ask.rows_of(ask.Wanted())}
    move(tables, "M-3", 7, units=(), container="T1", seals_found=("S-9",))
    assert "R10" not in {row.found.rule for row in ask.rows_of(ask.Wanted())}


def test_a_finding_stands_once_through_its_newest_arrival(tables: PlayedWorld) -> None:
    wrong(tables)
    before = list(ask.rows_of(ask.Wanted()))
    (one,) = (row for row in before if row.found.rule == "R5")
    models.Found.objects.bulk_create(
        models.Found(
            arrival=f"urn:voltrail:arrival:nordlicht:again-{number}",
            number=0,
            received_at=f"2027-01-0{number}T00:00:00Z",
            place=one.place if number < 3 else "urn:voltrail:place:nordlicht:hall-9",
            rule="R5",
            severity="H",
            subject=one.found.subject,
            sentence=one.found.sentence,
            entries=" ".join(map(str, one.found.entries)),
        )
        for number in (1, 2, 3)
    )
    rows = list(ask.rows_of(ask.Wanted()))
    assert len(rows) == len(before)
    assert rows[0].arrival.endswith("again-3")
    assert ask.count(ask.Wanted()) == str(len(before))
    here = list(ask.rows_of(ask.Wanted(place=one.place)))
    assert here[0].arrival.endswith("again-2")


@pytest.mark.parametrize("field", ["rule", "severity", "subject", "entries"])
def test_a_kept_row_of_another_version_is_said_and_hides_none(
    tables: PlayedWorld, field: str
) -> None:
    wrong(tables)
    models.Found.objects.update(**{field: "strange"})
    page_ = logged_in("quality").get("/contradictions/")
    assert page_.status_code == 424
    assert "voltrail upgrade" in page_.content.decode()
    with pytest.raises(UnverifiableError):
        list(ask.rows_of(ask.Wanted()))
