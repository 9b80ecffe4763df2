"""
Identities that others gave a subject: each in a scheme that is known, and of the right sort.

They are kept as they were said; the canonical form is made where they are compared.
"""

from collections.abc import Iterable

from voltrail.errors import MalformedError
from voltrail.ids.identified import Identified, Scheme
from voltrail.ids.identify import identify
from voltrail.wording import worded

OF_PARTIES = frozenset(
    {Scheme.PGLN, Scheme.SGLN, Scheme.LEI, Scheme.USCC, Scheme.BPN, Scheme.GUID, Scheme.URI}
)
OF_UNITS = frozenset(
    {Scheme.SGTIN, Scheme.GIAI, Scheme.GRAI, Scheme.CPI, Scheme.ITIP, Scheme.BATTERY}
    | {Scheme.GUID, Scheme.URI}
)
_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"
_CLASSES = ("https://id.gs1.org/8003/", "https://id.gs1.org/8010/", "https://id.gs1.org/8006/")


def of_party(text: str) -> str:
    """
    Return the canonical form of what names a firm.

    Args:
        text: GLN, LEI, social credit code, business partner number, UUID or private identifier

    Returns:
        The form; a GLN however written is the party's.

    Raises:
        MalformedError: it names no firm, or is wrong.

    Source: our choice: ADR 0046.
    """
    found = identify(text)
    gln = next((one for one in found.readings if one.startswith((_PARTY, _PLACE))), "")
    if gln and "/254/" not in gln:
        return gln.replace(_PLACE, _PARTY)
    return _need(found, OF_PARTIES - {Scheme.SGLN}, text)


def of_unit(text: str) -> str:
    """
    Return the canonical form of what names one item.

    Args:
        text: GTIN with serial, asset, part with serial, battery code, UUID or private identifier

    Returns:
        The form.

    Raises:
        MalformedError: it names a kind of item and not one, or is wrong.

    Source: our choice: ADR 0046.
    """
    found = identify(text)
    if found.canonical.startswith(_CLASSES) and not getattr(found.value, "serial", ""):
        raise _stranger(text)
    return _need(found, OF_UNITS, text)


def need_parties(texts: Iterable[str]) -> None:
    """
    Refuse texts of which one names no firm.

    Args:
        texts: as a statement says them

    Raises:
        MalformedError: one names no firm, or is wrong.

    Source: our choice: ADR 0046.
    """
    for text in texts:
        of_party(text)


def need_units(texts: Iterable[str]) -> None:
    """
    Refuse texts of which one names no single item.

    Args:
        texts: as a statement says them

    Raises:
        MalformedError: one names no single item, or is wrong.

    Source: our choice: ADR 0046.
    """
    for text in texts:
        of_unit(text)


def _need(found: Identified, schemes: frozenset[Scheme], text: str) -> str:
    if found.scheme not in schemes or found.others:
        raise _stranger(text)
    return found.canonical


def _stranger(text: str) -> MalformedError:
    return MalformedError(
        worded("%(text)s is no identity of such a subject.", text=repr(text[:60])),
        hint="Name one firm or one item by a scheme that is known: voltrail id parse CODE.",
    )
