"""A thief, and a register whose clock was set back: only others tell when something was said."""

import base64
from datetime import datetime, timedelta

from msgspec.structs import replace

from voltrail.actions import time_proof
from voltrail.actions.pack import statement_pack
from voltrail.actions.record import state
from voltrail.audit.pack import parse
from voltrail.controls.evaluate import evaluate
from voltrail.controls.model import Outcome, Verdict
from voltrail.controls.policy import of_record
from voltrail.decisions.baseline import baseline
from voltrail.ids.subject import ArrivalId
from voltrail.projections.dossier import dossier
from voltrail.projections.time_proof import TIME_TYPE
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.policy import Rule
from voltrail.statements.statement import Header
from voltrail.statements.time_proof import TimeProof, VouchedBy
from voltrail_world.cast import BEGINS, KESTREL, NORDLICHT
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

LATER = NOW + timedelta(days=3)


def delivered() -> tuple[PlayedWorld, ArrivalId]:
    seen, shipment = fresh_world(), clean_shipment()
    seen.deliver(shipment)
    return seen, shipment.arrival


def stolen(seen: PlayedWorld, since: datetime) -> None:
    public = seen.world.keys[KESTREL].public
    fact = KeyEvent(
        verb=KeyVerb.COMPROMISE,
        key=Digest(public.key_id),
        issuer=KESTREL,
        algorithm=public.algorithm,
        spki=base64.b64encode(public.spki).decode(),
        valid_from=BEGINS,
        compromised_since=since,
    )
    seen.hand_in(seen.say(fact, NORDLICHT, KESTREL), LATER)


def vouched(seen: PlayedWorld, proven: datetime) -> None:
    """Witnesses saw the register as it stands now, by a moment."""
    desk = seen.desk
    fact = TimeProof(
        register="register.nordlicht.example",
        size=desk.entries.size(),
        root=Digest(desk.entries.frontier().root().hex()),
        proven_at=proven,
        vouched_by=VouchedBy.WITNESSES,
        vouchers=("w1", "w2"),
        checkpoint=Digest("00" * 32),
    )
    at = max(proven, desk.entries.last_time() or proven)
    state(desk, fact, Header(NORDLICHT, at), NORDLICHT)


def told(seen: PlayedWorld, arrival: ArrivalId, *, others: int) -> Verdict:
    """What KEY-02 says, where a policy asks others or does not."""
    record = baseline().record
    kept = tuple(one for one in record.rules if one.control != "KEY-02")
    (rule, *_) = [one for one in record.rules if one.control == "KEY-02"]
    asked: Rule = replace(rule, limits={"others_needed": others}, tier=None)
    policy = of_record(replace(record, rules=(*kept, asked)))
    found = evaluate(dossier(seen.desk, arrival), policy, LATER)
    (finding,) = [one for one in found if one.control == "KEY-02"]
    return finding.verdict


def test_a_log_time_before_the_theft_is_the_operators_word_alone() -> None:
    seen, arrival = delivered()
    stolen(seen, NOW + timedelta(hours=1))
    vouched(seen, NOW + timedelta(hours=2))  # nobody else saw it before the theft
    assert told(seen, arrival, others=0).outcome is Outcome.HOLDS
    found = told(seen, arrival, others=1)
    assert found.outcome is Outcome.VIOLATED
    assert "proves nothing" in found.sentence


def test_what_witnesses_saw_before_the_theft_stands() -> None:
    seen, arrival = delivered()
    vouched(seen, NOW)
    stolen(seen, NOW + timedelta(hours=1))
    assert told(seen, arrival, others=1).outcome is Outcome.HOLDS


def test_a_later_proof_does_not_hide_an_earlier_one() -> None:
    seen, arrival = delivered()
    vouched(seen, NOW)
    vouched(seen, NOW + timedelta(hours=2))
    stolen(seen, NOW + timedelta(hours=1))
    assert told(seen, arrival, others=1).outcome is Outcome.HOLDS


def test_a_proof_of_a_smaller_register_says_nothing_of_what_followed() -> None:
    seen = fresh_world()
    vouched(seen, NOW - timedelta(days=30))
    shipment = clean_shipment()
    seen.deliver(shipment)
    stolen(seen, NOW + timedelta(hours=1))
    assert told(seen, shipment.arrival, others=1).outcome is Outcome.VIOLATED


def test_a_proof_that_was_withdrawn_says_nothing() -> None:
    seen, arrival = delivered()
    vouched(seen, NOW)
    stolen(seen, NOW + timedelta(hours=1))
    (index,) = seen.desk.views.indices(TIME_TYPE)
    (proof,) = seen.desk.entries.at([index])
    fact = Correction(Digest(proof.parsed.envelope), "The witness was robbed.")
    state(seen.desk, fact, Header(NORDLICHT, LATER), NORDLICHT)
    assert told(seen, arrival, others=1).outcome is Outcome.VIOLATED
    assert time_proof.proofs(seen.desk, 0) == ()
    evaluated = parse(statement_pack(seen.desk, 3))
    assert not evaluated.grown
