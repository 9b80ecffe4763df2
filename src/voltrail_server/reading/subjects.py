"""
Subjects of one kind that the register speaks of, by identity, with tallies of their arrivals.

A page costs a walk along the links' index and one statement of counts, however long the list is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from voltrail_server import wiring
from voltrail_server.reading import arrivals
from voltrail_server.reading.page import PER_PAGE, Page, cut, read_cursor


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject and how its arrivals stand."""

    subject: str
    counts: dict[str, str]

    @property
    def undecided(self) -> str:
        """How many of its arrivals nobody has judged."""
        return self.counts.get("", "")


def listing(kind: str, column: str, text: str = "", cursor: str = "") -> Page:
    """Return one page of the subjects of a kind whose keys begin with a text."""
    prefix = f"urn:voltrail:{kind}:"
    begins = text if text.startswith(prefix) else prefix + text
    after = read_cursor(cursor, 1)
    keys = wiring.desk().views.keys(begins, after[0] if after else "", PER_PAGE + 1)
    counts = arrivals.tallies(column, keys[:PER_PAGE]) if column else {}
    rows = [SubjectRow(str(key), counts.get(key, {})) for key in keys]
    return cut(rows, lambda row: [row.subject])


def pages(kind: str, column: str, text: str = "") -> Iterator[tuple[SubjectRow, ...]]:
    """Yield every page of the list, one after the other."""
    cursor, more = "", True
    while more:
        page = listing(kind, column, text, cursor)
        yield page.items
        cursor, more = page.next_cursor, bool(page.next_cursor)
