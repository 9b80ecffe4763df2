"""
What is learned from one part of a passport: the type that takes each part laid out like it.

A part is what stands under one name of the outermost object. The type asks for the same names, the
same kinds of values, something where something stood and nothing where nothing stood; so what it
takes fills the same places. The walk in `passport_steps` says which those are.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, defstruct

from voltrail.readers.passport_places import ASKED
from voltrail.readers.passport_steps import FIRST, LONG, Steps, are_few, step, walk

MOST_OBJECTS = 64  # [kinds of objects] in one layout; our choice
MOST_NAMES = 128  # [names] of one object; our choice
_TEXT = Annotated[str, Meta(min_length=1)]
_NO_TEXT = Literal[""]
_WORDS = frozenset((str, int, float, Decimal))
_NO_LIST = Annotated[list[Any], Meta(max_length=0)]

Route = tuple[Any, ...]  # names and numbers that lead to a value


class Layout(Struct, frozen=True, eq=False):
    """The type that takes a part, the places it fills, and the routes to those asked for."""

    takes: Any
    places: tuple[str, ...]
    routes: tuple[tuple[str, Route], ...]


def learned(name: str, part: object) -> Layout | None:
    """
    Return the layout that a part has.

    Args:
        name: under which it stands in the outermost object
        part: an object or a list

    Returns:
        The layout; None where a list holds values of several kinds, two names lead to one place
        that is asked for, or the part is too large or oddly named.

    Source: our choice: ADR 0060.
    """
    places: dict[str, Any] = {}
    walk({name: part}, "", FIRST, places)
    at, below = FIRST.get(name) or step("", name, FIRST)
    if at is None or not _is_plain(name) or not are_few(places):
        return None
    lesson = _Lesson()
    try:
        takes = lesson.kind(part, at, below, ())
    except ValueError:
        return None
    if not are_few(lesson.names):
        return None
    return Layout(takes, tuple(sorted(places)), tuple(lesson.routes.items()))


def _is_plain(name: str) -> bool:
    """Return whether a type may have a field of this name: `msgspec` takes no quotes in it."""
    return len(name) <= LONG and name.isprintable() and '"' not in name and "\\" not in name


class _Lesson:
    """What is learned on the way through one part: kinds of objects, and routes to places."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.routes: dict[str, Route] = {}
        self.objects: dict[frozenset[tuple[str, Any]], type] = {}

    def kind(self, value: object, path: str, steps: Steps, route: Route | None) -> Any:  # noqa: ANN401 — a type or a form of one
        """Return the type of a value; no route leads to what is not the first of a list."""
        if isinstance(value, dict):
            return self._object(value, path, steps, route)
        if isinstance(value, list):
            return self._list(value, path, steps, route)
        if value is None:
            return None
        if value == "":
            return _NO_TEXT
        self._lead(path, route)
        if isinstance(value, bool):
            return bool
        return _TEXT if isinstance(value, str) else Decimal

    def _object(
        self, value: dict[str, Any], path: str, steps: Steps, route: Route | None
    ) -> type[Struct]:
        fields = [(name, self._field(name, one, path, steps, route)) for name, one in value.items()]
        known = self.objects.get(frozenset(fields))
        if known is not None:
            return known
        if len(fields) > MOST_NAMES or len(self.objects) == MOST_OBJECTS:
            raise ValueError
        made = defstruct(
            "Object",
            [(f"at{at}", kind) for at, (_, kind) in enumerate(fields)],
            rename={f"at{at}": name for at, (name, _) in enumerate(fields)},
            forbid_unknown_fields=True,
            gc=False,
        )
        self.names.extend(value)
        self.objects[frozenset(fields)] = made
        return made

    def _field(self, name: str, one: object, path: str, steps: Steps, route: Route | None) -> Any:  # noqa: ANN401 — a type or a form of one
        at, below = steps.get(name) or step(path, name, steps)
        if not _is_plain(name):
            raise ValueError
        if at is None:
            return Any
        further = None if route is None else (*route, name)
        if name == "recycledMaterial" and type(one) in _WORDS:
            return self._material(one, path, at, further)
        return self.kind(one, at, below, further)

    def _material(self, one: object, path: str, at: str, route: Route | None) -> Any:  # noqa: ANN401 — a form of a type
        """Return the type of a material: its word is a place, and a number's digits may be one."""
        if not isinstance(one, str) or len(one) > LONG:
            raise ValueError
        self._lead(f"{path}.{one.lower()}", route)
        self._lead(at, route if one else None)
        return Literal[one]

    def _list(self, value: list[Any], path: str, steps: Steps, route: Route | None) -> Any:  # noqa: ANN401 — a form of a type
        if not value:
            return _NO_LIST
        first = self.kind(value[0], path, steps, None if route is None else (*route, 0))
        if any(self.kind(one, path, steps, None) != first for one in value[1:]):
            raise ValueError
        return Annotated[list[first], Meta(min_length=1)]  # type: ignore[valid-type]

    def _lead(self, place: str, route: Route | None) -> None:
        """Remember the route to a place that is asked for; two routes to one are not learned."""
        if route is None or place not in ASKED:
            return
        if place in self.routes:
            raise ValueError
        self.routes[place] = route
