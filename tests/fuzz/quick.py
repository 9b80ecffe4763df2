"""The quick paths and the strict paths side by side: the same answer, to the type of every part."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from voltrail import canonical
from voltrail.errors import MalformedError
from voltrail.statements import envelope, statement

READERS: tuple[Any, ...] = (canonical, statement, envelope)


def alike(data: bytes) -> list[object]:
    """What each reader says of some bytes, once its quick and its strict path agree."""
    quick = [said(reader.parse, data) for reader in READERS]
    with strictly():
        strict = [said(reader.parse, data) for reader in READERS]
    assert quick == strict
    return quick


def quickly(reader: Any, data: bytes) -> bool:  # noqa: ANN401 — a module
    """Whether the quick path itself answers."""
    return reader._quick(data) is not None


@contextmanager
def strictly() -> Iterator[None]:
    """The readers without their quick paths."""
    kept = [reader._quick for reader in READERS]
    for reader in READERS:
        reader._quick = _never
    try:
        yield
    finally:
        for reader, quick in zip(READERS, kept, strict=True):
            reader._quick = quick


def _never(_: bytes) -> None:
    return None


def said(parse: Callable[[bytes], object], data: bytes) -> object:
    """What a parser says: the value with the types of its parts, or the refusal's sentence."""
    try:
        found = parse(data)
    except MalformedError as error:
        return str(error)
    if isinstance(found, statement.Statement):
        return told(found), told(found.predicate), found.claimed_identity
    return told(found)


def told(value: Any) -> object:  # noqa: ANN401 — anything a parser gives
    """A value spelled out: equal texts of two types differ, and so do two words for UTC."""
    kind = type(value).__name__
    if isinstance(value, Struct):
        return kind, [(name, told(getattr(value, name))) for name in value.__struct_fields__]
    if isinstance(value, dict):
        return kind, [(told(name), told(item)) for name, item in sorted(value.items())]
    if isinstance(value, tuple | list):
        return kind, [told(item) for item in value]
    if isinstance(value, datetime):
        return kind, value.isoformat(), value.tzinfo is UTC
    return kind, str(value)
