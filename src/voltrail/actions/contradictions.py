"""What stands against itself, about one subject or about many arrivals at once, as of now."""

from collections.abc import Sequence

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.controls.trace import RULES
from voltrail.ids.subject import ArrivalId, LotId, PartyId, SubjectId, UnitId
from voltrail.projections import anomalies
from voltrail.projections.dossier import dossiers, gathering
from voltrail.projections.gathering import Gathering
from voltrail.projections.rules.bearing import gather
from voltrail.projections.rules.model import Anomaly, tolerances
from voltrail.projections.rules.seen import lot_of
from voltrail.statements.arrival import Arrival

MOST_ARRIVALS = 50  # [arrivals] of one lot that are looked at: our choice: ADR 0050
_CONTROLS = {rule: control for control, listed in RULES.items() for rule in listed}


class Told(Struct, frozen=True):
    """
    The findings about a subject at a register size, and where looking stopped.

    `nearby` are those about the lot of a unit, as they were found when its arrivals were judged;
    `more` says that not everything was looked at; `cut` names firms of whose long record both ends
    were read.
    """

    subject: SubjectId
    size: int
    found: tuple[Anomaly, ...] = ()
    nearby: tuple[Anomaly, ...] = ()
    more: bool = False
    cut: tuple[PartyId, ...] = ()


def contradictions(desk: Desk, about: SubjectId) -> Told:
    """
    Return what stands against itself about a subject.

    Args:
        desk: where it is kept
        about: an arrival, a lot with its papers and units, a unit, or anything else

    Returns:
        Findings by rule; of a unit, those about its lot beside its own.

    Source: mission, CU-01 and CU-02; ADR 0050.
    """
    if isinstance(about, ArrivalId):
        return of_arrivals(desk, (about,))[0]
    room = gathering(desk)
    if isinstance(about, LotId):
        return _of_lot(desk, room, about)
    source = anomalies.Stored(room, desk.views)
    bearing = gather(source, about)
    found, size = anomalies.judged(bearing, tolerances()), room.below or 0
    if not isinstance(about, UnitId):
        return Told(about, size, found)
    lot = lot_of(bearing)
    if lot is None:
        return Told(about, size, found)
    alone = anomalies.find_about(source, lot, tolerances())
    kept = map(anomalies.kept, desk.views.found_about(lot))
    return Told(about, size, found, anomalies.in_order((*alone, *kept)))


def of_arrivals(desk: Desk, arrivals: Sequence[ArrivalId]) -> tuple[Told, ...]:
    """
    Return what stands against itself about each of many arrivals, read together.

    Args:
        desk: where it is kept
        arrivals: which ones

    Returns:
        One answer for each, in order.

    Source: ADR 0050.
    """
    return _told(desk, gathering(desk), arrivals)


def control_of(rule: str) -> str:
    """
    Return the control that reads the findings of a rule.

    Args:
        rule: R1 and so on

    Returns:
        The control's id; nothing for a rule that does not exist.

    Source: ADR 0050.
    """
    return _CONTROLS.get(rule, "")


def names() -> dict[str, str]:
    """
    Return what each rule is called.

    Returns:
        Rule → its name in words, in order.

    Source: ADR 0048.
    """
    return {one.id: one.name for one in anomalies.rules()}


def _told(desk: Desk, room: Gathering, arrivals: Sequence[ArrivalId]) -> tuple[Told, ...]:
    size = room.below or 0
    return tuple(
        Told(each.arrival_id, size, each.anomalies, (), each.traced.more_units, each.traced.cut)
        for each in dossiers(desk, room, arrivals)
    )


def _of_lot(desk: Desk, room: Gathering, lot: LotId) -> Told:
    """Return what is found through each arrival of a lot; through the lot alone before any."""
    came = sorted({one.fact.arrival for one in room.view(lot).standing(Arrival)})
    told = _told(desk, room, came[:MOST_ARRIVALS])
    alone = anomalies.find_about(anomalies.Stored(room, desk.views), lot, tolerances())
    found = {one for each in told for one in each.found if not isinstance(one.subject, ArrivalId)}
    cut = {one for each in told for one in each.cut}
    more = len(came) > MOST_ARRIVALS or any(each.more for each in told)
    every = anomalies.in_order({*found, *alone})
    return Told(lot, room.below or 0, every, (), more, tuple(sorted(cut)))
