"""A decision judged again: the same answer, or both answers and the control that changed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controls.support import good
from voltrail.catalogue import load
from voltrail.controls.evaluate import Finding
from voltrail.controls.model import Layer, Outcome, Verdict
from voltrail.controls.policy import Policy, of_record
from voltrail.decisions.baseline import baseline
from voltrail.decisions.decide import RELEASE, decide, layered
from voltrail.decisions.replay import replay
from voltrail.errors import UnverifiableError
from voltrail.ids.subject import ArrivalId, LotId
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.policy import Consequence, Mode
from voltrail_world.story import policy
from world_fixture import played_world

AT = datetime(2026, 11, 2, tzinfo=UTC)
RULES = of_record(policy())


def decisions() -> list[DecisionRecord]:
    seen = played_world()
    rows = seen.desk.views.rows()
    return [seen.decision(ArrivalId.read(row.arrival)).fact for row in rows]


@pytest.mark.parametrize("record", decisions(), ids=lambda one: one.about.key)
def test_every_decision_of_the_world_is_judged_the_same_again(record: DecisionRecord) -> None:
    again = replay(played_world().desk, record, RULES)
    assert again.same
    assert again.revisions == ()


def test_a_revised_control_is_named_and_both_answers_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record, real = decisions()[0], load.entry

    def revised(control_id: str) -> load.CatalogueEntry:
        found = real(control_id)
        return replace(found, revision=found.revision + 1) if control_id == "PRV-01" else found

    monkeypatch.setattr(load, "entry", revised)
    again = replay(played_world().desk, record, RULES)
    assert again.revisions == ("PRV-01",)
    assert not again.same
    before = next(one for one in again.recorded.findings if one.control == "PRV-01")
    after = next(one for one in again.now.findings if one.control == "PRV-01")
    assert (before.outcome, after.revision) == (after.outcome, before.revision + 1)
    assert again.recorded == record


def test_a_control_that_was_not_there_before_is_named() -> None:
    record = decisions()[0]
    older = replace(record, findings=record.findings[1:])
    again = replay(played_world().desk, older, RULES)
    assert again.revisions == (record.findings[0].control,)
    assert not again.same


def test_a_decision_is_not_judged_again_by_another_policy() -> None:
    record = decisions()[0]
    lax = of_record(replace(policy(), title="Everything passes"))
    for other in (lax, baseline()):
        with pytest.raises(UnverifiableError) as caught:
            replay(played_world().desk, record, other)
        assert caught.value.hint


def test_a_decision_about_no_arrival_is_not_judged_again() -> None:
    other = replace(decisions()[0], about=LotId.of("kestrel", "L-1"))
    with pytest.raises(UnverifiableError):
        replay(played_world().desk, other, RULES)


def test_a_changed_decision_is_seen() -> None:
    record = next(one for one in decisions() if one.disposition != RELEASE)
    again = replay(played_world().desk, replace(record, disposition=RELEASE), RULES)
    assert not again.same
    assert again.now.disposition == record.disposition


def test_later_entries_do_not_change_an_earlier_judgement() -> None:
    early = min(decisions(), key=lambda one: one.register_size)
    assert played_world().desk.entries.size() > early.register_size + 1
    assert replay(played_world().desk, early, RULES).same


def finding(layer: Layer, outcome: Outcome, mode: Mode, led: Consequence | None) -> Finding:
    fine = outcome in (Outcome.HOLDS, Outcome.NOT_APPLICABLE)
    verdict = Verdict(outcome, "So it is.", tuple(good().facts.values())[:3])
    return Finding(f"{layer}-{outcome}", 1, layer, verdict, mode, None if fine else led, "Mend it.")


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(Layer),
        st.sampled_from(Outcome),
        st.sampled_from([Mode.REQUIRED, Mode.ADVISED]),
        st.sampled_from(Consequence),
    ),
    max_size=12,
)
ANY_POLICY = Policy(policy(), "a" * 64)


def judged(findings: list[Finding]) -> str:
    return decide(good().dossier(), findings, ANY_POLICY, AT).disposition


def test_where_nothing_was_checked_nothing_is_released() -> None:
    found = decide(good().dossier(), [], ANY_POLICY, AT)
    assert found.disposition != RELEASE
    assert found.sentence == "Held: nothing was checked."


@given(FINDINGS)
def test_a_required_layer_that_is_not_proven_is_never_released(findings: list[Finding]) -> None:
    states = [layered(layer, findings) for layer in Layer]
    open_layers = [one for one in states if one.state in ("cannot-tell", "contradicted")]
    if open_layers or not findings:
        assert judged(findings) != RELEASE


@given(FINDINGS, st.sampled_from(Layer), st.sampled_from(Consequence))
def test_no_good_finding_outweighs_one_required_that_is_unproven(
    findings: list[Finding], layer: Layer, led: Consequence
) -> None:
    gap = finding(layer, Outcome.UNPROVEN, Mode.REQUIRED, led)
    assert judged([*findings, gap]) != RELEASE


@given(FINDINGS)
def test_where_nothing_required_was_found_to_hold_nothing_is_released(
    findings: list[Finding],
) -> None:
    advised = [replace(one, mode=Mode.ADVISED, consequence=None) for one in findings]
    assert judged(advised) != RELEASE


@given(FINDINGS, FINDINGS)
def test_what_holds_an_arrival_holds_it_whatever_else_is_found(
    findings: list[Finding], more: list[Finding]
) -> None:
    if any(one.consequence not in (None, Consequence.NOTE) for one in findings):
        assert judged([*findings, *more]) != RELEASE


@given(FINDINGS)
def test_the_order_of_findings_does_not_matter(findings: list[Finding]) -> None:
    assert judged(findings) == judged(findings[::-1])
