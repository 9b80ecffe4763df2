"""
How a JSON object becomes a typed fact, driven by the fact's own annotations.

A predicate file declares a frozen dataclass; this file reads it strictly and writes it back.
JSON names are the camelCase of the Python names. Unknown keys are left to the caller, who keeps
the whole object. Does not know any predicate.
"""

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from voltrail.canonical import Json
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import SubjectId
from voltrail.quantities import Quantity
from voltrail.table import Commitment

Reader = Callable[[Json, str], Any]
_MAX_TEXT = 4_000  # [characters] our choice: ADR 0002
_HEX = frozenset("0123456789abcdef")
_DIGEST_DIGITS = 64


class Digest(str):
    """A SHA-256 as 64 lower-case hexadecimal digits."""

    __slots__ = ()


T = typing.TypeVar("T")


def read(cls: type[T], found: Json, where: str) -> T:
    """
    Return the fact of a class in a JSON object.

    Args:
        cls: a frozen dataclass
        found: the object
        where: name of the object in error sentences

    Returns:
        The fact; absent optional fields hold their defaults.

    Raises:
        MalformedError: no object, a required field missing, or a field of the wrong form.

    Source: our choice: ADR 0002.
    """
    if not isinstance(found, dict):
        raise MalformedError(f"{where} is not an object.", hint=f"Give {where} as a JSON object.")
    readers, required = _plan(cls)  # type: ignore[arg-type]  # a class is hashable
    values = {}
    for key, value in found.items():
        known = readers.get(key)
        if known is not None and value is not None:
            values[known[0]] = known[1](value, key)
    if not required <= values.keys():
        missing = camel(min(required - values.keys()))
        raise MalformedError(f"{where} lacks {missing}.", hint=f"Add {missing} to {where}.")
    return cls(**values)


def write(fact: Any) -> dict[str, Json]:  # noqa: ANN401 — any fact dataclass
    """
    Return the JSON object of a fact, leaving absent fields out.

    Args:
        fact: an instance of a predicate's dataclass

    Returns:
        An object that `read` reads back to an equal fact.

    Source: our choice: ADR 0002.
    """
    found = {}
    for field in fields(fact):
        value = getattr(fact, field.name)
        if value is not None and (value != () or _required(field)):
            found[camel(field.name)] = _written(value)
    return found


def instant(text: Json, where: str) -> datetime:
    """
    Return the UTC time in an RFC 3339 text.

    Args:
        text: for example 2026-11-22T08:40:00Z
        where: name of the field in error sentences

    Returns:
        An aware time in UTC.

    Raises:
        MalformedError: not a time, or one without a zone.

    Source: RFC 3339.
    """
    hint = "Write times like 2026-11-22T08:40:00Z."
    if not isinstance(text, str) or len(text) < len("2026-11-22T08:40Z") or text[10] not in "Tt ":
        raise MalformedError(f"{where} is not a time.", hint=hint)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedError(f"{where} is not a time: {text[:40]!r}.", hint=hint) from error
    if found.tzinfo is None:
        raise MalformedError(f"{where} has no time zone.", hint=hint)
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise MalformedError(f"{where} is out of range.", hint=hint) from error


def stamp(at: datetime) -> str:
    """
    Return the RFC 3339 text of a time, in UTC.

    Args:
        at: an aware time

    Returns:
        Text with a Z; microseconds only where there are any.

    Source: RFC 3339.
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@cache
def camel(name: str) -> str:
    """
    Return the JSON name of a Python name.

    Args:
        name: snake_case

    Returns:
        camelCase; a trailing underscore is dropped.

    Source: our choice: ADR 0002.
    """
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


@cache
def _plan(cls: type) -> tuple[dict[str, tuple[str, Reader]], frozenset[str]]:
    hints = typing.get_type_hints(cls)
    readers = {camel(one.name): (one.name, _reader(hints[one.name])) for one in fields(cls)}
    return readers, frozenset(one.name for one in fields(cls) if _required(one))


def _required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _reader(hint: Any) -> Reader:  # noqa: ANN401 — a type annotation
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (item for item in typing.get_args(hint) if item is not type(None))
        return _reader(inner)
    if origin is dict:
        return _object
    if origin is tuple:
        return _many(_reader(typing.get_args(hint)[0]))
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if issubclass(hint, SubjectId):
        return _identity(hint)
    if issubclass(hint, StrEnum):
        return _choice(hint)
    if is_dataclass(hint):
        return lambda value, where: read(hint, value, where)  # type: ignore[arg-type]
    raise TypeError(hint)


def _many(reader: Reader) -> Reader:
    def read_many(value: Json, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise MalformedError(f"{where} is not a list.", hint=f"Put {where} in brackets.")
        if len(value) > MAX_LIST:
            raise MalformedError(
                f"{where} has {len(value):,} items.",
                hint=f"Lists over {MAX_LIST:,} rows travel as a committed table.",
            )
        return tuple(reader(item, where) for item in value)

    return read_many


MAX_LIST = 1_000  # [rows] design: longer lists are committed tables


def _text(value: Json, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT:
        raise MalformedError(
            f"{where} is not a text.", hint=f"Write {where} as 1 to 4,000 letters."
        )
    return value


def _whole(value: Json, where: str) -> int:
    if type(value) is not int or value < 0:
        raise MalformedError(
            f"{where} is not a whole number from zero up.", hint=f"Write {where} in digits."
        )
    return value


def _truth(value: Json, where: str) -> bool:
    if type(value) is not bool:
        raise MalformedError(f"{where} is neither true nor false.", hint="Write true or false.")
    return value


def _day(value: Json, where: str) -> date:
    text = _text(value, where)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MalformedError(
            f"{where} is not a date: {text[:40]!r}.", hint="Write dates like 2026-11-22."
        ) from error


def _digest(value: Json, where: str) -> Digest:
    text = _text(value, where)
    if len(text) != _DIGEST_DIGITS or not _HEX.issuperset(text):
        raise MalformedError(
            f"{where} is not a SHA-256.", hint="Write 64 lower-case hexadecimal digits."
        )
    return Digest(text)


def _object(value: Json, where: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise MalformedError(f"{where} is not an object.", hint=f"Give {where} in braces.")
    return value


def _identity(cls: type[SubjectId]) -> Reader:
    def read_identity(value: Json, where: str) -> SubjectId:
        found = ids.parse(_text(value, where))
        if not isinstance(found, cls):
            raise MalformedError(f"{where} names {found}.", hint=f"Name a {cls.__name__} there.")
        return found

    return read_identity


def _choice(cls: type[StrEnum]) -> Reader:
    def read_choice(value: Json, where: str) -> StrEnum:
        try:
            return cls(_text(value, where))
        except ValueError as error:
            known = ", ".join(cls)
            raise MalformedError(f"{where} is {value!r}.", hint=f"Choose: {known}.") from error

    return read_choice


def _commitment(value: Json, where: str) -> Commitment:
    found = _object(value, where)
    columns = _many(_text)(found.get("columns"), f"{where}.columns")
    rows = _whole(found.get("rows"), f"{where}.rows")
    digests = [_digest(found.get(name), f"{where}.{name}") for name in ("sha256", "root")]
    return Commitment(columns, rows, *digests)


_SIMPLE: dict[Any, Reader] = {
    str: _text,
    int: _whole,
    bool: _truth,
    date: _day,
    datetime: instant,
    Digest: _digest,
    Quantity: lambda value, where: Quantity.parse(value),  # noqa: ARG005
    Commitment: _commitment,
}


def _written(value: Any) -> Json:  # noqa: ANN401 — any field value
    if isinstance(value, (tuple, list)):
        return [_written(item) for item in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Quantity):
        return value.to_json()
    if is_dataclass(value):
        return write(value)
    if isinstance(value, str):
        return str(value)
    return value  # type: ignore[no-any-return]
