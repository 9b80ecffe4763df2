"""Claim 5: the views come out of the register again, the same to the byte."""

from hashlib import sha256

import ground
import measure
from measure import Row

from voltrail import merkle
from voltrail.actions.desk import Desk
from voltrail.actions.refold import refold
from voltrail_world.cast import World, born

BATCHES = 20 if measure.FULL else 3
ROUNDS = 3


def hashes(desk: Desk) -> bytes:
    """Read every entry, hash its envelope and its leaf, and return the root."""
    found = []
    for entry in desk.entries.entries(0, desk.entries.size()):
        sha256(entry.raw).digest()
        found.append(entry.leaf_hash)
    return merkle.root(found)


def again(desk: Desk) -> None:
    with desk.entries.transaction():
        refold(desk, ground.NOW)


def measured(world: World) -> list[Row]:
    desk = ground.desk_in(world)
    ground.hand_in(desk, ground.groundwork(world))
    for batch in range(BATCHES):
        ground.hand_in(desk, ground.deliveries(world, batch))
    before, size = desk.views.digest(), desk.entries.size()
    times = [
        (measure.cpu(lambda: hashes(desk)), measure.cpu(lambda: again(desk))) for _ in range(ROUNDS)
    ]
    after = desk.views.digest()
    print(f"{size:,} entries; views before {before[:16]}, after {after[:16]}")
    return [
        Row(
            "rebuild, views the same to the byte",
            before[:12],
            after[:12],
            float(before == after),
            1.0,
        ),
        Row(
            "rebuild, entries a second against hashing alone",
            measure.spread(size / fast for fast, _ in times).text("/s"),
            measure.spread(size / slow for _, slow in times).text("/s"),
            measure.spread(fast / slow for fast, slow in times).middle,
        ),
    ]


if __name__ == "__main__":
    with ground.folder() as home:
        ground.django_up(home)
        measure.show("5  Rebuild against a pass of hashes", measured(born()))
