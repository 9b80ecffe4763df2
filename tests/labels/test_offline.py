"""A scan judged by a signed list alone: what label and record say otherwise is told."""

from datetime import UTC, datetime

import pytest

from voltrail import table
from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, PartyId, ProductId, UnitId
from voltrail.labels import link, offline, scan, signed
from voltrail.labels.link import Label
from voltrail.labels.verdict import Answer, Scanned
from voltrail.statements.lot import LotRecord
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors

UNIT, LIST = UnitId.of("kestrel", "K1"), b"serial,cells\nK1,C1\nK2,C1\n"
TREE = table.commit(LIST)
RECORD = LotRecord(LotId.of("kestrel", "L1"), ProductId.of("kestrel", "KR-48"), unit_tree=TREE)
OF_ANOTHER = LotRecord(LotId.of("fake", "L1"), ProductId.of("fake", "F-1"), unit_tree=TREE)
KEY, BEGUN = signer.generate(), datetime(2026, 1, 1, tzinfo=UTC)
PINNED = Anchors((Anchor(KEY.public, PartyId.of("kestrel"), BEGUN),))


def against(text: str, record: LotRecord = RECORD, manifest: bytes = LIST) -> Answer:
    return offline.judge(text, PINNED, record, record.unit_tree, manifest)


def test_a_listed_serial_of_the_same_lot_matches_and_the_rest_is_said_to_be_left_out() -> None:
    found = against(link.address(Label(UNIT, "4012345678901", "L1"), "id.example"))
    assert (found.verdict, found.unit) == (Scanned.MATCH, UNIT)
    assert "Not looked at" in found.left_out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (link.address(Label(UNIT, "4012345678901", "L2"), "id.example"), "lot L2"),
        ("https://any.example/01/04012345678902/21/K1", "check digit"),
        (link.address(Label(UnitId.of("fake", "K1")), "id.example"), "names fake"),
        ("K3", "does not have K3"),
    ],
)
def test_what_a_label_says_otherwise_is_a_mismatch(text: str, says: str) -> None:
    found = against(text)
    assert (found.verdict, says in found.sentence) == (Scanned.MISMATCH, True)


def test_a_signed_label_beside_another_maker_s_lot_is_a_mismatch_without_its_list_too() -> None:
    text = signed.sign(UNIT, KEY)
    assert against(text).verdict is Scanned.MATCH
    for manifest in (LIST, b""):
        assert against(text, OF_ANOTHER, manifest).verdict is Scanned.MISMATCH


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(MalformedError):
        against("K1" + " " * scan.LONGEST + "9")
