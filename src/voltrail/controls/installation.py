"""
Whether two people stood for the goods before any of them went into service.

Looks at installations that the operator stated and at the records that two persons signed. Does not
ask whether the goods are sound: the other families do; nor who was trained: the signing does.
"""

from datetime import datetime
from typing import Any

from voltrail.controls.model import (
    NoLimits,
    Verdict,
    control,
    holds,
    not_applicable,
    unproven,
    violated,
)
from voltrail.projections.dossier import Dossier
from voltrail.projections.service import in_service
from voltrail.projections.view import Recorded
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.installation import Installation

_NO_ARRIVAL = "No arrival is on record."
_NOTHING = "Nothing of this arrival is in service."


@control("SVC-01", needs=("arrival", "installation", "acceptance"))
def each_installation_was_signed_by_two(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    Every unit in service stands on a record that two persons signed for that unit and place.

    Why: one person alone can install what nobody looked at.
    Remedy: take the unit out of service, or have two persons sign that it went in.
    Source: mission, into service (two people); OQ-01.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    stands = in_service(dossier)
    if not stands.anything:
        return not_applicable(_NOTHING)
    for one in stands.stated:
        if not any(_covers(record, one) for record in stands.installed):
            return violated(f"No two persons signed that {one.fact.unit.key} was installed.", one)
    return holds("Two persons signed for each unit in service.", *stands.installed, *stands.stated)


@control("SVC-02", needs=("arrival", "installation", "acceptance"))
def goods_were_accepted_by_two_before_use(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    Two persons accepted the arrival before the first unit of it went into service.

    Why: what is accepted afterwards was never refused.
    Remedy: take the units out of service until two persons have accepted the goods.
    Source: mission, into service (two people); OQ-01.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    stands = in_service(dossier)
    if not stands.anything:
        return not_applicable(_NOTHING)
    accepted = [one for one in stands.accepted if one.fact.arrival == dossier.arrival_id]
    used: tuple[Recorded[Any], ...] = (*stands.stated, *stands.installed)
    for one in used:
        if not any(_before(record, one) for record in accepted):
            return violated("A unit went into service before two persons accepted the goods.", one)
    return holds("Two persons accepted the goods before any went into service.", *accepted)


def _covers(record: Recorded[Acceptance], one: Recorded[Installation]) -> bool:
    """Return whether a record of two is about a unit, at its place, by whoever installed it."""
    fact, done = record.fact, one.fact
    named = done.unit in fact.units and done.by in fact.accepted_by
    return named and fact.place == done.place and _before(record, one)


def _before(record: Recorded[Acceptance], one: Recorded[Any]) -> bool:
    """Return whether two had signed when a unit went in, by their word and by the register."""
    went_in = one.fact.installed_at if isinstance(one.fact, Installation) else one.fact.at
    return record.fact.at <= went_in and record.entry.log_time <= one.entry.log_time
