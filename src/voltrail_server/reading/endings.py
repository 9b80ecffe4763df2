"""What ends soon: exceptions, qualifications and trainings, by the times their statements carry."""

from datetime import datetime, timedelta
from typing import Any

from voltrail.projections import alarms
from voltrail.projections.view import Recorded
from voltrail.statements.qualification import Qualification
from voltrail.statements.training import Training
from voltrail.statements.waiver import Waiver
from voltrail_server import wiring
from voltrail_server.reading import links

AHEAD = timedelta(days=14)
_MOST = 1_000  # [times] looked at together
_KINDS = (Qualification, Training, Waiver)


def soon(at: datetime) -> list[Recorded[Any]]:
    """Return the statements still standing that end within two weeks, each once."""
    desk, last = wiring.desk(), at + AHEAD
    keys = list(desk.views.keys(alarms.PREFIX, alarms.key(at), _MOST))
    found = links.indices_of([key for key in keys if key <= alarms.key(last)])
    facts = links.facts_at(index for indices in found.values() for index in indices)
    ending = [
        one
        for one in facts.values()
        if isinstance(one.fact, _KINDS) and at < one.fact.valid_until <= last
    ]
    ends = links.indices_of([f"about:{one.entry.digest}" for one in ending])
    return [one for one in ending if f"about:{one.entry.digest}" not in ends]
