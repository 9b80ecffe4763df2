"""
GB/T 34014: the battery code of Chinese makers, 24 characters, or 19 for a second life.

    001 C B 24 0000003 B 3 C 0221953      maker, level, type, model, trace, year, month, day, number

Letters that the date table leaves out, days that no month has and dates to come are flagged and not
refused: makers print them. Knows two readings of the table of types that are confirmed; the others
are said to be hearsay. What model and trace mean only the maker knows.
"""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import Worded, worded

LENGTH, SHORT = 24, 19  # [characters] GB/T 34014-2017; the second form has no trace information
_FORM = re.compile(
    r"([A-Z0-9]{3})([PMC])([A-Z])([A-Z0-9]{2})(?:([A-Z0-9]{7})([A-Z0-9]{3})([0-9]{7})"
    r"|([A-Z0-9]{3})([0-9]{7})R([PMC]))"
)
LEVELS = {"P": worded("pack"), "M": worded("module"), "C": worded("cell")}
_TYPES = {
    "B": worded("lithium iron phosphate"),
    "E": worded("nickel cobalt manganese"),
    "A": worded("nickel metal hydride, as is said"),
    "C": worded("lithium manganese oxide, as is said"),
    "D": worded("lithium cobalt oxide, as is said"),
    "F": worded("supercapacitor, as is said"),
    "G": worded("lithium titanate, as is said"),
    "Z": worded("another type, as is said"),
}
_DATED = "123456789ABCDEFGHJKLMNPRSTVWXY"  # 30 signs without I, O, Q, U and Z; day 31 is 0
_YEARS = {sign: 2011 + at for at, sign in enumerate(_DATED)}
_MONTHS = {sign: 1 + at for at, sign in enumerate(_DATED[:12])}
_DAYS = {sign: 1 + at for at, sign in enumerate(_DATED)} | {"0": 31}
_TABLES = (_YEARS, _MONTHS, _DAYS)
_PLACES = (worded("year"), worded("month"), worded("day"))


class BatteryCode(Struct, frozen=True):
    """A battery code, part by part; `remade` is the level of a second life, else empty."""

    maker: str
    level: str
    type_: str
    model: str
    trace: str
    dated: str
    number: str
    remade: str = ""

    @property
    def text(self) -> str:
        """The code as it is printed."""
        tail = f"R{self.remade}" if self.remade else ""
        head = f"{self.maker}{self.level}{self.type_}{self.model}{self.trace}"
        return f"{head}{self.dated}{self.number}{tail}"

    @property
    def made(self) -> date | None:
        """The day it was made, or None where the three signs name no day."""
        year, month, day = (
            table.get(sign, 0) for table, sign in zip(_TABLES, self.dated, strict=True)
        )
        try:
            return date(year, month, day)
        except ValueError:
            return None

    @property
    def chemistry(self) -> Worded | None:
        """The battery type in words, or None where the letter is not known."""
        return _TYPES.get(self.type_)


def read(text: str) -> BatteryCode:
    """
    Return the parts of a battery code.

    Args:
        text: 24 or 19 characters, upper case

    Returns:
        The parts; whether they agree, `flagged` says.

    Raises:
        MalformedError: another length, or letters where digits stand.

    Source: GB/T 34014-2017; pattern of Catena-X traction_battery_code 2.0.0.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise MalformedError(
            worded("%(text)s is no battery code of GB/T 34014.", text=repr(text[:40])),
            hint="It has 24 characters, or 19 with R at the end; the fourth is P, M or C.",
        )
    maker, level, type_, model, trace, dated, number, short, again, remade = match.groups("")
    return BatteryCode(maker, level, type_, model, trace, dated or short, number or again, remade)


def looks_like(text: str) -> bool:
    """
    Return whether a text is written as a battery code.

    Args:
        text: upper case

    Returns:
        True where `read` would succeed.

    Source: our choice: ADR 0046.
    """
    return len(text) in (LENGTH, SHORT) and _FORM.fullmatch(text) is not None


def flagged(code: BatteryCode, on: date | None = None) -> Iterator[Worded]:
    """
    Yield what is doubtful in a code.

    Args:
        code: its parts
        on: today; a date after it is flagged

    Source: GB/T 34014-2017; our choice: ADR 0046.
    """
    wrong = [at for at in range(3) if code.dated[at] not in _TABLES[at]]
    for at in wrong:
        yield worded(
            "%(sign)s stands for no %(place)s; the label may have been misread.",
            sign=code.dated[at],
            place=_PLACES[at],
        )
    if not wrong and code.made is None:
        yield worded("The date %(text)s is a day that its month does not have.", text=code.dated)
    if code.made and on and code.made > on:
        yield worded("The date %(day)s lies ahead.", day=code.made)
    if code.chemistry is None:
        yield worded("Battery type %(sign)s is not known.", sign=code.type_)
    if not int(code.number):
        yield worded("Numbers of a day begin with 0000001.")
    if code.remade:
        yield worded("The code is of a second life: it was used before.")
    if code.remade and code.remade != code.level:
        yield worded(
            "The code names two levels: %(one)s and %(two)s.", one=code.level, two=code.remade
        )


def reordered(text: str) -> str:
    """
    Return a code whose two printed lines were joined in the wrong order, put right.

    Args:
        text: upper case, no battery code as it stands

    Returns:
        The code, where just one order of two lines makes a code with a date; else nothing.

    Source: our choice: ADR 0046; sellers print the code in two lines.
    """
    if len(text) != LENGTH:
        return ""
    turned = (text[at:] + text[:at] for at in range(1, LENGTH))
    found = [one for one in turned if looks_like(one) and read(one).made]
    return found[0] if len(found) == 1 else ""
