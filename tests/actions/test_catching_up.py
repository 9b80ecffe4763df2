"""Entries that came without being folded are folded on top, and nothing differs from a rebuild."""

import pytest

from voltrail.actions import refold as refolding
from voltrail.actions.desk import Desk
from voltrail.actions.refold import catch_up, refold
from voltrail_world.play import desk_of
from world_fixture import NOW, played_world

WHOLE = played_world().desk


def holding(size: int, desk: Desk | None = None) -> Desk:
    """A desk with the first entries of the story, of which the further ones are not folded."""
    made = desk_of(played_world().world) if desk is None else desk
    begun = made.entries.size()
    with made.entries.transaction():
        more = list(WHOLE.entries.entries(begun, size))
        frontier = made.entries.frontier().extend(one.leaf_hash for one in more)
        made.entries.append(more, {}, frontier)
    return made


@pytest.mark.parametrize("missing", [0, 1, 2, 7, 40, 150, 300])
def test_what_is_folded_on_top_is_what_a_rebuild_gives(missing: int) -> None:
    size = WHOLE.entries.size()
    desk = holding(size - missing)
    with desk.entries.transaction():
        refold(desk, NOW)
    holding(size, desk)
    with desk.entries.transaction():
        assert catch_up(desk, size - missing, NOW) == missing
    assert desk.views.digest() == WHOLE.views.digest()
    assert desk.views.projected() == size


def test_one_entry_at_a_time_ends_in_the_same_views() -> None:
    size = WHOLE.entries.size()
    desk = holding(size - 60)
    with desk.entries.transaction():
        refold(desk, NOW)
    for reached in range(size - 59, size + 1):
        holding(reached, desk)
        with desk.entries.transaction():
            catch_up(desk, reached - 1, NOW)
    assert desk.views.digest() == WHOLE.views.digest()


def test_many_are_folded_with_all_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refolding, "_FEW", 10)
    size = WHOLE.entries.size()
    desk = holding(size)
    with desk.entries.transaction():
        assert catch_up(desk, 0, NOW) == size
    assert desk.views.digest() == WHOLE.views.digest()
