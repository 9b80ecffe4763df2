"""
How a recall or a rehearsal stands: what it named, where that is, who answered, what was not found.

Counts from the notice as it was stated and from the answers on record; places are those of now.
Does not know whether whoever answered looked.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.actions.recall import COLUMNS, recalled
from voltrail.ids.subject import SubjectId, UnitId, parse
from voltrail.projections.dossier import gathering
from voltrail.projections.store import StayRow
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.assembly import Certainty
from voltrail.statements.recall import Recall, RecallAnswer
from voltrail.table import rows


class Word(StrEnum):
    """What is known of a thing that a recall names."""

    FOUND = "found"
    MISSING = "not-found"
    ELSEWHERE = "not-here"
    OPEN = "not-answered"


class Line(Struct, frozen=True):
    """A thing that is called back, how surely, where it is, and what was answered of it."""

    thing: SubjectId
    certainty: Certainty
    place: str
    word: Word
    answered: int | None
    answered_at: datetime | None


class AtPlace(Struct, frozen=True):
    """How many things of a recall are at a place, by what was answered."""

    place: str
    things: int
    found: int
    missing: int
    elsewhere: int

    @property
    def open(self) -> int:
        """How many nobody answered for."""
        return self.things - self.found - self.missing - self.elsewhere


class Answers(Struct, frozen=True):
    """What a place answered, oldest first, and which things it still owes an answer for."""

    at: AtPlace
    answers: tuple[Recorded[RecallAnswer], ...]
    owed: tuple[SubjectId, ...]


class Report(Struct, frozen=True):
    """A recall by number: its notice, its things, its places, and the answers."""

    index: int
    recall: Recall
    lines: tuple[Line, ...]
    places: tuple[AtPlace, ...]
    answers: tuple[Recorded[RecallAnswer], ...]

    @property
    def scope_s(self) -> float | None:
        """How long it took from the suspect to the notice [s]; nothing where nobody timed it."""
        began = self.recall.started_at
        return None if began is None else (self.recall.issued_at - began).total_seconds()

    @property
    def not_found(self) -> tuple[Line, ...]:
        """What was not found, or nobody answered for."""
        return tuple(one for one in self.lines if one.word in (Word.MISSING, Word.OPEN))

    @property
    def answered_s(self) -> float | None:
        """How long it took until everything was answered [s]; nothing while something is open."""
        times = [one.answered_at for one in self.lines]
        known = [one for one in times if one is not None]
        if not known or len(known) < len(times):
            return None
        return (max(known) - self.recall.issued_at).total_seconds()


def recalls(desk: Desk) -> tuple[Recorded[Recall], ...]:
    """
    Return every recall and rehearsal on record, newest first.

    Args:
        desk: where they are kept

    Returns:
        Notices that nobody withdrew.

    Source: mission, IR-02.
    """
    found = gathering(desk).of_type(kinds.uri("recall"))
    return tuple(sorted(found, key=lambda one: -one.entry.index))


def report(desk: Desk, index: int) -> Report:
    """
    Return how a recall or a rehearsal stands.

    Args:
        desk: where it is kept
        index: its place in the register

    Returns:
        Lines by place, counts by place, and the answers, oldest first; an answer to a further
        notice of the same suspect counts for what both name.

    Raises:
        UnknownSubjectError: that entry is no recall.

    Source: mission, IR-02; ADR 0052.
    """
    recall = recalled(desk, index)
    room = gathering(desk)
    named = dict(_named(desk, recall))
    seen = room.view(recall.case)
    numbers = {one.fact.number for one in seen.standing(Recall) if _goes_on(one, index, recall)}
    answers = tuple(
        one
        for one in seen.standing(RecallAnswer)
        if one.fact.number == recall.number
        or (one.fact.number in numbers and not named.keys().isdisjoint(_spoken_of(one.fact)))
    )
    stays = desk.views.stays([str(one) for one in named])
    lines = sorted(
        (_line(one, sure, stays.get(one, ()), answers) for one, sure in named.items()),
        key=lambda one: (one.place == "", one.place, one.thing),
    )
    return Report(index, recall, tuple(lines), tuple(_places(lines)), answers)


def by_place(found: Report) -> tuple[Answers, ...]:
    """
    Return what each place answered, and who still owes an answer.

    Args:
        found: the report

    Returns:
        One for each place where something is or that answered; what nobody places last.

    Source: mission, IR-02; ADR 0052.
    """
    counts = {one.place: one for one in found.places}
    told = {str(one.fact.place) for one in found.answers} - counts.keys()
    counts |= {place: AtPlace(place, 0, 0, 0, 0) for place in told}
    return tuple(_answers(found, counts[at]) for at in sorted(counts, key=lambda at: (not at, at)))


def _answers(found: Report, at: AtPlace) -> Answers:
    said = tuple(one for one in found.answers if one.fact.place == at.place)
    here = (one for one in found.lines if one.place == at.place)
    return Answers(at, said, tuple(one.thing for one in here if one.word is Word.OPEN))


def _goes_on(one: Recorded[Recall], index: int, recall: Recall) -> bool:
    """Return whether a notice is a further one of the same suspect and kind."""
    return _kind(one.fact) == _kind(recall) and one.entry.index > index


def _kind(recall: Recall) -> tuple[str | None, str | None, bool]:
    return recall.suspect, recall.relation, recall.mock


def _spoken_of(fact: RecallAnswer) -> tuple[SubjectId, ...]:
    return (*fact.found, *fact.missing, *fact.elsewhere)


def _named(desk: Desk, recall: Recall) -> Iterator[tuple[SubjectId, Certainty]]:
    """Yield each unit and arrival that a recall names; lots are where these are."""
    for one in recall.selected:
        chosen = one.selector.arrival or one.selector.unit
        if chosen is not None:
            yield chosen, one.certainty
    yield from ((unit, Certainty.DEFINITE) for unit in recall.units)
    listed = recall.unit_table
    data = desk.blobs.get(listed.sha256) if listed is not None else None
    if listed is None or data is None or listed.columns != COLUMNS:
        return  # a firm's own table, or one that is not here
    for row in rows(data):
        maker, serial, sure = row.decode().split(",")
        yield UnitId.of(maker, serial), Certainty(sure)


def _line(
    thing: SubjectId,
    sure: Certainty,
    stays: Sequence[StayRow],
    answers: tuple[Recorded[RecallAnswer], ...],
) -> Line:
    place = stays[-1].place if stays else ""
    line = Line(thing, sure, place, Word.OPEN, None, None)
    for one in answers:
        fact = one.fact
        said = ((Word.FOUND, fact.found), (Word.MISSING, fact.missing))
        for word, things in (*said, (Word.ELSEWHERE, fact.elsewhere)):
            if thing in things:
                line = Line(thing, sure, place or fact.place, word, one.entry.index, fact.at)
    return line


def _places(lines: list[Line]) -> Iterator[AtPlace]:
    for place in dict.fromkeys(one.place for one in lines):
        words = [one.word for one in lines if one.place == place]
        counts = (words.count(word) for word in (Word.FOUND, Word.MISSING, Word.ELSEWHERE))
        yield AtPlace(place, len(words), *counts)


def place_of(found: Report, place: str) -> tuple[Line, ...]:
    """
    Return the things of a recall at one place.

    Args:
        found: the report
        place: identity of a place or a firm; empty for what nobody places

    Returns:
        Lines in order.

    Source: ADR 0052.
    """
    return tuple(one for one in found.lines if one.place == str(parse(place) if place else ""))
