"""
The serials in the first column of a long plain text, all at once.

What stands between two serials is one pattern, so a million rows are parted and judged by two
expressions. Gives nothing where any row is odd: who asks then looks at row after row and says
which. Knows no quotes and no line end but LF.
"""

import re

from voltrail.ids.subject import PART

_LONGEST = 65_536  # [characters] of a row besides its serial; our choice
_EVERY = re.compile(rf"(?:{PART}+\n)*+")
_REST = {one: re.compile(rf"{one}[^\n]{{0,{_LONGEST}}}+\n?") for one in ",;\t"}


def serials(text: str, separator: str, columns: int) -> tuple[str, ...] | None:
    """
    Return the serials in the first column, where every row holds one.

    Args:
        text: a header line and rows, without quotes
        separator: between cells: comma, semicolon or tab
        columns: number of columns in the header

    Returns:
        In order, repeats kept; None where a row holds none, is very long, or has other columns.

    Source: our choice: ADR 0055.
    """
    ended = text if text.endswith("\n") else f"{text}\n"
    pieces = ended.split("\n") if columns == 1 else _REST[separator].split(ended)
    joined = "\n".join(pieces[1:])
    # one piece for each line, and no line end inside a piece: each row gave one
    if not joined.count("\n") + 1 == len(pieces) - 1 == ended.count("\n"):
        return None
    return tuple(pieces[1:-1]) if _EVERY.fullmatch(joined) else None
