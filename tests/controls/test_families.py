"""All families together: a good dossier, every outcome told, every control missed when gone."""

import inspect
import re
from importlib import import_module

import pytest
from msgspec.structs import replace

from controls.support import AT, CLERK, START, Story, World, agrees, good, verdict
from voltrail.catalogue import load
from voltrail.controls import families
from voltrail.controls.evaluate import evaluate
from voltrail.controls.model import REGISTRY, Layer, Outcome, Threat, Verdict
from voltrail.controls.policy import limits_of, of_record
from voltrail.statements import fields as codec
from voltrail.statements.kinds import KINDS
from voltrail.statements.place import Grade
from voltrail.statements.policy import Consequence, Mode, PolicyRecord

families.load_all()
IDS = sorted(REGISTRY)
STORIES: dict[str, list[Story]] = {one: [] for one in IDS}
for family in families.FAMILIES:
    for told in import_module(f"controls.test_{family}").STORIES:
        STORIES[told.control].append(told)


@pytest.mark.parametrize("control", IDS)
def test_a_good_dossier_holds(control: str) -> None:
    found = verdict(control, good())
    assert found.outcome in (Outcome.HOLDS, Outcome.NOT_APPLICABLE), found.sentence


@pytest.mark.parametrize("control", IDS)
def test_every_outcome_a_control_can_give_has_a_story(control: str) -> None:
    source = inspect.getsource(REGISTRY[control].check)
    named = re.findall(r"(?:return|or) (holds|violated|unproven|not_applicable)\(", source)
    can = {Outcome(one.replace("_", "-")) for one in named}
    assert {Outcome.HOLDS, Outcome.UNPROVEN} <= can
    assert can <= {story.outcome for story in STORIES[control]}


def sleep(*_: object) -> Verdict:
    """A control that looks at nothing."""
    return Verdict(Outcome.HOLDS, "Fine.")


@pytest.mark.parametrize("control", IDS)
def test_a_control_that_always_holds_is_noticed(
    control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = replace(REGISTRY[control], check=sleep)
    assert all(agrees(story) for story in STORIES[control])
    monkeypatch.setitem(REGISTRY, control, asleep)
    assert not all(agrees(story) for story in STORIES[control])


def test_catalogue_and_functions_are_one_to_one() -> None:
    assert [one.id for one in load.entries()] == IDS


@pytest.mark.parametrize("control", IDS)
def test_a_catalogue_entry_is_in_its_familys_file_and_fits(control: str) -> None:
    entry, found = load.entry(control), REGISTRY[control]
    assert set(found.needs) <= set(KINDS)
    assert Layer(entry.layer)
    assert Threat(entry.threat)
    assert entry.revision >= 1
    for limits in entry.limits.values():
        limits_of(found.limits, limits)
        assert not limits or set(limits) == set(found.limits.__struct_fields__)


@pytest.mark.parametrize("control", IDS)
def test_a_control_says_why_what_to_do_and_where_it_stands(control: str) -> None:
    text = REGISTRY[control].check.__doc__ or ""
    assert all(f"{word}:" in text for word in ("Why", "Remedy", "Source"))
    assert REGISTRY[control].remedy.endswith(".")


def test_every_mapped_requirement_exists_and_has_a_reason() -> None:
    known = {one.id: one.requirements for one in load.frameworks()}
    for entry in load.entries():
        for row in entry.mappings:
            assert row.requirement in known[row.framework]
            assert row.relation in {"equal", "subset-of", "superset-of", "intersects"}
            assert row.reason.endswith(".")


def test_the_baseline_has_one_rule_for_each_control_and_tier() -> None:
    rules = load.baseline_rules()
    assert len({(rule.control, rule.tier) for rule in rules}) == len(rules) == 3 * len(IDS)
    assert all(rule.violated is not Consequence.NOTE for rule in rules)


def test_the_light_path_is_lighter() -> None:
    strict = {rule.tier: 0 for rule in load.baseline_rules()}
    for rule in load.baseline_rules():
        strict[rule.tier] += rule.mode is Mode.REQUIRED
    assert strict[1] > strict[2] > strict[3] > 0


def test_a_rejected_sample_leads_to_rejection() -> None:
    assert load.entry("INS-04").violated is Consequence.REJECT


BASELINE = PolicyRecord("Baseline", START, load.baseline_rules(), (CLERK,))


def consequences(world: World) -> dict[str, Consequence]:
    """What the baseline policy makes of a world: controls that lead to more than a note."""
    found = evaluate(world.dossier(), of_record(BASELINE), AT)
    return {
        one.control: one.consequence
        for one in found
        if one.consequence not in (None, Consequence.NOTE)
    }


def office() -> World:
    """A good arrival at a place of the light path, with the papers that path asks for."""
    world = good()
    world.edit("place", impact=Grade.LOW, lead_time=Grade.LOW)
    way = [f"{half}{number}" for half in ("given", "taken") for number in (1, 2, 3)]
    world.drop(*way, "sample", "reading", "lot", "certificate")
    return world


def test_the_baseline_travels_in_a_policy_statement() -> None:
    assert codec.read(PolicyRecord, codec.write(BASELINE), "policy") == BASELINE


def test_the_baseline_lets_good_goods_through() -> None:
    assert consequences(good()) == {}


def test_the_light_path_needs_no_custody_lot_record_or_sample() -> None:
    assert office().dossier().tier == 3
    assert consequences(office()) == {}


def test_the_light_path_still_wants_a_qualified_and_authorized_seller() -> None:
    world = office()
    world.drop("qualification", "authorization")
    assert set(consequences(world)) >= {"SUP-01", "CHN-01"}


def test_an_unknown_place_is_judged_as_critical() -> None:
    world = office()
    world.drop("place")
    assert {"PRV-01", "CUS-02", "INS-04"} <= set(consequences(world))


def test_an_empty_dossier_leaves_no_control_content() -> None:
    world = World()
    for one in evaluate(world.dossier(), of_record(BASELINE), AT):
        assert one.verdict.outcome is Outcome.UNPROVEN, one.control
