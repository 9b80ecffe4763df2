"""
Layouts in which parts of passports came often: what is laid out like them need not be walked.

A part that a layout's type takes fills the places that are known of the layout, and nobody looks at
each of its values again. What no type takes is walked, and the walk in `passport_steps` says what
is so: nothing here may say otherwise. Does not know what the places mean.
"""

from bisect import insort
from collections import deque
from collections.abc import Iterator
from functools import lru_cache, reduce
from itertools import chain, count
from operator import getitem
from typing import Any

from msgspec import Struct, ValidationError, convert, defstruct

from voltrail.readers.passport_lesson import Layout, Route, learned
from voltrail.readers.passport_places import ASKED
from voltrail.readers.passport_steps import FIRST, MOST_PLACES, are_few, walk

MOST = 128  # [layouts] of parts remembered; our choice
MOST_OF_ONE = 4  # [layouts] tried for a part of one name; our choice
MOST_TOGETHER = 64  # [sets of layouts] remembered; our choice
OFTEN = 512  # [parts] that no layout took until one is learned; our choice
_FEW = 16  # [places] that are put in order one by one; our choice
_PARTS = frozenset((dict, list))
_KNOWN: dict[str, tuple[Layout, ...]] = {}
_KEPT: deque[tuple[str, Layout]] = deque()


class _Together(Struct, frozen=True, eq=False):
    """What is known of several parts of one passport, each by its layout."""

    names: frozenset[str]
    places: tuple[str, ...]
    filled: frozenset[str]
    routes: tuple[tuple[str, Route], ...]


# names of all parts → the type that takes them together, and what is then known
_LATEST: dict[tuple[str, ...], tuple[type[Struct], _Together]] = {}


def places_in(whole: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """
    Return what stands at the places of a passport, and which of them are filled.

    Args:
        whole: its outermost object

    Returns:
        Place → first value there, for each place that is asked for; and all filled places in order.

    Source: our choice: ADR 0060.
    """
    known = _together(whole)
    found = {place: reduce(getitem, route, whole) for place, route in known.routes}
    walked: dict[str, Any] = {}
    walk({name: one for name, one in whole.items() if name not in known.names}, "", FIRST, walked)
    if not found.keys().isdisjoint(walked):  # which of the two comes first, the walk tells
        found, walked, known = {}, {}, _joined(())
        walk(whole, "", FIRST, walked)
    found |= {place: one for place, one in walked.items() if place in ASKED}
    ordered = _remembered if are_few(walked) else _ordered
    return found, ordered(known, tuple(walked))


@lru_cache(maxsize=64)
def _remembered(known: _Together, walked: tuple[str, ...]) -> tuple[str, ...]:
    """Return all filled places in order; passports of one layout share one tuple of them."""
    return _ordered(known, walked)


def _ordered(known: _Together, walked: tuple[str, ...]) -> tuple[str, ...]:
    more = [one for one in walked if one not in known.filled]
    if len(more) > _FEW:
        return tuple(sorted((*known.places, *more)))
    found = [*known.places]
    for one in more:
        insort(found, one)
    return tuple(found)


def _together(whole: dict[str, Any]) -> _Together:
    """Return what is known of those parts that have a layout; they are tried together at first."""
    parts = tuple([name for name, one in whole.items() if type(one) in _PARTS])
    latest = _LATEST.get(parts)
    if latest is not None and _takes(latest[0], whole):
        return latest[1]
    pairs = ((name, _layout(name, whole[name])) for name in parts)
    taken = tuple((name, layout) for name, layout in pairs if layout is not None)
    if sum(len(layout.places) for _, layout in taken) > MOST_PLACES:
        return _joined(())
    known = _joined(taken)
    if taken and len(taken) == len(parts):
        if len(_LATEST) >= MOST_TOGETHER:
            _LATEST.clear()
        _LATEST[parts] = _type(taken), known
    return known


@lru_cache(maxsize=MOST_TOGETHER)
def _joined(taken: tuple[tuple[str, Layout], ...]) -> _Together:
    names = frozenset(name for name, _ in taken)
    filled = frozenset(chain.from_iterable(layout.places for _, layout in taken))
    routes: dict[str, Route] = {}
    for name, layout in taken:
        for place, route in layout.routes:
            routes.setdefault(place, (name, *route))
    return _Together(names, tuple(sorted(filled)), filled, tuple(routes.items()))


@lru_cache(maxsize=MOST_TOGETHER)
def _type(taken: tuple[tuple[str, Layout], ...]) -> type[Struct]:
    fields = [(f"at{at}", layout.takes) for at, (_, layout) in enumerate(taken)]
    return defstruct(
        "Whole", fields, rename={f"at{at}": name for at, (name, _) in enumerate(taken)}, gc=False
    )


def _layout(name: str, part: dict[str, Any] | list[Any]) -> Layout | None:
    """Return the layout that takes a part; where none does, learn one if such parts are many."""
    for one in _KNOWN.get(name, ()):
        if _takes(one.takes, part):
            return one
    names = part if type(part) is dict else ()
    if next(_walked(hash((name, *names)))) % OFTEN == 0:
        _keep(name, learned(name, part))
    return None


def _takes(kind: Any, part: object) -> bool:  # noqa: ANN401 — a type or a form of one
    try:
        convert(part, kind)
    except (ValidationError, ValueError):
        return False
    return True


@lru_cache(maxsize=1_024)
def _walked(_: int) -> Iterator[int]:
    """Return how many parts of one name and the same inner names were walked, counting on."""
    return count(1)


def _keep(name: str, layout: Layout | None) -> None:
    if layout is None:
        return
    _KNOWN[name] = (layout, *_KNOWN.get(name, ()))[:MOST_OF_ONE]
    _KEPT.append((name, layout))
    if len(_KEPT) > MOST:
        _forget(*_KEPT.popleft())


def _forget(name: str, layout: Layout) -> None:
    """Forget a layout, and whatever was made of several, so that nothing holds it any longer."""
    others = tuple(one for one in _KNOWN.pop(name, ()) if one is not layout)
    if others:
        _KNOWN[name] = others
    _LATEST.clear()
    for made in (_joined, _type, _remembered):
        made.cache_clear()
