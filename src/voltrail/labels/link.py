"""
The address that a label carries: a GS1 Digital Link where the maker has GS1 keys, else our own.

    HTTPS://ID.EXAMPLE/01/04012345678901/10/L26-7/21/K0001       GTIN, lot, serial
    https://id.example/u/kestrel/K0001                           maker and serial

Whoever reads a label reads its parts, never its host. Proves nothing.
"""

import re
from urllib.parse import quote

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids.subject import UnitId
from voltrail.labels.wording import Worded, worded

GTIN_DIGITS = 14  # GS1 General Specifications, 3.3.2
_LONGEST = 20  # [characters] of a lot (AI 10) or serial (AI 21): GS1 General Specifications
_SET_82 = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+")  # GS1 General Specifications, 7.11
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?){1,8}(?::[0-9]{1,5})?")
UNITS = "u"  # the path of units without GS1 keys


class Label(Struct, frozen=True):
    """What a label says: a unit, and its GTIN and lot where they are known."""

    unit: UnitId
    gtin: str = ""
    lot: str = ""


def address(label: Label, host: str) -> str:
    """
    Return the address that goes into the code.

    Args:
        label: what it says
        host: where a person's phone asks, without scheme; upper case spares modules

    Returns:
        A GS1 Digital Link where there is a GTIN, primary key first and qualifiers in the standard's
        order; else an address of our own.

    Raises:
        MalformedError: no host, a wrong check digit, or a lot or serial that GS1 does not allow.

    Source: GS1 Digital Link Standard: URI Syntax, 4.7; GS1 General Specifications, 3.3.2, 3.5.2.
    """
    if not _HOST.fullmatch(host):
        said = worded("%(host)s is no host.", host=repr(host[:80]))
        raise MalformedError(said, hint="Write for example id.example.")
    maker, serial = named(label.unit)
    if not label.gtin:
        return f"https://{host}/{UNITS}/{quote(maker, safe='')}/{quote(serial, safe='')}"
    gtin = full_gtin(label.gtin)
    parts = [("01", gtin), ("10", label.lot), ("21", serial)]
    told = [(ai, _allowed(text)) for ai, text in parts if text]
    path = "".join(f"/{ai}/{quote(text, safe='')}" for ai, text in told)
    return f"HTTPS://{host.upper()}{path}"


def named(unit: UnitId) -> tuple[str, str]:
    """
    Return the maker and the serial of a unit.

    Args:
        unit: its identity

    Returns:
        Both.

    Raises:
        MalformedError: the identity names less, or more.

    Source: docs/spec/identity.md.
    """
    match unit.parts:
        case (maker, serial) if not {maker, serial} & {".", ".."}:  # browsers take such out
            return maker, serial
        case _:
            raise MalformedError(
                worded("%(unit)s names no maker and serial.", unit=unit.key),
                hint="Write <maker>:<serial>.",
            )


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
    whole = text.zfill(GTIN_DIGITS)
    if not whole.strip("0") or check_digit(whole[:-1]) != int(whole[-1]):
        raise MalformedError(
            worded("The check digit of GTIN %(gtin)s is wrong.", gtin=text),
            hint="Compare it with the box.",
        )
    return whole


def fault(gtin: str) -> Worded | None:
    """
    Return what is wrong with the GTIN that a label says.

    Args:
        gtin: as read; empty where the label says none

    Returns:
        A sentence, or None where it is right or absent.

    Source: GS1 General Specifications, 7.9.
    """
    if not gtin:
        return None
    try:
        full_gtin(gtin)
    except MalformedError as error:
        said: Worded = error.args[0]
        return said
    return None


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


def _allowed(text: str) -> str:
    if len(text) > _LONGEST or not _SET_82.fullmatch(text):
        raise MalformedError(
            worded("%(text)s cannot stand in a GS1 code.", text=repr(text[:40])),
            hint="GS1 allows up to 20 letters, digits and signs; leave the GTIN out.",
        )
    return text
