"""Which subjects collect a statement of each kind, and which are only mentioned in it."""

import pytest

from statements.samples import (
    ARRIVAL,
    AT,
    CASE,
    FACTS,
    HALL,
    KESTREL,
    MERET,
    PACK,
    PACKS,
    PAPER,
    RACK,
)
from voltrail.ids.subject import InstrumentId, LotId, OrderId, SubjectId
from voltrail.projections.fold import SAID_BY, touched
from voltrail.projections.view import EntryRef, Recorded
from voltrail.statements import kinds
from voltrail.statements.kinds import type_of
from voltrail.statements.statement import Header

ORDER = OrderId.of("PO-1")
COLLECTED: dict[str, set[SubjectId]] = {
    "attestation": {PACK},
    "change-decision": {KESTREL, RACK},
    "change-notice": {KESTREL, RACK, PAPER, PACKS},
    "contract": {PAPER, KESTREL, RACK},
    "incident": {CASE, PACK, PACKS, ARRIVAL},
    "rating": {KESTREL},
    "recall": {CASE, LotId.of("kestrel", "KC-2611-A"), PACKS, PACK, kinds.uri("recall")},
    "specification": {PAPER, RACK},
    "waiver": {ORDER, ARRIVAL, PACKS, PACK, RACK, KESTREL, HALL, kinds.uri("waiver")},
}
MENTIONED = {KESTREL, HALL, MERET, FACTS["assembly"].where, InstrumentId.of("nordlicht", "gate")}


def collecting(name: str, *subjects: SubjectId) -> frozenset[str]:
    fact = FACTS[name]
    ref = EntryRef(0, "a" * 64, AT)
    found = touched(Recorded(fact, Header(KESTREL, AT), subjects, type_of(type(fact)), ref))
    return found - {f"{SAID_BY}{KESTREL}"}  # who said it is no subject


@pytest.mark.parametrize("name", COLLECTED)
def test_a_statement_is_collected_by_what_it_is_about(name: str) -> None:
    assert collecting(name) == COLLECTED[name]


@pytest.mark.parametrize("name", ["assembly", "attestation", "incident"])
def test_a_statement_is_not_collected_by_what_it_only_mentions(name: str) -> None:
    assert not collecting(name, PACK) & MENTIONED
