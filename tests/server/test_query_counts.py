"""How often each page asks the database, on real tables: a page that grows fails here.

Write the counts anew with VOLTRAIL_UPDATE_QUERY_COUNTS=1 and read the difference.
"""

import json
import os
from pathlib import Path

import pytest

pytest.importorskip("django")

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from msgspec.structs import asdict, replace

from server.table_world import logged_in, tables
from voltrail.actions.order import Wanted, place_order
from voltrail.errors import UnmetError
from voltrail.ids.subject import OrderId
from voltrail_server.records import models
from voltrail_world.cast import PACK, SUBSTATION, TIDERACE
from world_fixture import NOW, PlayedWorld, clean_shipment

__all__ = ["tables"]

COUNTS = Path(__file__).with_name("query_counts.json")
GOOD = clean_shipment()
PAGES = (
    "/",
    "/arrivals/",
    "/arrivals/nordlicht:2026-701/",
    "/lots/",
    f"/lots/{GOOD.lot.key}/",
    "/orders/",
    "/orders/?show=refused",
    "/orders/new/",
    "/parties/",
    f"/parties/{TIDERACE.key}/",
    "/places/",
    f"/places/{SUBSTATION.key}/",
    f"/units/kestrel:{GOOD.delivered[0]}/",
    "/register/",
    "/register/witnesses/",
    "/register/3/",
)
LISTS = ("/", "/arrivals/", "/lots/", "/orders/", "/orders/?show=refused", "/parties/", "/places/")


def asked(client: Client, address: str) -> int:
    """How many questions a page asks once the process is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200, address
    return len(found)


def refuse(seen: PlayedWorld, number: int) -> None:
    order = OrderId.of("nordlicht", f"PX-{number}")
    with pytest.raises(UnmetError):
        place_order(seen.desk, Wanted(order, PACK, TIDERACE, SUBSTATION, 1, "broker"), NOW)


def grow(seen: PlayedWorld) -> None:
    """Let there be many more held arrivals, lots, places and refused orders."""
    row = next(one for one in seen.desk.views.rows() if one.disposition == "quarantine")
    few = range(60)
    models.ArrivalRow.objects.bulk_create(
        models.ArrivalRow(**asdict(replace(row, arrival=f"{row.arrival}-{n:03}"))) for n in few
    )
    kinds = ("arrival:nordlicht", "lot:kestrel", "place:nordlicht", "party:firm", "order:nordlicht")
    index = seen.desk.views.indices(row.arrival)[0]
    models.Link.objects.bulk_create(
        models.Link(key=f"urn:voltrail:{kind}:{n:03}", index=index) for kind in kinds for n in few
    )
    for number in range(12):
        refuse(seen, number)


def test_each_page_asks_as_often_as_it_is_written(tables: PlayedWorld) -> None:
    refuse(tables, 99)
    client = logged_in("administrator")
    now = {address: asked(client, address) for address in PAGES}
    if os.environ.get("VOLTRAIL_UPDATE_QUERY_COUNTS") == "1":
        COUNTS.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
    assert now == json.loads(COUNTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("address", LISTS)
def test_a_page_asks_as_often_for_many_rows_as_for_few(tables: PlayedWorld, address: str) -> None:
    refuse(tables, 99)
    client = logged_in("administrator")
    few = asked(client, address)
    grow(tables)
    assert asked(client, address) <= few
