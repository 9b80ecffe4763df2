"""The lists of a delivery: each difference is found, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voltrail.projections.reconcile import Lists, reconcile

SERIALS = st.lists(st.sampled_from([f"S{n}" for n in range(30)]), max_size=40)


@pytest.mark.parametrize(
    ("lists", "differs"),
    [
        (Lists(("A", "B"), ("A", "B", "C"), None, 2, 2), {"rest": 1}),
        (Lists(("A", "X"), ("A", "B")), {"strange": ("X",), "rest": 1}),
        (Lists(("A", "A"), ("A", "B"), None, None, 2), {"twice": ("A",), "rest": 1}),
        (Lists(("A",), ("A", "A")), {"listed_twice": ("A",), "rest": 0}),
        (Lists(("A", "B"), None, ("A", "Z")), {"unscanned": ("B",), "unexpected": ("Z",)}),
        (Lists(("A", "B"), None, None, 1, 3), {}),
        (Lists(()), {}),
    ],
)
def test_each_difference_is_named(lists: Lists, differs: dict[str, object]) -> None:
    found = reconcile(lists)
    none = {
        "strange": (), "twice": (), "listed_twice": (), "unscanned": (), "unexpected": (),
        "rest": None,
    }  # fmt: skip
    assert {name: getattr(found, name) for name in none} == {**none, **differs}


@pytest.mark.parametrize(
    ("ordered", "counted", "more", "miscounted", "agrees"),
    [
        (2, 2, 0, 0, True),
        (3, 2, -1, 0, True),
        (1, 2, 1, 0, False),
        (2, 3, 1, 1, False),
        (None, None, 0, 0, True),
    ],
)
def test_more_than_was_ordered_and_a_wrong_count_do_not_agree(
    ordered: int | None, counted: int | None, more: int, miscounted: int, *, agrees: bool
) -> None:
    found = reconcile(Lists(("A", "B"), ordered=ordered, counted=counted))
    assert (found.more, found.miscounted, found.agrees) == (more, miscounted, agrees)


@given(SERIALS, SERIALS, SERIALS)
def test_it_is_what_looking_at_each_serial_gives(
    delivered: list[str], listed: list[str], scanned: list[str]
) -> None:
    found = reconcile(Lists(delivered, listed, scanned))
    assert list(found.strange) == sorted({one for one in delivered if one not in listed})
    assert list(found.twice) == sorted({one for one in delivered if delivered.count(one) > 1})
    assert list(found.listed_twice) == sorted({one for one in listed if listed.count(one) > 1})
    assert list(found.unscanned) == sorted({one for one in delivered if one not in scanned})
    assert list(found.unexpected) == sorted({one for one in scanned if one not in delivered})
    assert found.rest == len({one for one in listed if one not in delivered})
