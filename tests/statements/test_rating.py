"""A rating is the worst of its bands: nothing makes up for a weakness, and nothing known is X."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from statements.samples import FACTS, body_of, parsed, refused
from voltrail.canonical import Json
from voltrail.statements.rating import Dimension, Grade, Rating, Reason

RATING: Rating = FACTS["rating"]


def with_bands(*bands: Grade) -> Rating:
    made = tuple(Reason(Dimension.EVIDENCE, band, "so", 10) for band in bands)
    return replace(RATING, reasons=made)


@pytest.mark.parametrize("bands", tuple(permutations(Grade, 3)))
def test_the_grade_is_the_worst_band_in_any_order(bands: tuple[Grade, ...]) -> None:
    order = list(Grade)
    assert with_bands(*bands).grade is order[max(order.index(band) for band in bands)]


def test_many_strengths_never_outweigh_one_weakness() -> None:
    assert with_bands(*[Grade.A] * 100, Grade.D).grade is Grade.D


def test_a_rating_without_a_reason_is_the_worst() -> None:
    assert with_bands().grade is Grade.X


def test_a_grade_that_is_merely_claimed_changes_nothing() -> None:
    fact = parsed("rating", body_of("rating") | {"grade": "A", "score": 99}).fact
    assert fact.grade is Grade.C


def test_one_rating_stands_for_each_scope_and_register_size() -> None:
    assert replace(RATING, model="2").claim == RATING.claim
    other = {"family": "tray", "channel": "broker", "factory": None, "register_size": 4_712}
    claims = {replace(RATING, **{name: value}).claim for name, value in other.items()}
    assert len(claims | {RATING.claim}) == 5


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": [{"dimension": "evidence", "band": "E", "sentence": "x", "observations": 1}]},
        {"reasons": [{"dimension": "charm", "band": "A", "sentence": "x", "observations": 1}]},
        {"reasons": [{"dimension": "evidence", "band": "A", "sentence": "x"}]},
        {"effects": [{"tier": 1, "testing": "relaxed"}]},
        {"registerSize": "4711"},
    ],
)
def test_a_band_in_other_words_is_refused(changes: dict[str, Json]) -> None:
    refused("rating", **changes)
