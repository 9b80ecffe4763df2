"""
The keys of GS1: one typed value for each, with its check digit.

    Gtin Sgtin Lgtin   trade item; one of it; a lot of it        Sscc          logistic unit
    Sgln Pgln          place, with extension; party              Grai Giai     assets
    Cpi Itip           part, piece of an item                    Gdti Gsrn     document, service

A key is made of the elements of a code, whatever carried them. Whose company prefix a key begins
with is not known here: GS1 keeps that list.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar
from urllib.parse import quote

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.wording import worded

GTIN_DIGITS = 14  # GS1 General Specifications, 3.3.2
CANONICAL = "https://id.gs1.org"  # GS1 Digital Link: URI syntax, canonical form
Pairs = tuple[tuple[str, str], ...]
# Application identifier → where the digits stand that a check digit ends, and whose they are.
CHECKED = {
    "00": (0, 18, "SSCC"),
    "01": (0, 14, "GTIN"),
    "02": (0, 14, "GTIN"),
    **{f"41{last}": (0, 13, "GLN") for last in range(8)},
    "253": (0, 13, "GDTI"),
    "8003": (1, 14, "GRAI"),
    "8006": (0, 14, "GTIN"),
    "8017": (0, 18, "GSRN"),
    "8018": (0, 18, "GSRN"),
}  # GS1 General Specifications, 3


class Key(Struct, frozen=True):
    """A key; its elements say all of it."""

    scheme: ClassVar[str] = ""

    @property
    def pairs(self) -> Pairs:
        """The elements that make the identity, primary key first; absent ones left out."""
        raise NotImplementedError

    @property
    def link(self) -> str:
        """The canonical form: a GS1 Digital Link on id.gs1.org without attributes."""
        return CANONICAL + "".join(f"/{ai}/{quote(text, safe='')}" for ai, text in self.pairs)


class Gtin(Key, frozen=True):
    """A trade item, in fourteen digits."""

    gtin: str
    scheme = "gtin"

    @property
    def pairs(self) -> Pairs:
        """AI 01."""
        return (("01", self.gtin),)


class Sgtin(Key, frozen=True):
    """One trade item: GTIN and serial; its lot is no part of its identity."""

    gtin: str
    serial: str
    scheme = "sgtin"

    @property
    def pairs(self) -> Pairs:
        """AI 01 and 21."""
        return (("01", self.gtin), ("21", self.serial))


class Lgtin(Key, frozen=True):
    """A lot of a trade item."""

    gtin: str
    lot: str
    scheme = "lgtin"

    @property
    def pairs(self) -> Pairs:
        """AI 01 and 10."""
        return (("01", self.gtin), ("10", self.lot))


class Sscc(Key, frozen=True):
    """A logistic unit, a pallet or a case."""

    sscc: str
    scheme = "sscc"

    @property
    def pairs(self) -> Pairs:
        """AI 00."""
        return (("00", self.sscc),)


class Sgln(Key, frozen=True):
    """A place, and a place in it where there is an extension."""

    gln: str
    extension: str = ""
    scheme = "sgln"

    @property
    def pairs(self) -> Pairs:
        """AI 414, and 254 where there is an extension."""
        return (("414", self.gln), *_given("254", self.extension))


class Pgln(Key, frozen=True):
    """A party."""

    gln: str
    scheme = "pgln"

    @property
    def pairs(self) -> Pairs:
        """AI 417."""
        return (("417", self.gln),)


class Grai(Key, frozen=True):
    """A returnable asset: its type in thirteen digits, and which one where a serial is given."""

    grai: str
    serial: str = ""
    scheme = "grai"

    @property
    def pairs(self) -> Pairs:
        """AI 8003, which begins with a zero."""
        return (("8003", f"0{self.grai}{self.serial}"),)


class Giai(Key, frozen=True):
    """One asset of a firm."""

    giai: str
    scheme = "giai"

    @property
    def pairs(self) -> Pairs:
        """AI 8004."""
        return (("8004", self.giai),)


class Cpi(Key, frozen=True):
    """A component or part, and which one where a serial is given."""

    cpid: str
    serial: str = ""
    scheme = "cpi"

    @property
    def pairs(self) -> Pairs:
        """AI 8010, and 8011 where there is a serial."""
        return (("8010", self.cpid), *_given("8011", self.serial))


class Itip(Key, frozen=True):
    """A piece of a trade item: which piece of how many, and of which item."""

    gtin: str
    piece: str
    total: str
    serial: str = ""
    scheme = "itip"

    @property
    def pairs(self) -> Pairs:
        """AI 8006, and 21 where there is a serial."""
        return (("8006", f"{self.gtin}{self.piece}{self.total}"), *_given("21", self.serial))


class Gdti(Key, frozen=True):
    """A document: its type in thirteen digits, and which one where a serial is given."""

    gdti: str
    serial: str = ""
    scheme = "gdti"

    @property
    def pairs(self) -> Pairs:
        """AI 253."""
        return (("253", f"{self.gdti}{self.serial}"),)


class Gsrn(Key, frozen=True):
    """A service relation: of the recipient, or of the provider."""

    gsrn: str
    is_provider: bool = False
    scheme = "gsrn"

    @property
    def pairs(self) -> Pairs:
        """AI 8018, or 8017 for the provider."""
        return (("8017" if self.is_provider else "8018", self.gsrn),)


def check_digit(digits: str) -> int:
    """
    Return the check digit of a GS1 key.

    Args:
        digits: all before it

    Returns:
        0 to 9.

    Source: GS1 General Specifications, 7.9.1.
    """
    weighed = (int(one) * (3 if at % 2 == 0 else 1) for at, one in enumerate(reversed(digits)))
    return -sum(weighed) % 10


def need_check(digits: str, name: str) -> str:
    """
    Return the digits of a key whose check digit is right.

    Args:
        digits: all of them
        name: of the key, for the sentence

    Returns:
        The same digits.

    Raises:
        MalformedError: the last digit is another than the rest asks for, or all are zero.

    Source: GS1 General Specifications, 7.9.1.
    """
    if not digits.strip("0"):
        raise MalformedError(
            worded("A %(name)s of nothing but zeros names nothing.", name=name),
            hint="Compare it with the label.",
        )
    right = check_digit(digits[:-1])
    if right != int(digits[-1]):
        said = worded(
            "The check digit of %(name)s %(digits)s is wrong: %(right)s would be right.",
            name=name,
            digits=digits,
            right=right,
        )
        raise MalformedError(said, hint="Compare it with the label, digit by digit.")
    return digits


def full_gtin(text: str) -> str:
    """
    Return a GTIN with its fourteen digits.

    Args:
        text: 8, 12, 13 or 14 digits

    Returns:
        The same, zeros before it.

    Raises:
        MalformedError: other characters, another length, or a wrong check digit.

    Source: GS1 General Specifications, 3.3.2 and 7.9.
    """
    if not (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, GTIN_DIGITS)):
        said = worded("%(text)s is no GTIN.", text=repr(text[:40]))
        raise MalformedError(said, hint="Write its 8 to 14 digits.")
    return need_check(text, "GTIN").zfill(GTIN_DIGITS)


def key_of(found: Mapping[str, str]) -> Key | None:
    """
    Return the key that the elements of a code name.

    Args:
        found: elements by application identifier, each of its form

    Returns:
        The most telling key, or None where the elements name nothing.

    Raises:
        MalformedError: the check digit of any element is wrong.

    Source: GS1 General Specifications, 3; GS1 Digital Link: URI syntax, primary keys.
    """
    for ai in (one for one in found if one in CHECKED):
        _need_zero(ai, found[ai])
        begins, ends, name = CHECKED[ai]
        need_check(found[ai][begins:ends], name)
    for ai in ("8006", "01", "00", "8010", "8004", "8003", "253", "414", "417", "8018", "8017"):
        if ai in found:
            return _MADE[ai](found)
    return None


def _trade_item(found: Mapping[str, str]) -> Key:
    gtin = full_gtin(found["01"])
    if found.get("21"):
        return Sgtin(gtin, found["21"])
    return Lgtin(gtin, found["10"]) if found.get("10") else Gtin(gtin)


def piece_of(found: Mapping[str, str]) -> Itip:
    """
    Return the piece of a trade item that the elements name.

    Args:
        found: elements by application identifier, 8006 among them

    Returns:
        The piece.

    Raises:
        MalformedError: a wrong check digit, or a piece beyond the total.

    Source: GS1 General Specifications, 3.9.6.
    """
    whole = found["8006"]
    gtin, piece, total = full_gtin(whole[:14]), whole[14:16], whole[16:]
    if not 0 < int(piece) <= int(total):
        said = worded("There is no piece %(piece)s of %(total)s.", piece=piece, total=total)
        raise MalformedError(said, hint="Compare the code with the label.")
    return Itip(gtin, piece, total, found.get("21", ""))


def _need_zero(ai: str, value: str) -> None:
    if ai == "8003" and value[0] != "0":
        said = worded("A GRAI begins with 0, not with %(text)s.", text=value[0])
        raise MalformedError(said, hint="Compare the code with the label.")


def _returnable(found: Mapping[str, str]) -> Key:
    whole = found["8003"]
    return Grai(need_check(whole[1:14], "GRAI"), whole[14:])


def _document(found: Mapping[str, str]) -> Key:
    whole = found["253"]
    return Gdti(need_check(whole[:13], "GDTI"), whole[13:])


_MADE: dict[str, Callable[[Mapping[str, str]], Key]] = {
    "8006": piece_of,
    "01": _trade_item,
    "00": lambda found: Sscc(need_check(found["00"], "SSCC")),
    "8010": lambda found: Cpi(found["8010"], found.get("8011", "")),
    "8004": lambda found: Giai(found["8004"]),
    "8003": _returnable,
    "253": _document,
    "414": lambda found: Sgln(need_check(found["414"], "GLN"), found.get("254", "")),
    "417": lambda found: Pgln(need_check(found["417"], "GLN")),
    "8018": lambda found: Gsrn(need_check(found["8018"], "GSRN")),
    "8017": lambda found: Gsrn(need_check(found["8017"], "GSRN"), is_provider=True),
}


def _given(ai: str, text: str) -> Pairs:
    return ((ai, text),) if text else ()
