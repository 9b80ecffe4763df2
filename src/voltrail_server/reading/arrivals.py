"""
Arrivals: one page of rows by filter and sort, counts by disposition, tallies for other lists.

Every question is a keyset walk along an index of the table of arrival rows; none scans it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from django.db import connection

from voltrail.projections.store import ArrivalRow
from voltrail_server.reading.page import COUNT_CAP, PER_PAGE, Page, capped, cut, read_cursor
from voltrail_server.records import models

DISPOSITIONS = ("quarantine", "release", "reject", "isolate", "")
_COLUMNS = ArrivalRow.__struct_fields__
_TABLE = connection.ops.quote_name(models.ArrivalRow._meta.db_table)  # noqa: SLF001 — Django's documented API
_PREFIX = "urn:voltrail:arrival:"
_TIERS = frozenset("0123456789")
_LAST = "\x7f"  # sorts after every character an identity may hold
_CHUNK = 1_000  # [rows] of a whole list read at once
# filter → kind of the identity it takes, whole or as its key
_KINDS = {"place": "place", "lot": "lot", "product": "product", "seller": "party", "order": "order"}

# name of the sort → column, direction
SORTS = {
    "newest": ("received_at", "DESC"),
    "oldest": ("received_at", "ASC"),
    "arrival": ("arrival", "ASC"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; an empty field means any."""

    disposition: str = ""
    place: str = ""
    tier: str = ""
    lot: str = ""
    product: str = ""
    seller: str = ""
    order: str = ""
    text: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The fields that narrow."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in pairs if value}


def read_filter(query: Mapping[str, str]) -> Filter:
    """Return the filter in a query string's fields; a key stands for its identity."""
    given = {field.name: query.get(field.name, "").strip() for field in fields(Filter)}
    whole = {name: _whole(name, given[name]) for name in _KINDS}
    return Filter(**{**given, **whole})


def _whole(name: str, text: str) -> str:
    return text if not text or text.startswith("urn:") else f"urn:voltrail:{_KINDS[name]}:{text}"


def listing(wanted: Filter, sort: str = "newest", cursor: str = "") -> Page:
    """Return one page of rows."""
    keys = _keys(wanted, sort)
    rows = _after(wanted, sort, read_cursor(cursor, len(keys)), PER_PAGE + 1)
    return cut(rows, lambda row: [getattr(row, key) for key in keys], count(wanted))


def every(wanted: Filter, sort: str = "newest") -> Iterator[ArrivalRow]:
    """Yield all rows that fit, in the order of the list, however many there are."""
    keys, after = _keys(wanted, sort), list[str | int]()
    while rows := _after(wanted, sort, after, _CHUNK):
        yield from rows
        after = [getattr(rows[-1], key) for key in keys]


def _sorted(wanted: Filter, sort: str) -> tuple[str, str]:
    return SORTS["arrival" if wanted.text else sort if sort in SORTS else "newest"]


def _keys(wanted: Filter, sort: str) -> tuple[str, ...]:
    column, _ = _sorted(wanted, sort)
    return (column,) if column == "arrival" else (column, "arrival")


def _after(wanted: Filter, sort: str, after: Sequence[str | int], limit: int) -> list[ArrivalRow]:
    """Return the rows that follow the sort values of another row."""
    keys, (_, direction) = _keys(wanted, sort), _sorted(wanted, sort)
    where, values = _where(wanted)
    if after:
        sign = "<" if direction == "DESC" else ">"
        marks = ", ".join(["%s"] * len(keys))
        where = [*where, f"({', '.join(map(_name, keys))}) {sign} ({marks})"]
    order = ", ".join(f"{_name(key)} {direction}" for key in keys)
    return _rows(where, [*values, *after], f"{order} LIMIT {limit}")


def count(wanted: Filter, cap: int = COUNT_CAP) -> str:
    """Return how many rows fit, counting no further than a cap."""
    where, values = _where(wanted)
    inner = f"SELECT 1 FROM {_TABLE}{_clause(where)} LIMIT {cap + 1}"  # noqa: S608 — fixed names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({inner}) AS few", values)  # noqa: S608 — fixed names
        return capped(cursor.fetchone()[0], cap)


def tallies(column: str, keys: Sequence[str], cap: int = 99) -> dict[str, dict[str, str]]:
    """Return, for each key of a column, how many arrivals stand at each disposition, capped."""
    if not keys:
        return {}
    one = (
        f"(SELECT COUNT(*) FROM (SELECT 1 FROM {_TABLE} WHERE {_name(column)} = %s"  # noqa: S608 — fixed names
        f" AND disposition = %s LIMIT {cap + 1}) AS few)"
    )
    pairs = [(key, disposition) for key in keys for disposition in DISPOSITIONS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join([one] * len(pairs)), [value for pair in pairs for value in pair]
        )
        found = cursor.fetchone()
    counts: dict[str, dict[str, str]] = {key: {} for key in keys}
    for (key, disposition), number in zip(pairs, found, strict=True):
        counts[key][disposition] = capped(number, cap) if number else ""
    return counts


def _where(wanted: Filter) -> tuple[list[str], list[str | int]]:
    given = wanted.given
    text = given.pop("text", "").replace("\0", " ")
    if given.get("disposition") == "undecided":
        given["disposition"] = ""
    where = [f"{_name(column)} = %s" for column in given]
    values = [_value(column, text) for column, text in given.items()]
    if text:
        prefix = text if text.startswith(_PREFIX) else _PREFIX + text
        where += [f"{_name('arrival')} >= %s", f"{_name('arrival')} < %s"]
        values += [prefix, prefix + _LAST]
    return where, values


def _value(column: str, text: str) -> str | int:
    """Return a filter's text as its column holds it; what no column holds fits no row."""
    if column != "tier":
        return text.replace("\0", " ")
    return int(text) if text in _TIERS else -1


def _rows(where: list[str], values: list[str | int], order: str) -> list[ArrivalRow]:
    names = ", ".join(map(_name, _COLUMNS))
    asked = f"SELECT {names} FROM {_TABLE}{_clause(where)}"  # noqa: S608 — fixed names
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} ORDER BY {order}", values)
        return [ArrivalRow(*row) for row in cursor.fetchall()]


def _clause(where: list[str]) -> str:
    return f" WHERE {' AND '.join(where)}" if where else ""


def _name(column: str) -> str:
    return connection.ops.quote_name(column)
