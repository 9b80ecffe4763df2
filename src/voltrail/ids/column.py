"""
Long lists of serials: taken from the first column of a plain text, and held against each other.

A compiled helper looks at the bytes where a compiler was at hand when Voltrail was installed; else
Python does. Both give the same. A list with any odd row is given back: who asks then looks at row
after row and says which. Knows no quotes, and not whose serials they are.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import overload

from msgspec import Struct

from voltrail.ids.subject import PART

try:
    from voltrail import _lists  # type: ignore[attr-defined]  # built on install, where it can be
except ImportError:
    _lists = None

COMPILED = _lists is not None
_AS_IT_IS = "surrogatepass"  # a text that is no Unicode is another than every other text
_LONGEST = 65_536  # [bytes] of a row besides its serial; our choice
_MOST = 1 << 28  # [bytes] of a list that the helper compares
_EVERY = re.compile(rf"(?:{PART}+\n)*+".encode())
_REST = {one: re.compile(rf"{one}[^\n]{{0,{_LONGEST}}}+\n?".encode()) for one in ",;\t"}


class Column(Sequence[str]):
    """Serials in order, kept as the bytes they came in; like a tuple of texts to who looks."""

    __slots__ = ("_count", "_texts", "joined")

    def __init__(self, joined: bytes) -> None:
        """
        Keep some serials.

        Args:
            joined: each in UTF-8 and ended by LF, which is in none of them
        """
        self.joined = joined
        self._count = joined.count(b"\n")
        self._texts: tuple[str, ...] | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The serials, each a text; made once."""
        if self._texts is None:
            self._texts = tuple(self.joined.decode("utf-8", _AS_IT_IS).split("\n")[:-1])
        return self._texts

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __contains__(self, value: object) -> bool:
        return value in self.texts

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        return self.texts[at]

    def __eq__(self, other: object) -> bool:
        return self.joined == other.joined if isinstance(other, Column) else self.texts == other

    def __hash__(self) -> int:
        return hash(self.texts)

    def __repr__(self) -> str:
        return repr(self.texts)


class Differences(Struct, frozen=True):
    """What stands in one of two lists alone, or more than once in one; each serial once."""

    left_only: Collection[str]
    right_only: Collection[str]
    left_twice: Collection[str]
    right_twice: Collection[str]


def serials(data: bytes, separator: str, columns: int) -> Column | None:
    """
    Return the serials in the first column, where every row holds one.

    Args:
        data: a header line and rows in UTF-8, without quotes
        separator: between cells: comma, semicolon or tab
        columns: number of columns in the header

    Returns:
        In order, repeats kept; None where a row holds none, is very long, or is odd in another way.

    Source: our choice: ADR 0055, ADR 0059.
    """
    begins = data.find(b"\n") + 1 or len(data)
    if begins > _LONGEST:
        return None
    if _lists is None:
        joined = _in_python(data, separator, columns)
    else:
        joined = _lists.parted(data, begins, ord(separator))
    return None if joined is None else Column(joined)


def differences(left: Sequence[str], right: Sequence[str]) -> Differences:
    """
    Return where two lists differ as sets, and what stands twice in either.

    Args:
        left: serials in any order
        right: the same

    Returns:
        Each serial once, in no order.

    Source: our choice: ADR 0055, ADR 0059.
    """
    rows = _joined(left), _joined(right)
    if _lists is not None and all(one is not None and len(one) <= _MOST for one in rows):
        return Differences(*map(Column, _lists.compared(*rows)))
    here, there = set(left), set(right)
    return Differences(here - there, there - here, _twice(left, here), _twice(right, there))


def _in_python(data: bytes, separator: str, columns: int) -> bytes | None:
    # What stands between two serials is one pattern: rows are parted and judged all at once.
    if b"\r" in data:
        return None
    ended = data if data.endswith(b"\n") else data + b"\n"
    pieces = ended.split(b"\n") if columns == 1 else _REST[separator].split(ended)
    joined = b"\n".join(pieces[1:])
    # one piece for each line, and no line end inside a piece: each row gave one
    if not joined.count(b"\n") + 1 == len(pieces) - 1 == ended.count(b"\n"):
        return None
    return joined if _EVERY.fullmatch(joined) else None


def _joined(serials: Sequence[str]) -> bytes | None:
    if isinstance(serials, Column):
        return serials.joined
    text = "\n".join((*serials, ""))
    return text.encode("utf-8", _AS_IT_IS) if text.count("\n") == len(serials) else None


def _twice(every: Sequence[str], once: Collection[str]) -> Collection[str]:
    if len(every) == len(once):
        return ()
    return [serial for serial, count in Counter(every).items() if count > 1]
