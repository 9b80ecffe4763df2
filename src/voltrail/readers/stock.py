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
from voltrail.readers.contract import Draft, Field, Reader, Setting, Sheet, Wrong
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
    nothing = [None] * len(sheet.rows)
    columns = [_texts(name, values.get(name, nothing)) for name in COLUMNS]
    firsts: dict[tuple[str, str], int] = {}
    makers, serials = columns[:2]
    if len(set(zip(makers, serials, strict=True))) < len(serials):
        for at, pair in enumerate(zip(makers, serials, strict=True)):
            first = firsts.setdefault(pair, at)
            if first != at and all(pair):
                faults.setdefault(at, rows.twice(sheet.numbers[first]))
    made = list(map(",".join, zip(*columns, strict=True)))
    if not faults:
        return made, sheet.numbers, rows.wrong_rows(sheet, faults)
    kept = [at for at in range(len(made)) if at not in faults]
    return (
        [made[at] for at in kept],
        [sheet.numbers[at] for at in kept],
        rows.wrong_rows(sheet, faults),
    )


def _texts(name: str, values: Sequence[Any]) -> Sequence[str]:
    """Return the cells of one column; each different value is written once."""
    write = _WRITTEN.get(name)
    if write is None:
        return ["" if value is None else value for value in values] if None in values else values
    found = {value: "" if value is None else write(value) for value in set(values)}
    return [found[value] for value in values]


def _key(value: Any) -> str:  # noqa: ANN401 — an identity
    return str(value.key)


def _maker(cell: str, setting: Setting) -> str:
    return str(cells.party(cell, setting).key)


_WRITTEN: dict[str, Any] = {
    "level": str,
    "place": _key,
    "product": _key,
    "since": lambda value: value.date().isoformat(),
}


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
        Field("maker", "Maker", _maker, needed=True, example=("kestrel", "kestrel")),
        Field(
            "serial", "Serial number", cells.key, needed=True, form=PART,
            example=("K26-000101", "K26-000102"),
        ),
        Field(
            "level", "Level", cells.choice(Level), fallback="pack", telling=True,
            example=("pack", "pack"),
        ),
        Field("lot", "Lot", cells.key, form=PART, example=("L24-17", "L24-17")),
        Field("place", "Place", cells.place, needed=True, example=("hall-7", "hall-7")),
        Field("product", "Product", cells.product, example=("KP-24", "KP-24")),
        Field(
            "since", "In service since", numbers.day, telling=True,
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
