"""
Characters that look like others or like nothing, each named with its place.

Identities of every scheme here are ASCII. A letter of another script that looks like a Latin one
makes a second identity that nobody can tell from the first by eye. Knows the letters of Cyrillic,
Greek and full-width script that have a Latin twin; other scripts are strange, not twins.
"""

import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import Worded, worded

SEPARATOR = "\x1d"  # GS: what scanners type for FNC1: GS1 General Specifications, 7.8
_EDGES = " \t\r\n\x00\x04\x1e"  # what scanners and fingers add around a code
# Our choice: letters whose usual shapes are the same as the Latin ones.
_CYRILLIC = dict(
    zip("АВЕЅІЈКМНОРСТУХԚԜаеѕіјорсухԛԝһ", "ABESIJKMHOPCTYXQWaesijopcyxqwh", strict=True)
)
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_WIDE = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
TWINS = {**_CYRILLIC, **_GREEK, **_DASHES, **_WIDE}


class Strange(Struct, frozen=True):
    """A character that does not belong: its place from 1, its name, and what it looks like."""

    place: int
    name: str
    twin: str = ""

    @property
    def sentence(self) -> Worded:
        """What is wrong, in words."""
        if self.twin:
            return worded(
                "Character %(place)s is %(name)s and looks like %(twin)s.",
                place=self.place,
                name=self.name,
                twin=self.twin,
            )
        return worded(
            "Character %(place)s cannot be seen: %(name)s.", place=self.place, name=self.name
        )


def strange(text: str) -> Iterator[Strange]:
    """
    Yield the characters that cannot be seen, and those that pose as Latin ones.

    Args:
        text: any text, without what stands around it

    Returns:
        In order; a letter poses where its word has ASCII letters or digits, or nothing but twins.

    Source: our choice: ADR 0046.
    """
    if text.isascii() and text.isprintable():
        return
    at = 0
    for word in text.split(" "):
        poses = any(one.isascii() for one in word) or all(one in TWINS for one in word)
        for step, one in enumerate(word, start=at + 1):
            if one in TWINS and poses:
                yield Strange(step, _named(one), TWINS[one])
            elif not one.isprintable() and one != SEPARATOR:
                yield Strange(step, _named(one))
        at += len(word) + 1


def trimmed(text: str) -> str:
    """
    Return a text without what scanners and fingers add around it.

    Args:
        text: as typed

    Returns:
        The text; characters inside it stay.

    Source: our choice: ADR 0046.
    """
    return text.strip(_EDGES + SEPARATOR)


def need_plain(text: str) -> None:
    """
    Refuse a text that holds a character nobody sees, or one that poses as another.

    Args:
        text: a code

    Raises:
        MalformedError: it does; the first such character is named with its place.

    Source: our choice: ADR 0046.
    """
    first = next(strange(text), None)
    if first is not None:
        raise MalformedError(
            first.sentence, hint="Type the code from the label, or ask who sent it for another."
        )


def _named(one: str) -> str:
    known = unicodedata.name(one, "")
    return f"{known or 'U+'}{'' if known else f'{ord(one):04X}'}"
