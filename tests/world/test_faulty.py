"""Histories with planted faults are made of statements that anybody could have stated."""

import random
from collections.abc import Iterator

import pytest

from voltrail.ids import battery_code
from voltrail.projections import passport
from voltrail.statements import statement
from voltrail.statements.unit import UnitRecord
from voltrail_world.faulty import FAULTS, history
from voltrail_world.histories import clean, ground
from voltrail_world.retold import Fault
from voltrail_world.tale import Tale

SEED, LOTS = 5, 40


def tales() -> Iterator[Tale]:
    """Yield two lots of different makers and parity."""
    draw = random.Random(SEED)
    for number in (15, 28):
        yield clean(number, draw)


@pytest.mark.parametrize(
    "deed", [deed for deeds in FAULTS.values() for deed in deeds], ids=lambda deed: deed.__name__
)
def test_a_deed_changes_the_tale_and_every_word_of_it_is_a_statement(deed: Fault) -> None:
    for tale in tales():
        before = dict(tale.said)
        deed(tale)
        assert tale.said != before
        for one in tale.said.values():
            said = statement.parse(statement.compose(one.fact, one.header, *one.subjects))
            assert said.fact == one.fact


def test_one_seed_tells_one_history_in_register_order() -> None:
    first, again = history(SEED, LOTS), history(SEED, LOTS)
    assert first == again
    times = [one.entry.log_time for one in first.facts]
    assert times == sorted(times)
    assert {one.rule for one in first.planted} <= FAULTS.keys()


def test_battery_codes_of_clean_lots_name_the_day_the_lot_was_made() -> None:
    for tale in tales():
        told = [one.fact for one in tale.said.values() if isinstance(one.fact, UnitRecord)]
        codes = [battery_code.read(one.identifiers[0]) for one in told]
        assert {code.made for code in codes} == {tale.begun.date()}
        assert len({code.number for code in codes}) == len(codes)


def test_every_statement_names_a_key_and_every_lot_has_two_passports() -> None:
    for tale in tales():
        assert all(one.keys for one in tale.said.values())
        assert sum(passport.is_passport(one) for one in tale.said.values()) == 2
    assert all(one.keys for one in ground())
