"""
Which lots left a factory on which day, as keys: what a plant sent off together is found together.

A day is one of UTC, and as the maker declares it. Does not count.
"""

from collections.abc import Iterator
from typing import Any

from voltrail.projections.view import Recorded
from voltrail.statements.lot import LotRecord

PREFIX = "shipped:"


def keys_of(one: Recorded[Any]) -> Iterator[str]:
    """
    Yield a key for each day on which a lot left its factory.

    Args:
        one: a recorded fact

    Yields:
        The prefix, the factory and the day, each once; nothing where no factory is named.

    Source: our choice: ADR 0048.
    """
    fact = one.fact
    if isinstance(fact, LotRecord) and fact.factory is not None:
        for day in sorted({event.at.date() for event in fact.shipping}):
            yield f"{PREFIX}{fact.factory} {day}"
