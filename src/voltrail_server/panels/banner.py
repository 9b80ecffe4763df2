"""The hold banner: who holds it, why, since when, and what lifts it. Decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, key_of, unnamed

_WANTED = 2  # [persons] who lift a hold together
_COUNTS = {0: "nobody has lifted it yet", 1: "one person has lifted it, one more is needed"}


@dataclass(frozen=True, slots=True)
class Banner:
    """A hold that stands, as the pages of what it holds begin."""

    index: int
    case: str
    cause: str
    owner: Named
    placed_by: Named
    since: str
    lifted: str
    lifted_by: tuple[Named, ...]


def banners(holds: Iterable[Any], naming: Naming = unnamed) -> tuple[Banner, ...]:
    """Return the banners of the holds that stand."""
    return tuple(_banner(one, naming) for one in holds if one.stands)


def _banner(one: Any, naming: Naming) -> Banner:  # noqa: ANN401 — a hold with its lifts
    fact, persons = one.hold.fact, one.lifted_by
    return Banner(
        one.hold.entry.index,
        key_of(fact.case),
        fact.cause,
        naming(str(fact.owner)),
        naming(str(one.hold.issuer)),
        words.stamp(one.hold.entry.log_time),
        _COUNTS.get(len(persons), f"{len(persons)} of {_WANTED} persons have lifted it"),
        tuple(naming(str(person)) for person in persons),
    )
