"""A lot's own record is what its maker said of that lot, and nothing else."""

from datetime import timedelta

from voltrail.canonical import digest
from voltrail.ids.subject import LotId, SubjectId
from voltrail.projections.lot import own_record, own_records
from voltrail.projections.view import EntryRef, Recorded, View, fold
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header
from voltrail_world.cast import KESTREL, PRODUCTS, SODALITH
from world_fixture import NOW

LOT, OTHER = LotId.of("kestrel", "L-1"), LotId.of("kestrel", "L-2")
PRODUCT = next(one.product for one in PRODUCTS if one.maker == KESTREL)


def said(index: int, lot: LotId, issuer: SubjectId) -> Recorded[LotRecord]:
    """A record of one lot, handed in as being about the first."""
    at = NOW + timedelta(days=index)
    ref = EntryRef(index, digest(b"%d" % index), at)
    return Recorded(LotRecord(lot, PRODUCT), Header(issuer, at), (LOT, lot), "lot", ref)


def test_only_what_the_maker_said_of_this_lot_counts() -> None:
    told = [said(0, LOT, KESTREL), said(1, OTHER, KESTREL), said(2, LOT, SODALITH)]
    about = fold(LOT, told)
    assert own_records(about) == (told[0],)
    assert own_record(about) == told[0]


def test_nobody_s_lot_has_no_record() -> None:
    assert own_record(View(None)) is None
    assert own_record(fold(LOT, [])) is None
