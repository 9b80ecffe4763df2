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


class Word(StrEnum):
    """The one word of a verdict bar at the rack, the worst first."""

    CLONED = "cloned"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    NOT_TO_INSTALL = "match-held"
    NOT_ASKED = "match"
    MAY_INSTALL = "may-install"


class Bar(Struct, frozen=True):
    """
    One answer to "may this go in here": the weaker of scan and record, why, and what to do.

    `NOT_ASKED`: the label is right, and no register was asked whether the unit may be installed.
    """

    word: Word
    sentence: str
    hint: str
    entries: tuple[int, ...] = ()


def of_scan(found: Answer) -> Bar:
    """
    Return the bar of a scan alone, where no register was asked.

    Args:
        found: what the scan says

    Returns:
        Its own word; a match is no leave to install.

    Source: look and words, verdict bar; ADR 0043.
    """
    return Bar(Word(str(found.verdict)), found.sentence, found.hint, found.entries)
