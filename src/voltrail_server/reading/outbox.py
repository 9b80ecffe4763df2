"""Events in the order in which they were put on record: the outbox, read from a place onwards."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from voltrail.actions import show
from voltrail.projections.view import Recorded
from voltrail_server import wiring
from voltrail_server.reading import links
from voltrail_server.records import models


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its number, topic and entry; and the place of the arrival it is about, if any."""

    number: int
    topic: str
    fact: Recorded[Any]
    sentence: str
    place: str


def newest() -> int:
    """Return the number of the newest event."""
    return models.Outbox.objects.aggregate(last=Max("id"))["last"] or 0


def after(number: int, most: int) -> list[Event]:
    """Return the events that follow one, as many as are asked for."""
    rows = list(models.Outbox.objects.filter(id__gt=number).order_by("id")[:most])
    facts = links.facts_at(row.index for row in rows)
    arrivals = [row.subject for row in rows if row.topic.startswith("decision.")]
    places = {key: row.place for key, row in wiring.desk().views.rows_of(arrivals).items()}
    return [_event(row, facts[row.index], places.get(row.subject, "")) for row in rows]


def _event(row: models.Outbox, fact: Recorded[Any], place: str) -> Event:
    return Event(row.pk, row.topic, fact, show.sentence_of(fact), place)
