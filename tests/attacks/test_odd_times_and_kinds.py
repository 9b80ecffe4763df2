import pytest

from voltrail.actions.record import Registered, hand_in_many
from voltrail.errors import MalformedError
from voltrail.statements import fields
from voltrail.statements import statement as statements
from voltrail.statements.lot import LotRecord
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail_world.cast import KESTREL, PACK
from world_fixture import NOW, clean_shipment, fresh_world

LOT = clean_shipment().lot
EARLY, LATE = "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"
USUAL = fields.stamp(NOW)
ODD = {
    "blank kind": (" ", USUAL),
    "before all years": ("urn:example:odd", EARLY),
    "after all years": ("urn:example:odd", LATE),
}


@pytest.mark.parametrize(("kind", "claimed"), ODD.values(), ids=ODD)
def test_one_odd_statement_in_bulk_stops_no_other(kind: str, claimed: str) -> None:
    seen = fresh_world()
    header = fields.write(Header(KESTREL, NOW)) | {"claimedTime": claimed}
    payload = statements.draft(kind, {"header": header}, (LOT,))
    odd = signer.sealed(payload, seen.world.keys[KESTREL]).raw
    good = seen.say(LotRecord(LOT, PACK), KESTREL, LOT)
    size = seen.desk.entries.size()
    refused, taken = hand_in_many(seen.desk, [odd, good], NOW)
    assert isinstance(refused, MalformedError)
    assert isinstance(taken, Registered)
    assert "lot" in seen.since(size)


@pytest.mark.parametrize("text", [EARLY, LATE])
def test_a_time_outside_all_years_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        fields.instant(text, "claimedTime")
