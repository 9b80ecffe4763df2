"""What is found is a function of the set of facts: any order, any repeats, told one by one."""

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anomalies.cases import CASES
from anomalies.told import CARRIER, LOT, MAKER, OTHER_LOT, Told
from voltrail.projections import anomalies
from voltrail.projections.rules.model import Severity, Tolerances
from voltrail.projections.view import Recorded
from voltrail.statements.correction import Correction

NUMBERS = Tolerances()
WORDS = 20


def told(*names: str) -> Told:
    made = Told()
    made.places()
    made.lot(quantity=100)
    for name in names:
        CASES[name](made)
    return made


@cache
def everything() -> tuple[Recorded[Any], ...]:
    """All that goes wrong in one world, and some of it withdrawn."""
    made = told(*CASES)
    for one in made.facts[8::9]:
        made.say(Correction(one.entry.digest, "Not so."), one.issuer, 60, about=one.subjects)
    last = made.facts[-20]
    made.say(last.fact, last.issuer, 61, supersedes=last.entry.digest)
    return tuple(made.facts)


def test_there_are_twenty_four_rules() -> None:
    assert [row.id for row in anomalies.rules()] == [f"R{number}" for number in range(1, 25)]
    assert set(CASES) == {row.id for row in anomalies.rules()}


def test_every_rule_says_why_and_what_would_change_it() -> None:
    silent = [row.id for row in anomalies.rules() if not (row.why and row.instead)]
    assert not silent


@pytest.mark.parametrize("name", CASES)
def test_each_rule_finds_what_it_is_for(name: str) -> None:
    found = [one for one in told(name).find() if one.rule == name]
    assert found
    (row,) = (row for row in anomalies.rules() if row.id == name)
    for one in found:
        assert (one.severity, one.instead) == (row.severity, row.instead)
        assert one.entries


def test_no_sentence_has_more_than_twenty_words() -> None:
    long = [one.sentence for one in told(*CASES).find() if len(one.sentence.split()) > WORDS]
    assert not long


def test_findings_are_in_order_of_their_rules() -> None:
    numbers = [int(one.rule[1:]) for one in told(*CASES).find()]
    assert numbers == sorted(numbers)
    assert {one.severity for one in told(*CASES).find()} == set(Severity)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_order_and_any_repeats_give_the_same(data: st.DataObject) -> None:
    every = list(everything())
    repeats = data.draw(st.lists(st.sampled_from(every), max_size=20))
    mixed = data.draw(st.permutations(every + repeats))
    assert anomalies.find(mixed, NUMBERS) == anomalies.find(every, NUMBERS)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_told_one_by_one_they_give_what_all_at_once_gives(data: st.DataObject) -> None:
    facts = data.draw(st.lists(st.sampled_from(everything()), max_size=40))
    watch = anomalies.Watch(NUMBERS)
    for number, one in enumerate(facts, 1):
        watch.add(one)
        if number % 8 == 0 or number == len(facts):
            assert watch.findings == anomalies.find(facts[:number], NUMBERS)


def test_a_watch_looks_only_at_what_a_fact_can_change() -> None:
    watch = anomalies.Watch(NUMBERS)
    for one in told("R7", "R11", "R16").facts:
        watch.add(one)
    other = Told()
    other.facts = [one for one in told("R18").facts if "N-3" in str(one.subjects)]
    looked = {one.key for one in watch.add(other.facts[0])}
    assert looked == {"kestrel:N-3", CARRIER.key}


def test_time_alone_makes_a_half_late() -> None:
    watch, said = anomalies.Watch(NUMBERS), Told()
    said.hop("H1", MAKER, CARRIER, 1, taken=None)
    said.lot(OTHER_LOT, at=90)
    watch.add(said.facts[0])
    assert watch.findings == ()
    assert LOT in watch.add(said.facts[1])
    assert [one.rule for one in watch.findings] == ["R4"]


def test_nothing_is_found_in_nothing() -> None:
    assert anomalies.find([], NUMBERS) == ()
