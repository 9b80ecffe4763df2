"""An envelope sealed outside by somebody who never passed the course is refused as a draft is."""

from datetime import datetime, timedelta

import pytest

from actions.test_acceptance import GOODS, HOUR, asked, wanted
from voltrail.actions import record, signing, training
from voltrail.actions.pack import anchors_file, evidence_pack
from voltrail.actions.refold import refold
from voltrail.audit.check import check
from voltrail.audit.pack import parse
from voltrail.errors import LapsedError
from voltrail.ids.subject import PersonId
from voltrail.projections.fold import project
from voltrail.projections.view import registered
from voltrail.register import log, note
from voltrail.register.fsck import fsck
from voltrail.statements import envelope as envelopes
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header
from voltrail.statements.training import Training
from voltrail.trust import anchors
from voltrail.trust.verify import verify
from voltrail_world.cast import MERET, NORDLICHT, RUNA
from world_fixture import NOW, PlayedWorld, fresh_world, signed

ACCEPTING, RELEASING = "goods-acceptance", "release-approval"
OTHER = {MERET: RUNA, RUNA: MERET}
LONG = timedelta(days=730)


def released() -> PlayedWorld:
    """Released goods, and nobody who passed a course."""
    seen = fresh_world()
    assert seen.deliver(GOODS).fact.disposition == "release"
    return seen


def course(person: PersonId, name: str = ACCEPTING, lasts: timedelta = LONG) -> Training:
    return Training(person, name, NOW, NOW + lasts, OTHER[person])


def passes(seen: PlayedWorld, *passed: Training) -> None:
    for one in passed:
        training.train(seen.desk, one, NOW)


def sealed(seen: PlayedWorld) -> bytes:
    """A record of two that both signed outside, so that no draft was ever asked."""
    return signed(seen, asked(seen, wanted()), RUNA, MERET)


def sign_off(seen: PlayedWorld, verb: str, at: datetime = NOW) -> bytes:
    payload = signing.draft_sign_off(seen.desk, 3, MERET, (verb, ""), at)
    return signed(seen, payload, MERET)


def test_a_record_of_two_is_refused_until_both_have_passed_the_course() -> None:
    seen = released()
    raw, size = sealed(seen), seen.desk.entries.size()
    with pytest.raises(LapsedError, match="is not trained for this: goods-acceptance") as refused:
        seen.hand_in(raw, NOW)
    assert "/people/training/" in refused.value.hint
    assert seen.since(size) == []
    passes(seen, course(RUNA))
    with pytest.raises(LapsedError, match="p-meret is not trained"):
        seen.hand_in(raw, NOW)
    passes(seen, course(MERET))
    size = seen.desk.entries.size()
    seen.hand_in(raw, NOW)
    assert seen.since(size)[0] == "acceptance"


def test_a_course_that_ran_out_before_it_came_in_counts_no_more() -> None:
    seen = released()
    passes(seen, course(RUNA, lasts=HOUR), course(MERET))
    raw = sealed(seen)
    with pytest.raises(LapsedError, match="p-runa is not trained"):
        seen.hand_in(raw, NOW + HOUR)


def test_another_course_is_not_the_one() -> None:
    seen = released()
    passes(seen, course(MERET))
    with pytest.raises(LapsedError, match="is not trained for this: release-approval"):
        seen.hand_in(sign_off(seen, "approve-release"), NOW)
    passes(seen, course(MERET, RELEASING))
    assert seen.hand_in(sign_off(seen, "approve-release"), NOW).fresh


def test_what_needs_no_course_is_taken() -> None:
    seen = released()
    assert seen.hand_in(sign_off(seen, "accept"), NOW).fresh


def test_what_was_taken_keeps_its_first_answer_when_it_comes_again() -> None:
    seen = released()
    passes(seen, course(RUNA, lasts=HOUR), course(MERET))
    raw = sealed(seen)
    first = seen.hand_in(raw, NOW)
    again = seen.hand_in(raw, NOW + 2 * HOUR)
    assert (again.index, again.fresh) == (first.index, False)


def test_the_courses_may_come_in_the_same_hand_in_but_not_after_it() -> None:
    seen = released()
    raw, header = sealed(seen), Header(NORDLICHT, NOW)
    trained = [seen.world.say(course(one), header, one) for one in (RUNA, MERET)]
    first, *_, last = record.hand_in_many(seen.desk, [raw, *trained], NOW)
    assert isinstance(first, LapsedError)
    assert not isinstance(last, Exception)
    assert seen.hand_in(raw, NOW).fresh


def test_a_register_that_took_it_before_still_holds_and_replays() -> None:
    """An earlier version asked for no course at this door: its entries stay what they are."""
    seen = released()
    desk, raw = seen.desk, sealed(seen)
    verified = verify(envelopes.parse(raw), desk.anchors(), NOW)
    with desk.entries.transaction():
        (placed,) = log.append(desk.entries, [verified], NOW)
        project(desk.views, [registered(placed.verified, placed.entry)], desk.blobs)
    later = Signal(SignalKind.PACKAGING, "The pallet was wrapped twice.")
    seen.hand_in(seen.say(later, NORDLICHT, GOODS.arrival), NOW)
    before = desk.views.digest()
    with desk.entries.transaction():
        assert refold(desk, NOW) == desk.entries.size()
    assert desk.views.digest() == before
    assert seen.hand_in(raw, NOW + HOUR).index == placed.entry.index
    log.checkpoint(desk.entries, desk.log)
    assert fsck(desk.entries, [note.parse_vkey(desk.log.verifier_key)]).faults == ()
    pinned, logs = anchors.parse(anchors_file(desk))
    found = check(parse(evidence_pack(desk, GOODS.arrival)), pinned, logs)
    assert found.replay.same
