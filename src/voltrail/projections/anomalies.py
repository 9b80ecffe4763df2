"""
What cannot be true of goods that are one thing: the rules R1 to R24 over what is on record.

The answer is a function of the SET of facts and of the tolerances: no clock, no store, no chance,
any order, any repeats. Nothing here believes a signature or decides; controls read the findings.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from heapq import heappop, heappush
from importlib import import_module
from typing import Any

from voltrail.errors import MalformedError, UnverifiableError
from voltrail.ids.subject import ArrivalId, Kind, SubjectId, UnitId, is_identity, parse
from voltrail.projections import contents, shipped, whereabouts
from voltrail.projections.fold import touched
from voltrail.projections.gathering import Gathering
from voltrail.projections.rules.bearing import SAID_BY, Bearing, Source, gather
from voltrail.projections.rules.model import RULES, Anomaly, Rule, Severity, Tolerances, anomaly
from voltrail.projections.store import FoundRow, ViewStore
from voltrail.projections.view import Recorded, fold
from voltrail.statements.arrival import Arrival

_ABOUT = "about:"
FAMILIES = (
    "custody",
    "quantity",
    "identity",
    "label",
    "route",
    "papers",
    "dates",
    "condition",
    "parts",
    "signing",
)


@cache
def rules() -> tuple[Rule, ...]:
    """
    Return the table of rules.

    Returns:
        R1 to R24, in order.

    Source: our choice: ADR 0048.
    """
    for family in FAMILIES:
        import_module(f"voltrail.projections.rules.{family}")
    return tuple(sorted(RULES.values(), key=lambda row: int(row.id[1:])))


def find(facts: Iterable[Recorded[Any]], tolerances: Tolerances) -> tuple[Anomaly, ...]:
    """
    Return everything that contradicts itself in a set of facts.

    Args:
        facts: in any order, repeats allowed
        tolerances: the numbers of the rules

    Returns:
        Findings by rule, subject and entries.

    Source: our choice: ADR 0048.
    """
    heap = Heap(facts)
    found = {one for subject in heap.subjects for one in find_about(heap, subject, tolerances)}
    return in_order(found)


def find_about(source: Source, subject: SubjectId, tolerances: Tolerances) -> tuple[Anomaly, ...]:
    """
    Return what contradicts itself about one subject, reading only what bears on it.

    Args:
        source: where facts are looked up: a heap, or the register's gathering
        subject: whose
        tolerances: the numbers of the rules

    Returns:
        Findings in order.

    Source: our choice: ADR 0048.
    """
    return judged(gather(source, subject), tolerances)


def judged(bearing: Bearing, tolerances: Tolerances) -> tuple[Anomaly, ...]:
    """
    Return what contradicts itself in what bears on a subject.

    Args:
        bearing: what was gathered
        tolerances: the numbers of the rules

    Returns:
        Findings in order.

    Source: our choice: ADR 0048.
    """
    if not bearing.own and bearing.subject.kind is not Kind.PARTY:
        return ()
    return in_order(
        anomaly(row, found)
        for row in rules()
        if bearing.subject.kind in row.about
        for found in row.check(bearing, tolerances)
    )


def affected(one: Recorded[Any]) -> frozenset[str]:
    """
    Return the keys under which a fact counts when findings are made.

    Args:
        one: a recorded fact

    Returns:
        The subjects it names, the file it rests on, its container, the day it left its factory,
        what it corrects: whoever's bearing read one of these keys may have other findings now.

    Source: our choice: ADR 0048.
    """
    keys = set(touched(one)) | set(contents.keys_of(one))
    keys |= {*whereabouts.keys_of(one), *shipped.keys_of(one)}
    if isinstance(one.fact, Arrival):
        maker = one.fact.lot.parts[0]
        keys |= {str(UnitId.of(maker, serial)) for serial in one.fact.serials}
    if one.header.supersedes is not None:
        keys.add(f"about:{one.header.supersedes}")
    return frozenset(keys)


class Heap:
    """Facts in memory under their keys; a source of findings."""

    def __init__(self, facts: Iterable[Recorded[Any]] = ()) -> None:
        self._held: dict[str, dict[str, Recorded[Any]]] = {}
        self._known: dict[str, tuple[Recorded[Any], ...]] = {}
        self._as_of: datetime | None = None
        for one in facts:
            self.add(one)

    def add(self, one: Recorded[Any]) -> frozenset[str]:
        """Put a fact in and return its keys; a repeat changes nothing."""
        if self._as_of is None or one.entry.log_time > self._as_of:
            self._as_of = one.entry.log_time
        keys = affected(one)
        for key in keys:
            held = self._held.setdefault(key, {})
            before = held.get(one.entry.digest)
            if before is None or one.entry.index < before.entry.index:
                held[one.entry.digest] = one
        if any(key.startswith(_ABOUT) for key in keys):
            self._known.clear()
        for key in keys:
            self._known.pop(key, None)
        return keys

    @property
    def as_of(self) -> datetime | None:
        """The newest log time among the facts."""
        return self._as_of

    @property
    def subjects(self) -> tuple[SubjectId, ...]:
        """Every subject that a fact names or that states one, in order."""
        return tuple(sorted(_subjects(self._held)))

    def standing(self, key: str) -> tuple[Recorded[Any], ...]:
        """Return what stands under a key, oldest claim first."""
        found = self._known.get(key)
        if found is None:
            held = self._held.get(key, {})
            ends = [self._held.get(f"about:{digest}", {}) for digest in held]
            every = [*held.values(), *(one for each in ends for one in each.values())]
            found = self._known[key] = tuple(
                one
                for one in fold(None, every).facts
                if one.withdrawn_by is None and one.entry.digest in held
            )
        return found


class Stored:
    """What is on record at the size of a gathering; a source of findings."""

    def __init__(
        self,
        room: Gathering,
        views: ViewStore,
        seen: Mapping[str, frozenset[str]] | None = None,
        supposed: Iterable[Recorded[Any]] = (),
    ) -> None:
        """
        Read at a gathering's size.

        `seen` are arrivals of units that are known already; `supposed` what nobody stated yet.
        """
        self._room, self._views, self._seen = room, views, seen or {}
        self._supposed = tuple(supposed)
        self._known: dict[str, tuple[Recorded[Any], ...]] = {}

    @property
    def as_of(self) -> datetime | None:
        """The log time of the newest entry at this size."""
        return self._room.log_time

    def standing(self, key: str) -> tuple[Recorded[Any], ...]:
        """Return what stands under a key, oldest claim first."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(key)
        return found

    def _read(self, key: str) -> tuple[Recorded[Any], ...]:
        found = {one.entry.digest: one for one in self._room.standing(key)}
        found |= {one.entry.digest: one for one in self._supposed if key in affected(one)}
        if is_identity(key) and parse(key).kind is Kind.UNIT:
            for arrival in self._arrivals(key):
                kept = self._room.view(ArrivalId.read(arrival)).standing(Arrival)
                found |= {one.entry.digest: one for one in kept if _lists(one, key)}
        ordered = sorted(
            found.values(), key=lambda one: (one.header.claimed_time, one.entry.digest)
        )
        return tuple(ordered)

    def _arrivals(self, unit: str) -> frozenset[str]:
        """Return the arrivals that a unit was seen in."""
        if unit in self._seen:
            return self._seen[unit]
        return self._views.sightings((unit,), self._room.below).get(unit, frozenset())


class Watch:
    """
    Findings kept current while facts arrive: only subjects that a fact can change are read.

    A rule that waits for a moment is asked again when the record has passed it.
    """

    def __init__(self, tolerances: Tolerances) -> None:
        self._tolerances = tolerances
        self._heap = Heap()
        self._leaning: dict[str, set[SubjectId]] = {}
        self._read: dict[SubjectId, frozenset[str]] = {}
        self._awaited: list[tuple[datetime, SubjectId]] = []
        self._found: dict[SubjectId, tuple[Anomaly, ...]] = {}

    def add(self, one: Recorded[Any]) -> frozenset[SubjectId]:
        """Take a fact in, and return the subjects that were looked at again."""
        keys = self._heap.add(one)
        stale = _subjects(keys)
        stale |= {subject for key in keys for subject in self._leaning.get(key, ())}
        stale |= self._due()
        for subject in stale:
            self._look(subject)
        return frozenset(stale)

    @property
    def findings(self) -> tuple[Anomaly, ...]:
        """What stands now, in order."""
        return in_order(one for each in self._found.values() for one in each)

    def _look(self, subject: SubjectId) -> None:
        bearing = gather(self._heap, subject)
        for key in self._read.get(subject, frozenset()) - bearing.keys:
            self._leaning[key].discard(subject)
        for key in bearing.keys:
            self._leaning.setdefault(key, set()).add(subject)
        self._read[subject] = bearing.keys
        self._found[subject] = judged(bearing, self._tolerances)
        for moment in bearing.awaited:
            heappush(self._awaited, (moment, subject))

    def _due(self) -> set[SubjectId]:
        """Return the subjects of which a rule waited for a moment that the record has passed."""
        found, now = set[SubjectId](), self._heap.as_of
        while self._awaited and now is not None and self._awaited[0][0] < now:
            found.add(heappop(self._awaited)[1])
        return found


def kept(row: FoundRow) -> Anomaly:
    """
    Return the finding in a row that was kept.

    Args:
        row: of the views

    Returns:
        The finding, with today's words of what would change it.

    Raises:
        UnverifiableError: no rule of today writes such a row.

    Source: our choice: ADR 0058.
    """
    known = {one.id: one for one in rules()}
    try:
        entries = tuple(map(int, row.entries.split()))
        severity, subject = Severity(row.severity), parse(row.subject)
        return Anomaly(row.rule, severity, subject, entries, row.sentence, known[row.rule].instead)
    except (KeyError, ValueError, MalformedError) as error:
        raise UnverifiableError(
            f"The finding kept for {row.arrival[:80]} is of another version.",
            hint="Run `voltrail upgrade`: it makes the views anew.",
        ) from error


def in_order(found: Iterable[Anomaly]) -> tuple[Anomaly, ...]:
    """
    Return findings by rule, subject and entries, each once.

    Args:
        found: in any order

    Returns:
        R2 before R10.

    Source: our choice: ADR 0048.
    """
    return tuple(sorted(set(found), key=lambda one: (int(one.rule[1:]), one)))


def _subjects(keys: Iterable[str]) -> set[SubjectId]:
    """Return the subjects among keys, those that stated something included."""
    named = (key.removeprefix(SAID_BY) for key in keys)
    return {parse(key) for key in named if is_identity(key)}


def _lists(one: Recorded[Arrival], unit: str) -> bool:
    return unit.rpartition(":")[2] in one.fact.serials
