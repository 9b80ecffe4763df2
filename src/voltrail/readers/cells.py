"""
How the text of a cell becomes a word of ours or an identity.

Guesses nothing: what is not on record, and no word that is known, is refused. English and German
words are in `catalogue/tables/import_words.csv`. Numbers and days: `numbers.py`.
"""

import csv
import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from msgspec.structs import replace

from voltrail.errors import MalformedError
from voltrail.ids import gs1
from voltrail.ids import lei as numbered
from voltrail.ids.subject import LETTERS, PART, PartyId, PlaceId, ProductId, SubjectId, parse
from voltrail.readers.contract import Converter, Setting
from voltrail.statements import identifiers

E = TypeVar("E", bound=StrEnum)
_PART = re.compile(PART)
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", " ": "-"}
)


def text(cell: str, _: Setting) -> str:
    """
    Return a cell as it stands.

    Args:
        cell: its text
        _: not needed

    Returns:
        The text.

    Source: our choice: ADR 0021.
    """
    return cell


def country(cell: str, _: Setting) -> str:
    """
    Return the country in a cell: two letters, or one of the names that are known.

    Args:
        cell: its text
        _: not needed

    Returns:
        Two capital letters.

    Raises:
        MalformedError: neither.

    Source: ISO 3166-1 alpha-2.
    """
    named = _words("country").get(cell.casefold())
    if named is None and not _COUNTRY.fullmatch(cell):
        raise MalformedError(f"{cell[:40]!r} is no country.", hint="Write two letters, like DE.")
    return named or cell.upper()


def lei(cell: str, _: Setting) -> str:
    """
    Return the LEI in a cell, its check digits checked.

    Args:
        cell: twenty letters and digits
        _: not needed

    Returns:
        The LEI in capitals.

    Raises:
        MalformedError: another form, or check digits that do not fit.

    Source: ISO 17442-1:2020; ISO/IEC 7064 MOD 97-10.
    """
    return numbered.read(cell.replace(" ", "").upper()).text


def gtin(cell: str, _: Setting) -> str:
    """
    Return the trade item's number in a cell, its check digit checked.

    Args:
        cell: 8, 12, 13 or 14 digits
        _: not needed

    Returns:
        Its fourteen digits.

    Raises:
        MalformedError: another form, or a check digit that does not fit.

    Source: GS1 General Specifications, 3.3.2.
    """
    return gs1.full_gtin(cell.replace(" ", ""))


def of_firm(cell: str, _: Setting) -> tuple[str, ...]:
    """
    Return what others call a firm: several codes, parted by commas, semicolons or bars.

    Args:
        cell: GLN, LEI, social credit code, business partner number or private identifier
        _: not needed

    Returns:
        The canonical form of each.

    Raises:
        MalformedError: one of them is wrong, or names no firm.

    Source: our choice: ADR 0046.
    """
    parts = [one.strip() for one in re.split(r"[,;|]", cell)]
    return tuple(dict.fromkeys(identifiers.of_party(one) for one in parts if one))


def key(cell: str, _: Setting) -> str:
    """
    Return a number of one's own as a part of an identity.

    Args:
        cell: for example S 1001
        _: not needed

    Returns:
        The same with hyphens for spaces and ae for ä.

    Raises:
        MalformedError: other characters, or too long.

    Source: our choice: ADR 0003, ADR 0021.
    """
    found = cell.translate(_LETTERS)
    if not _PART.fullmatch(found):
        raise MalformedError(
            f"{cell[:40]!r} holds signs that no identity can hold.",
            hint=f"Use 1 to 64 of {LETTERS}.",
        )
    return found


def choice(words: type[E]) -> Converter:
    """
    Return how one word of a few is read, in English or German.

    Args:
        words: the enumeration

    Returns:
        A converter.

    Source: our choice: ADR 0021.
    """
    named = _words(words.__name__)
    own = {str(one): one for one in words}

    def read(cell: str, _: Setting) -> E:
        plain = cell.casefold()
        found = own.get(plain) or own.get(named.get(plain, ""))
        if found is None:
            raise MalformedError(
                f"{cell[:40]!r} is none of the words known here.", hint=f"Write: {', '.join(own)}."
            )
        return found

    return read


def several(words: type[E]) -> Converter:
    """
    Return how several words of a few are read, parted by commas, slashes or semicolons.

    Args:
        words: the enumeration

    Returns:
        A converter to a tuple.

    Source: our choice: ADR 0021.
    """
    one = choice(words)

    def read(cell: str, setting: Setting) -> tuple[E, ...]:
        parts = [part.strip() for part in re.split(r"[,;/|+]", cell)]
        return tuple(dict.fromkeys(one(part, setting) for part in parts if part))

    return read


def party(cell: str, setting: Setting) -> PartyId:
    """
    Return the firm that a cell names: by identity, number or name on record.

    Args:
        cell: its text
        setting: what is on record

    Returns:
        Its identity.

    Raises:
        MalformedError: no such firm.

    Source: our choice: ADR 0021.
    """
    return _known(cell, setting, PartyId, lambda: PartyId.of(key(cell, setting)))  # type: ignore[no-any-return]


def place(cell: str, setting: Setting) -> PlaceId:
    """
    Return the place that a cell names: by identity, number or name on record.

    Args:
        cell: its text
        setting: whose places, and what is on record

    Returns:
        Its identity.

    Raises:
        MalformedError: no such place.

    Source: our choice: ADR 0021.
    """
    return _known(cell, setting, PlaceId, lambda: _own(PlaceId, cell, setting))  # type: ignore[no-any-return]


def product(cell: str, setting: Setting) -> ProductId:
    """
    Return the product that a cell names: by identity, maker:model or model on record.

    Args:
        cell: its text
        setting: what is on record

    Returns:
        Its identity.

    Raises:
        MalformedError: no such product.

    Source: our choice: ADR 0021.
    """
    return _known(cell, setting, ProductId, lambda: ProductId.of(*cell.split(":")))  # type: ignore[no-any-return]


def own(cls: type[Any], cell: str, setting: Setting) -> Any:  # noqa: ANN401 — of the class given
    """
    Return an identity of the operator's own: whole, or its number.

    Args:
        cls: the class of the identity
        cell: its text
        setting: whose register

    Returns:
        The identity.

    Raises:
        MalformedError: another kind of identity, or signs that none can hold.

    Source: our choice: ADR 0003.
    """
    return cls.read(cell) if cell.startswith("urn:") else _own(cls, cell, setting)


def unchecked(read: Converter) -> Converter:
    """
    Return how an identity is read that need not be on record: what is known, else what is written.

    Args:
        read: looks up what is on record

    Returns:
        A converter.

    Source: our choice: ADR 0021.
    """

    def loose(cell: str, setting: Setting) -> Any:  # noqa: ANN401 — whatever `read` gives
        try:
            return read(cell, setting)
        except MalformedError:
            return read(cell, replace(setting, known=None))

    return loose


@cache
def _words(field: str) -> dict[str, str]:
    """Return the words of a field: word in small letters → the value it stands for."""
    page = resources.files("voltrail.catalogue") / "tables" / "import_words.csv"
    rows = csv.DictReader(page.read_text(encoding="utf-8").splitlines())
    return {row["word"].casefold(): row["value"] for row in rows if row["field"] == field}


def _own(cls: type[Any], cell: str, setting: Setting) -> Any:  # noqa: ANN401 — of the class given
    return cls.of(*setting.operator.parts, *(key(part, setting) for part in cell.split(":")))


def _known(cell: str, setting: Setting, cls: type[Any], made: Callable[[], SubjectId]) -> Any:  # noqa: ANN401 — of the class given
    """Return what is on record under a name, number or identity; what is not is refused."""
    if setting.known is None:
        return cls.read(cell) if cell.startswith("urn:") else made()
    found = setting.known.get(cls.kind, {}).get(cell.casefold())
    if found is None:
        raise MalformedError(
            f"No {cls.kind} {cell[:60]!r} is on record.",
            hint=f"Check the spelling, or import the {cls.kind} first.",
        )
    return parse(found)
