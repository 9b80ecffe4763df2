"""
GS1 element strings: bracketed, or plain with separators, with or without a symbology identifier.

    (01)09521234000013(10)L26-7(21)K0001        0109521234000013 10L26-7␝21K0001

A value that is longer than its identifier allows has lost its separator; that is said, and where
it stood is not guessed. Looks at forms, not at check digits.
"""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids.application import Form, form_of, number_in
from voltrail.ids.letters import SEPARATOR
from voltrail.wording import Worded, worded

AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")  # symbology identifier: ISO/IEC 15424
GS1_SYMBOLS = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})  # GS1 General Specifications, 7.8.1
_BRACKETED = re.compile(r"\((\d{2,4})\)(.*?)(?=\(\d{2,4}\)|$)", re.DOTALL)
_SPELT = re.compile("<GS>|\\{GS\\}|\\\\x1[dD]|\\^\\]|\u241d")  # how screens and keyboards show it
_TAIL = re.compile(r"(?:11|12|13|15|16|17)([0-9]{6})(?:10|21|30|37|$)")  # after a lost separator
_HINT = worded("Scan the code again with a reader that keeps the separator (FNC1).")


class Elements(Struct, frozen=True):
    """The elements of a code, each once, and what is odd about how they were written."""

    pairs: tuple[tuple[str, str], ...]
    warnings: tuple[Worded, ...] = ()


def read(text: str) -> Elements:
    """
    Return the elements of a string.

    Args:
        text: bracketed or plain, without symbology identifier

    Returns:
        Identifier and value of each, in order.

    Raises:
        MalformedError: an unknown identifier, a value that is not of its form, a separator that was
            lost, or one identifier with two values.

    Source: GS1 General Specifications, 3.2 and 7.8.
    """
    if text.startswith("("):
        return Elements(_once(_bracketed(text)))
    plain, spelt = _SPELT.subn(SEPARATOR, text)
    pairs = _once(_plain(plain))
    odd = [worded("A separator is typed as letters.")] if spelt else []
    return Elements(pairs, (*odd, *_doubtful(pairs)))


def looks_like(text: str) -> bool:
    """
    Return whether a text without symbology identifier is written as an element string.

    Args:
        text: as scanned

    Returns:
        True where it is bracketed, or begins with the identifier of a key and its digits.

    Source: our choice: ADR 0046.
    """
    if re.match(r"\(\d{2,4}\)", text):
        return True
    begins = next((digits for ai, digits in _BEGINS if text.startswith(ai)), 0)
    head = text[:begins]
    return bool(begins) and len(head) == begins and head.isascii() and head.isdigit()


_BEGINS = (("01", 16), ("00", 20), ("414", 16), ("417", 16), ("8003", 18), ("8006", 22))


def need_form(ai: str, value: str) -> str:
    """
    Return a value that is written as its identifier asks.

    Args:
        ai: application identifier
        value: its text

    Returns:
        The same text.

    Raises:
        MalformedError: no such identifier, or another form.

    Source: GS1 General Specifications, 3.2.
    """
    form = known(ai)
    if form.pattern.fullmatch(value):
        return value
    if len(value) > form.longest:
        said = worded(
            "Element %(ai)s has %(count)s characters; at most %(most)s are allowed.",
            ai=ai,
            count=len(value),
            most=form.longest,
        )
        raise MalformedError(said, hint=_HINT)
    said = worded("%(text)s cannot stand in element %(ai)s.", text=repr(value[:40]), ai=ai)
    raise MalformedError(said, hint="Compare the code with the label.")


def day(text: str, on: date | None = None) -> date | None:
    """
    Return the day in six digits; day 00 is the last of the month.

    Args:
        text: YYMMDD
        on: a day in whose hundred years it lies; this century where absent

    Returns:
        The day, or None where there is no such day or no such month.

    Source: GS1 General Specifications, 7.12.
    """
    year, month, of_month = int(text[:2]), int(text[2:4]), int(text[4:])
    year += _century(year, on.year) if on else 2000
    if month not in range(1, 13):
        return None
    try:
        if of_month:
            return date(year, month, of_month)
        after = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(after.toordinal() - 1)
    except ValueError:
        return None


def _century(year: int, now: int) -> int:
    """Return the century that GS1 asks to choose: fifty years back, forty-nine ahead."""
    ahead = year - now % 100
    return now // 100 * 100 + (-100 if ahead > 50 else 100 if ahead < -49 else 0)  # noqa: PLR2004


def known(ai: str) -> Form:
    """
    Return the form of an application identifier that exists.

    Args:
        ai: two to four digits

    Returns:
        The form.

    Raises:
        MalformedError: there is no such identifier.

    Source: GS1 General Specifications, 3.2.
    """
    form = form_of(ai)
    if form is None:
        raise MalformedError(
            worded("GS1 has no element %(ai)s.", ai=repr(ai)), hint="Scan the code again, whole."
        )
    return form


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for match in _BRACKETED.finditer(text):
        if match.start() != at:
            break
        yield match[1], need_form(match[1], match[2].strip(f" {SEPARATOR}"))
        at = match.end()
    if at != len(text):
        raise MalformedError("The brackets do not close.", hint="Write (01)…(21)….")


def _plain(text: str) -> Iterator[tuple[str, str]]:
    """Yield elements: of a known length by length, others up to the separator."""
    at = 0
    while at < len(text):
        if text[at] == SEPARATOR:
            at += 1
            continue
        ai = number_in(text, at)
        form = known(ai)
        begins = at + len(ai)
        ends = text.find(SEPARATOR, begins)
        ends = len(text) if ends < 0 else ends
        if form.is_predefined:
            ends = min(ends, begins + form.longest)
        yield ai, need_form(ai, text[begins:ends])
        at = ends


def _once(pairs: Iterator[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return each element once; one identifier with two values is a contradiction."""
    found: dict[str, str] = {}
    for ai, value in pairs:
        if found.setdefault(ai, value) != value:
            raise MalformedError(
                worded("Element %(ai)s stands twice and says two things.", ai=ai),
                hint="Scan one code alone.",
            )
    return tuple(found.items())


def _doubtful(pairs: tuple[tuple[str, str], ...]) -> Iterator[Worded]:
    """Yield where a value holds what looks like a further element, its separator lost."""
    for ai, value in pairs:
        form = known(ai)
        if form.is_predefined or not form.pattern.pattern.startswith("[!"):
            continue
        tail = next((one for one in _TAIL.finditer(value, 1) if day(one[1])), None)
        if tail is not None:
            yield worded(
                "Element %(ai)s may have lost its separator before %(rest)s.",
                ai=ai,
                rest=value[tail.start() :],
            )
