"""
What is in service already, and the operator's people: lists whose rows are no statements alone.

A unit's row becomes one line of a committed table, so that one statement covers the whole list. A
person's row becomes an account and never enters the register.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from voltrail.errors import MalformedError
from voltrail.ids.subject import PART, UnitId
from voltrail.readers import cells, numbers, rows
from voltrail.readers.contract import Converter, Draft, Field, Reader, Setting, Sheet, Wrong
from voltrail.statements.stock import COLUMNS
from voltrail.statements.unit import Level

Given = Mapping[str, Any]


class Function(StrEnum):
    """What a person does, in the words of a list."""

    PROCUREMENT = "procurement"
    QUALITY = "quality"
    FACILITIES = "facilities"
    OT = "ot"
    IT = "it"
    SECURITY = "security"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


def lines(
    sheet: Sheet, sources: rows.Sources, setting: Setting
) -> tuple[Sequence[str], Sequence[int], Sequence[Wrong]]:
    """
    Return the table lines that a list of stock makes, their row numbers, and the wrong rows.

    Args:
        sheet: the list
        sources: where each field comes from
        setting: what the file cannot say of itself

    Returns:
        Lines in the order of the file, each with the columns of `statements.stock`.

    Raises:
        MalformedError: a needed field has no source, or a source names no column.

    Source: design, section 7, committed table.
    """
    values, faults = rows.converted(sheet, STOCK, sources, setting)
    nothing = [""] * len(sheet.rows)
    columns = [values.get(name, nothing) for name in COLUMNS]
    _need_each_once(sheet, columns[0], columns[1], faults)
    made = list(map(",".join, zip(*columns, strict=True)))
    wrong = rows.wrong_rows(sheet, faults)
    if not faults:
        return made, sheet.numbers, wrong
    kept = [at for at in range(len(made)) if at not in faults]
    return [made[at] for at in kept], [sheet.numbers[at] for at in kept], wrong


def _need_each_once(
    sheet: Sheet,
    makers: Sequence[str],
    serials: Sequence[str],
    faults: dict[int, MalformedError],
) -> None:
    """Find fault with each unit that an earlier row names."""
    one_maker = len(set(makers)) <= 1
    units = set(serials) if one_maker else set(zip(makers, serials, strict=True))
    if len(units) == len(serials):
        return
    firsts: dict[tuple[str, str], int] = {}
    for at, pair in enumerate(zip(makers, serials, strict=True)):
        first = firsts.setdefault(pair, at)
        if first != at and all(pair):
            faults.setdefault(at, rows.twice(sheet.numbers[first]))


def _key(read: Converter) -> Converter:
    """Return how an identity is read as its key, which is what a table holds."""

    def key(cell: str, setting: Setting) -> str:
        return str(read(cell, setting).key)

    return key


def _level(cell: str, setting: Setting) -> str:
    return str(_LEVEL(cell, setting))


def _since(cell: str, setting: Setting) -> str:
    return str(numbers.day(cell, setting).date().isoformat())


_LEVEL = cells.choice(Level)


def _unit(number: int, given: Given, _: Setting) -> Draft:
    about = UnitId.of(given["maker"], given["serial"])
    return Draft(number, about, dict(given))


def _username(cell: str, _: Setting) -> str:
    name = cell.partition("@")[0].strip().lower()
    if not name or not all(one.isalnum() or one in "._-" for one in name) or len(name) > _MOST:
        raise MalformedError(
            f"{cell[:40]!r} is no name to log in with.", hint="Use letters a to z."
        )
    return name


_MOST = 64  # [letters] of a name to log in with


def _person(number: int, given: Given, _: Setting) -> Draft:
    return Draft(number, given["username"], dict(given), frozenset(given))


STOCK = Reader(
    "stock",
    "Existing stock",
    (
        Field(
            "maker", "Maker", _key(cells.party), needed=True, blank="",
            example=("kestrel", "kestrel"),
        ),
        Field(
            "serial", "Serial number", cells.key, needed=True, form=PART, blank="",
            example=("K26-000101", "K26-000102"),
        ),
        Field(
            "level", "Level", _level, fallback="pack", telling=True, blank="",
            example=("pack", "pack"),
        ),
        Field("lot", "Lot", cells.key, form=PART, blank="", example=("L24-17", "L24-17")),
        Field(
            "place", "Place", _key(cells.place), needed=True, blank="",
            example=("hall-7", "hall-7"),
        ),
        Field("product", "Product", _key(cells.product), blank="", example=("KP-24", "KP-24")),
        Field(
            "since", "In service since", _since, telling=True, days=True, blank="",
            example=("2024-05-17", "2024-05-17"),
        ),
    ),
    _unit,
    after="suppliers, places and products",
)  # fmt: skip
PEOPLE = Reader(
    "people",
    "People",
    (
        Field("username", "Name to log in with", _username, needed=True, example=("meret", "otto")),
        Field("name", "Full name", cells.text, needed=True, example=("Meret Ahl", "Otto Brandt")),
        Field(
            "function", "Function", cells.choice(Function), needed=True, telling=True,
            example=("quality", "procurement"),
        ),
    ),
    _person,
)  # fmt: skip
