"""Whose subjects are on record: each owner once, and keys without an owner hide nobody."""

import pytest

from voltrail.ids.subject import Kind
from voltrail.projections.memory import MemoryViews
from voltrail.projections.owners import MOST, owners


def views(*keys: str) -> MemoryViews:
    made = MemoryViews()
    made.link((f"urn:voltrail:{one}", 0) for one in keys)
    return made


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ((), ()),
        (("lot:kestrel:L1", "lot:kestrel:L2", "lot:tiderace:L1"), ("kestrel", "tiderace")),
        (("lot:kestrel", "lot:kestrel-b:L1", "lot:kestrel:L1"), ("kestrel-b", "kestrel")),
        (("lot:a", "lot:b", "lot:c:L1", "place:d:e"), ("c",)),
    ],
)
def test_each_owner_is_found_once(keys: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert owners(views(*keys), Kind.LOT) == found


def test_many_keys_without_an_owner_hide_none() -> None:
    alone = (f"place:hall-{n:04}" for n in range(300))
    assert owners(views(*alone, "place:zeta:hall"), Kind.PLACE) == ("zeta",)


def test_no_more_than_fifty_are_looked_under() -> None:
    assert len(owners(views(*(f"lot:m{n:03}:L1" for n in range(60))), Kind.LOT)) == MOST
