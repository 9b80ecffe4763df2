from datetime import datetime, timedelta

import pytest

from voltrail.actions.record import hand_in_many
from voltrail.errors import MalformedError, NotAdmittedError
from voltrail.projections.view import recorded
from voltrail.register.admission import MAX_WAIT
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header
from voltrail_world.cast import KESTREL, PACK
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

LOT = clean_shipment().lot


def said(seen: PlayedWorld, at: datetime, quantity: int = 16) -> bytes:
    return seen.world.say(LotRecord(LOT, PACK, quantity=quantity), Header(KESTREL, at), LOT)


def test_nothing_is_registered_while_the_clock_is_behind() -> None:
    seen = fresh_world()
    behind = seen.desk.entries.last_time() - MAX_WAIT - timedelta(seconds=1)
    size = seen.desk.entries.size()
    with pytest.raises(NotAdmittedError):
        seen.hand_in(said(seen, behind), behind)
    assert seen.since(size) == []


def test_who_waited_for_another_writer_gets_the_time_of_the_newest_entry() -> None:
    seen = fresh_world()
    newest = seen.desk.entries.last_time()
    placed = seen.hand_in(said(seen, newest - timedelta(seconds=2)), newest - timedelta(seconds=2))
    (entry,) = seen.desk.entries.at([placed.index])
    assert placed.fresh
    assert recorded(entry).entry.log_time == newest


def test_a_statement_from_the_future_is_refused() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    with pytest.raises(NotAdmittedError):
        seen.hand_in(said(seen, NOW + timedelta(hours=1)))
    assert "lot" not in seen.since(size)


def test_a_clock_that_leads_by_minutes_is_forgiven() -> None:
    seen = fresh_world()
    assert seen.hand_in(said(seen, NOW + timedelta(minutes=9))).fresh


def test_a_clock_behind_refuses_each_statement_of_a_batch_by_itself() -> None:
    seen = fresh_world()
    behind = seen.desk.entries.last_time() - MAX_WAIT - timedelta(seconds=1)
    answers = hand_in_many(seen.desk, [said(seen, behind), b"{}"], behind)
    assert [type(one) for one in answers] == [NotAdmittedError, MalformedError]
