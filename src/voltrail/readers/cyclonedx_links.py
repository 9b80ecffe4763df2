"""
What a CycloneDX file says depends on what: circles, and references to what is not in the file.

Both are remarked and bounded; nothing is refused, since the parts themselves are read all the same.
A reference into another file (`urn:cdx:`) is not followed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from voltrail.readers.foreign import Remark

MOST = 20  # [remarks] of either sort about one file: our choice
_SHOWN = 6  # [references] named in one circle
_CUT = 80  # [characters] of a reference in a remark
_PLACE = "dependencies"
_ELSEWHERE = "urn:cdx:"  # CycloneDX 1.7, BOM-Link

_Graph = dict[str, list[str]]


def remarks(value: Mapping[str, Any]) -> Iterator[Remark]:
    """
    Yield what is odd about the dependencies in a file.

    Args:
        value: the file's object

    Yields:
        A remark for each reference that nothing in the file bears, and for each circle; at most
        `MOST` of either sort, then that there are more.

    Source: CycloneDX 1.7, dependencies; our choice: ADR 0047.
    """
    held = value.get(_PLACE, [])
    if not isinstance(held, list):
        yield Remark(_PLACE, "This is not a list; it is not read.")
        return
    yield from _dangling(held, _borne(value))
    yield from _circles(_graph(held))


def _borne(value: Any) -> set[str]:  # noqa: ANN401 — any JSON value
    """Return every bom-ref in a file, wherever it stands."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("bom-ref"), str):
                found.add(one["bom-ref"])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


def _texts(value: Any) -> list[str]:  # noqa: ANN401 — any JSON value
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _dangling(held: list[Any], borne: set[str]) -> Iterator[Remark]:
    told: set[str] = set()
    for at, one in enumerate(held):
        if not isinstance(one, dict):
            continue
        named = [*_texts([one.get("ref")]), *_texts(one.get("dependsOn"))]
        for text in (*named, *_texts(one.get("provides"))):
            if text in borne or text in told or text.startswith(_ELSEWHERE):
                continue
            if len(told) == MOST:
                yield Remark(_PLACE, "More references name what is not in the file.")
                return
            told.add(text)
            yield Remark(f"{_PLACE}[{at}]", f"No bom-ref of the file is {text[:_CUT]!r}.")


def _graph(held: list[Any]) -> _Graph:
    """Return what depends on what, each pair once."""
    found: dict[str, dict[str, None]] = {}
    for one in held:
        if isinstance(one, dict) and isinstance(one.get("ref"), str):
            found.setdefault(one["ref"], {}).update(dict.fromkeys(_texts(one.get("dependsOn"))))
    return {name: list(after) for name, after in found.items()}


def _circles(graph: _Graph) -> Iterator[Remark]:
    """Yield circles; of each that is found its last step is taken out, so that others are seen."""
    for told in range(MOST + 1):
        graph = _peeled(graph)
        if not graph:
            return
        if told == MOST:
            yield Remark(_PLACE, "More dependencies run in circles.")
            return
        circle = _circle(graph)
        graph[circle[-1]].remove(circle[0])
        shown = [repr(one[:_CUT]) for one in circle[:_SHOWN]]
        more = [f"{len(circle) - _SHOWN:,} more"] if len(circle) > _SHOWN else []
        way = " → ".join([*shown, *more, repr(circle[0][:_CUT])])
        yield Remark(_PLACE, f"Dependencies run in a circle: {way}.")


def _peeled(graph: _Graph) -> _Graph:
    """Return what is left when everything that leads into no circle is taken away."""
    before: dict[str, list[str]] = {}
    for name, after in graph.items():
        for one in after:
            before.setdefault(one, []).append(name)
    count = {name: sum(one in graph for one in after) for name, after in graph.items()}
    gone = [name for name, many in count.items() if not many]
    for name in gone:  # grows while it is read
        for one in before.get(name, ()):
            count[one] -= 1
            if not count[one]:
                gone.append(one)
    left = graph.keys() - set(gone)
    return {
        name: [one for one in after if one in left] for name, after in graph.items() if name in left
    }


def _circle(graph: _Graph) -> list[str]:
    """Return a circle of a graph in which every name leads on."""
    way: dict[str, None] = {}
    at = next(iter(graph))
    while at not in way:
        way[at] = None
        at = graph[at][0]
    names = list(way)
    return names[names.index(at) :]
