"""Least and recommended practice in five areas: read from a policy, and asked of another."""

import pytest
from msgspec.structs import replace

from voltrail.actions.practices import Level, chosen, matrix
from voltrail.catalogue import load
from voltrail.catalogue.practices import areas
from voltrail.decisions.baseline import baseline
from voltrail.errors import MalformedError
from voltrail.statements.policy import Mode, Rule

BASELINE = baseline().record
# They bind whatever the practice is: keys, holds, that goods and orders are on record at all, that
# units are themselves, and what is only noted.
ALWAYS = {
    *("KEY-01", "KEY-02", "KEY-03", "KEY-04", "RCL-01", "RCL-02"),
    *("SUP-05", "INS-07", "PRV-08", "TRC-02", "TRC-07"),
}


def level(record: object, area: str, tier: int) -> Level:
    rows = matrix(record)  # type: ignore[arg-type]
    return next(one.level for row in rows for one in row if (one.area.id, one.tier) == (area, tier))


def test_there_are_the_five_areas_of_the_mission_each_with_a_risk() -> None:
    assert [one.id for one in areas()] == [
        "supplier-vetting",
        "chain-of-custody",
        "firmware",
        "incoming-inspection",
        "change-management",
    ]
    for one in areas():
        assert one.reduces.endswith(".")
        assert one.minimum.endswith(".")
        assert one.recommended.endswith(".")


def test_each_control_stands_in_one_area_or_always_binds() -> None:
    placed = [control for one in areas() for control in one.controls]
    assert len(placed) == len(set(placed))
    assert set(placed) | ALWAYS == {one.id for one in load.entries()}
    assert not set(placed) & ALWAYS


def test_the_baseline_keeps_the_light_path_at_the_minimum() -> None:
    assert all(level(BASELINE, one.id, 3) is Level.MINIMUM for one in areas())
    assert level(BASELINE, "incoming-inspection", 1) is Level.RECOMMENDED
    assert level(BASELINE, "supplier-vetting", 2) is Level.RECOMMENDED


def test_what_a_tier_lacks_is_named() -> None:
    row = next(row for row in matrix(BASELINE) if row[0].area.id == "firmware")
    assert row[0].lacking == ("FRM-06",)
    assert set(row[2].lacking) == set(row[2].area.more)


@pytest.mark.parametrize("area", areas(), ids=lambda one: one.id)
@pytest.mark.parametrize("tier", load.TIERS)
@pytest.mark.parametrize("wanted", [Level.MINIMUM, Level.RECOMMENDED])
def test_a_chosen_practice_is_what_the_policy_then_asks_for(
    area: object, tier: int, wanted: Level
) -> None:
    name = area.id  # type: ignore[attr-defined]
    made = chosen(BASELINE, {(name, tier): wanted})
    assert level(made, name, tier) is wanted
    others = {(one.id, two) for one in areas() for two in load.TIERS} - {(name, tier)}
    assert all(level(made, *one) is level(BASELINE, *one) for one in others)


def test_choosing_keeps_consequences_and_limits() -> None:
    made = chosen(BASELINE, {("supplier-vetting", 3): "recommended"})
    for before, after in zip(BASELINE.rules, made.rules, strict=True):
        assert replace(after, mode=before.mode) == before


def test_controls_beyond_the_minimum_are_advised_and_never_off() -> None:
    made = chosen(BASELINE, {("chain-of-custody", 1): "minimum"})
    modes = {one.mode for one in made.rules if one.control == "CUS-01" and one.tier == 1}
    assert modes == {Mode.ADVISED}


def test_a_rule_for_every_tier_is_narrowed_where_a_practice_is_chosen() -> None:
    bare = replace(BASELINE, rules=(Rule("INS-02", Mode.OFF),))
    assert level(bare, "incoming-inspection", 1) is Level.BELOW
    made = chosen(bare, {("incoming-inspection", 1): "minimum"})
    assert level(made, "incoming-inspection", 1) is Level.MINIMUM
    assert level(made, "incoming-inspection", 2) is Level.BELOW


@pytest.mark.parametrize(
    "wanted", [{("x", 1): "minimum"}, {("firmware", 4): "minimum"}, {("firmware", 1): "below"}]
)
def test_what_no_practice_is_is_refused(wanted: dict[tuple[str, int], str]) -> None:
    with pytest.raises(MalformedError):
        chosen(BASELINE, wanted)


def test_more_than_the_minimum_is_said_to_be_more() -> None:
    assert level(BASELINE, "chain-of-custody", 2) is Level.BETWEEN
    assert level(BASELINE, "firmware", 1) is Level.BETWEEN
