"""Every store keeps the same reach: random histories give the same bytes in each."""

import random

from projections.reach_world import history
from stores.support import Place
from voltrail.projections import fold
from voltrail.projections.memory import MemoryViews


def test_random_histories_give_the_same_views_in_every_store(place: Place) -> None:
    for seed in range(12):
        said = history(random.Random(seed), 30, circles=seed % 3 == 0)
        _, views = place.open()
        views.clear()
        said.folded(random.Random(seed), views)
        same = said.folded(random.Random(seed + 1), MemoryViews())
        assert views.digest() == same.digest(), f"seed {seed}"
        fold.rebuild(said, views, said.blobs)
        assert views.digest() == same.digest(), f"seed {seed}"
