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
from voltrail.ids import digital_link
from voltrail.ids.gs1 import full_gtin
from voltrail.ids.identify import OWN_PATH
from voltrail.ids.subject import UnitId
from voltrail.wording import Worded, worded

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?){1,8}(?::[0-9]{1,5})?")


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
        return f"https://{host}/{OWN_PATH}/{quote(maker, safe='')}/{quote(serial, safe='')}"
    parts = [("01", full_gtin(label.gtin)), ("10", label.lot), ("21", serial)]
    return digital_link.write([one for one in parts if one[1]], f"HTTPS://{host.upper()}")


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
