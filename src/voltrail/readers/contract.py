"""
What a reader of lists is: its fields, how each text becomes a value, how a row becomes a fact.

A draft is what one row would state. Nobody has signed it, and nothing is on record because of it.
Knows no file format and no store.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from voltrail.ids.subject import PartyId, SubjectId


class Wrong(Struct, frozen=True):
    """A row that cannot be used: its number as a spreadsheet counts, why, and what to do."""

    number: int
    sentence: str
    hint: str
    cells: tuple[str, ...] = ()


class Sheet(Struct, frozen=True):
    """A header and rows of its width, their numbers, rows that could not be read, and remarks."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    wrong: tuple[Wrong, ...] = ()
    remarks: tuple[str, ...] = ()


class Source(Struct, frozen=True):
    """Where a field comes from: a column of the file, or one value for every row."""

    column: int | None = None
    value: str = ""


class Setting(Struct, frozen=True):
    """
    What a file cannot say of itself: whose register, what is on record, how dates and numbers read.

    `day_first` and `comma` are None where nobody said; `known` holds, by kind of subject, the
    identity for each name and key in small letters, and is None where nothing is looked up.
    """

    operator: PartyId
    day_first: bool | None = None
    comma: bool | None = None
    known: Mapping[str, Mapping[str, str]] | None = None


Converter = Callable[[str, Setting], Any]


class Field(Struct, frozen=True):
    """
    A field of a list: its name, what it is called, how its text is read, whether it is needed.

    `telling` says that a column can be told by its values; `form` that each text fitting a pattern
    is its own value; `fallback` what an empty cell stands for, `blank` its value where nothing is;
    `days` that a cell may be a day which reads in two ways.
    """

    name: str
    title: str
    read: Converter
    needed: bool = False
    example: tuple[str, str] = ("", "")
    fallback: str = ""
    telling: bool = False
    form: str = ""
    blank: Any = None
    days: bool = False


class Draft(Struct, frozen=True):
    """What one row would state: about which subject, with which fields given."""

    number: int
    subject: SubjectId | str
    fact: Any
    given: frozenset[str] = frozenset()


class Reader(Struct, frozen=True):
    """A kind of list: its fields, and how the values of a row become a draft."""

    name: str
    title: str
    fields: tuple[Field, ...]
    draft: Callable[[int, Mapping[str, Any], Setting], Draft]
    after: str = ""


class Rows(Struct, frozen=True):
    """Every row of a file: drafts, and rows that are wrong, each by its number."""

    drafts: Sequence[Draft]
    wrong: Sequence[Wrong]
