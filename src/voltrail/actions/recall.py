"""
Recall: from one suspect to everything related, held in one action, called back or rehearsed.

The scope is read, never kept: a notice keeps what it found when it was made. A rehearsal holds
nothing. Whether a thing is bad is for whoever finds it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from voltrail import table
from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.hold import holds
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, ProductError, UnknownSubjectError
from voltrail.ids.subject import (
    ArrivalId,
    CaseId,
    LotId,
    PersonId,
    PlaceId,
    SubjectId,
    UnitId,
    is_identity,
)
from voltrail.projections import scope as scoping
from voltrail.projections.dossier import gathering
from voltrail.projections.fold import serials
from voltrail.projections.reach_graph import Graph
from voltrail.projections.related import Suspect
from voltrail.projections.scope import Scope
from voltrail.statements import statement as statements
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Certainty
from voltrail.statements.fields import MAX_LIST
from voltrail.statements.hold import Hold, Selector
from voltrail.statements.recall import Recall, RecallAction, RecallAnswer, Selected
from voltrail.statements.statement import Header
from voltrail.trust.signer import sealed

COLUMNS = ("maker", "serial", "certainty")  # of a table of units
_HINT = "Name a unit, a lot, an arrival, a container, a firm, a factory, a firmware or a document."


class Held(Struct, frozen=True):
    """What came of holding: the new holds, and the entries of those that stood already."""

    new: tuple[Registered, ...]
    standing: tuple[int, ...]


class Notice(Struct, frozen=True):
    """What a recall says besides its scope."""

    case: CaseId
    number: str
    reason: str
    action: RecallAction
    mock: bool
    started_at: datetime
    answer_by: datetime | None = None


class Answer(Struct, frozen=True):
    """What somebody says of the things at a place."""

    place: PlaceId
    by: PersonId
    found: tuple[SubjectId, ...] = ()
    missing: tuple[SubjectId, ...] = ()
    elsewhere: tuple[SubjectId, ...] = ()
    note: str = ""


def scope(desk: Desk, suspect: Suspect) -> Scope:
    """
    Return everything that a suspect reaches, with places, certainty, and what nobody says.

    Args:
        desk: where it is kept
        suspect: what is suspected, and by which relation others are

    Returns:
        The scope.

    Raises:
        MalformedError: nothing is named, or the days end before they begin.
        UnknownSubjectError: nothing on record is related to it in this way and in these days.

    Source: mission, IR-02; ADR 0052.
    """
    about = suspect.about.strip()
    if not about:
        raise MalformedError("No suspect is named.", hint=_HINT)
    if suspect.since and suspect.until and suspect.since > suspect.until:
        raise MalformedError("The days end before they begin.", hint="Swap the two days.")
    room = gathering(desk)
    graph = Graph((desk.entries, desk.views, desk.blobs), room.below)
    found = scoping.scope(room, graph, desk.views, replace(suspect, about=about))
    known = is_identity(about) and (desk.views.indices(about) or desk.views.sightings([about]))
    if not found.leads or (len(found.leads) == 1 and not known and not found.related):
        raise UnknownSubjectError(
            f"Nothing on record is related to {about} by {suspect.relation}.",
            hint="Check how it is written, or choose another relation.",
        )
    return found


def hold_all(
    desk: Desk, found: Scope, case: CaseId, why: tuple[str, PersonId], at: datetime
) -> Held:
    """
    Return the holds on everything in a scope, as few as cover it; those that stand are kept.

    Args:
        desk: holds the operator's key
        found: the scope
        case: what is being looked into
        why: the cause, and the person who looks after the holds
        at: log time

    Returns:
        The new holds, and those that stood already. Whatever they fit is judged again at once.

    Raises:
        MalformedError: there is no cause, or nothing to hold.
        RefusedError: what the register refuses a hold with; then none is placed.

    Source: mission, IR-02; design, walls; ADR 0052.
    """
    cause, owner = why
    if not cause.strip():
        raise MalformedError("The holds have no cause.", hint="Say in one sentence why.")
    wanted = tuple(_selectors(desk, found))
    if not wanted:
        raise MalformedError("There is nothing to hold.", hint="Widen the relation.")
    with desk.entries.transaction():
        stand = {one.hold.fact.selector: one.hold.entry.index for one in holds(desk) if one.stands}
        fresh = [one for one in wanted if one not in stand]
        raws = [_sealed(desk, Hold(case, one, cause.strip(), owner), case, at) for one in fresh]
        answers = record.hand_in_many(desk, raws, at) if raws else ()
        refused = next((one for one in answers if isinstance(one, ProductError)), None)
        if refused is not None:
            raise refused
    new = tuple(one for one in answers if isinstance(one, Registered))
    return Held(new, tuple(sorted(stand[one] for one in wanted if one in stand)))


def issue(desk: Desk, found: Scope, notice: Notice, at: datetime) -> Registered:
    """
    Return the place of a recall, or of the rehearsal of one, that names everything in a scope.

    Args:
        desk: holds the operator's key, and keeps the table of units where there are many
        found: the scope
        notice: case, number, reason, what to do, whether it is a rehearsal, when it began
        at: log time

    Returns:
        Index and digest.

    Raises:
        MalformedError: there is no reason.
        RefusedError: what the register refuses it with.

    Source: mission, IR-02; ADR 0052.
    """
    if not notice.reason.strip():
        raise MalformedError("The recall has no reason.", hint="Say in one sentence why.")
    kept: dict[SubjectId, Certainty] = {
        one.thing: one.certainty for one in found.leads if isinstance(one.thing, LotId)
    }
    kept |= {one.asset: one.certainty for one in found.related}
    sure = [one for one, certainty in kept.items() if certainty is Certainty.DEFINITE]
    units = tuple(sorted(one for one in sure if isinstance(one, UnitId)))
    every = sorted(one for one in kept if isinstance(one, UnitId))
    listed = None
    if len(every) > MAX_LIST:
        listed, units = table.commit(_kept(desk, every, kept)), ()
    chosen = [one for one in kept if listed is None or not isinstance(one, UnitId)]
    fact = Recall(
        notice.case,
        notice.number,
        notice.reason.strip(),
        notice.action,
        at,
        notice.mock,
        tuple(_selected(chosen, kept))[:MAX_LIST],
        tuple(sorted(one for one in sure if isinstance(one, LotId)))[:MAX_LIST],
        units,
        listed,
        notice.answer_by,
        (),
        found.suspect.about,
        found.suspect.relation,
        notice.started_at,
        found.suspect.since,
        found.suspect.until,
    )
    return record.state(desk, fact, Header(desk.operator, at), notice.case)


def answer(desk: Desk, index: int, said: Answer, at: datetime) -> Registered:
    """
    Return the place of what somebody says of the things that a recall names at a place.

    Args:
        desk: holds the operator's key
        index: the recall's place in the register
        said: the place, the person, and what was found, not found, or is not here
        at: log time

    Returns:
        Index and digest.

    Raises:
        MalformedError: nothing is answered, or one thing in two ways.
        UnknownSubjectError: that entry is no recall.

    Source: mission, IR-02; ADR 0052.
    """
    every = (*said.found, *said.missing, *said.elsewhere)
    if not every:
        raise MalformedError("Nothing is answered.", hint="Say of each thing where it is.")
    if len(set(every)) < len(every):
        raise MalformedError("One thing is answered twice.", hint="Choose one answer for each.")
    recall = recalled(desk, index)
    fact = RecallAnswer(
        recall.case,
        recall.number,
        said.place,
        said.by,
        at,
        said.found,
        said.missing,
        said.elsewhere,
        said.note.strip() or None,
    )
    return record.state(desk, fact, Header(desk.operator, at), recall.case)


def recalled(desk: Desk, index: int) -> Recall:
    """
    Return a recall by its place in the register.

    Args:
        desk: where it is kept
        index: its place

    Returns:
        The recall as it was stated.

    Raises:
        UnknownSubjectError: that entry is no recall.

    Source: ADR 0052.
    """
    room = gathering(desk)
    found = room.at((index,))[index].fact if 0 <= index < (room.below or 0) else None
    if not isinstance(found, Recall):
        raise UnknownSubjectError(
            f"Entry {index} is no recall.", hint="Look at the list of recalls."
        )
    return found


def _sealed(desk: Desk, fact: Hold, case: CaseId, at: datetime) -> bytes:
    chosen = fact.selector
    named = (chosen.lot, chosen.arrival, chosen.unit)
    subjects = (one for one in named if one is not None)
    payload = statements.compose(fact, Header(desk.operator, at), case, *subjects)
    return sealed(payload, desk.signer).raw


def _selectors(desk: Desk, found: Scope) -> Iterator[Selector]:
    """Yield what to hold: each lot, each arrival wholly in it, and each unit that is left."""
    lots: set[SubjectId] = {one.thing for one in found.leads if isinstance(one.thing, LotId)}
    yield from (Selector(lot=LotId.read(one)) for one in sorted(lots))
    graph = Graph((desk.entries, desk.views, desk.blobs))
    about = {one.thing for one in found.leads if one.thing == found.suspect.about}
    things = about | {one.asset for one in found.related}
    units = sorted(one for one in things if isinstance(one, UnitId))
    graph.fetch(units)
    left = [one for one in units if lots.isdisjoint(graph.lots(one))]
    named = {one for one in things if isinstance(one, ArrivalId)}
    near = named | {ArrivalId.read(at) for one in left for at in graph.arrivals(one)}
    whole = {at for at in near if _is_whole(desk, graph, at, (lots, things, named))}
    yield from (Selector(arrival=at) for at in sorted(whole))
    for unit in left:
        if whole.isdisjoint(graph.arrivals(unit)):
            yield Selector(unit=unit)


def _is_whole(
    desk: Desk,
    graph: Graph,
    at: ArrivalId,
    held: tuple[set[SubjectId], set[SubjectId], set[ArrivalId]],
) -> bool:
    """Return whether an arrival is held as one: named, or each of its units is, and no lot is."""
    lots, things, named = held
    came = [one.fact for one in graph.standing(at, Arrival)]
    if not came or any(fact.lot in lots for fact in came):
        return False
    listed = [
        UnitId.of(fact.lot.parts[0], serial)
        for fact in came
        for serial in serials(fact, desk.blobs)
    ]
    return at in named or (len(listed) > 1 and things.issuperset(listed))


def _selected(chosen: Sequence[SubjectId], kept: dict[SubjectId, Certainty]) -> Iterator[Selected]:
    """Yield a selector for each arrival, and for each lot and unit that is only possible."""
    for one in sorted(chosen):
        certainty = kept[one]
        if isinstance(one, ArrivalId):
            yield Selected(Selector(arrival=one), certainty)
        elif certainty is Certainty.POSSIBLE and isinstance(one, LotId):
            yield Selected(Selector(lot=one), certainty)
        elif certainty is Certainty.POSSIBLE and isinstance(one, UnitId):
            yield Selected(Selector(unit=one), certainty)


def _kept(desk: Desk, units: Iterable[SubjectId], kept: dict[SubjectId, Certainty]) -> bytes:
    rows = (f"{','.join(one.parts)},{kept[one]}" for one in units)
    data = "\n".join([",".join(COLUMNS), *rows, ""]).encode()
    desk.blobs.put(data)
    return data
