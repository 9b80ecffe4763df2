"""Claim 2: durable batches keep up with verdicts, on SQLite and on PostgreSQL."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

import ground
import measure
from measure import Row

from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.ids.subject import ArrivalId
from voltrail.projections.gathering import Gathering
from voltrail.statements.decision import DecisionRecord
from voltrail_world.cast import World, born

ROUNDS = 20 if measure.FULL else measure.ROUNDS
WANTED = {"SQLite": 0.4, "PostgreSQL": 0.3}
judged: list[int] = []  # arrivals judged, one number for each call
_judge = record.judge


def counting(
    desk: Desk, arrivals: Iterable[ArrivalId], at: datetime, room: Gathering
) -> tuple[DecisionRecord, ...]:
    found = _judge(desk, arrivals, at, room)
    judged.append(len(found))
    return found


def rounds(desk: Desk, batches: list[list[bytes]]) -> list[tuple[float, ...]]:
    """Return, for each batch after the first: CPU of its verdicts, CPU and clock of its append."""
    anchors = desk.anchors()
    found = []
    for raws in batches:
        alone = measure.cpu(partial(ground.verdicts, raws, desk.operator, anchors))
        found.append((alone, *measure.both(partial(ground.hand_in, desk, raws))))
    return found[1:]


def rows(name: str, workload: str, times: list[tuple[float, ...]], wanted: float) -> list[Row]:
    size = ground.LOTS * ground.PER_LOT
    bound = measure.spread(size / alone for alone, _, _ in times).text("/s")
    found = []
    for kind, at in (("CPU", 1), ("clock", 2)):
        rate = measure.spread(size / one[at] for one in times).text("/s")
        ratio = measure.spread(one[0] / one[at] for one in times).middle
        found.append(Row(f"append, {name}, {workload}, {kind}", bound, rate, ratio, wanted))
    return found


def measured(name: str, world: World, desk: Desk) -> list[Row]:
    ground.hand_in(desk, ground.groundwork(world))
    judged.clear()
    fresh = rounds(desk, [ground.deliveries(world, batch) for batch in range(ROUNDS + 1)])
    print(f"{name}: arrivals judged in each batch of new lots: {judged}")
    judged.clear()
    again = rounds(desk, [ground.further(world, 0, turn) for turn in range(3)])
    print(
        f"{name}: arrivals judged in each batch on known lots: {judged}; "
        f"register size {desk.entries.size():,}"
    )
    return [
        *rows(name, "new lots", fresh, WANTED[name]),
        *rows(name, "known lots", again, 0.0),
        captured(name, desk, [ground.further(world, 0, turn) for turn in range(3, 6)]),
    ]


def captured(name: str, desk: Desk, batches: list[list[bytes]]) -> Row:
    """Hold custody with views, reach, rules and decisions kept current against appending alone."""
    times = [
        (
            measure.cpu(partial(ground.appended, desk, raws)),
            measure.cpu(partial(ground.hand_in, desk, raws)),
        )
        for raws in batches
    ]
    size = ground.LOTS * ground.PER_LOT
    return Row(
        f"custody, {name}, CPU: captured, all of it current | appended alone",
        measure.spread(size / alone for alone, _ in times).text("/s"),
        measure.spread(size / whole for _, whole in times).text("/s"),
        measure.spread(whole / alone for alone, whole in times).middle,
        2.0,
        at_most=True,
    )


def everywhere(world: World) -> list[Row]:
    found = measured("SQLite", world, ground.desk_in(world))
    try:
        with ground.postgres() as alias:
            found += measured("PostgreSQL", world, ground.desk_in(world, alias))
    except OSError as error:
        print(f"PostgreSQL skipped: no server answers at the test URL ({str(error)[:80]!r}).")
    return found


if __name__ == "__main__":
    record.judge = counting
    with ground.folder() as home:
        ground.django_up(home)
        measure.show("2  Durable append against verdicts", everywhere(born()))
