"""One suite for every view store: memory, SQLite, PostgreSQL."""

import pytest
from msgspec.structs import replace

from stores.support import Place, PlantedError, row
from voltrail.projections.memory import MemoryViews
from voltrail.projections.parts import MOST
from voltrail.projections.store import FoundRow, Reached, ReachRow, StayRow, ViewStore

KEYS = ["lot:a", "lot:B", "lot:ä", "lot:a-1", "lot:a b", "lox", "party:x", "lot"]


def fill(views: ViewStore) -> None:
    views.link([(key, index) for index, key in enumerate(KEYS)])
    views.link([("lot:a", 9), ("lot:a", 4), ("lot:a", 9)])
    views.sight(
        [("unit:1", "arrival:1", 3), ("unit:1", "arrival:2", 8), ("unit:2", "arrival:1", 3)]
    )
    views.sight([("unit:1", "arrival:1", 3)])
    views.put_rows([row(2), row(1)])
    views.add_reach([ReachRow("lot:a", "unit:1", 2, 0), ReachRow("lot:b", "unit:1", 0, 1)])
    views.add_reach([ReachRow("lot:a", "unit:2", 4, 0), ReachRow("lot:a", "unit:1", 1, 1)])
    views.put_stays({"unit:1": [StayRow("unit:1", "2026-11-02", "place:north", 3)], "unit:2": []})
    views.put_found({"arrival:1": [found(1)]})
    views.set_projected(10)


def found(number: int) -> FoundRow:
    """A finding about a lot, at an arrival."""
    seen = ("2026-11-22", "place:north", "R5", "H", "lot:a", "16 items given, 14 taken.", "3 7")
    return FoundRow(f"arrival:{number}", 0, *seen)


def test_links_are_kept_once_and_ascending(place: Place) -> None:
    _, views = place.open()
    fill(views)
    assert list(views.indices("lot:a")) == [0, 4, 9]
    assert list(views.indices("lot:a", 9)) == [0, 4]
    assert list(views.indices("lot:zzz")) == []


def test_keys_are_read_page_by_page_in_order_of_code_points(place: Place) -> None:
    _, views = place.open()
    fill(views)
    expected = sorted(key for key in KEYS if key.startswith("lot:"))
    assert list(views.keys("lot:")) == expected
    assert list(views.keys("lot:", limit=2)) == expected[:2]
    assert list(views.keys("lot:", after=expected[1], limit=2)) == expected[2:4]
    assert list(views.keys("", limit=100)) == sorted(KEYS)
    assert list(views.keys("nothing")) == []
    assert list(views.keys("lot:", after="z")) == []


def test_sightings_are_told_for_units_that_were_seen(place: Place) -> None:
    _, views = place.open()
    fill(views)
    assert views.sightings(["unit:1", "unit:2", "unit:3"]) == {
        "unit:1": frozenset({"arrival:1", "arrival:2"}),
        "unit:2": frozenset({"arrival:1"}),
    }
    assert views.sightings(["unit:1"], below=8) == {"unit:1": frozenset({"arrival:1"})}
    assert views.sightings(["unit:1"], below=3) == {}


def test_a_row_is_replaced_by_the_next_decision(place: Place) -> None:
    _, views = place.open()
    fill(views)
    views.put_rows([replace(row(1), disposition="release")])
    assert views.row("arrival:001") == replace(row(1), disposition="release")
    assert views.row("arrival:009") is None
    assert [one.arrival for one in views.rows()] == ["arrival:001", "arrival:002"]
    assert list(views.rows(after="arrival:001", limit=1)) == [row(2)]


def test_reach_is_told_both_ways_and_a_row_of_nothing_is_none(place: Place) -> None:
    _, views = place.open()
    fill(views)
    one, two = ReachRow("lot:a", "unit:1", 3, 1), ReachRow("lot:a", "unit:2", 4, 0)
    assert list(views.reach_of(["lot:a", "lot:z"])["lot:a"]) == [one, two]
    other = ReachRow("lot:b", "unit:1", 0, 1)
    assert views.reached_by(["unit:1", "unit:9"]) == {"unit:1": [one, other]}
    assert sorted(views.reached("lot:a")) == [
        Reached("unit:1", 3, 1, "2026-11-02", "place:north", 3),
        Reached("unit:2", 4, 0),
    ]
    assert list(views.reached("lot:z")) == []
    views.add_reach([ReachRow("lot:a", "unit:1", -3, -1), ReachRow("lot:b", "unit:1", 1, 0)])
    assert views.reached_by(["unit:1"]) == {"unit:1": [ReachRow("lot:b", "unit:1", 1, 1)]}
    assert views.reach_of(["lot:a"]) == {"lot:a": [two]}


def test_a_count_never_grows_beyond_what_json_carries(place: Place) -> None:
    _, views = place.open()
    for _turn in range(2):
        views.add_reach([ReachRow("lot:a", "unit:1", MOST, MOST)])
    assert views.reach_of(["lot:a"]) == {"lot:a": [ReachRow("lot:a", "unit:1", MOST, MOST)]}


def test_stays_are_replaced_and_a_thing_can_have_two(place: Place) -> None:
    _, views = place.open()
    fill(views)
    first = StayRow("unit:1", "2026-11-02", "place:north", 3)
    assert {one: list(found) for one, found in views.stays(["unit:1", "unit:2"]).items()} == {
        "unit:1": [first]
    }
    later = StayRow("unit:1", "2026-11-05", "place:south", 7)
    views.put_stays({"unit:1": [later, first], "unit:2": [replace(later, asset="unit:2")]})
    assert list(views.stays(["unit:1"])["unit:1"]) == [first, later]
    views.put_stays({"unit:1": [], "unit:2": []})
    assert views.stays(["unit:1", "unit:2"]) == {}


def test_findings_are_replaced_by_arrival_and_asked_for_by_subject(place: Place) -> None:
    _, views = place.open()
    fill(views)
    one, two = found(1), replace(found(1), number=1, subject="unit:9")
    assert list(views.found_about("lot:a")) == [one]
    views.put_found({"arrival:1": [one, two], "arrival:2": [replace(one, arrival="arrival:2")]})
    assert list(views.found_about("lot:a")) == [one, replace(one, arrival="arrival:2")]
    views.put_found({"arrival:1": [two], "arrival:2": []})
    assert list(views.found_about("lot:a")) == []
    assert list(views.found_about("unit:9")) == [two]
    views.clear()
    assert list(views.found_about("unit:9")) == []


def test_every_store_has_the_same_digest_and_rebuilds_to_it(place: Place) -> None:
    _, views = place.open()
    fill(views)
    same = MemoryViews()
    fill(same)
    before = views.digest()
    assert before == same.digest()
    assert views.projected() == 10
    views.events([(1, "released", "lot:a")])
    views.clear()
    assert (views.projected(), list(views.rows()), list(views.keys(""))) == (0, [], [])
    assert views.digest() == MemoryViews().digest()
    fill(views)
    assert views.digest() == before


def test_a_different_link_sighting_or_row_changes_the_digest(place: Place) -> None:
    _, views = place.open()
    fill(views)
    seen = {views.digest()}
    views.link([("lot:a", 10)])
    seen.add(views.digest())
    views.sight([("unit:9", "arrival:9", 9)])
    seen.add(views.digest())
    views.put_rows([row(3)])
    seen.add(views.digest())
    views.add_reach([ReachRow("lot:a", "unit:1", 0, 1)])
    seen.add(views.digest())
    views.put_stays({"unit:1": [StayRow("unit:1", "2026-11-03", "place:north", 3)]})
    seen.add(views.digest())
    assert len(seen) == 6


def test_views_vanish_with_the_transaction_that_wrote_them(place: Place) -> None:
    store, views = place.open()
    fill(views)
    before = views.digest()

    def act() -> None:
        with store.transaction():
            views.clear()
            views.link([("lot:new", 1)])
            views.sight([("unit:1", "arrival:7", 1)])
            views.put_rows([row(1, "release"), row(7)])
            views.add_reach([ReachRow("lot:a", "unit:7", 1, 0)])
            views.put_stays({"unit:7": [StayRow("unit:7", "2026-11-03", "place:x", 1)]})
            views.put_found({"arrival:1": [], "arrival:7": [found(7)]})
            views.events([(1, "released", "lot:new")])
            views.set_projected(11)
            raise PlantedError

    with pytest.raises(PlantedError):
        act()
    assert (views.digest(), views.projected()) == (before, 10)
    assert list(views.found_about("lot:a")) == [found(1)]
    with store.transaction():
        views.link([("lot:new", 1)])
    assert list(views.indices("lot:new")) == [1]
