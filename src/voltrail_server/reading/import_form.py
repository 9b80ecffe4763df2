"""What somebody chose for the columns of a list, as its form says it; and the form shown again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError
from voltrail.readers import registry
from voltrail.readers.contract import Sheet

_SHOWN = 3  # [values] of a column shown beside its name
_READ = {"yes": True, "no": False}
_LONGEST = 400  # [letters] of a value for every row


@dataclass(frozen=True, slots=True)
class Choice:
    """One field: what is chosen for it, and a value for every row."""

    name: str
    title: str
    needed: bool
    fallback: str
    column: str
    value: str
    example: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file, and the first values in it."""

    place: str
    title: str
    values: str


def chosen(kind: str, form: Mapping[str, str], columns: int) -> dict[str, dict[str, Any]]:
    """Return where each field comes from, as the form says."""
    found: dict[str, dict[str, Any]] = {}
    for field in registry.reader(kind).fields:
        column = form.get(f"column-{field.name}", "").strip()
        value = form.get(f"value-{field.name}", "").strip()[:_LONGEST]
        if column:
            found[field.name] = {"column": _place(column, columns)}
        elif value:
            found[field.name] = {"value": value}
    return found


def reads(form: Mapping[str, str], *, fixed: bool) -> dict[str, Any]:
    """Return how days and numbers read, and the name to save the mapping under."""
    comma = None if fixed else _READ.get(form.get("comma", ""))
    return {
        "day_first": _READ.get(form.get("day-first", "")),
        "comma": False if fixed else comma,
        "name": form.get("name", "").strip(),
    }


def choices(kind: str, sources: Mapping[str, Mapping[str, Any]]) -> list[Choice]:
    """Return each field of a kind with what is chosen for it."""
    found = []
    for field in registry.reader(kind).fields:
        one = sources.get(field.name, {})
        column = one.get("column")
        found.append(
            Choice(
                field.name,
                field.title,
                field.needed,
                field.fallback,
                "" if column is None else str(column),
                str(one.get("value", "")),
                next((each for each in field.example if each), ""),
            )
        )
    return found


def columns(sheet: Sheet) -> list[Column]:
    """Return the columns of a file with the first values in each."""
    found = []
    for at, title in enumerate(sheet.columns):
        first = dict.fromkeys(row[at].strip()[:40] for row in sheet.rows[:20])
        values = ", ".join([one for one in first if one][:_SHOWN])
        found.append(Column(str(at), title, values))
    return found


def _place(text: str, columns: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < columns):  # noqa: PLR2004 — digits
        raise MalformedError(
            _("The list has no column %(text)s.") % {"text": f"{text[:20]!r}"},
            hint="Choose one of its own.",
        )
    return int(text)
