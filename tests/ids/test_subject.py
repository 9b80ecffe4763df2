"""An identity is written whole, or by its key where its kind is known."""

import pytest

from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId, UnitId


@pytest.mark.parametrize("text", ["urn:voltrail:unit:kestrel:S1", "kestrel:S1"])
def test_a_unit_is_written_whole_or_by_its_key(text: str) -> None:
    assert UnitId.written(text) == UnitId.of("kestrel", "S1")


@pytest.mark.parametrize(
    "text", ["", "urn:", "urn:voltrail:unit:kestrel:S1", "urn:epc:id:sgln:1.2.0", "no party", "a:"]
)
def test_what_is_no_party_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        PartyId.written(text)
