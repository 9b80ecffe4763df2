"""
The conformance kit of readers: what every reader owes, of a list or of a foreign format.

Raises AssertionError, so that a test suite calls it as it stands.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from voltrail.errors import MalformedError
from voltrail.readers import registry, rows, sheet
from voltrail.readers.contract import Reader, Setting
from voltrail.readers.foreign import Format, plain
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
_HOSTILE_FILES = (
    *_HOSTILE,
    b"{",
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"a": NaN}',
    b'{"a": 1e999999999}',
    b'{"a": ' + b"9" * 10_000 + b"}",
    b'{"a": 1, "a": 2}',
    b'{"a": "\\u0000"}',
    b'{"a": "\\ud800"}',
    b"[" + b"0," * 200_000 + b"0]",
    b"<a>" * 1_000,
    b"<a><b></a>",
    b"<?xml version='1.0' encoding='x-none'?><a/>",
    b"<!DOCTYPE a [<!ENTITY b 'cc'>]><a>&b;&b;</a>",
)
_ODD: tuple[Any, ...] = (None, [], {}, "", "x", 0, -1, True, Decimal("1.5"), [None], {"": None})
_MOST_PLACES = 400  # of an example, each of which is spoiled in every way


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


def format_conforms(form: Format, data: bytes) -> None:
    """
    Check that a foreign format keeps the contract, from one file of it.

    Args:
        form: the format
        data: a small file that it reads

    Source: design, section 5.2.
    """
    found = registry.opened(data)
    _need(form.fits(found), "its own example is not told")
    first = form.read(found)
    _need(first == form.read(registry.opened(data)), "it reads the same bytes in two ways")
    _need(bool(first.drafts), "its own example gives nothing")
    _need(all(one.digest == found.digest for one in first.drafts), "a draft names another file")
    for draft in first.drafts:
        _need(isinstance(draft.said, msgspec.Struct), "a draft is not typed")
        msgspec.json.encode(draft, enc_hook=plain)
    for spoiled in (*_HOSTILE_FILES, data[: len(data) // 2], data + b"}", b"\0" + data):
        _refuses_plainly(form, spoiled)
    if found.kind == "json":
        for spoiled in _spoiled(found.value):
            _refuses_plainly(form, spoiled)


def _refuses_plainly(form: Format, data: bytes) -> None:
    try:
        form.read(registry.opened(data))
    except MalformedError as error:
        _need(bool(error.hint), f"a refusal says what to do: {error}")


def _spoiled(value: Any) -> Iterator[bytes]:  # noqa: ANN401 — any JSON value
    """Yield files in which one place of a document holds something odd, or nothing."""
    places = list(_places(value))
    for holder, key in places[:: max(1, len(places) // _MOST_PLACES)]:
        kept = holder[key]
        for odd in _ODD:
            holder[key] = odd
            yield _written(value)
        holder[key] = kept


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 — any JSON value
    waiting = [value]
    while waiting:
        one = waiting.pop()
        for key in list(one) if isinstance(one, dict) else range(len(one)):
            yield one, key
            if isinstance(one[key], dict | list):
                waiting.append(one[key])


def _written(value: Any) -> bytes:  # noqa: ANN401 — any JSON value
    return json.dumps(value, default=float).encode()


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
