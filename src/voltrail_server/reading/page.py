"""One page of a list, and the cursor to the next. Knows no table."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from voltrail.errors import MalformedError

PER_PAGE = 50  # [rows]
COUNT_CAP = 500  # [rows] a count stops here, so that its cost does not grow with the table


@dataclass(frozen=True, slots=True)
class Page:
    """Items, the cursor to the next page or nothing, and a count that says when it stopped."""

    items: tuple[Any, ...]
    next_cursor: str
    total: str


EMPTY = Page((), "", "0")


def cut(rows: list[Any], key: Any, total: str = "") -> Page:  # noqa: ANN401 — a key function
    """Return the page of at most one row more than fits; `key` gives a row's cursor values."""
    more = len(rows) > PER_PAGE
    shown = tuple(rows[:PER_PAGE])
    return Page(shown, write_cursor(key(shown[-1])) if more else "", total)


def capped(count: int, cap: int = COUNT_CAP) -> str:
    """Return a count in words, with a plus where counting stopped."""
    return f"{cap:,}+" if count > cap else f"{count:,}"


def write_cursor(values: list[Any]) -> str:
    """Return the cursor that carries a row's sort values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_cursor(cursor: str, length: int) -> list[str]:
    """Return the sort values in a cursor, all texts, or nothing for the first page."""
    found = _read(cursor, length)
    if not all(isinstance(value, str) and value.isprintable() for value in found):
        raise not_a_cursor()
    return found


def read_number(cursor: str) -> int | None:
    """Return the whole number in a cursor, or nothing for the first page."""
    found = _read(cursor, 1)
    if found and type(found[0]) is not int:
        raise not_a_cursor()
    return found[0] if found else None


def _read(cursor: str, length: int) -> list[Any]:
    if not cursor:
        return []
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise not_a_cursor() from error
    if not isinstance(found, list) or len(found) != length:
        raise not_a_cursor()
    return found


def not_a_cursor() -> MalformedError:
    """Return the refusal of a cursor that no page gave."""
    return MalformedError("The page mark in the address is damaged.", hint="Start at page one.")
