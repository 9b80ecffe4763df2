"""
What a scan of a unit says against the record: match, mismatch, unknown or cloned.

A label can be copied: a match says that the record knows this unit and nothing contradicts it, not
that the thing in the hand is the one that the maker made. Knows words; does not look anything up.
"""

from enum import StrEnum

from msgspec import Struct

from voltrail.ids.subject import UnitId


class Scanned(StrEnum):
    """The four answers; only the first is good news, and `unknown` is none."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    CLONED = "cloned"


class Answer(Struct, frozen=True):
    """
    An answer, its reason, what to do, the entries it rests on, and what was not looked at.

    `held`: it matches, and its goods are not released.
    """

    verdict: Scanned
    sentence: str
    hint: str
    unit: UnitId | None = None
    entries: tuple[int, ...] = ()
    signed: bool = False
    left_out: str = ""
    held: bool = False
