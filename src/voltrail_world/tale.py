"""
One lot's history while it is told: who says what, when, signed with which key, and where that is.

Knows the firms, the places and how a name is made of a number; does not know what happens.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from voltrail.ids.subject import (
    ArrivalId,
    LotId,
    OrderId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
    UnitId,
)
from voltrail.projections.view import EntryRef, Recorded
from voltrail.quantities import Quantity
from voltrail.statements import kinds
from voltrail.statements.fields import Digest
from voltrail.statements.place import PlaceClass
from voltrail.statements.statement import Header

BEGINS = datetime(2026, 1, 5, 8, tzinfo=UTC)
OPERATOR, FITTER = PartyId.of("gridco"), PersonId.of("p-fitter")
TRADE = "trade"  # the key that a firm signs with where no other is named
_HOUR = timedelta(hours=1)
_TYPES = {name: kinds.uri(short) for short, (_, name, _v) in kinds.KINDS.items()}
_SIGNS = "123456789ABCDEFGHJKLMNPRSTVWXY"  # GB/T 34014: years from 2011, months, days; 31 is 0
_ED25519 = bytes.fromhex("302a300506032b6570032100")  # RFC 8410, 4

# what others call the makers: GLNs of the prefix that GS1 keeps for examples
GLN = {"amber": "9521234000006", "basalt": "9521234000013"}

# name, class, latitude and longitude [deg], and whose place it is
PLACES = (
    ("works-east", PlaceClass.FACTORY, "31.2304", "121.4737", "amber"),
    ("works-west", PlaceClass.FACTORY, "47.4979", "19.0402", "basalt"),
    ("annex-east", PlaceClass.FACTORY, "31.5700", "120.3000", "amber"),
    ("annex-west", PlaceClass.FACTORY, "47.6833", "17.6351", "basalt"),
    ("port", PlaceClass.WAREHOUSE, "53.5511", "9.9937", "dock"),
    ("depot", PlaceClass.WAREHOUSE, "52.2297", "21.0122", "dock"),
    ("hall", PlaceClass.DATA_CENTER, "50.1109", "8.6821", "gridco"),
    ("mast", PlaceClass.TELECOM, "59.3293", "18.0686", "gridco"),
    ("yard", PlaceClass.WAREHOUSE, "55.6761", "12.5683", "greymarket"),
)
# rooms and racks, which stand where their site stands
INNER = tuple(
    (f"{site}-{room}", site) for site in ("hall", "mast") for room in ("cage", "r1", "r2")
)
PLACE = {name: PlaceId.of(owner, name) for name, _, _, _, owner in PLACES} | {
    name: PlaceId.of(OPERATOR.key, name) for name, _ in INNER
}


@dataclass
class Tale:
    """One lot's history while it is told, and the names that a fault may need."""

    number: int
    maker: PartyId
    factory: str
    site: str
    begun: datetime
    said: dict[str, Recorded[Any]] = field(default_factory=dict)

    @property
    def lot(self) -> LotId:
        """The lot."""
        return LotId.of(self.maker.key, f"L{self.number:04}")

    @property
    def product(self) -> ProductId:
        """Its model."""
        return ProductId.of(self.maker.key, "PK-24")

    @property
    def arrival(self) -> ArrivalId:
        """Its one arrival."""
        return ArrivalId.of(OPERATOR.key, f"A{self.number:04}")

    @property
    def order(self) -> OrderId:
        """The order it came on."""
        return OrderId.of(OPERATOR.key, f"O{self.number:04}")

    @property
    def serials(self) -> tuple[str, ...]:
        """The serials of its packs."""
        return tuple(f"S{self.number:04}{place:02}" for place in range(1, 13))

    @property
    def cells(self) -> LotId:
        """The lot of cells that its packs were made of."""
        return LotId.of(self.maker.key, f"C{self.number:04}")

    @property
    def box(self) -> str:
        """The box that its packs are stored in on site."""
        return f"CRATE{self.number:04}"

    def unit(self, place: int) -> UnitId:
        """One of its packs."""
        return UnitId.of(self.maker.key, self.serials[place])

    def code(self, serial: int) -> str:
        """The battery code of the pack with a serial of its day: GB/T 34014."""
        made = self.begun.date()
        day = _SIGNS[made.year - 2011] + _SIGNS[made.month - 1] + f"{_SIGNS}0"[made.day - 1]
        return f"{self.maker.key[:3].upper()}PB24000000{self.factory[6].upper()}{day}{serial:07}"

    def say(
        self, name: str, fact: object, issuer: SubjectId, at: datetime, *about: SubjectId
    ) -> None:
        """Say something, and have it registered two hours later."""
        kind = _TYPES[type(fact).__name__]
        ref = EntryRef(0, "", at + 2 * _HOUR)
        said = Recorded(fact, Header(issuer, at), about or (self.lot,), kind, ref)
        self.said[name] = replace(said, keys=(key_id(issuer, TRADE),))

    def sign(self, name: str, key: str, where: PlaceId | None = None) -> None:
        """Let something have been signed by another key of the same firm, at some place."""
        one = self.said[name]
        header = replace(one.header, place=where or one.header.place)
        self.said[name] = replace(one, header=header, keys=(key_id(one.issuer, key),))


def quantity(value: str, unit: str) -> Quantity:
    """Return a quantity."""
    return Quantity.parse({"value": value, "unit": unit})


def digest(text: str) -> Digest:
    """Return some digest."""
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def spki(issuer: SubjectId, name: str) -> bytes:
    """Return the public half of some key of a firm."""
    return _ED25519 + hashlib.sha256(f"{issuer} {name}".encode()).digest()


def spki_text(issuer: SubjectId, name: str) -> str:
    """Return it as a statement says it."""
    return base64.b64encode(spki(issuer, name)).decode()


def key_id(issuer: SubjectId, name: str) -> Digest:
    """Return the name of some key of a firm: the digest of its public half."""
    return Digest(hashlib.sha256(spki(issuer, name)).hexdigest())
