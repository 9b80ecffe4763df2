"""
What a scanner types: an identity of ours, a GS1 code, or bare words; control characters taken off.

Takes trade item, lot, serial and signature from what `voltrail.ids` reads; a code that is refused
there names nothing here. Check digits are left to whoever judges. Proves nothing: a label is what
somebody printed.
"""

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids import digital_link, elements, letters
from voltrail.ids.identify import LONGEST, own_unit

__all__ = ["LONGEST", "Scan", "read"]

_SIGNATURE = "8030"  # of the address's query: GS1 Digital Link, data attributes


class Scan(Struct, frozen=True):
    """The words of a scan, and what of a GS1 code or a label of ours they hold; else empty."""

    text: str
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    unit: str = ""
    signature: str = ""

    @property
    def is_code(self) -> bool:
        """Whether the scan is a GS1 code."""
        return bool(self.gtin or self.lot or self.serial or self.unit)

    @property
    def words(self) -> tuple[str, ...]:
        """What to look for, the most telling first."""
        found = (self.unit, self.serial, self.lot) if self.is_code else (self.text,)
        return tuple(one for one in found if one)


def read(typed: str) -> Scan:
    """
    Return what a scanner, or a person, typed.

    Args:
        typed: as it came, control characters included

    Returns:
        The words, and what of a GS1 code they hold.

    Source: GS1 General Specifications, element strings; GS1 Digital Link, URI syntax.
    """
    text = elements.AIM.sub("", letters.trimmed(typed[:LONGEST]), count=1)
    unit, found = "", dict[str, str]()
    try:
        letters.need_plain(text)
        unit, found = _written(text)
    except MalformedError:  # a wrong code names nothing; the find box and `id parse` say why
        pass
    return Scan(
        "".join(one for one in text if one.isprintable()).strip(),
        gtin=found.get("01", ""),
        lot=found.get("10", ""),
        serial=found.get("21", "") or found.get("8004", ""),
        unit=unit,
        signature=found.get(_SIGNATURE, ""),
    )


def _written(text: str) -> tuple[str, dict[str, str]]:
    """Return the unit of an address of ours, or the elements of a GS1 code."""
    if text[:8].lower().startswith(("http://", "https://")):
        unit = own_unit(text)
        read = digital_link.attributes(text) if unit else digital_link.read(text)
        return unit, dict(read.pairs if read else ())
    if elements.looks_like(text):
        return "", dict(elements.read(text).pairs)
    return "", {}
