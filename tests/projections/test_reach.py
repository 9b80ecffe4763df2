"""The reach of lots, and where things are, kept link by link, are what all at once gives."""

import random

import pytest

from projections.reach_world import ARRIVALS, Whole, history
from voltrail.projections import fold
from voltrail.projections.memory import MemoryViews

HISTORIES = 200
DRILL = 10_000


def kept(views: MemoryViews) -> dict[tuple[str, str], tuple[int, int]]:
    return {(one.lot, one.asset): (one.definite, one.possible) for one in views.every_reach()}


def places(views: MemoryViews) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in views.every_stay():
        if one.asset not in ARRIVALS:
            found.setdefault(one.asset, set()).add(one.place)
    return found


def same(seed: int) -> None:
    """One history in a random order, a few facts at a time, against counting from scratch."""
    draw = random.Random(seed)
    said = history(draw, draw.choice((5, 15, 30, 50)), circles=seed % 3 == 0).shuffled(draw)
    views = said.folded(draw)
    whole = Whole(said)
    assert kept(views) == whole.reach(), f"seed {seed}"
    assert places(views) == whole.stays(), f"seed {seed}"
    again = MemoryViews()
    fold.rebuild(said, again, said.blobs)
    assert again.digest() == views.digest(), f"seed {seed}"


def test_random_histories_in_any_order_give_what_counting_everything_gives() -> None:
    for seed in range(HISTORIES):
        same(seed)


@pytest.mark.drill
def test_ten_thousand_random_histories_give_what_counting_everything_gives() -> None:
    for seed in range(HISTORIES, DRILL):
        same(seed)
