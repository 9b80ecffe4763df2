"""
When time alone may change a judgement: the beginnings and ends that statements carry.

Each is a key that sorts by time and is linked to its entry: whoever looks at the clock finds what
has begun or ended since the last look. Does not judge, and has no clock.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from msgspec import Struct

from voltrail.projections.view import Recorded
from voltrail.statements import fields

PREFIX = "when:"
_TIMES = frozenset({"valid_from", "valid_until", "fresh_until", "requalify_by"})
_SECOND = timedelta(seconds=1)


def keys_of(one: Recorded[Any]) -> Iterator[str]:
    """
    Yield the keys of the times at which a fact begins or ends, later than it was registered.

    Args:
        one: a recorded fact

    Yields:
        Keys that sort as the times do.

    Source: our choice: ADR 0022.
    """
    if one.fact is None:
        return
    for name in _named(type(one.fact)):  # type: ignore[arg-type]  # a class is hashable
        at = getattr(one.fact, name)
        if isinstance(at, datetime) and at > one.entry.log_time:
            yield key(at)


def key(at: datetime) -> str:
    """
    Return the key of a time.

    Args:
        at: in UTC

    Returns:
        The prefix and the first whole second at which the time has come.

    Source: our choice: ADR 0022.
    """
    whole = at.replace(microsecond=0)
    return PREFIX + fields.stamp(whole if whole == at else whole + _SECOND)


@cache
def _named(cls: type[Struct]) -> tuple[str, ...]:
    return tuple(name for name in cls.__struct_fields__ if name in _TIMES)
