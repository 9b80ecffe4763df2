"""
One identified item of a lot, when somebody speaks of it alone.

A key that the record binds is looked at for its form only; whether something holds it, a challenge
asks (docs/spec/unit.md).
"""

import base64
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from voltrail.errors import MalformedError
from voltrail.ids.subject import LotId, UnitId
from voltrail.statements import identifiers
from voltrail.statements.fields import Fact, Many, Text

# DER SubjectPublicKeyInfo in its one encoding: RFC 8410, 4; RFC 5480, 2, uncompressed point.
_ED25519 = r"MCowBQYDK2VwAyEA[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
_P256 = r"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{85}[AQgw]=="
_BEGINS = {"ed25519": "MCow", "ecdsa-p256-sha256": "MFkw"}
_COORDINATE = 32  # [bytes]
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1  # of P-256: SP 800-186, 3.2.1.3
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B  # the same

Spki = Annotated[str, Meta(pattern=rf"^(?:{_ED25519}|{_P256})\Z")]


class Level(StrEnum):
    """Level of assembly."""

    CELL = "cell"
    MODULE = "module"
    PACK = "pack"
    RACK = "rack"


class ElementScheme(StrEnum):
    """Schemes that a controller or a label chip signs in."""

    ED25519 = "ed25519"
    P256 = "ecdsa-p256-sha256"


class BoundKey(Fact, frozen=True):
    """The public half of a key that never leaves the unit: its scheme, and its SPKI in base64."""

    algorithm: ElementScheme
    spki: Spki

    def __post_init__(self) -> None:
        """Refuse a key of another scheme than the one that is named, and one that is no point."""
        if not self.spki.startswith(_BEGINS[self.algorithm]):
            raise MalformedError(
                f"The key is not {self.algorithm}.", hint="Name the key's own scheme."
            )
        if self.algorithm is ElementScheme.P256 and not _is_point(base64.b64decode(self.spki)):
            raise MalformedError(
                "The key is no point of P-256.", hint="Copy it from the element again."
            )


class UnitRecord(Fact, frozen=True):
    """
    A unit, its lot and level; its GTIN, the number of its seal, the key that its element has.

    `identifiers` are what others call it: a battery code, an asset number, a UUID.
    """

    unit: UnitId
    lot: LotId
    level: Level
    gtin: Text | None = None
    seal: Text | None = None
    key: BoundKey | None = None
    identifiers: Many[Text] = ()

    def __post_init__(self) -> None:
        """Refuse an identifier that names no single item."""
        identifiers.need_units(self.identifiers)


def _is_point(spki: bytes) -> bool:
    """Return whether the last two numbers of a P-256 key lie on its curve."""
    x, y = (int.from_bytes(spki[-at:][:_COORDINATE]) for at in (2 * _COORDINATE, _COORDINATE))
    return max(x, y) < _PRIME and (y * y - (x * x * x - 3 * x + _B)) % _PRIME == 0
