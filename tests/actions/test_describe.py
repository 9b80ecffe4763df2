"""Every recorded fact has one plain line that ends."""

import pytest

from statements.samples import AT, CASE, FACTS, KESTREL
from voltrail.actions.describe import sentence_of
from voltrail.projections.view import EntryRef, Recorded
from voltrail.statements.kinds import type_of
from voltrail.statements.statement import Header

LINES = {
    "acceptance": "p-runa and p-ansel put 1 unit of nordlicht:A-1 into service "
    "at nordlicht:hall-7.",
    "administration": "p-runa: close account, p-meret. She moved to another firm.",
    "appointment": "p-meret is quality, nordlicht:hall-7 until 2027-01-31.",
    "assembly": "kestrel joined a pack: 2 in, 1 out, 4096 in a table.",
    "attestation": "kestrel:P-0001 attested: affirming, AL3.",
    "change-decision": "kestrel answered a notice of kestrel: requalify.",
    "change-notice": "kestrel announced a bom change: The old part is no longer made.",
    "condition": "kestrel stated condition.",
    "contract": "Contract with kestrel: 1 clauses, 0 missing, 1 weakened.",
    "incident": "kestrel recorded a critical tampering incident: "
    "The seal over the service port was replaced.",
    "movement": "p-runa stored 4,097 units and 40 of lot kestrel:KC-2611-A at nordlicht:hall-7. "
    "Seal S-2 was set.",
    "permission": "p-runa, tiderace may enter nordlicht:hall-7 until 2027-01-31 (E-1).",
    "party": "Kestrel Cellworks, SE: manufacturer.",
    "product": "Model KR-48, LFP, family rack.",
    "rating": "kestrel rated C up to 2027-01-31.",
    "recall": "kestrel recalled: Welds can open under load.",
    "remark": "p-meret noted, with 1 file: The carrier wrote that the seals were whole.",
    "specification": "Specification “Rack for data halls”, version 3.",
    "retirement": "kestrel: 1 of kestrel:KP-2611-A returned to kestrel.",
    "time-proof": "120 entries stood here by 2026-11-02 08:40:00Z, vouched for by CN=Stamps.",
    "training": "p-meret passed incoming-inspection, until 2027-01-31.",
    "unit": "kestrel stated unit.",
    "waiver": "INS-04 waived until 2027-01-31: The test bench is under repair.",
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_has_one_plain_line(name: str) -> None:
    fact = FACTS[name]
    ref = EntryRef(0, "a" * 64, AT)
    one = Recorded(fact, Header(KESTREL, AT), (CASE,), type_of(type(fact)), ref)
    assert sentence_of(one) == LINES[name]
