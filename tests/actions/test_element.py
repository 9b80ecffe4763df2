"""The element of a unit is asked against the register, and what it says stands there."""

import hashlib
from datetime import timedelta

import pytest
from msgspec.structs import replace

from actions.chips import bind, bound_key
from voltrail.actions import element as ask
from voltrail.actions import show
from voltrail.actions.element import Heard, Reply
from voltrail.actions.label import Shown, judge_scan
from voltrail.errors import MalformedError, NotAdmittedError, UnverifiableError
from voltrail.ids.subject import UnitId
from voltrail.labels import element
from voltrail.labels.element import Challenge, Proof, Purpose
from voltrail.labels.verdict import Scanned
from voltrail.projections.element import bound
from voltrail.projections.fold import view
from voltrail.statements.attestation import AssuranceLevel, TrustTier
from voltrail.statements.fields import Digest
from voltrail.statements.statement import Header
from voltrail.statements.unit import Level, UnitRecord
from voltrail.trust import signer
from voltrail.trust.anchors import Anchors, KeyState
from voltrail.trust.signer import LocalSigner
from voltrail_world.cast import KESTREL, TIDERACE
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

GOODS = clean_shipment()
UNIT, OTHER = (UnitId.of(GOODS.lot.parts[0], one) for one in GOODS.delivered[:2])
CHIP, STRANGER = signer.generate(), signer.generate()


@pytest.fixture
def seen() -> PlayedWorld:
    """A delivery, with a key bound to its first unit."""
    world = fresh_world()
    world.deliver(GOODS)
    bind(world, UNIT, CHIP)
    return world


def challenged(seen: PlayedWorld, unit: UnitId = UNIT, chance: int = 1) -> Challenge:
    return ask.challenge(seen.desk, unit, Purpose.LOOK, bytes([chance]) * 32, NOW)


def answered(seen: PlayedWorld, asked: Challenge, chip: LocalSigner, **more: object) -> Heard:
    at = NOW + timedelta(seconds=30)
    reply = Reply(element.answer(asked, chip), more.pop("unit", UNIT), **more)  # type: ignore[arg-type]
    return ask.answer(seen.desk, asked, reply, at)


def test_a_right_answer_stands_on_record_as_an_attestation(seen: PlayedWorld) -> None:
    found = answered(seen, challenged(seen), CHIP)
    assert found.judged.proof is Proof.MATCH
    told = show.entry(seen.desk, found.entry or 0)
    fact = told.fact
    assert (fact.unit, fact.level, fact.status) == (UNIT, AssuranceLevel.AL2, TrustTier.AFFIRMING)
    assert (fact.attester, told.issuer) == (CHIP.public.key_id, seen.desk.operator)
    kept = seen.desk.blobs.get(fact.evidence)
    assert kept is not None
    assert kept.startswith(b"VTC1:")
    assert show.may_install(seen.desk, UNIT, NOW).allowed


def test_a_wrong_answer_holds_the_unit_s_way_into_service(seen: PlayedWorld) -> None:
    assert show.may_install(seen.desk, UNIT, NOW).allowed
    found = answered(seen, challenged(seen), STRANGER)
    assert found.judged.proof is Proof.WRONG_KEY
    said = show.may_install(seen.desk, UNIT, NOW)
    assert (said.allowed, said.entries) == (False, (found.entry,))
    scanned = judge_scan(seen.desk, Shown(str(UNIT)))
    assert (scanned.verdict, found.entry in scanned.entries) == (Scanned.MISMATCH, True)
    assert show.may_install(seen.desk, OTHER, NOW).allowed


def test_the_last_answer_counts(seen: PlayedWorld) -> None:
    answered(seen, challenged(seen), STRANGER)
    asked = ask.challenge(seen.desk, UNIT, Purpose.LOOK, b"\x02" * 32, NOW)
    at = NOW + timedelta(minutes=1)
    assert ask.answer(seen.desk, asked, Reply(element.answer(asked, CHIP), UNIT), at).entry
    assert show.may_install(seen.desk, UNIT, NOW).allowed
    assert "Its element answered" in judge_scan(seen.desk, Shown(str(UNIT))).sentence


@pytest.mark.parametrize(
    ("more", "late", "proof"),
    [
        ({"spent": True}, 0, Proof.SPENT),
        ({"unit": OTHER}, 0, Proof.OTHER_UNIT),
        ({}, 3600, Proof.LATE),
    ],
)
def test_what_says_something_of_the_question_alone_leaves_no_entry(
    seen: PlayedWorld, more: dict[str, object], late: int, proof: Proof
) -> None:
    asked, size = challenged(seen), seen.desk.entries.size()
    reply = Reply(element.answer(asked, CHIP), more.pop("unit", UNIT), **more)  # type: ignore[arg-type]
    found = ask.answer(seen.desk, asked, reply, NOW + timedelta(seconds=late))
    assert (found.judged.proof, found.entry) == (proof, None)
    assert seen.desk.entries.size() == size
    assert show.may_install(seen.desk, UNIT, NOW).allowed


def test_the_register_itself_refuses_a_second_answer_to_one_challenge(seen: PlayedWorld) -> None:
    asked = challenged(seen)
    answered(seen, asked, STRANGER)
    with pytest.raises(NotAdmittedError):
        answered(seen, asked, CHIP)


def test_a_unit_without_a_key_is_not_asked(seen: PlayedWorld) -> None:
    with pytest.raises(UnverifiableError, match="No key of"):
        challenged(seen, OTHER)
    assert not ask.has_key(seen.desk, OTHER)


def test_a_key_that_somebody_else_bound_is_none(seen: PlayedWorld) -> None:
    fact = UnitRecord(OTHER, GOODS.lot, Level.PACK, key=bound_key(STRANGER))
    seen.hand_in(seen.world.say(fact, Header(TIDERACE, NOW), OTHER))
    assert not ask.has_key(seen.desk, OTHER)


def test_a_key_bound_under_a_stolen_key_of_the_maker_is_none(seen: PlayedWorld) -> None:
    told, anchors = view(seen.desk.entries, seen.desk.views, UNIT), seen.desk.anchors()
    assert bound(told, UNIT, anchors) is not None
    since = NOW - timedelta(days=900)
    stolen = tuple(
        replace(one, state=KeyState.COMPROMISED, compromised_since=since)
        if one.issuer == KESTREL
        else one
        for one in anchors.anchors
    )
    assert bound(told, UNIT, Anchors(stolen)) is None


def test_the_newest_key_counts_and_a_newer_record_without_one_ends_none(seen: PlayedWorld) -> None:
    bind(seen, UNIT, STRANGER, NOW + timedelta(seconds=1))
    bind(seen, UNIT, None, NOW + timedelta(seconds=2))
    assert answered(seen, challenged(seen), STRANGER).judged.proof is Proof.MATCH


def test_a_key_whose_record_was_withdrawn_meanwhile_answers_for_nothing(seen: PlayedWorld) -> None:
    again = bind(seen, OTHER, CHIP)
    asked = challenged(seen, OTHER)
    without = UnitRecord(OTHER, GOODS.lot, Level.PACK)
    header = Header(KESTREL, NOW, supersedes=Digest(again), reason="The chip was another one.")
    seen.hand_in(seen.world.say(without, header, OTHER))
    reply = Reply(element.answer(asked, CHIP), OTHER)
    found = ask.answer(seen.desk, asked, reply, NOW + timedelta(seconds=5))
    assert (found.judged.proof, found.entry) == (Proof.NO_KEY, None)


def test_an_answer_that_was_cut_leaves_the_challenge_as_it_was(seen: PlayedWorld) -> None:
    asked = challenged(seen)
    with pytest.raises(MalformedError):
        ask.answer(seen.desk, asked, Reply(element.answer(asked, CHIP)[:-4], UNIT), NOW)
    assert answered(seen, asked, CHIP).judged.proof is Proof.MATCH


def test_an_auditor_re_checks_the_answer_from_what_is_kept(seen: PlayedWorld) -> None:
    found = answered(seen, challenged(seen), CHIP)
    fact = show.entry(seen.desk, found.entry or 0).fact
    lines = (seen.desk.blobs.get(fact.evidence) or b"").decode().split("\n")
    asked, given = element.parse(lines[0]), element.read(lines[1])
    assert hashlib.sha256(given.nonce).hexdigest() == fact.challenge
    CHIP.public.check(given.signature, element.signed_bytes(asked))
