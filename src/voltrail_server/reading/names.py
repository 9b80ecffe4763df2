"""
What firms, places, products and persons are called: the names on record, looked up together.

A name counts while the operator's newest statement gives it. Names of entries once read are kept in
this process, so that a page costs one question. Guesses nothing: no statement, no name.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from voltrail.ids import subject as ids
from voltrail.projections.view import fold
from voltrail.statements.correction import Correction
from voltrail.statements.party import Party
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail_server import wiring
from voltrail_server.panels.named import Named
from voltrail_server.people.names import names_of
from voltrail_server.reading import links

_PERSON = "urn:voltrail:person:"
_NAMED = ("urn:voltrail:party:", "urn:voltrail:place:", "urn:voltrail:product:")


class Book:
    """The names one page needs; the first name that is asked for looks all of them up."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._wanted: set[str] = set()
        self._found: dict[str, str] = {}

    def __call__(self, subject: str) -> Named:
        """Return an identity whose name this book will know."""
        self._wanted.add(str(subject))
        return Named(str(subject), self._name)

    def _name(self, subject: str) -> str:
        missing = self._wanted - self._found.keys()
        if missing:
            self._found |= {**dict.fromkeys(missing, ""), **look_up(missing)}
        return self._found.get(subject, "")


def look_up(subjects: Collection[str]) -> dict[str, str]:
    """Return the names of those subjects that have one."""
    people = [one for one in subjects if one.startswith(_PERSON)]
    others = [one for one in subjects if one.startswith(_NAMED) and ids.is_identity(one)]
    found = names_of(people) if people else {}
    return {**found, **_shelf().names(others)} if others else found


@dataclass
class _Shelf:
    """What has been read so far, by subject: how far, and the statements that name it."""

    read: dict[str, int] = field(default_factory=dict)
    stated: dict[str, list[Any]] = field(default_factory=dict)

    def names(self, subjects: Collection[str]) -> dict[str, str]:
        """Return the names of those subjects that have one."""
        known = [one for subject in subjects for one in self.stated.get(subject, ())]
        found = links.indices_of([*subjects, *map(_about, known)])
        if fresh := self._read(subjects, found):
            found |= links.indices_of([_about(one) for one in fresh])
        ends = self._ends(subjects, found)
        return {one: name for one in subjects if (name := self._name(one, ends))}

    def _read(self, subjects: Collection[str], found: dict[str, list[int]]) -> list[Any]:
        """Read the entries that are new, and return the new statements that name something."""
        new = {
            one: [index for index in found.get(one, ()) if index > self.read.get(one, -1)]
            for one in subjects
        }
        facts = links.facts_at(index for indices in new.values() for index in indices)
        fresh = []
        for one, indices in new.items():
            named = [facts[index] for index in indices if _says(facts[index].fact) == one]
            self.stated.setdefault(one, []).extend(named)
            self.read[one] = max(indices, default=self.read.get(one, -1))
            fresh += named
        return fresh

    def _ends(self, subjects: Collection[str], found: dict[str, list[int]]) -> list[Any]:
        """Return the corrections of statements that name these subjects."""
        stated = (one for subject in subjects for one in self.stated[subject])
        facts = links.facts_at(index for one in stated for index in found.get(_about(one), ()))
        return [one for one in facts.values() if isinstance(one.fact, Correction)]

    def _name(self, subject: str, ends: list[Any]) -> str:
        facts = fold(ids.parse(subject), [*self.stated[subject], *ends]).facts
        standing = [one.fact for one in facts if one.withdrawn_by is None]
        named = [fact for fact in standing if _says(fact) == subject]
        return _name_in(named[-1]) if named else ""


_SHELVES: WeakKeyDictionary[Any, _Shelf] = WeakKeyDictionary()


def _shelf() -> _Shelf:
    return _SHELVES.setdefault(wiring.desk().entries, _Shelf())


def _about(stated: Any) -> str:  # noqa: ANN401 — a recorded fact
    """Return the key under which corrections of a statement are linked."""
    return f"about:{stated.entry.digest}"


def _says(fact: Any) -> str:  # noqa: ANN401 — any fact
    """Return the subject that a fact names, or nothing."""
    match fact:
        case Party():
            return fact.party
        case Place():
            return fact.place
        case Product():
            return fact.product
    return ""


def _name_in(fact: Any) -> str:  # noqa: ANN401 — a fact that names
    return str(fact.model if isinstance(fact, Product) else fact.name)
