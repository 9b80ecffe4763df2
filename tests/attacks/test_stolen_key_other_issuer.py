import pytest

from voltrail.errors import IssuerNotTrustedError
from voltrail.statements import inspection, kinds
from voltrail.statements.arrival import Arrival
from voltrail.statements.fields import Digest
from voltrail.statements.inspection import Inspection, Plan, Result, Stage
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import LotRecord
from voltrail.statements.sign_off import SignOff
from voltrail_world.cast import BEGINS, KESTREL, NORDLICHT, PACK, RUNA, SUBSTATION, TIDERACE
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

GOING = clean_shipment()
ARRIVAL = Arrival(GOING.arrival, GOING.order, GOING.lot, SUBSTATION, 16, NOW)
LOOKS = (Result(inspection.Test.CAPACITY, 5, 0),)
LOOKED = Inspection(GOING.arrival, Stage.SAMPLE, 1, Plan(5, 0, 1, "none"), LOOKS, NOW)
ENROL = KeyEvent(KeyVerb.ENROL, Digest("0" * 64), TIDERACE, "ed25519", "AA==", BEGINS)
SIGNED = SignOff(RUNA, "accepts", Digest("0" * 64))


def refused(seen: PlayedWorld, raw: bytes) -> None:
    size = seen.desk.entries.size()
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(raw)
    assert set(seen.since(size)) <= {"refusal"}


def test_one_firms_key_does_not_speak_for_another() -> None:
    seen = fresh_world()
    refused(seen, seen.say(LotRecord(GOING.lot, PACK), KESTREL, GOING.lot, by=(TIDERACE,)))


@pytest.mark.parametrize("fact", [ARRIVAL, LOOKED, ENROL], ids=["arrival", "inspection", "key"])
def test_a_firms_key_does_not_speak_for_the_operator(fact: object) -> None:
    seen = fresh_world()
    refused(seen, seen.say(fact, NORDLICHT, GOING.arrival, by=(TIDERACE,)))


@pytest.mark.parametrize("fact", [ARRIVAL, LOOKED, ENROL], ids=["arrival", "inspection", "key"])
def test_a_firm_does_not_state_what_only_the_operator_states(fact: object) -> None:
    seen = fresh_world()
    refused(seen, seen.say(fact, TIDERACE, GOING.arrival))


def test_a_persons_key_enrols_no_key() -> None:
    seen = fresh_world()
    refused(seen, seen.say(ENROL, RUNA, TIDERACE))


def test_a_persons_act_is_not_signed_by_the_server() -> None:
    seen = fresh_world()
    refused(seen, seen.say(SIGNED, NORDLICHT, GOING.arrival))
    assert kinds.uri("sign-off")


def test_two_firms_signing_together_do_not_lend_each_other_their_names() -> None:
    seen = fresh_world()
    raw = seen.say(ARRIVAL, TIDERACE, GOING.arrival, by=(TIDERACE, NORDLICHT))
    refused(seen, raw)
