"""
Which event of EPCIS a kept word is, as keys: the same event in two files is found together.

A key stands for one sender and one eventID; what another firm says under the same id is another
word. Does not judge whether two words say the same.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from voltrail.ids.subject import PartyId
from voltrail.projections.view import Recorded
from voltrail.statements.intake import Intake

PREFIX = "captured:"


def event_id(content: Mapping[str, Any]) -> str:
    """
    Return the eventID in what an intake holds.

    Args:
        content: its form, place and what it says

    Returns:
        The id as written; nothing where the word is of no event, or of one without an id.

    Source: EPCIS 2.0, section 7.4.1.
    """
    said = content.get("said")
    if content.get("form") != "epcis" or not isinstance(said, Mapping):
        return ""
    event = said.get("event")
    found = event.get("id") if isinstance(event, Mapping) else said.get("eventId")
    return found if isinstance(found, str) else ""


def key(sender: PartyId, number: str) -> str:
    """
    Return the key of an event.

    Args:
        sender: whose word it is
        number: its eventID

    Returns:
        The prefix and a SHA-256 of both, since an id may be long.

    Source: our choice: ADR 0057.
    """
    return PREFIX + hashlib.sha256(f"{sender}\n{number}".encode()).hexdigest()


def keys_of(one: Recorded[Any]) -> Iterator[str]:
    """
    Yield the key of the event that an unsigned word is about.

    Args:
        one: a recorded fact

    Yields:
        One key, or nothing.

    Source: our choice: ADR 0057.
    """
    if isinstance(one.fact, Intake):
        number = event_id(one.fact.content)
        if number:
            yield key(one.fact.said_by, number)
