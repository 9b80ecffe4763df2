"""What every section of a start page looks at, read once for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voltrail.actions.waiting import Duty
from voltrail_server.people import functions
from voltrail_server.people.models import Account
from voltrail_server.reading.names import Book

FEW = 5  # [rows] of one section
_PLACES = 5  # [places] of one function

# How the server is at a time: whether all is well, and a word for each part.
Look = Callable[[datetime], tuple[bool, dict[str, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, when, by which functions; held arrivals and duties were read once for all."""

    account: Account
    at: datetime
    names: frozenset[str]
    held: tuple[Any, ...]
    owed: tuple[Duty, ...]
    book: Book
    look: Look

    @property
    def sees_all(self) -> bool:
        """Whether what waits for anybody is shown: to auditors and administrators."""
        return bool(self.names & {"administrator", "auditor"})

    @property
    def mine(self) -> tuple[Duty, ...]:
        """The duties that wait for one of the functions, or for anybody."""
        if self.sees_all:
            return self.owed
        return tuple(one for one in self.owed if one.role in self.names)

    def places(self, function: str) -> tuple[str, ...]:
        """Return where a function is held, a few places; nothing where it is held everywhere."""
        found = [one for one in functions.held(self.account, self.at) if one.function == function]
        every = any(not one.places for one in found)
        return (
            () if every else tuple(sorted({each for one in found for each in one.places}))[:_PLACES]
        )
