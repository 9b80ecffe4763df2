"""Planted faults of histories that another hand wrote: each is found, and nothing else is."""

import pytest

from voltrail.projections import anomalies
from voltrail_world.faulty import history, number_of


@pytest.mark.parametrize("seed", [3, 11])
def test_every_planted_fault_is_found_and_nothing_is_found_wrongly(seed: int) -> None:
    told = history(seed, 60, faulty=0.5)
    by_lot = {number_of(one.subject): one for one in told.planted}
    found = {
        (number_of(str(one.subject)), one.rule)
        for one in anomalies.find(told.facts, anomalies.Tolerances())
    }
    assert {(number, deed.rule) for number, deed in by_lot.items()} <= found
    wrong = [
        (number, rule)
        for number, rule in found
        if number not in by_lot or rule not in {by_lot[number].rule, *by_lot[number].beside}
    ]
    assert wrong == []
