"""Whatever a person must do has its row in the table of duties; nothing in the table is unknown."""

import re

import pytest

from house.source import SRC
from voltrail.catalogue import load
from voltrail.projections.waiting import DECISION, Row, table
from voltrail.statements import kinds
from voltrail.statements.decision import FindingRecord

DISPOSITIONS = {"release", "quarantine", "reject", "isolate"}
NOT_WAITED_FOR = {
    # how people are appointed, trained and looked after: no arrival waits for it
    "administration",
    "appointment",
    "permission",
    "retirement",
    "time-proof",
    "training",
    # how the world is described, when somebody has something to say
    "condition",
    "document",
    "installation",
    "intake",
    "movement",
    "order-attempt",
    "stock",
    "party",
    "place",
    "product",
    "remark",
    "signal",
    "unit",
    # what the product itself, or a case, states
    "decision",
    "hold",
    "policy",
    "refusal",
    # what contracts, changes, cases and ratings state: no arrival waits for them
    "assembly",
    "attestation",
    "change-decision",
    "change-notice",
    "contract",
    "incident",
    "rating",
    "recall",
    "recall-answer",
    "specification",
    "waiver",
}
OWED = {
    "arrival",
    "custody",
    "firmware-reading",
    "hold-lift",
    "inspection",
    "qualification",
    "sign-off",
}


def finding(control: str, layer: str, outcome: str) -> FindingRecord:
    return FindingRecord(control, 1, layer, outcome, "quarantine", "")


def opens_something(text: str) -> bool:
    name, _, outcome = text.partition(":")
    if name.startswith(DECISION):
        return not outcome and name.removeprefix(DECISION) in DISPOSITIONS
    if name in kinds.KINDS:
        return not outcome
    known = any(one.id.startswith(name) or one.layer == name for one in load.entries())
    return bool(name) and known and outcome in {"", "violated", "unproven"}


def test_each_kind_of_statement_closes_a_duty_or_is_not_waited_for() -> None:
    closing = {row.closes for row in table()}
    assert closing >= OWED
    assert not closing & NOT_WAITED_FOR
    lost = set(kinds.KINDS) - closing - NOT_WAITED_FOR
    assert not lost, f"Give these a row in waiting.csv, or say that nobody waits for them: {lost}"


@pytest.mark.parametrize("outcome", ["violated", "unproven", "error"])
def test_each_control_that_does_not_hold_opens_exactly_one_duty(outcome: str) -> None:
    wrong = {
        one.id: found
        for one in load.entries()
        if len(
            found := [r.verb for r in table() if r.opened_by(finding(one.id, one.layer, outcome))]
        )
        != 1
    }
    assert not wrong, f"Give each of these one row in waiting.csv: {wrong}"


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row.verb}-{row.role}")
def test_each_row_names_only_what_is_known(row: Row) -> None:
    roles = re.findall(
        r'^    [A-Z]+ = "([a-z]+)", _\("',
        (SRC / "voltrail_server/people/models.py").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert row.role in roles
    assert row.closes in kinds.KINDS
    assert row.opens
    assert all(opens_something(one) for one in row.opens)
    assert row.due_days > 0
    assert row.why.format(reason="x")


@pytest.mark.parametrize("text", ["nonsense", "decision.maybe", "INS-99", "INS-01:holds", ""])
def test_an_unknown_opening_would_be_caught(text: str) -> None:
    assert not opens_something(text)


def test_no_verb_waits_twice_for_one_role() -> None:
    pairs = [(row.verb, row.role) for row in table()]
    assert len(set(pairs)) == len(pairs)
