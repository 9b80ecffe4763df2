"""
What is on record about many subjects, read in bulk: each link and each entry once.

A gathering stands at one register size and remembers what it read; throw it away after use. Does
not judge, and does not know what subjects have to do with each other.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from voltrail.ids.subject import SubjectId
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded, View, fold, recorded
from voltrail.register.store import EntryStore

_CORRECTIONS = "urn:voltrail:predicate:correction:v1"


class Gathering:
    """Views at one register size, made from as few reads as the stores allow."""

    def __init__(
        self,
        entries: EntryStore,
        views: ViewStore,
        below: int | None = None,
        known: Iterable[Recorded[Any]] = (),
    ) -> None:
        self.below = below
        self._entries, self._stored = entries, views
        self._facts = {one.entry.index: one for one in known}
        self._links: dict[str, tuple[int, ...]] = {}
        self._alone: dict[str, tuple[int, ...]] = {}
        self._views: dict[str, View] = {}

    def fetch(self, keys: Iterable[str]) -> None:
        """
        Read everything linked under some keys, and what corrects it.

        Args:
            keys: subject identities, or predicate types in `fold.BY_TYPE`

        Source: our choice: ADR 0016.
        """
        wanted = {str(key) for key in keys if key not in self._links}
        if not wanted:
            return
        fresh = self._read(wanted)
        if self.indices(_CORRECTIONS):
            about = {f"about:{self._facts[index].entry.digest}" for index in fresh}
            self._read(about - self._links.keys())

    def indices(self, key: str) -> tuple[int, ...]:
        """
        Return, ascending, the entries that speak of a key.

        Args:
            key: a subject identity or a predicate type

        Returns:
            Register indices below the gathering's size.

        Source: our choice: ADR 0016.
        """
        if key not in self._links:
            self._read({str(key)})
        return self._links[key]

    def indices_alone(self, key: str) -> tuple[int, ...]:
        """
        Return, ascending, the entries that speak of a key, and read none of them.

        Args:
            key: a predicate type with many entries

        Returns:
            Register indices below the gathering's size.

        Source: our choice: ADR 0044.
        """
        if key not in self._alone:
            self._alone[key] = tuple(self._stored.indices(key, self.below))
        return self._alone[key]

    @property
    def log_time(self) -> datetime | None:
        """The log time of the newest entry below the gathering's size, or None of an empty one."""
        size = self._entries.size() if self.below is None else self.below
        return self.at((size - 1,))[size - 1].entry.log_time if size else None

    def at(self, indices: Collection[int]) -> Mapping[int, Recorded[Any]]:
        """
        Return the facts at some places of the register, corrections not applied.

        Args:
            indices: of entries, in any order

        Returns:
            Recorded facts by index.

        Source: our choice: ADR 0044.
        """
        self._keep(indices)
        return {index: self._facts[index] for index in indices}

    def facts(self, key: str) -> tuple[Recorded[Any], ...]:
        """
        Return what is on record under a key, in register order, corrections not applied.

        Args:
            key: a subject identity or a predicate type

        Returns:
            Recorded facts.

        Source: our choice: ADR 0016.
        """
        return tuple(self._facts[index] for index in self.indices(key))

    def view(self, subject: SubjectId | None) -> View:
        """
        Return the view of a subject.

        Args:
            subject: whose view; None gives an empty one

        Returns:
            The view.

        Source: our choice: ADR 0006.
        """
        if subject is None:
            return View(None)
        found = self._views.get(subject)
        if found is None:
            self.fetch((subject,))
            found = self._views[subject] = fold(subject, self._with_corrections(subject))
        return found

    def standing(self, key: str) -> tuple[Recorded[Any], ...]:
        """
        Return every standing fact under a key.

        Args:
            key: a subject identity, a predicate type, or any other link

        Returns:
            Recorded facts by claimed time.

        Source: our choice: ADR 0048.
        """
        self.fetch((key,))
        linked = set(self.indices(key))
        every = fold(None, self._with_corrections(key)).facts
        return tuple(one for one in every if one.withdrawn_by is None and one.entry.index in linked)

    def standing_ends(self, key: str, most: int) -> tuple[tuple[Recorded[Any], ...], bool]:
        """
        Return the standing facts among the first and the last entries under a key.

        Args:
            key: a link that may have very many entries
            most: how many of either end [entries]

        Returns:
            Recorded facts by claimed time, and whether entries between were left out. One entry
            between is read, so that whoever keeps what was read can tell the same.

        Source: our choice: ADR 0050.
        """
        indices = self.indices_alone(key)
        ends = {*indices[:most], *indices[-most:]}
        self._keep({*ends, *indices[most : most + 1]})
        facts = [self._facts[index] for index in sorted(ends)]
        every = fold(None, self._corrected(facts)).facts
        kept = tuple(one for one in every if one.withdrawn_by is None and one.entry.index in ends)
        return kept, len(indices) > len(ends)

    def of_type(self, kind: str) -> tuple[Recorded[Any], ...]:
        """
        Return every standing fact of one of the types in `fold.BY_TYPE`.

        Args:
            kind: predicate type URI

        Returns:
            Recorded facts by claimed time.

        Source: our choice: ADR 0006.
        """
        return tuple(one for one in self.every_of_type(kind) if one.withdrawn_by is None)

    def every_of_type(self, kind: str) -> tuple[Recorded[Any], ...]:
        """
        Return every fact of one of the types in `fold.BY_TYPE`, those withdrawn since included.

        Args:
            kind: predicate type URI

        Returns:
            Recorded facts by claimed time.

        Source: our choice: ADR 0006.
        """
        self.fetch((kind,))
        every = fold(None, self._with_corrections(kind)).facts
        return tuple(one for one in every if one.predicate_type == kind)

    def _with_corrections(self, key: str) -> list[Recorded[Any]]:
        return self._corrected(list(self.facts(key)))

    def _corrected(self, found: list[Recorded[Any]]) -> list[Recorded[Any]]:
        """Return facts, and what corrects them."""
        if self.indices(_CORRECTIONS):
            about = [f"about:{one.entry.digest}" for one in found]
            self._read({each for each in about if each not in self._links})
            found += [one for each in about for one in self.facts(each)]
        return found

    def _read(self, keys: set[str]) -> list[int]:
        """Read links and entries of keys; return the indices that were not known before."""
        if not keys:
            return []
        links = self._stored.indices_many(keys, self.below)
        self._links.update((key, tuple(links.get(key, ()))) for key in keys)
        return self._keep({index for key in keys for index in self._links[key]})

    def _keep(self, indices: Collection[int]) -> list[int]:
        """Read the entries that were not read yet; return their indices."""
        missing = sorted({index for index in indices if index not in self._facts})
        self._facts.update((entry.index, recorded(entry)) for entry in self._entries.at(missing))
        return missing
