"""Which entries speak of many subjects, in one question, and the facts in them."""

from collections.abc import Collection, Iterable
from typing import Any

from voltrail.ids import subject as ids
from voltrail.projections.view import View, fold, recorded
from voltrail_server import wiring
from voltrail_server.records import models

_BATCH = 500  # [keys] asked for at once; databases bound the values of one question


def indices_of(keys: Collection[str]) -> dict[str, list[int]]:
    """Return, for each key that entries speak of, their indices, ascending."""
    found: dict[str, list[int]] = {}
    listed = sorted(set(keys))
    for start in range(0, len(listed), _BATCH):
        rows = models.Link.objects.filter(key__in=listed[start : start + _BATCH])
        for key, index in rows.order_by("key", "index").values_list("key", "index"):
            found.setdefault(key, []).append(index)
    return found


def facts_at(indices: Iterable[int]) -> dict[int, Any]:
    """Return the recorded facts at some indices, in one question."""
    wanted = sorted(set(indices))
    entries = wiring.desk().entries.at(wanted) if wanted else ()
    return {one.entry.index: one for one in map(recorded, entries)}


def views_of(subjects: Collection[str]) -> dict[str, View]:
    """Return the view of each subject, in two questions; corrections from afar are left out."""
    found = indices_of(subjects)
    facts = facts_at(index for indices in found.values() for index in indices)
    return {
        subject: fold(ids.parse(subject), [facts[index] for index in indices])
        for subject, indices in found.items()
    }
