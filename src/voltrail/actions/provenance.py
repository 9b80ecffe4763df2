"""The five provenance questions about a unit, each with evidence, signer, day, confidence."""

from typing import Any

from msgspec import Struct

from voltrail.actions.describe import sentence_of
from voltrail.actions.desk import Desk
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import ArrivalId, UnitId
from voltrail.projections import parts
from voltrail.projections.anomalies import Stored
from voltrail.projections.dossier import dossiers, gathering
from voltrail.projections.five.ask import five
from voltrail.projections.five.model import Answer
from voltrail.projections.parts import Put
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.assembly import Assembly


class Provenance(Struct, frozen=True):
    """The five answers about one unit, at one size of the register."""

    unit: UnitId
    size: int
    answers: tuple[Answer, ...]


def provenance(desk: Desk, unit: UnitId) -> Provenance:
    """
    Return the answers to the five provenance questions about a unit.

    Args:
        desk: where it is kept
        unit: which one

    Returns:
        One answer for each question, in their order.

    Raises:
        UnknownSubjectError: nobody spoke of the unit, and no delivery lists it.

    Source: mission, PV-05; ADR 0053.
    """
    seen = desk.views.sightings([unit]).get(unit, frozenset())
    if not desk.views.indices(unit) and not seen:
        raise UnknownSubjectError(f"Nobody spoke of {unit.key}.", hint="Check its serial.")

    def puts(one: Recorded[Assembly]) -> Put:
        return parts.put(one.fact, desk.blobs)

    room = gathering(desk)
    arrivals = [ArrivalId.read(one) for one in sorted(seen)]
    through = [one for each in dossiers(desk, room, arrivals) for one in each.anomalies]
    rules = Stored(room, desk.views), through
    answers = five(room, unit, desk.operator, (desk.views.sightings, puts), rules)
    return Provenance(unit, room.below or 0, answers)


def told(found: Provenance) -> dict[str, Any]:
    """
    Return five answers for a program.

    Args:
        found: the answers

    Returns:
        What JSON can hold: sentences, confidence, who said what in which entry, what is missing.

    Source: mission, PV-05; docs/how-to/ask-five-questions.md.
    """
    return {
        "unit": str(found.unit),
        "size": found.size,
        "answers": [
            {
                "question": str(one.question),
                "sentence": str(one.sentence),
                "confidence": str(one.confidence),
                "sources": [_source(each) for each in one.sources],
                "papers": [_source(each) for each in one.papers],
                "against": [
                    {"sentence": each.sentence, "entries": list(each.entries)}
                    for each in one.against
                ],
                "missing": one.missing and str(one.missing),
                "ask": one.ask and str(one.ask),
            }
            for one in found.answers
        ],
    }


def _source(one: Recorded[Any]) -> dict[str, Any]:
    return {
        "entry": one.entry.index,
        "signer": str(one.issuer),
        "claimed": one.header.claimed_time.isoformat(),
        "kind": kinds.short(one.predicate_type),
        "sentence": sentence_of(one),
    }
