import pytest
from msgspec.structs import replace

from voltrail.errors import SignatureInvalidError, UnverifiableError
from voltrail.statements import envelope as envelopes
from voltrail.statements import statement as statements
from voltrail.statements.lot import LotRecord
from voltrail.trust import signer
from voltrail_world.cast import KESTREL, PACK
from world_fixture import PlayedWorld, clean_shipment, fresh_world, played_world


def a_lot(seen: PlayedWorld) -> bytes:
    lot = clean_shipment().lot
    return seen.say(LotRecord(lot, PACK, quantity=16), KESTREL, lot)


def test_a_lot_record_under_a_key_nobody_enrolled_leaves_no_entry() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    payload = envelopes.parse(a_lot(seen)).payload
    with pytest.raises(UnverifiableError):
        seen.hand_in(signer.sealed(payload, signer.generate()).raw)
    assert seen.since(size) == []


def test_a_lot_record_changed_after_signing_is_refused_and_only_the_refusal_is_kept() -> None:
    seen = fresh_world()
    size = seen.desk.entries.size()
    signed = envelopes.parse(a_lot(seen))
    payload = signed.payload.replace(b'"quantity":16', b'"quantity":61')
    assert payload != signed.payload
    forged = envelopes.build(payload, signed.signatures)
    with pytest.raises(SignatureInvalidError):
        seen.hand_in(forged.raw)
    assert seen.since(size) == ["refusal"]
    assert not seen.desk.entries.find({forged.digest})


def test_a_delivery_whose_lot_record_was_forged_stays_in_quarantine() -> None:
    seen = fresh_world()
    decision = seen.deliver(replace(clean_shipment(), signed_by=clean_shipment().seller)).fact
    assert decision.disposition == "quarantine"


def test_the_same_facts_under_the_makers_own_key_are_taken() -> None:
    seen = played_world()
    said = statements.parse(envelopes.parse(a_lot(seen)).payload)
    assert said.header.issuer == KESTREL
