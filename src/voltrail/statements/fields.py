"""
How a JSON object becomes a typed fact, driven by the fact's own annotations.

A predicate file declares its facts as `Fact` with the types of this file; msgspec reads and writes
them. JSON names are the camelCase of the Python names; absent fields are left out. Unknown keys are
left to the caller, who keeps the whole object. Does not know any predicate.
"""

import re
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import EnumMeta
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, ValidationError, structs

from voltrail.canonical import MAX_INTEGER, Json
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.quantities import Quantity

MAX_LIST = 1_000  # [rows] design: longer lists are committed tables
_MAX_TEXT = 4_000  # [characters] our choice: ADR 0002
_DIGEST = re.compile("[0-9a-f]{64}")

T = TypeVar("T")
F = TypeVar("F", bound=Struct)

Text = Annotated[str, Meta(min_length=1, max_length=_MAX_TEXT)]  # and not blank: `read` looks
Serial = Annotated[str, Meta(pattern=rf"^{ids.PART}\Z")]  # it becomes a part of a unit's identity
Whole = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Instant = Annotated[datetime, Meta(tz=True)]
Many = Annotated[tuple[T, ...], Meta(max_length=MAX_LIST)]


class Digest(str):
    """A SHA-256 as 64 lower-case hexadecimal digits."""

    __slots__ = ()


class Fact(Struct, frozen=True, rename="camel", omit_defaults=True, gc=False):
    """A value that can be stated, or a part of one."""


def read(cls: type[F], found: Json, where: str) -> F:
    """
    Return the fact of a class in a JSON object.

    Args:
        cls: a `Fact`
        found: the object
        where: name of the object in error sentences

    Returns:
        The fact; absent optional fields hold their defaults.

    Raises:
        MalformedError: no object, a required field missing, or a field of the wrong form.

    Source: our choice: ADR 0002, ADR 0015.
    """
    try:
        fact = msgspec.convert(found, cls, dec_hook=from_json)
    except ValidationError as error:
        raise _explained(str(error), cls, where) from error
    late = next(_elsewhere(fact), None)
    if late is not None:
        raise MalformedError(f"{camel(late)} is not in UTC.", hint=_TIME_HINT)
    blank = next(_blanks(fact), None)
    if blank is not None:
        raise MalformedError(f"{camel(blank)} is blank.", hint="Write it as 1 to 4,000 letters.")
    return fact


def write(fact: Any) -> dict[str, Json]:  # noqa: ANN401 — any fact
    """
    Return the JSON object of a fact, leaving absent fields out.

    Args:
        fact: an instance of a `Fact`

    Returns:
        An object that `read` reads back to an equal fact.

    Source: our choice: ADR 0002.
    """
    found: dict[str, Json] = msgspec.json.decode(msgspec.json.encode(fact, enc_hook=to_json))
    return found


def may_be_blank(payload: bytes) -> bool:
    """
    Return whether any text in canonical bytes may be nothing but white space.

    Args:
        payload: canonical JSON

    Returns:
        False where no text begins with a space, and none holds an escape or more than ASCII.

    Source: our choice: ADR 0015.
    """
    if not payload.isascii() or b"\\" in payload:
        return True
    return b" " in payload and b'" ' in payload


def in_utc(fact: Struct) -> bool:
    """
    Return whether every time in a fact is in UTC.

    Args:
        fact: as read

    Returns:
        False where any time has another zone.

    Source: our choice: ADR 0002.
    """
    for name, inside in _times(type(fact)):
        value = getattr(fact, name)
        if inside and value is not None:
            if not all(map(in_utc, value if isinstance(value, tuple) else (value,))):
                return False
        elif isinstance(value, datetime) and value.tzinfo is not UTC:
            return False
    return True


@cache
def holds_objects(cls: type[Struct]) -> bool:
    """
    Return whether a fact holds objects without types, whose values must be looked at one by one.

    Args:
        cls: a `Fact`

    Returns:
        True where a field, at any depth, is a plain object.

    Source: our choice: ADR 0015.
    """
    return any(
        _holds_objects(hint) for hint in typing.get_type_hints(cls, include_extras=True).values()
    )


def instant(text: Json, where: str) -> datetime:
    """
    Return the UTC time in an RFC 3339 text.

    Args:
        text: for example 2026-11-22T08:40:00Z
        where: name of the field in error sentences

    Returns:
        An aware time in UTC.

    Raises:
        MalformedError: not a time, or one in another zone than UTC.

    Source: RFC 3339; UTC only: ADR 0002.
    """
    try:
        found = msgspec.convert(text, Instant, dec_hook=from_json)
    except ValidationError as error:
        raise MalformedError(f"{where} is not a time: {text!r:.40}.", hint=_TIME_HINT) from error
    if found.tzinfo is not UTC:
        raise MalformedError(f"{where} is not in UTC.", hint=_TIME_HINT)
    return found


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


def from_json(kind: type, value: Any) -> Any:  # noqa: ANN401 — any JSON value
    """
    Return the identity, digest or quantity in a JSON value: what msgspec itself does not know.

    Args:
        kind: the annotated class
        value: as read

    Returns:
        An instance of the class.

    Raises:
        MalformedError: the value has not the form of the class.

    Source: our choice: ADR 0002, ADR 0003.
    """
    if kind is Quantity:
        return Quantity.parse(value)
    if type(value) is not str:
        raise MalformedError(f"{value!r:.60} is not a text.", hint="Write it in quotes.")
    if kind is Digest:
        if _DIGEST.fullmatch(value) is None:
            raise MalformedError(
                f"{value!r:.80} is not a SHA-256.", hint="Write 64 lower-case hexadecimal digits."
            )
        return Digest(value)
    found = ids.parse(value)
    if not isinstance(found, kind):
        raise MalformedError(f"{found} stands in the wrong place.", hint=f"Name a {kind.__name__}.")
    return found


def to_json(value: Any) -> Any:  # noqa: ANN401 — any value msgspec does not know
    """
    Return the JSON value of an identity, digest or quantity.

    Args:
        value: an instance of one of our classes

    Returns:
        Text, or the object of a quantity.

    Raises:
        MalformedError: a value that no statement can hold.

    Source: our choice: ADR 0002.
    """
    if isinstance(value, Quantity):
        return value.to_json()
    if isinstance(value, str):
        return str(value)
    raise MalformedError(
        f"A {type(value).__name__} has no place in a statement.", hint="Write it as text."
    )


def _elsewhere(fact: Struct) -> Iterator[str]:
    """Yield the names of fields whose time is not in UTC."""
    for name, inside in _times(type(fact)):
        value = getattr(fact, name)
        if value is None:
            continue
        if isinstance(value, datetime):
            if value.tzinfo is not UTC:
                yield name
        elif inside:
            for item in value if isinstance(value, tuple) else (value,):
                yield from _elsewhere(item)


def _blanks(fact: Struct) -> Iterator[str]:
    """Yield the names of fields whose text is blank."""
    for field in fact.__struct_fields__:
        value = getattr(fact, field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Struct):
                yield from _blanks(item)
            elif type(item) is str and not item.strip():
                yield field


@cache
def _times(cls: type[Struct]) -> tuple[tuple[str, bool], ...]:
    """Return the fields that hold times, and whether the times stand inside another fact."""
    hints = typing.get_type_hints(cls)
    inner = {name: _plain(hint) for name, hint in hints.items() if name in cls.__struct_fields__}
    return tuple(
        (name, kind is not datetime)
        for name, kind in inner.items()
        if kind is datetime or (_is_fact(kind) and _times(kind))
    )


def _holds_objects(hint: Any) -> bool:  # noqa: ANN401 — a type annotation
    if hint is Any or hint is dict or typing.get_origin(hint) is dict:
        return True
    if _is_fact(hint):
        return holds_objects(hint)
    return any(_holds_objects(inner) for inner in typing.get_args(hint))


def _is_fact(kind: Any) -> bool:  # noqa: ANN401 — a type annotation
    return isinstance(kind, type) and issubclass(kind, Struct)


def _plain(hint: Any) -> Any:  # noqa: ANN401 — a type annotation
    """Return the class inside a hint, without None, list and limits."""
    for inner in typing.get_args(hint):
        if inner is not type(None) and not isinstance(inner, Meta) and inner is not Ellipsis:
            return _plain(inner)
    return hint


_TIME_HINT = "Write times in UTC, like 2026-11-22T08:40:00Z."
_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `(.*)`)?")
_WRONG = re.compile(r"(.*?)(?: - at `(.*)`)?")
_SORTS: tuple[tuple[str, str, str], ...] = (
    ("datetime", "is not a time", _TIME_HINT),
    ("date", "is not a date", "Write dates like 2026-11-22."),
    ("array", "is not a list", "Put it in brackets."),
    ("object", "is not an object", "Give it in braces."),
    ("bool", "is neither true nor false", "Write true or false."),
    ("int", "is not a whole number from zero up", "Write it in digits."),
    ("str` matching", "is not of the right form", f"Use 1 to 64 of {ids.LETTERS}."),
    ("str", "is not a text", "Write it as 1 to 4,000 letters."),
)


def _explained(said: str, cls: type, where: str) -> MalformedError:
    """Return our sentence for what msgspec found wrong."""
    missing = _MISSING.fullmatch(said)
    if missing:
        whole = _last(missing[2]) or where
        return MalformedError(f"{whole} lacks {missing[1]}.", hint=f"Add {missing[1]} to {whole}.")
    wrong = _WRONG.fullmatch(said)
    text, path = (wrong[1], wrong[2]) if wrong else (said, None)
    name = _last(path) or where
    if text.startswith("Invalid enum"):
        known = ", ".join(map(str, _choices(cls, path or "")))
        word = text.removeprefix("Invalid enum value ")
        return MalformedError(f"{name} is {word}.", hint=f"Choose: {known}.")
    if text.startswith("Expected `array` of length"):
        return MalformedError(
            f"{name} is a list of more than {MAX_LIST:,} items.",
            hint=f"Lists over {MAX_LIST:,} rows travel as a committed table.",
        )
    for sort, sentence, hint in _SORTS:
        if f"`{sort}" in text or f"encoded {sort}" in text:
            return MalformedError(f"{name} {sentence}.", hint=hint)
    return MalformedError(f"{name} is not of the right form.", hint="Compare it with its page.")


def _last(path: str | None) -> str:
    """Return the last name in a path such as $.results[...].units[...]."""
    return re.sub(r"\[[^]]*\]", "", path or "").rpartition("$")[2].rpartition(".")[2]


def _choices(cls: Any, path: str) -> tuple[Any, ...]:  # noqa: ANN401 — a fact class
    """Return the words of the enumeration at a path."""
    for name in re.sub(r"\[[^]]*\]", "", path).split(".")[1:]:
        found = {one.encode_name: one.type for one in structs.fields(cls)}
        cls = _plain(found.get(name, cls))
    return tuple(cls) if isinstance(cls, EnumMeta) else ()
