"""
The lists an operator already has of firms, places, products and orders, and what each row states.

An identity comes from the natural key: a firm's number or LEI, a place's number, maker and model,
an order's number. So a list that is read again finds what it brought before.
"""

from collections.abc import Mapping
from typing import Any

from voltrail.errors import MalformedError
from voltrail.ids.subject import OrderId, PartyId, PlaceId, ProductId
from voltrail.quantities import Unit
from voltrail.readers import cells, numbers
from voltrail.readers.contract import Draft, Field, Reader, Setting
from voltrail.statements.order import Order
from voltrail.statements.party import Party, Role
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.product import Attestability, Product

Given = Mapping[str, Any]


def _party(number: int, given: Given, _: Setting) -> Draft:
    key = given.get("number") or given.get("lei")
    if not key:
        raise MalformedError(
            "The firm has neither number nor LEI.",
            hint="Give one of them; it becomes its identity.",
        )
    about = PartyId.written(key)
    others = tuple(
        dict.fromkeys((*filter(None, [given.get("lei")]), *given.get("identifiers", ())))
    )
    fact = Party(about, given["name"], given["country"], given["roles"], others)
    told = _named(given, {"number", "lei"}) | ({"identifiers"} if others else set())
    return Draft(number, about, fact, told)


def _place(number: int, given: Given, setting: Setting) -> Draft:
    about = cells.own(PlaceId, given["number"], setting)
    plain = {name: value for name, value in given.items() if name != "number"}
    fact = Place(place=about, operator=setting.operator, **plain)
    return Draft(number, about, fact, _named(given, {"number"}))


def _product(number: int, given: Given, setting: Setting) -> Draft:
    about = ProductId.of(*given["maker"].parts, cells.key(given["model"], setting))
    return Draft(number, about, Product(product=about, **given), _named(given, set()))


def _order(number: int, given: Given, setting: Setting) -> Draft:
    about = cells.own(OrderId, given["order"], setting)
    plain = {name: value for name, value in given.items() if name != "order"}
    return Draft(number, about, {"order": about, **plain}, _named(given, {"order"}))


def _named(given: Given, but: set[str]) -> frozenset[str]:
    return frozenset(given.keys() - but)


def _key_or_identity(cell: str, setting: Setting) -> str:
    return cell if cell.startswith("urn:") else cells.key(cell, setting)


SUPPLIERS = Reader(
    "suppliers",
    "Suppliers and other firms",
    (
        Field("number", "Number", _key_or_identity, example=("kestrel", "tiderace")),
        Field("lei", "LEI", cells.lei, telling=True),
        Field("name", "Name", cells.text, needed=True, example=("Kestrel Cellworks", "Tiderace")),
        Field("country", "Country", cells.country, needed=True, example=("SE", "NL"), telling=True),
        Field(
            "roles", "Roles", cells.several(Role), needed=True, telling=True,
            example=("manufacturer", "distributor, warehouse"),
        ),
        Field("identifiers", "Other identifiers", cells.of_firm, example=("9521234000006", "")),
    ),
    _party,
)  # fmt: skip
PLACES = Reader(
    "places",
    "Places",
    (
        Field("number", "Number", _key_or_identity, needed=True, example=("hall-7", "uw-eider")),
        Field("name", "Name", cells.text, needed=True, example=("Data hall 7", "Eider substation")),
        Field(
            "place_class", "Class", cells.choice(PlaceClass), needed=True, telling=True,
            example=("data-center", "substation"),
        ),
        Field("impact", "Impact", cells.choice(Grade), needed=True, example=("high", "medium")),
        Field(
            "lead_time", "Replacement lead time", cells.choice(Grade), needed=True,
            example=("high", "medium"),
        ),
        Field(
            "environment", "Environment", cells.choice(Environment), needed=True, telling=True,
            example=("controlled", "harsh"),
        ),
        Field("zone", "Time zone", cells.text, fallback="UTC", example=("Europe/Berlin",) * 2),
        Field(
            "required_run_time", "Required run time", numbers.quantity(Unit.h), example=("4", "8")
        ),
        Field("redundancy", "Redundancy", cells.text, example=("N+1", "")),
    ),
    _place,
)  # fmt: skip
PRODUCTS = Reader(
    "products",
    "Products",
    (
        Field("maker", "Maker", cells.party, needed=True, example=("kestrel", "kestrel")),
        Field("model", "Model", cells.text, needed=True, example=("KR-48", "KP-24")),
        Field("family", "Family", cells.text, needed=True, example=("KR", "KP")),
        Field("chemistry", "Chemistry", cells.text, needed=True, example=("LFP", "LFP")),
        Field(
            "attestability", "Attestability", cells.choice(Attestability), fallback="passive",
            telling=True, example=("attestable", "passive"),
        ),
        Field(
            "rated_capacity", "Rated capacity", numbers.quantity(Unit.A_h),
            example=("280 Ah", "100"),
        ),
        Field(
            "rated_voltage", "Rated voltage", numbers.quantity(Unit.V), example=("51.2 V", "25.6")
        ),
        Field("gtin", "GTIN", cells.gtin, example=("09521234000013", "")),
    ),
    _product,
    after="suppliers",
)  # fmt: skip
ORDERS = Reader(
    "orders",
    "Open orders",
    (
        Field("order", "Order number", _key_or_identity, needed=True, example=("4711", "4712")),
        Field(
            "product", "Product", cells.unchecked(cells.product), needed=True,
            example=("kestrel:KR-48", "kestrel:KP-24"),
        ),
        Field(
            "seller", "Seller", cells.unchecked(cells.party), needed=True,
            example=("kestrel", "tiderace"),
        ),
        Field(
            "place", "Place", cells.unchecked(cells.place), needed=True,
            example=("hall-7", "uw-eider"),
        ),
        Field("quantity", "Quantity", numbers.whole, needed=True, example=("40", "12")),
        Field("channel", "Channel", cells.text, fallback="direct", example=("direct", "direct")),
    ),
    _order,
    after="suppliers, products and places",
)  # fmt: skip
__all__ = ["ORDERS", "PLACES", "PRODUCTS", "SUPPLIERS", "Order"]
