"""An exception: asked for on a frozen snapshot, approved by two, visible, and over on its day."""

from datetime import timedelta
from functools import cache

import pytest
from msgspec.structs import replace

from trust.enrolling import enrol
from voltrail import canonical
from voltrail.actions import due, pack, signing, waived, waiver
from voltrail.audit import check as audit
from voltrail.audit import pack as packs
from voltrail.decisions import waiver as frozen
from voltrail.decisions.replay import replay
from voltrail.decisions.waiver import Affected, Snapshot
from voltrail.errors import (
    MalformedError,
    NotPermittedError,
    ProductError,
    RefusedError,
    StaleEvidenceError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.ids.subject import ArrivalId, LotId, PersonId, ProductId, UnitId
from voltrail.statements import fields as codec
from voltrail.statements.custody import Half
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.fields import Digest
from voltrail.statements.sign_off import SignOff
from voltrail.statements.waiver import Step, Waiver
from voltrail_world.arrivals import Shipment, acts_of
from voltrail_world.cast import ANSEL, KESTREL, MERET, RUNA
from voltrail_world.play import play
from world_fixture import NOW, PlayedWorld, fresh_world, signed, strict_shipment

# The carrier never signed for the goods: both halves of a hand-over are asked for at tier 1.
LOST = replace(strict_shipment("731"), lost_half=(0, Half.TAKEN))
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def wanted(**more: object) -> Waiver:
    plain = Waiver(
        number="W-7",
        control="CUS-01",
        reason="The carrier went out of business.",
        compensating_control="Every carton was weighed and its seal photographed.",
        valid_from=NOW,
        valid_until=NOW + WEEK,
        plan=(Step("Contract another carrier.", MERET, NOW + DAY),),
        snapshot=Digest("0" * 64),
        requested_by=MERET,
        approved_by=(RUNA, ANSEL),
        arrival=LOST.arrival,
    )
    return replace(plain, **more)


def prepared(*shipments: Shipment) -> PlayedWorld:
    seen = fresh_world()
    acts = [act for one in shipments or (LOST,) for act in acts_of(seen.world, one)]
    play(seen.desk, sorted(acts, key=lambda act: act.at))
    for who, kind in ((RUNA, "waiver"), (ANSEL, "waiver"), (ANSEL, "correction")):
        enrol(seen, who, kind)
    return seen


def grant(seen: PlayedWorld, asked: Waiver) -> int:
    made = waiver.ask(seen.desk, asked, NOW)
    return seen.hand_in(signed(seen, made.payload, RUNA, ANSEL)).index


def finding(record: DecisionRecord, control: str = "CUS-01") -> object:
    return next(one for one in record.findings if one.control == control)


@cache
def granted() -> tuple[PlayedWorld, int]:
    """A world in which the exception stands; for tests that only read."""
    seen = prepared()
    return seen, grant(seen, wanted())


def test_a_waived_failure_is_released_and_stays_visible_as_waived() -> None:
    seen, index = granted()
    record = seen.decision(LOST.arrival).fact
    assert record.disposition == "release"
    assert "by exception from CUS-01" in record.sentence
    found = finding(record)
    assert (found.outcome, found.consequence) == ("unproven", "note")
    assert (found.waived_by, found.waived_until) == (index, NOW + WEEK)
    assert {one.layer: one.state for one in record.layers}["custody"] == "waived"


def test_before_the_exception_the_same_goods_are_held() -> None:
    seen = prepared()
    record = seen.decision(LOST.arrival).fact
    assert record.disposition == "quarantine"
    assert finding(record).waived_by is None


def test_on_its_last_day_the_control_binds_again_without_any_act() -> None:
    seen = prepared()
    grant(seen, wanted())
    assert due.ring(seen.desk, NOW, NOW + WEEK - DAY).judged == 0
    assert seen.decision(LOST.arrival).fact.disposition == "release"
    rung = due.ring(seen.desk, NOW + WEEK - DAY, NOW + WEEK)
    assert rung.judged == 1
    record = seen.decision(LOST.arrival).fact
    assert record.disposition == "quarantine"
    assert finding(record).waived_by is None


def test_an_exception_that_begins_later_binds_from_then_on() -> None:
    seen = prepared()
    grant(seen, wanted(valid_from=NOW + DAY))
    assert seen.decision(LOST.arrival).fact.disposition == "quarantine"
    due.ring(seen.desk, NOW, NOW + DAY)
    assert seen.decision(LOST.arrival).fact.disposition == "release"


def test_going_round_finds_what_nobody_rang_for() -> None:
    seen = prepared()
    grant(seen, wanted())
    assert due.walk(seen.desk, "", NOW + WEEK) == ""
    assert seen.decision(LOST.arrival).fact.disposition == "quarantine"
    assert due.walk(seen.desk, "", NOW + WEEK, most=1) == LOST.arrival


def test_the_waived_decision_is_replayed_to_the_same_answer_and_checked_offline() -> None:
    seen, _ = granted()
    one = seen.decision(LOST.arrival)
    rules = next(found for _, found in seen.desk.rulebook() if found.digest == one.fact.policy)
    assert replay(seen.desk, one.fact, rules).same
    raw = pack.evidence_pack(seen.desk, LOST.arrival)
    told = audit.check(packs.parse(raw), seen.desk.pinned, [seen.desk.log.verifier_key])
    assert told.replay.same


def test_the_snapshot_says_what_is_found_and_what_would_follow() -> None:
    made = waiver.ask(prepared().desk, wanted(), NOW).snapshot
    (one,) = made.affected
    assert (one.arrival, one.outcome) == (LOST.arrival, "unproven")
    assert (one.without, one.granted) == ("quarantine", "release")
    assert made.scope == (str(LOST.arrival),)
    assert made.more == 0


def test_the_snapshot_is_kept_and_named_by_its_digest() -> None:
    seen, index = granted()
    fact = waived.waiver(seen.desk, index, NOW).waiver.fact
    assert waiver.snapshot(seen.desk, fact.snapshot).affected[0].arrival == LOST.arrival
    with pytest.raises(UnverifiableError):
        waiver.snapshot(seen.desk, "5" * 64)


def test_nothing_is_signed_on_a_snapshot_that_no_longer_shows_what_is_found() -> None:
    seen = prepared()
    made = waiver.ask(seen.desk, wanted(), NOW)
    waiver.need_fresh(seen.desk, made.payload, NOW)
    grant(seen, wanted(number="W-8", control="CUS-05", reason="Another one."))
    waiver.need_fresh(seen.desk, made.payload, NOW)  # about another control: nothing changed
    for act in acts_of(seen.world, replace(LOST, lost_half=None)):
        seen.hand_in(act.raw)  # the carrier signs after all; the rest is known already
    with pytest.raises(StaleEvidenceError) as caught:
        waiver.need_fresh(seen.desk, made.payload, NOW)
    assert LOST.arrival.key in str(caught.value)
    assert caught.value.hint


def many(count: int) -> list[Affected]:
    """What was found about so many arrivals, by identity."""
    plain = Affected(LOST.arrival, 1, 40, "unproven", "Half is missing.", "quarantine", "release")
    return [
        replace(plain, arrival=ArrivalId.of("nordlicht", f"A-{number:04}"))
        for number in range(count)
    ]


def frozen_of(seen: PlayedWorld, found: list[Affected]) -> Snapshot:
    """A snapshot of these arrivals, written and read back as an approver's is."""
    made = frozen.snapshot(wanted(lot=LOST.lot), found, 7, seen.desk.rulebook()[0][1], NOW)
    digest = seen.desk.blobs.put(canonical.canonical_bytes(codec.write(made)))
    return waiver.snapshot(seen.desk, digest)


@pytest.mark.parametrize("count", [201, 1_000])
def test_a_snapshot_commits_to_every_arrival_however_many(count: int) -> None:
    seen, found = granted()[0], many(count)
    before = frozen_of(seen, found)
    assert len(before.affected) == count
    assert before.differs(frozen_of(seen, found[::-1])) == ()
    last = found[-1].arrival.key
    for change in ({"outcome": "violated"}, {"without": "reject"}, {"granted": "quarantine"}):
        after = frozen_of(seen, [*found[:-1], replace(found[-1], **change)])
        assert before.differs(after) == (f"{last} is now found otherwise: Half is missing.",)
    assert before.differs(frozen_of(seen, found[:-1])) == (f"{last} is no longer in its scope.",)
    assert frozen_of(seen, found[:-1]).differs(before) == (f"{last} came into its scope.",)


def test_a_scope_of_more_arrivals_than_are_compared_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = replace(strict_shipment("732"), lost_half=(0, Half.TAKEN))
    seen = prepared(LOST, other)
    wide = wanted(arrival=None, supplier=LOST.seller)
    made = waiver.ask(seen.desk, wide, NOW)
    assert {one.arrival for one in made.snapshot.affected} >= {LOST.arrival, other.arrival}
    monkeypatch.setattr(waiver, "_MOST", 1)
    with pytest.raises(RefusedError, match="at most 1") as caught:
        waiver.ask(seen.desk, wide, NOW)
    assert "Name more" in caught.value.hint
    with pytest.raises(RefusedError):
        waiver.need_fresh(seen.desk, made.payload, NOW)
    narrow = waiver.ask(seen.desk, wanted(arrival=None, supplier=LOST.seller, lot=LOST.lot), NOW)
    assert [one.arrival for one in narrow.snapshot.affected] == [LOST.arrival]


def test_an_exception_that_ended_before_it_was_approved_is_not_signed() -> None:
    seen = prepared()
    made = waiver.ask(seen.desk, wanted(), NOW)
    with pytest.raises(StaleEvidenceError):
        waiver.need_fresh(seen.desk, made.payload, NOW + WEEK)


def test_other_drafts_have_no_snapshot_to_compare() -> None:
    seen = prepared()
    at = seen.decision(LOST.arrival).entry.index
    waiver.need_fresh(
        seen.desk, signing.draft_sign_off(seen.desk, at, RUNA, ("look", ""), NOW), NOW
    )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"arrival": None}, MalformedError),
        ({"plan": ()}, MalformedError),
        ({"valid_until": NOW}, MalformedError),
        ({"valid_from": NOW - WEEK, "valid_until": NOW - DAY}, MalformedError),
        ({"valid_until": NOW + timedelta(days=366)}, MalformedError),
        ({"control": "RCL-01"}, NotPermittedError),
        ({"control": "KEY-01"}, NotPermittedError),
        ({"control": "PRV-01"}, NotPermittedError),
        ({"control": "XXX-99"}, UnknownSubjectError),
        ({"approved_by": (RUNA,)}, NotPermittedError),
        ({"approved_by": (RUNA, RUNA)}, NotPermittedError),
        ({"approved_by": (RUNA, MERET)}, NotPermittedError),
        ({"approved_by": (RUNA, PersonId.of("p-nobody"))}, NotPermittedError),
    ],
)
def test_what_no_exception_can_be_is_refused_when_it_is_asked_for(
    changes: dict[str, object], error: type[ProductError]
) -> None:
    with pytest.raises(error) as caught:
        waiver.ask(granted()[0].desk, wanted(**changes), NOW)
    assert caught.value.hint


@pytest.mark.parametrize(
    "scope",
    [
        {"lot": LOST.lot},
        {"order": LOST.order},
        {"product": LOST.product},
        {"supplier": LOST.seller},
        {"place": LOST.place},
        {"lot": LOST.lot, "place": LOST.place},
    ],
)
def test_every_scope_that_fits_the_goods_covers_them(scope: dict[str, object]) -> None:
    seen = prepared()
    grant(seen, wanted(arrival=None, **scope))
    assert seen.decision(LOST.arrival).fact.disposition == "release"


@pytest.mark.parametrize(
    "scope",
    [
        {"arrival": ArrivalId.of("nordlicht", "2026-999")},
        {"lot": LotId.of("kestrel", "L26-999")},
        {"product": ProductId.of("kestrel", "KP-24")},
        {"arrival": LOST.arrival, "supplier": KESTREL, "lot": LotId.of("kestrel", "L26-999")},
        # One unit's exception frees no other unit of the arrival.
        {"unit": UnitId.of("kestrel", LOST.made[0])},
    ],
)
def test_a_scope_that_does_not_fit_all_of_the_goods_covers_nothing(
    scope: dict[str, object],
) -> None:
    seen = prepared()
    grant(seen, wanted(**{"arrival": None, **scope}))
    assert seen.decision(LOST.arrival).fact.disposition == "quarantine"


def test_an_approver_ends_an_exception_before_its_day() -> None:
    seen = prepared()
    index = grant(seen, wanted())
    for person in (MERET, PersonId.of("p-nobody")):
        with pytest.raises(NotPermittedError):
            waiver.draft_end(seen.desk, index, person, "no longer needed", NOW)
    with pytest.raises(MalformedError):
        waiver.draft_end(seen.desk, index, ANSEL, " ", NOW)
    payload = waiver.draft_end(seen.desk, index, ANSEL, "The carrier signed after all.", NOW)
    enrolled = signing.signers(seen.desk, "correction", NOW)
    assert ANSEL in enrolled
    seen.hand_in(signed(seen, payload, ANSEL))
    assert waived.waiver(seen.desk, index, NOW).state == "withdrawn"
    assert seen.decision(LOST.arrival).fact.disposition == "quarantine"


def test_the_list_tells_how_each_exception_stands() -> None:
    seen, index = granted()
    states = {
        at: waived.waiver(seen.desk, index, at).state
        for at in (NOW - DAY, NOW, NOW + WEEK - DAY, NOW + WEEK)
    }
    assert list(states.values()) == ["not-begun", "in-force", "in-force", "ended"]
    with pytest.raises(UnknownSubjectError):
        waived.waiver(seen.desk, 0, NOW)


def test_a_step_of_the_plan_is_done_when_its_owner_signs_for_it() -> None:
    seen = prepared()
    index = grant(seen, wanted())
    assert [done for _, _, done in waived.waiver(seen.desk, index, NOW).steps] == [False]
    digest = Digest(waived.waiver(seen.desk, index, NOW).waiver.entry.digest)
    for person, note in ((RUNA, "1"), (MERET, "2")):
        seen.hand_in(seen.say(SignOff(person, "finish-step", digest, note), person, LOST.arrival))
        assert not waived.waiver(seen.desk, index, NOW).done
    seen.hand_in(seen.say(SignOff(MERET, "finish-step", digest, "1"), MERET, LOST.arrival))
    assert waived.waiver(seen.desk, index, NOW).done == (1,)


def test_what_is_asked_for_is_read_from_json() -> None:
    body = (
        b'{"control":"CUS-01","reason":"r","compensatingControl":"c",'
        b'"validFrom":"2026-11-24T00:00:00Z","validUntil":"2026-11-25T00:00:00Z","plan":[],'
        b'"requestedBy":"urn:voltrail:person:p-meret",'
        b'"approvedBy":["urn:voltrail:person:p-runa","urn:voltrail:person:p-ansel"]}'
    )
    assert waiver.read(body).control == "CUS-01"
    with pytest.raises(MalformedError):
        waiver.read(b'{"control": 7}')


def test_an_exception_without_a_number_is_given_one() -> None:
    made = waiver.ask(granted()[0].desk, wanted(number="to-be-given"), NOW)
    assert signing.read(made.payload).fact.number.startswith(f"W-{NOW:%Y%m%d}-")


def test_every_control_says_whether_an_exception_is_possible() -> None:
    named = dict(waived.waivable())
    assert "CUS-01" in named
    assert "RCL-01" not in named


def test_a_contradiction_is_explained_and_waived_like_any_finding() -> None:
    short = replace(strict_shipment("732"), way=LOST.way, short=2)
    seen = prepared(short)
    record = seen.decision(short.arrival).fact
    held = {one.control for one in record.findings if one.consequence == "quarantine"}
    assert held == {"CUS-03", "TRC-01"}
    assert finding(record, "TRC-01").sentence.startswith("R5: Hand-over H1:")
    for number, control in enumerate(sorted(held)):
        asked = wanted(number=f"W-{number}", control=control, arrival=short.arrival)
        assert frozen_sentence(seen, asked) == finding(record, control).sentence
        grant(seen, asked)
    record = seen.decision(short.arrival).fact
    assert record.disposition == "release"
    found = finding(record, "TRC-01")
    assert (found.outcome, found.consequence) == ("violated", "note")
    assert found.waived_by is not None


def frozen_sentence(seen: PlayedWorld, asked: Waiver) -> str:
    """What the approvers have before them about the one arrival in scope."""
    return waiver.look(seen.desk, asked, NOW).affected[0].sentence
