"""Legal entity identifiers: 20 characters, the last two of which check the rest."""

import re

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import worded

_FORM = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_LETTERS = re.compile(r"[A-Z]")


class Lei(Struct, frozen=True):
    """A legal entity."""

    text: str


def looks_like(text: str) -> bool:
    """
    Return whether a text is written as an LEI.

    Args:
        text: upper case

    Returns:
        True for 20 characters of which one is a letter and the last two are digits.

    Source: ISO 17442-1:2020, 5.
    """
    return _FORM.fullmatch(text) is not None and _LETTERS.search(text) is not None


def read(text: str) -> Lei:
    """
    Return the LEI in a text.

    Args:
        text: 20 characters, upper case

    Returns:
        The LEI.

    Raises:
        MalformedError: another form, or wrong check digits.

    Source: ISO 17442-1:2020, 5; ISO/IEC 7064, MOD 97-10.
    """
    if not _FORM.fullmatch(text):
        raise MalformedError(
            worded("%(text)s is no LEI.", text=repr(text[:40])),
            hint="An LEI has 20 letters and digits, the last two digits.",
        )
    right = check_digits(text[:18])
    if text[18:] != right:
        said = worded(
            "The check digits of LEI %(text)s are wrong: %(right)s would be right.",
            text=text,
            right=right,
        )
        raise MalformedError(said, hint="Compare it with the firm's entry, letter by letter.")
    return Lei(text)


def check_digits(text: str) -> str:
    """
    Return the two digits that end an LEI.

    Args:
        text: the 18 characters before them

    Returns:
        02 to 98.

    Source: ISO/IEC 7064, MOD 97-10.
    """
    number = int("".join(str(int(one, 36)) for one in text) + "00")
    return f"{98 - number % 97:02}"
