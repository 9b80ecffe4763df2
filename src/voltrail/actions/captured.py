"""
Events that were captured before: the same eventID and the same word counts once for one sender.

The place in the file and the time at which a system wrote an event down are no part of the word.
A word that differs under the same id is kept beside the first: both are what the sender said.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from voltrail import canonical
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.ids.subject import PartyId
from voltrail.projections import captured
from voltrail.projections.gathering import Gathering
from voltrail.statements.intake import Intake


class Word(Struct, frozen=True):
    """What is compared of an event: its id, what it became, and the digest of what it says."""

    event: str
    kind: str
    digest: str


def word(content: Mapping[str, Any], kind: str) -> Word | None:
    """
    Return what is compared of an event.

    Args:
        content: of an intake: form, place and what it says
        kind: predicate type that it could become

    Returns:
        Id, kind and digest; None where it is of no event with an id.

    Source: our choice: ADR 0057.
    """
    number = captured.event_id(content)
    if not number:
        return None
    said = dict(content["said"])
    if isinstance(said.get("event"), Mapping):
        said["event"] = {name: one for name, one in said["event"].items() if name != "recorded"}
    return Word(number, kind, canonical.digest(canonical.canonical_bytes({"said": said})))


def standing(desk: Desk, sender: PartyId, events: Iterable[str]) -> dict[Word, Registered]:
    """
    Return the words that stand on record about some events, each with its first place.

    Args:
        desk: where they are kept
        sender: whose words
        events: eventIDs

    Returns:
        Places by what is compared.

    Source: our choice: ADR 0057.
    """
    room = Gathering(desk.entries, desk.views)
    keys = [captured.key(sender, one) for one in dict.fromkeys(events)]
    room.fetch(keys)
    found: dict[Word, Registered] = {}
    every = {one.entry.index: one for key in keys for one in room.standing(key)}
    for _, one in sorted(every.items()):
        if isinstance(one.fact, Intake):
            same = word(one.fact.content, one.fact.statement_type)
            if same is not None:
                found.setdefault(same, place(one))
    return found


def place(one: Any) -> Registered:  # noqa: ANN401 — a recorded intake
    """
    Return the place of an intake that stands already.

    Args:
        one: as recorded

    Returns:
        Its place, not fresh.

    Source: ADR 0054.
    """
    return Registered(
        one.entry.index,
        one.entry.digest,
        fresh=False,
        subjects=one.subjects,
        predicate_type=one.predicate_type,
    )
