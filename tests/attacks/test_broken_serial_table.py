"""A table of serials that is not here, or is no table, is refused alone and stops nothing else."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from voltrail import table
from voltrail.actions.record import Registered, hand_in_many
from voltrail.canonical import digest
from voltrail.errors import MalformedError, ProductError, RefusedError, UnverifiableError
from voltrail.statements import envelope, statement
from voltrail.statements.arrival import Arrival
from voltrail.table import Commitment
from voltrail_world.arrivals import acts_of
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

GOOD = b"serial\nS1\nS2\n"
STRANGE = {
    "is not UTF-8": (b"serial\nS\xff\n", MalformedError),
    "is another table": (b"serial\nS1\nS3\n", RefusedError),
}


def arriving(seen: PlayedWorld, change: Callable[[Arrival], Arrival]) -> list[bytes]:
    """The acts of a shipment whose arrival says something else of its serials."""
    raws = []
    for act in sorted(acts_of(seen.world, clean_shipment("777")), key=lambda act: act.at):
        raw = act.raw
        if act.note == "arrival at the dock":
            said = statement.parse(envelope.parse(raw).payload)
            raw = seen.world.say(change(said.fact), said.header, *said.subjects)
        raws.append(raw)
    return raws


def committed(to: Commitment) -> Callable[[Arrival], Arrival]:
    return lambda fact: replace(fact, serials=(), serial_table=to)


def refused(seen: PlayedWorld, change: Callable[[Arrival], Arrival]) -> ProductError:
    """The one refusal among the acts; everything else is registered."""
    answers = hand_in_many(seen.desk, arriving(seen, change), NOW)
    (error,) = (one for one in answers if not isinstance(one, Registered))
    return error


def test_a_table_that_is_not_here_is_asked_for_first() -> None:
    error = refused(fresh_world(), committed(table.commit(GOOD)))
    assert isinstance(error, UnverifiableError)
    assert "Hand in the file first" in error.hint


@pytest.mark.parametrize("told", STRANGE)
def test_bytes_that_are_no_such_table_are_refused(told: str) -> None:
    data, kind = STRANGE[told]
    seen = fresh_world()
    seen.desk.blobs.put(data)
    wrong = replace(table.commit(GOOD), sha256=digest(data))
    assert isinstance(refused(seen, committed(wrong)), kind), told


def test_a_row_that_is_no_serial_is_refused() -> None:
    data = b"serial\nS 1\n"
    seen = fresh_world()
    seen.desk.blobs.put(data)
    assert "no serial" in str(refused(seen, committed(table.commit(data))))


def test_an_inline_serial_that_names_no_unit_refuses_the_arrival_alone() -> None:
    error = refused(fresh_world(), lambda fact: replace(fact, serials=("A B",)))
    assert isinstance(error, MalformedError)
