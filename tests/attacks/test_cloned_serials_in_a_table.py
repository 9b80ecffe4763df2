"""Serials that come as a committed table are compared like serials in the statement."""

import pytest
from msgspec.structs import replace

from voltrail import table
from voltrail.actions.record import hand_in_many
from voltrail.statements import envelope, statement
from voltrail_world.arrivals import Shipment, acts_of
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

FIRST = clean_shipment("701")
COPY = replace(clean_shipment("702"), serials=FIRST.made)


def with_tables(seen: PlayedWorld, shipment: Shipment) -> list[bytes]:
    """The acts of a shipment, the serials of its arrival moved into a table that is here."""
    raws = []
    for act in sorted(acts_of(seen.world, shipment), key=lambda act: act.at):
        raw = act.raw
        if act.note == "arrival at the dock":
            said = statement.parse(envelope.parse(raw).payload)
            data = b"serial\n" + b"".join(f"{one}\n".encode() for one in said.fact.serials)
            seen.desk.blobs.put(data)
            fact = replace(said.fact, serials=(), serial_table=table.commit(data))
            raw = seen.world.say(fact, said.header, *said.subjects)
        raws.append(raw)
    return raws


@pytest.mark.parametrize("order", [(FIRST, COPY), (COPY, FIRST)], ids=["first", "copy"])
@pytest.mark.parametrize("at_once", [1, 100])
def test_both_arrivals_are_held_whichever_came_first(
    order: tuple[Shipment, Shipment], at_once: int
) -> None:
    seen = fresh_world()
    raws = [raw for shipment in order for raw in with_tables(seen, shipment)]
    for start in range(0, len(raws), at_once):
        hand_in_many(seen.desk, raws[start : start + at_once], NOW)
    for shipment in order:
        row = seen.desk.views.row(shipment.arrival)
        assert row is not None
        assert row.disposition == "quarantine"
        assert row.sentence.startswith("Held: Clone")
