"""A NUL character never reaches a database that cannot hold one."""

import pytest

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.statements import statement
from voltrail.statements.custody import Half, HandOver
from voltrail.statements.statement import Header
from voltrail_world.cast import FJORDLINIE, KESTREL
from world_fixture import NOW, clean_shipment

LOT = clean_shipment().lot


def said(number: str) -> bytes:
    fact = HandOver(LOT, number, Half.GIVEN, KESTREL, FJORDLINIE, NOW, 40)
    return statement.compose(fact, Header(KESTREL, NOW), LOT)


def test_a_nul_is_refused_on_the_way_in() -> None:
    for _ in range(20):  # often enough for the quick path to be taken
        assert statement.parse(said("H1")).fact.number == "H1"
    with pytest.raises(MalformedError, match="NUL"):
        statement.parse(said("H1").replace(b'"H1"', b'"H\\u00001"'))


def test_a_nul_is_refused_on_the_way_out() -> None:
    with pytest.raises(MalformedError, match="NUL"):
        said("H\0")


@pytest.mark.parametrize("data", [b'{"a":"\\u0000"}', b'{"\\u0000":1}', b'{"a":["x\\u0000"]}'])
def test_no_value_holds_a_nul(data: bytes) -> None:
    with pytest.raises(MalformedError):
        canonical.parse(data)
