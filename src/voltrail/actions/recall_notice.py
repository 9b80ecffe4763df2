"""
Call back: hold everything and give notice in one step, and give notice again of what is new.

A further notice of the same recall names what earlier ones did not, and what is at another place
since and was not found. Holds and notice stand together, or neither does.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec.structs import replace

from voltrail.actions import recall, recall_report
from voltrail.actions.desk import Desk
from voltrail.actions.recall import Notice
from voltrail.actions.recall_report import Word
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError
from voltrail.ids.subject import CaseId, LotId, PersonId, SubjectId
from voltrail.projections import stays
from voltrail.projections.dossier import gathering
from voltrail.projections.reach_graph import Graph
from voltrail.projections.scope import Scope
from voltrail.projections.view import Recorded
from voltrail.statements.recall import Recall

_Places = dict[SubjectId, set[str]]


def call_back(
    desk: Desk, found: Scope, notice: Notice, owner: PersonId, at: datetime
) -> Registered:
    """
    Return the place of a notice, after everything in its scope is held; a rehearsal holds nothing.

    Args:
        desk: holds the operator's key
        found: the scope
        notice: what to say; where its case has notices, it gets the next number, and names only
            what those of the same suspect, relation and kind do not
        owner: who looks after the holds
        at: log time

    Returns:
        Index and digest of the notice.

    Raises:
        MalformedError: there is no reason, nothing to hold, or nothing new since the last notice.
        RefusedError: what the register refuses a hold or the notice with; then neither stands.

    Source: mission, IR-02; ADR 0052.
    """
    with desk.entries.transaction():
        every = gathering(desk).view(notice.case).every(Recall)
        same = [one for one in every if one.withdrawn_by is None and _is_same(one, found, notice)]
        news = _news(desk, found, same) if same else found
        if not notice.mock:
            recall.hold_all(desk, found, notice.case, (notice.reason, owner), at)
        number = _next(one.fact.number for one in every)
        return recall.issue(desk, news, replace(notice, number=number), at)


def case_of(text: str) -> CaseId:
    """
    Return a case by its name.

    Args:
        text: as people write it, parts parted by a colon

    Returns:
        The case.

    Raises:
        MalformedError: it has not the form of one.

    Source: docs/spec/recall.md.
    """
    return CaseId.of(*text.strip().split(":"))


def _is_same(one: Recorded[Recall], found: Scope, notice: Notice) -> bool:
    """Return whether an earlier notice is of the same recall, and not its rehearsal."""
    fact, suspect = one.fact, found.suspect
    asked = fact.suspect == suspect.about and fact.relation == suspect.relation
    return asked and fact.mock == notice.mock


def _news(desk: Desk, found: Scope, earlier: Iterable[Recorded[Recall]]) -> Scope:
    """Return what no earlier notice names, and what moved since and was not found."""
    before, done = _Places(), set[SubjectId]()
    for one in earlier:
        stand = recall_report.report(desk, one.entry.index)
        done |= {line.thing for line in stand.lines if line.word is Word.FOUND}
        things = [line.thing for line in stand.lines]
        for thing, places in _places(desk, things, one.entry.index).items():
            before.setdefault(thing, set()).update(places)
        before |= {lot: set() for lot in _lots(one.fact)}
    now = _places(desk, [one.asset for one in found.related], None)
    related = tuple(
        one
        for one in found.related
        if one.asset not in before
        or (one.asset not in done and not now[one.asset] <= before[one.asset])
    )
    leads = tuple(one for one in found.leads if one.thing not in before)
    if not related and not any(isinstance(one.thing, LotId) for one in leads):
        raise MalformedError(
            "Nothing new is related to it since the last notice.",
            hint="Open the last notice: places answer for what it names.",
        )
    return replace(found, leads=leads, related=related)


def _places(desk: Desk, things: Collection[SubjectId], below: int | None) -> _Places:
    """Return where things are, or were when the register had so many entries."""
    graph = Graph((desk.entries, desk.views, desk.blobs), below)
    graph.fetch(things)
    found = stays.of(graph, things)
    return {thing: {row.place for row in found.get(thing, ())} for thing in things}


def _lots(fact: Recall) -> Iterable[LotId]:
    chosen = (one.selector.lot for one in fact.selected)
    return (*fact.lots, *(lot for lot in chosen if lot is not None))


def _next(taken: Iterable[str]) -> str:
    return str(max((int(one) for one in taken if one.isdecimal()), default=0) + 1)
