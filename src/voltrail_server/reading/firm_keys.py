"""Firms' keys as pages ask for them."""

from typing import Any

from voltrail.actions import doubt as doubting
from voltrail.actions import firm_keys
from voltrail.actions import worth as worths
from voltrail.actions.firm_keys import Ending
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.keyring import ceremony
from voltrail_server.panels import firm_keys as panel
from voltrail_server.panels.firm_keys import FirmKeyLine
from voltrail_server.panels.policies import simulated
from voltrail_server.reading.names import Book
from voltrail_server.reading.times import read_time


def listing(book: Book, party: str, person: str) -> dict[str, Any]:
    """Return what waits, what is on record, of one firm or of all, and what a form offers."""
    whose = PartyId.read(party) if party else None
    found = firm_keys.firm_keys(wiring.desk(), whose, wiring.now())
    return {
        "waiting": [panel.waiting(row, book, person) for row in ceremony.waiting()],
        "held": [panel.held(one, book) for one in found],
        "party": book(party) if party else None,
        "kinds": panel.kinds(firm_keys.firm_kinds()),
    }


def doubt(key: str, ending: Ending | None, book: Book) -> dict[str, Any]:
    """Return a key, the ways in which it may end, and what one of them would change."""
    found = None
    if ending is not None:
        found = doubting.doubt(wiring.desk(), key, ending, wiring.now())
    return {
        "key": key,
        "lines": bindings(key, book),
        "found": found,
        "doubted": panel.doubted(found.statements if found else (), book),
        "changes": simulated(found.changes if found else ()),
        "endings": panel.ENDINGS,
        "kinds": panel.kinds(firm_keys.firm_kinds()),
    }


def worth(index: int, known: str) -> dict[str, Any]:
    """Return what a statement is worth, today or as was known at the end of a past day."""
    now = wiring.now()
    at = min(now, read_time(f"{known}T23:59:59")) if known else now
    return {"worth": panel.worth(worths.worth_of(wiring.desk(), index, at)), "known": known}


def bindings(key: str, book: Book) -> list[FirmKeyLine]:
    """Return what is on record of one key, the newest binding first."""
    every = firm_keys.firm_keys(wiring.desk(), None, wiring.now())
    found = [panel.held(one, book) for one in every if one.key == key]
    if not found:
        raise UnknownSubjectError("No firm has this key.", hint="Look at the list of keys.")
    return found
