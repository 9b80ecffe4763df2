"""
Which column is what, and what each row becomes: the same way for every kind of list.

Columns are converted one by one, each text once, so that a list of a hundred thousand rows costs
little more than its different texts. A row with any fault is wrong and makes no draft.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from operator import itemgetter
from typing import Any

from voltrail.errors import MalformedError
from voltrail.readers import numbers
from voltrail.readers.contract import Draft, Field, Reader, Rows, Setting, Sheet, Source, Wrong

_SAMPLE = 50  # [rows] from whose values a column is told
_ENOUGH = 0.9  # share of them that must read as the field
_UNIT = re.compile(r"[\[(].*?[\])]")
_PLAIN = re.compile(r"[^0-9a-zäöüß]+")

Sources = Mapping[str, Source]


def guess(sheet: Sheet, reader: Reader, setting: Setting) -> dict[str, Source]:
    """
    Return which column seems to be which field, by its header, then by its values.

    Args:
        sheet: the list
        reader: the kind of list
        setting: what is on record

    Returns:
        A source for each field that was told; a person looks at it before it counts.

    Source: our choice: ADR 0021.
    """
    found: dict[str, Source] = {}
    free = dict(enumerate(map(_flat, sheet.columns)))
    words = _headers(reader.name)
    for field in reader.fields:
        named = {_flat(field.name), _flat(field.title), *words.get(field.name, ())}
        at = next((at for at, name in free.items() if name in named), None)
        if at is not None:
            found[field.name] = Source(at)
            del free[at]
    for field in reader.fields:
        if field.telling and field.name not in found:
            at = next((at for at in free if _looks_like(sheet, at, field, setting)), None)
            if at is not None:
                found[field.name] = Source(at)
                del free[at]
    return found


def read(sheet: Sheet, reader: Reader, sources: Sources, setting: Setting) -> Rows:
    """
    Return what each row of a list would state, and the rows that are wrong.

    Args:
        sheet: the list
        reader: the kind of list
        sources: where each field comes from
        setting: what the file cannot say of itself

    Returns:
        Drafts and wrong rows, each by number.

    Raises:
        MalformedError: a needed field has no source, or a source names no column.

    Source: our choice: ADR 0021.
    """
    values, faults = converted(sheet, reader, sources, setting)
    names = list(values)
    drafts: list[Draft] = []
    seen: dict[str, int] = {}
    for at, row in enumerate(zip(*values.values(), strict=True)):
        if at in faults:
            continue
        given = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        number = sheet.numbers[at]
        try:
            draft = reader.draft(number, given, setting)
        except MalformedError as error:
            faults[at] = error
            continue
        first = seen.setdefault(str(draft.subject), number)
        if first != number:
            faults[at] = twice(first)
            continue
        drafts.append(draft)
    return Rows(drafts, wrong_rows(sheet, faults))


def converted(
    sheet: Sheet, reader: Reader, sources: Sources, setting: Setting
) -> tuple[dict[str, Sequence[Any]], dict[int, MalformedError]]:
    """
    Return the values of each field, column by column, and the first fault of each wrong row.

    Args:
        sheet: the list
        reader: the kind of list
        sources: where each field comes from
        setting: what the file cannot say of itself

    Returns:
        Field → values, None where nothing is given; place of a row → what is wrong with it.

    Raises:
        MalformedError: a needed field has no source, or a source names no column.

    Source: our choice: ADR 0021.
    """
    _need_sources(sheet, reader, sources)
    values: dict[str, Sequence[Any]] = {}
    faults: dict[int, MalformedError] = {}
    for field in reader.fields:
        source = sources.get(field.name)
        if source is None and not field.fallback:
            continue
        if source is None or source.column is None:
            texts: Sequence[str] = [source.value if source else ""] * len(sheet.rows)
        else:
            texts = list(map(itemgetter(source.column), sheet.rows))
        values[field.name] = _column(texts, field, setting, faults)
    return values, faults


def twice(first: int) -> MalformedError:
    """
    Return the fault of a row that repeats what an earlier row names.

    Args:
        first: number of the earlier row

    Returns:
        An error to keep, not to raise.

    Source: our choice: ADR 0021.
    """
    return MalformedError(f"Row {first} already names the same.", hint="Keep one of the two rows.")


def wrong_rows(sheet: Sheet, faults: Mapping[int, MalformedError]) -> list[Wrong]:
    """
    Return the rows with faults as people are shown them, in the file's order.

    Args:
        sheet: the list
        faults: place of a row → what is wrong with it

    Returns:
        Wrong rows, those that could not be read at all included.

    Source: our choice: ADR 0021.
    """
    found = [
        Wrong(sheet.numbers[at], str(error), error.hint, tuple(sheet.rows[at]))
        for at, error in faults.items()
    ]
    return sorted([*sheet.wrong, *found], key=lambda one: one.number)


def ambiguous_days(sheet: Sheet, reader: Reader, sources: Sources) -> bool:
    """
    Return whether a list has days that can be read in two ways, so that somebody must say which.

    Args:
        sheet: the list
        reader: the kind of list
        sources: where each field comes from

    Returns:
        True where no day in the column settles it.

    Source: our choice: ADR 0021.
    """
    for field in reader.fields:
        source = sources.get(field.name)
        if field.days and source is not None and source.column is not None:
            texts = {row[source.column].strip() for row in sheet.rows}
            if any(map(numbers.is_ambiguous, texts)):
                return True
    return False


def _need_sources(sheet: Sheet, reader: Reader, sources: Sources) -> None:
    for field in reader.fields:
        source = sources.get(field.name)
        if source is None:
            if field.needed and not field.fallback:
                raise MalformedError(
                    f"No column is chosen for {field.title}.",
                    hint="Choose one, or give one value for every row.",
                )
        elif source.column is not None and not 0 <= source.column < len(sheet.columns):
            raise MalformedError(
                f"The list has no column {source.column + 1} for {field.title}.",
                hint=f"Choose one of its {len(sheet.columns)} columns.",
            )


def _column(
    texts: Sequence[str], field: Field, setting: Setting, faults: dict[int, MalformedError]
) -> Sequence[Any]:
    """Return a column's values; each different text is read once."""
    if field.form and texts and re.fullmatch(f"(?:{field.form}\n)*", "\n".join([*texts, ""])):
        return texts
    found: dict[str, Any] = {}
    bad: dict[str, MalformedError] = {}
    for text in set(texts):
        try:
            found[text] = _value(text.strip(), field, setting)
        except MalformedError as error:
            found[text], bad[text] = field.blank, _about(field, error)
    if bad:
        for at, text in enumerate(texts):
            if text in bad:
                faults.setdefault(at, bad[text])
    return list(map(found.__getitem__, texts))


def _value(text: str, field: Field, setting: Setting) -> Any:  # noqa: ANN401 — by the field
    text = text or field.fallback
    if text:
        return field.read(text, setting)
    if field.needed:
        raise MalformedError("nothing is given.", hint=f"Fill in {field.title}.")
    return field.blank


def _about(field: Field, error: MalformedError) -> MalformedError:
    return MalformedError(f"{field.title}: {error}", hint=error.hint)


def _looks_like(sheet: Sheet, at: int, field: Field, setting: Setting) -> bool:
    texts = [row[at].strip() for row in sheet.rows[:_SAMPLE] if row[at].strip()]
    return bool(texts) and sum(_reads(text, field, setting) for text in texts) >= _ENOUGH * len(
        texts
    )


def _reads(text: str, field: Field, setting: Setting) -> bool:
    try:
        field.read(text, setting)
    except MalformedError:
        return field.days and numbers.is_ambiguous(text)
    return True


def _flat(name: str) -> str:
    """Return a header without case, units and signs."""
    return _PLAIN.sub("", _UNIT.sub("", name.casefold()))


@cache
def _headers(kind: str) -> dict[str, frozenset[str]]:
    """Return the words that head a column, by field."""
    found: dict[str, set[str]] = {}
    for row in _table():
        if row["kind"] == kind:
            found.setdefault(row["field"], set()).add(_flat(row["word"]))
    return {name: frozenset(words) for name, words in found.items()}


def _table() -> Iterator[dict[str, str]]:
    page = resources.files("voltrail.catalogue") / "tables" / "import_headers.csv"
    yield from csv.DictReader(page.read_text(encoding="utf-8").splitlines())
