"""How a story is cut into hand-ins changes no decision."""

import random

import pytest

from voltrail.actions.record import hand_in_many
from voltrail.actions.refold import refold
from voltrail_world.cast import born
from voltrail_world.play import desk_of
from voltrail_world.story import script
from world_fixture import NOW

WORLD = born()
ACTS = sorted(script(WORLD), key=lambda act: act.at)


def told(sizes: random.Random | None) -> dict[str, tuple[str, str]]:
    """Disposition and sentence of every arrival, after the story was handed in in pieces."""
    desk, raws = desk_of(WORLD), [act.raw for act in ACTS]
    while raws:
        count = len(raws) if sizes is None else sizes.randint(1, 40)
        hand_in_many(desk, raws[:count], NOW)
        raws = raws[count:]
    kept = desk.views.digest()
    with desk.entries.transaction():
        refold(desk, NOW)
    assert desk.views.digest() == kept
    return {row.arrival: (row.disposition, row.sentence) for row in desk.views.rows()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pieces_of_any_size_end_in_the_same_decisions(seed: int) -> None:
    assert told(random.Random(seed)) == told(None)
