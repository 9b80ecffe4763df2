"""
The conformance kit of readers: what every reader of a list owes, checked the same way.

Raises AssertionError, so that a test suite calls it as it stands.
"""

from voltrail.errors import MalformedError
from voltrail.readers import rows, sheet
from voltrail.readers.contract import Reader, Setting
from voltrail.readers.registry import example

_HOSTILE = (
    b"",
    b"\n\n",
    b"\0" * 64,
    b'"',
    b"\xff\xfe\x00",
    b"a,b\n" * 3,
    b"\x81\x8d\x8f",
    b",,,\n",
)


def conforms(reader: Reader, setting: Setting) -> None:
    """
    Check that a reader keeps the contract.

    Args:
        reader: the reader
        setting: what its example needs on record

    Source: design, section 5.2.
    """
    found = sheet.read(example(reader))
    sources = rows.guess(found, reader, setting)
    missing = [one.name for one in reader.fields if one.name not in sources]
    _need(not missing, f"its own example is not told: {missing}")
    first = rows.read(found, reader, sources, setting)
    _need(not first.wrong, f"its own example is wrong: {first.wrong}")
    _need(len(first.drafts) == len(found.rows), "a row of its example was dropped")
    again = rows.read(found, reader, sources, setting)
    _need(first == again, "it reads the same bytes in two ways")
    for data in _HOSTILE:
        _survives(reader, data, setting)


def accounts_for_every_row(reader: Reader, data: bytes, setting: Setting) -> None:
    """
    Check that each row of a list becomes a draft or is listed as wrong.

    Args:
        reader: the reader
        data: any bytes
        setting: what is on record

    Source: design, section 5.2: nothing is silently dropped.
    """
    try:
        found = sheet.read(data)
        read = rows.read(found, reader, rows.guess(found, reader, setting), setting)
    except MalformedError as error:
        _need(bool(error.hint), "a refusal says what to do")
        return
    told = sorted([*(one.number for one in read.drafts), *(one.number for one in read.wrong)])
    read_rows = sorted([*found.numbers, *(one.number for one in found.wrong)])
    _need(told == read_rows, "a row was dropped, or told twice")


def _survives(reader: Reader, data: bytes, setting: Setting) -> None:
    accounts_for_every_row(reader, data, setting)


def _need(held: bool, otherwise: str) -> None:  # noqa: FBT001 — the condition itself
    if not held:
        raise AssertionError(otherwise)
