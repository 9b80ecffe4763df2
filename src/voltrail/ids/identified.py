"""
What a text was found to be: scheme, parts in words, warnings, and its one canonical form.

Says what a text says; does not know whether the thing exists.
"""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.wording import Worded, worded


class Scheme(StrEnum):
    """The schemes that are known; `text` is the one that says cannot tell."""

    GTIN = "gtin"
    SGTIN = "sgtin"
    LGTIN = "lgtin"
    SSCC = "sscc"
    SGLN = "sgln"
    PGLN = "pgln"
    GRAI = "grai"
    GIAI = "giai"
    CPI = "cpi"
    ITIP = "itip"
    GDTI = "gdti"
    GSRN = "gsrn"
    PATTERN = "epc-pattern"
    ELEMENTS = "gs1-elements"
    BATTERY = "gb-t-34014"
    LEI = "lei"
    USCC = "uscc"
    BPN = "bpn"
    GUID = "guid"
    OWN = "voltrail"
    URI = "uri"
    TEXT = "text"


NAMES = {
    Scheme.GTIN: worded("Trade item (GTIN)"),
    Scheme.SGTIN: worded("One trade item (GTIN with serial)"),
    Scheme.LGTIN: worded("Lot of a trade item (GTIN with lot)"),
    Scheme.SSCC: worded("Logistic unit (SSCC)"),
    Scheme.SGLN: worded("Place (GLN)"),
    Scheme.PGLN: worded("Party (GLN)"),
    Scheme.GRAI: worded("Returnable asset (GRAI)"),
    Scheme.GIAI: worded("One asset (GIAI)"),
    Scheme.CPI: worded("Component or part (CPID)"),
    Scheme.ITIP: worded("Piece of a trade item (ITIP)"),
    Scheme.GDTI: worded("Document (GDTI)"),
    Scheme.GSRN: worded("Service relation (GSRN)"),
    Scheme.PATTERN: worded("Many things at once (EPC pattern)"),
    Scheme.ELEMENTS: worded("GS1 elements that name nothing"),
    Scheme.BATTERY: worded("Battery code of GB/T 34014"),
    Scheme.LEI: worded("Legal entity (LEI)"),
    Scheme.USCC: worded("Chinese firm (USCC)"),
    Scheme.BPN: worded("Business partner of Catena-X (BPN)"),
    Scheme.GUID: worded("Global asset number (UUID)"),
    Scheme.OWN: worded("Identity of Voltrail"),
    Scheme.URI: worded("Private identifier or address (URI)"),
    Scheme.TEXT: worded("Text of no scheme that is known here"),
}
PARTS = {
    "address": worded("Address"),
    "batteryType": worded("Battery type"),
    "bestBefore": worded("Best before"),
    "checkDigits": worded("Check digits"),
    "consumerVariant": worded("Variant"),
    "content": worded("Trade item inside"),
    "count": worded("Count"),
    "cpid": worded("Part"),
    "cpidSerial": worded("Serial"),
    "district": worded("District"),
    "expires": worded("Expires"),
    "extension": worded("Place in it"),
    "gdti": worded("Document"),
    "giai": worded("Asset"),
    "grai": worded("Returnable asset"),
    "gtin": worded("GTIN"),
    "itip": worded("Piece"),
    "key": worded("Key"),
    "kind": worded("Kind"),
    "level": worded("Level"),
    "lot": worded("Lot"),
    "maker": worded("Maker"),
    "model": worded("Model"),
    "number": worded("Number"),
    "origin": worded("Country of origin"),
    "packed": worded("Packed"),
    "party": worded("GLN of the party"),
    "place": worded("GLN of the place"),
    "produced": worded("Produced"),
    "sellBy": worded("Sell by"),
    "serial": worded("Serial"),
    "signature": worded("Signature"),
    "sscc": worded("SSCC"),
    "text": worded("Text"),
    "trace": worded("Trace"),
}
PARTIES = frozenset({Scheme.PGLN, Scheme.LEI, Scheme.USCC, Scheme.BPN, Scheme.URI})


class Part(Struct, frozen=True):
    """One part of a code: a name for programs, the text, and what it means where that is known."""

    name: str
    text: str
    said: str = ""

    @property
    def label(self) -> str:
        """The name for people; that for programs where there is no other."""
        return PARTS.get(self.name, self.name)


class Identified(Struct, frozen=True):
    """
    What a text is: scheme, canonical form, parts, warnings, and the typed value.

    `canonical` is empty where the text names nothing by itself. `others` are the canonical forms
    that the same text has when it is read another way, as a number of 13 digits may be.
    """

    scheme: Scheme
    canonical: str
    parts: tuple[Part, ...] = ()
    warnings: tuple[Worded, ...] = ()
    value: Any = None
    others: tuple[str, ...] = ()

    @property
    def name(self) -> Worded:
        """The scheme in words."""
        return NAMES[self.scheme]

    @property
    def readings(self) -> tuple[str, ...]:
        """Every canonical form that the text may have."""
        return tuple(one for one in (self.canonical, *self.others) if one)

    def part(self, name: str) -> str:
        """
        Return the text of a part.

        Args:
            name: as programs name it

        Returns:
            The text, or nothing where the code has no such part.

        Source: our choice: ADR 0046.
        """
        return next((one.text for one in self.parts if one.name == name), "")
