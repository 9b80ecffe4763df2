"""
What a statement is worth when its key lived on: every cell of the reference's table, section 2.6.

Columns: proven to be older than the theft or the ending, proven to be younger, not proven at all.
"""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from voltrail.ids.subject import PartyId
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, KeyState
from voltrail.trust.standing import Standing, Worth, worth

MAKER = PartyId.of("kestrel")
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CLASSICAL = Anchor(signer.generate().public, MAKER, START)
POST_QUANTUM = Anchor(signer.generate("ml-dsa-44").public, MAKER, START)


def day(number: int) -> datetime:
    return START + number * DAY


def key(state: KeyState, until: int | None = None, since: int | None = None) -> Anchor:
    return replace(
        CLASSICAL,
        state=state,
        valid_until=None if until is None else day(until),
        compromised_since=None if since is None else day(since),
    )


ACTIVE = key(KeyState.ACTIVE)
SUPERSEDED = key(KeyState.SUPERSEDED, until=30)
CEASED = key(KeyState.CEASED, until=30)
STOLEN = key(KeyState.COMPROMISED, until=30, since=20)
STOLEN_AT_SOME_TIME = key(KeyState.COMPROMISED, until=30)


def of(*keys: Anchor, proven: int | None, corroborated: bool = False) -> Worth:
    at = None if proven is None else day(proven)
    return worth(keys, at, corroborated=corroborated)


def test_active_and_proven_is_valid() -> None:
    assert of(ACTIVE, proven=10).standing is Standing.VALID


def test_active_and_beyond_its_time_is_invalid() -> None:
    assert of(key(KeyState.ACTIVE, until=5), proven=10).standing is Standing.INVALID


def test_active_and_unproven_is_valid_with_its_time_unproven() -> None:
    found = of(ACTIVE, proven=None)
    assert found.standing is Standing.TIME_UNPROVEN
    assert not found.standing.is_good


def test_superseded_and_older_is_valid() -> None:
    assert of(SUPERSEDED, proven=29).standing is Standing.VALID


def test_superseded_and_younger_is_invalid() -> None:
    assert of(SUPERSEDED, proven=30).standing is Standing.INVALID


def test_superseded_and_unproven_is_invalid() -> None:
    assert of(SUPERSEDED, proven=None).standing is Standing.INVALID


def test_compromised_and_older_is_valid_historical() -> None:
    assert of(STOLEN, proven=19).standing is Standing.HISTORICAL


def test_compromised_and_younger_is_invalid_whatever_time_it_claims() -> None:
    found = of(STOLEN, proven=20)
    assert found.standing is Standing.INVALID
    assert "whatever time it claims" in found.why


def test_compromised_and_unproven_is_invalid() -> None:
    assert of(STOLEN, proven=None).standing is Standing.INVALID


def test_compromised_at_an_unknown_time_is_suspect() -> None:
    for proven in (0, 10, 40):
        assert of(STOLEN_AT_SOME_TIME, proven=proven).standing is Standing.SUSPECT


def test_compromised_at_an_unknown_time_and_corroborated_is_valid_historical() -> None:
    assert of(STOLEN_AT_SOME_TIME, proven=10, corroborated=True).standing is Standing.HISTORICAL


def test_compromised_at_an_unknown_time_and_unproven_is_invalid_corroborated_or_not() -> None:
    for other in (True, False):
        found = of(STOLEN_AT_SOME_TIME, proven=None, corroborated=other)
        assert found.standing is Standing.INVALID


def test_ceased_and_older_is_valid_as_a_fact() -> None:
    assert of(CEASED, proven=29).standing is Standing.VALID


def test_ceased_and_younger_is_invalid() -> None:
    assert of(CEASED, proven=30).standing is Standing.INVALID


def test_ceased_and_unproven_is_left_to_the_policy() -> None:
    assert of(CEASED, proven=None).standing is Standing.TIME_UNPROVEN


def test_corroboration_lifts_nothing_that_is_proven_to_be_younger_than_the_theft() -> None:
    assert of(STOLEN, proven=25, corroborated=True).standing is Standing.INVALID


def test_nothing_is_older_than_its_key() -> None:
    assert of(ACTIVE, proven=-1).standing is Standing.INVALID


def test_without_a_bound_key_it_is_worth_nothing() -> None:
    assert of(proven=10).standing is Standing.INVALID


def test_a_second_key_that_is_safe_holds_the_statement() -> None:
    assert of(STOLEN, POST_QUANTUM, proven=25).standing is Standing.VALID


@pytest.mark.parametrize(
    ("keys", "proven", "standing"),
    [
        ((CLASSICAL,), 9, Standing.HISTORICAL),
        ((CLASSICAL,), 10, Standing.INVALID),
        ((CLASSICAL,), None, Standing.INVALID),
        ((CLASSICAL, POST_QUANTUM), 9, Standing.VALID),
        ((CLASSICAL, POST_QUANTUM), 40, Standing.VALID),
        ((SUPERSEDED,), 40, Standing.INVALID),
        ((STOLEN_AT_SOME_TIME,), 5, Standing.SUSPECT),
    ],
)
def test_a_scheme_that_fell_proves_what_is_older_and_no_more(
    keys: tuple[Anchor, ...], proven: int | None, standing: Standing
) -> None:
    at = None if proven is None else day(proven)
    assert worth(keys, at, fallen={"ed25519": day(10)}).standing is standing


def test_every_standing_has_its_reason_in_one_sentence() -> None:
    every = (ACTIVE, SUPERSEDED, CEASED, STOLEN, STOLEN_AT_SOME_TIME)
    for one in every:
        for proven in (None, -1, 5, 25, 99):
            why = of(one, proven=proven).why
            assert why.endswith(".")
            assert why[0].isupper()


def test_a_theft_told_of_twice_once_without_a_time_leaves_what_is_older_suspect() -> None:
    both = replace(STOLEN, theft_may_be_older=True)
    assert of(both, proven=10).standing is Standing.SUSPECT
    assert of(both, proven=25).standing is Standing.INVALID
    assert not both.stands_at(day(10))
