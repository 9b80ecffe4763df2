"""The life of a key as the register tells it, and the file of pinned trust."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId
from voltrail.projections import anchors as folds
from voltrail.projections.view import EntryRef, Recorded
from voltrail.statements import kinds
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.statement import Header
from voltrail.trust import anchors, signer
from voltrail.trust.anchors import Anchor, Anchors, KeyState

AT = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)
OPERATOR, MAKER = PartyId.of("nordlicht"), PartyId.of("kestrel")
ROOT, KEY = signer.generate().public, signer.generate().public
PINNED = Anchors((Anchor(ROOT, OPERATOR, AT - 9 * DAY),))
ENROL = KeyEvent(
    KeyVerb.ENROL,
    Digest(KEY.key_id),
    MAKER,
    KEY.algorithm,
    base64.b64encode(KEY.spki).decode(),
    AT,
)


def logged(event: KeyEvent, index: int) -> Recorded[KeyEvent]:
    at = AT + index * DAY
    where = EntryRef(index, f"{index:064x}", at)
    return Recorded(event, Header(OPERATOR, at), (event.issuer,), kinds.uri("key"), where)


def folded(*events: KeyEvent) -> Anchors:
    return folds.folded(tuple(logged(one, place) for place, one in enumerate(events)), PINNED)


def test_an_enrolment_binds_the_key_and_leaves_the_pinned_ones() -> None:
    found = folded(ENROL)
    assert found.anchors == (*PINNED.anchors, Anchor(KEY, MAKER, AT))
    assert found.of_issuer(MAKER) == found.of_key(KEY.key_id) == [Anchor(KEY, MAKER, AT)]


def test_a_restricted_key_keeps_what_was_named_from_then_on() -> None:
    lot, custody = kinds.uri("lot"), kinds.uri("custody")
    narrow = replace(ENROL, verb=KeyVerb.RESTRICT, predicate_types=(lot,), valid_until=AT + 9 * DAY)
    before, after = folded(ENROL, narrow).of_issuer(MAKER)
    assert before.stands_at(AT)
    assert not before.stands_at(AT + DAY)
    assert after.covers(lot, None)
    assert not after.covers(custody, None)
    assert not after.stands_at(AT + DAY - timedelta(seconds=1))
    assert (after.valid_from, after.valid_until) == (AT + DAY, AT + 9 * DAY)


def test_a_restriction_never_widens_and_may_leave_nothing() -> None:
    lot, custody = kinds.uri("lot"), kinds.uri("custody")
    only_lot = replace(ENROL, verb=KeyVerb.RESTRICT, predicate_types=(lot,))
    only_custody = replace(only_lot, predicate_types=(custody,))
    found = folded(ENROL, only_lot, replace(only_lot, predicate_types=())).of_issuer(MAKER)
    assert [one.predicate_types for one in found if one.stands_at(AT + 5 * DAY)] == [{lot}]
    left = folded(ENROL, only_lot, only_custody).of_issuer(MAKER)
    assert not [one for one in left if one.stands_at(AT + 5 * DAY)]


def test_what_is_stolen_cannot_be_restricted() -> None:
    stolen = replace(ENROL, verb=KeyVerb.COMPROMISE)
    (found,) = folded(ENROL, stolen, replace(ENROL, verb=KeyVerb.RESTRICT)).of_issuer(MAKER)
    assert found.state is KeyState.COMPROMISED


def test_a_replaced_key_goes_on_as_long_as_was_said() -> None:
    grace = replace(ENROL, verb=KeyVerb.SUPERSEDE, valid_until=AT + 8 * DAY)
    (found,) = folded(ENROL, grace).of_issuer(MAKER)
    assert found.stands_at(AT + 8 * DAY - timedelta(seconds=1))
    assert not found.stands_at(AT + 8 * DAY)
    (at_once,) = folded(ENROL, replace(grace, valid_until=AT)).of_issuer(MAKER)
    assert not at_once.stands_at(AT + DAY)


@pytest.mark.parametrize(
    ("verb", "state"),
    [(KeyVerb.CEASE, KeyState.CEASED), (KeyVerb.SUPERSEDE, KeyState.SUPERSEDED)],
)
def test_an_ending_holds_from_its_log_time(verb: KeyVerb, state: KeyState) -> None:
    (found,) = folded(ENROL, replace(ENROL, verb=verb)).of_issuer(MAKER)
    assert found.state is state
    assert found.stands_at(AT + DAY - timedelta(seconds=1))
    assert not found.stands_at(AT + DAY)


def test_an_ending_never_lengthens_a_key() -> None:
    short = replace(ENROL, valid_until=AT + timedelta(hours=1))
    (found,) = folded(short, replace(short, verb=KeyVerb.CEASE)).of_issuer(MAKER)
    assert found.valid_until == AT + timedelta(hours=1)


def test_a_theft_reaches_back_to_when_it_happened() -> None:
    theft = replace(ENROL, verb=KeyVerb.COMPROMISE, compromised_since=AT + timedelta(hours=1))
    (found,) = folded(ENROL, theft).of_issuer(MAKER)
    assert found.stands_at(AT)
    assert not found.stands_at(AT + timedelta(hours=1))


@pytest.mark.parametrize("later", [KeyVerb.CEASE, KeyVerb.SUPERSEDE])
def test_what_was_stolen_stays_stolen_whatever_is_stated_later(later: KeyVerb) -> None:
    theft = replace(ENROL, verb=KeyVerb.COMPROMISE, compromised_since=AT + timedelta(hours=1))
    (found,) = folded(ENROL, theft, replace(ENROL, verb=later)).of_issuer(MAKER)
    assert found.state is KeyState.COMPROMISED
    assert not found.stands_at(AT + timedelta(hours=2))


def test_of_two_thefts_the_earlier_one_counts() -> None:
    early = replace(ENROL, verb=KeyVerb.COMPROMISE, compromised_since=AT + timedelta(hours=1))
    late = replace(early, compromised_since=AT + timedelta(hours=20))
    for thefts in ((early, late), (late, early)):
        (found,) = folded(ENROL, *thefts).of_issuer(MAKER)
        assert not found.stands_at(AT + timedelta(hours=2))
    (found,) = folded(ENROL, replace(early, compromised_since=None), late).of_issuer(MAKER)
    assert not found.stands_at(AT)


def test_a_theft_at_an_unknown_time_stays_so_however_often_it_is_told() -> None:
    unknown = replace(ENROL, verb=KeyVerb.COMPROMISE)
    known = replace(unknown, compromised_since=AT + timedelta(hours=1))
    (found,) = folded(ENROL, unknown, unknown).of_issuer(MAKER)
    assert (found.compromised_since, found.theft_may_be_older) == (None, False)
    for thefts in ((unknown, known), (known, unknown), (known, unknown, known)):
        (found,) = folded(ENROL, *thefts).of_issuer(MAKER)
        assert (found.compromised_since, found.theft_may_be_older) == (
            AT + timedelta(hours=1),
            True,
        )


def test_an_ending_for_another_issuer_ends_nothing() -> None:
    other = replace(ENROL, verb=KeyVerb.CEASE, issuer=PartyId.of("tiderace"))
    assert folded(ENROL, other).of_issuer(MAKER) == folded(ENROL).of_issuer(MAKER)


BROKEN = {
    "no base64": {"spki": "***"},
    "cut": {"spki": ENROL.spki[:20]},
    "another key": {"spki": base64.b64encode(ROOT.spki).decode()},
    "another scheme": {"algorithm": "ecdsa-p256-sha256"},
    "no scheme": {"algorithm": "rot13"},
    "a site without a passkey": {"relying_party": "a.example"},
    "letters of other scripts": {"spki": "ключ"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("verb", KeyVerb)
def test_a_stored_event_with_a_broken_key_binds_nothing_and_breaks_nothing(
    change: dict[str, str], verb: KeyVerb
) -> None:
    broken = replace(ENROL, verb=verb, **change)
    assert folded(replace(broken, verb=KeyVerb.ENROL)) == PINNED
    assert {one.key for one in folded(ENROL, broken).of_issuer(MAKER)} == {KEY}


@given(st.text(max_size=60), st.text(max_size=20), st.sampled_from(KeyVerb))
def test_no_stored_text_breaks_the_fold(spki: str, algorithm: str, verb: KeyVerb) -> None:
    assert folded(replace(ENROL, verb=verb, spki=spki, algorithm=algorithm)).anchors


@given(st.permutations(range(4)))
def test_the_order_events_are_given_in_does_not_matter(order: list[int]) -> None:
    events = (
        ENROL,
        replace(ENROL, verb=KeyVerb.COMPROMISE, compromised_since=AT),
        replace(ENROL, verb=KeyVerb.CEASE),
        replace(ENROL, places=()),
    )
    listed = tuple(logged(one, place) for place, one in enumerate(events))
    shuffled = tuple(listed[place] for place in order)
    assert folds.folded(shuffled, PINNED) == folds.folded(listed, PINNED)


def test_the_file_of_pinned_trust_reads_back() -> None:
    logs = ("register.example+00000000+AAAA",)
    assert anchors.parse(anchors.write(PINNED, logs)) == (PINNED, logs)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"anchors":[],"logs":{}}',
        b'{"anchors":[7],"logs":[]}',
        b'{"anchors":[{}],"logs":[]}',
        b'{"anchors":[{"spki":"*"}],"logs":[]}',
    ],
)
def test_a_file_that_pins_nothing_clear_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        anchors.parse(data)
