"""
Who and what the invented world is made of: firms, people, places, products, and everybody's keys.

Every name is invented. Keys are made on the spot, so digests differ from run to run; names, times
and quantities never do. Does not know what anybody will say.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from voltrail.ids.subject import (
    FirmwareId,
    InstrumentId,
    PartyId,
    PersonId,
    PlaceId,
    ProductId,
    SubjectId,
)
from voltrail.quantities import Quantity, Unit
from voltrail.statements import statement as statements
from voltrail.statements.party import Party, Role
from voltrail.statements.place import Environment, Grade, Place, PlaceClass
from voltrail.statements.product import Attestability, Product
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail.trust.anchors import Anchor, Anchors
from voltrail.trust.keys import Algorithm
from voltrail.trust.signer import LocalSigner

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2031, 1, 1, tzinfo=UTC)
ORIGIN = "register.nordlicht.example/supply"

NORDLICHT = PartyId.of("nordlicht")
KESTREL = PartyId.of("kestrel")
TIDERACE = PartyId.of("tiderace")
BRACKWATER = PartyId.of("brackwater")
SODALITH = PartyId.of("sodalith")
FJORDLINIE = PartyId.of("fjordlinie")
SALTMARSH = PartyId.of("saltmarsh")
OSTWALL = PartyId.of("ostwall")

RUNA = PersonId.of("p-runa")
ANSEL = PersonId.of("p-ansel")
MERET = PersonId.of("p-meret")

HALL = PlaceId.of("nordlicht", "hall-7")
SUBSTATION = PlaceId.of("nordlicht", "substation-eider")
OFFICE = PlaceId.of("nordlicht", "office-kai")
KESTREL_WORKS = PlaceId.of("kestrel", "works-north")
SODALITH_WORKS = PlaceId.of("sodalith", "pilot-line")

RACK = ProductId.of("kestrel", "KR-48")
PACK = ProductId.of("kestrel", "KP-24")
TRAY = ProductId.of("kestrel", "KT-12")
BLOCK = ProductId.of("kestrel", "KB-06")
SODIUM = ProductId.of("sodalith", "NA-10")
SODIUM_RACK = ProductId.of("sodalith", "NA-40")

CYCLER = InstrumentId.of("nordlicht", "cycler-2")

FIRMS = (
    Party(NORDLICHT, "Nordlicht Grid & Data", "DE", (Role.OPERATOR,)),
    Party(KESTREL, "Kestrel Cellworks", "SE", (Role.MANUFACTURER,)),
    Party(TIDERACE, "Tiderace Power Supply", "NL", (Role.DISTRIBUTOR,)),
    Party(BRACKWATER, "Brackwater Trading", "BE", (Role.BROKER,)),
    Party(SODALITH, "Sodalith Energy", "FI", (Role.MANUFACTURER,)),
    Party(FJORDLINIE, "Fjordlinie Freight", "DK", (Role.LOGISTICS,)),
    Party(SALTMARSH, "Saltmarsh Storage", "GB", (Role.WAREHOUSE,)),
    Party(OSTWALL, "Ostwall Test House", "DE", (Role.LABORATORY,)),
)

# Who signs with what: the schemes are mixed on purpose.
SCHEMES: dict[SubjectId, Algorithm] = {
    NORDLICHT: Algorithm.ED25519,
    KESTREL: Algorithm.ED25519,
    TIDERACE: Algorithm.P256,
    BRACKWATER: Algorithm.P256,
    SODALITH: Algorithm.MLDSA44,
    FJORDLINIE: Algorithm.ED25519,
    SALTMARSH: Algorithm.ED25519,
    OSTWALL: Algorithm.P256,
    RUNA: Algorithm.P256,
    ANSEL: Algorithm.ED25519,
    MERET: Algorithm.P256,
}


def _place(
    place: PlaceId, name: str, kind: PlaceClass, grade: Grade, environment: Environment
) -> Place:
    owner = PartyId.of(place.parts[0])
    return Place(place, name, kind, owner, grade, grade, environment, "Europe/Berlin")


PLACES = (
    _place(HALL, "Data hall 7", PlaceClass.DATA_CENTER, Grade.HIGH, Environment.CONTROLLED),
    _place(SUBSTATION, "Eider substation", PlaceClass.SUBSTATION, Grade.MEDIUM, Environment.HARSH),
    _place(OFFICE, "Office on the quay", PlaceClass.OFFICE, Grade.LOW, Environment.CONTROLLED),
    _place(
        KESTREL_WORKS, "Kestrel north works", PlaceClass.FACTORY, Grade.LOW, Environment.CONTROLLED
    ),
    _place(
        SODALITH_WORKS, "Sodalith pilot line", PlaceClass.FACTORY, Grade.LOW, Environment.CONTROLLED
    ),
)


def _product(
    product: ProductId, family: str, chemistry: str, can: Attestability, rating: tuple[str, str]
) -> Product:
    maker, model = product.parts
    capacity, voltage = (Decimal(text) for text in rating)
    ratings = Quantity(capacity, Unit.A_h), Quantity(voltage, Unit.V)
    return Product(product, PartyId.of(maker), model, family, chemistry, can, *ratings)


PRODUCTS = (
    _product(RACK, "rack", "LFP", Attestability.ATTESTABLE, ("280", "51.2")),
    _product(PACK, "pack", "LFP", Attestability.TELEMETRY_ONLY, ("100", "25.6")),
    _product(TRAY, "tray", "LFP", Attestability.TELEMETRY_ONLY, ("50", "12.8")),
    _product(BLOCK, "pack", "LFP", Attestability.TELEMETRY_ONLY, ("100", "25.6")),
    _product(SODIUM, "module", "sodium-ion", Attestability.PASSIVE, ("160", "12.4")),
    _product(SODIUM_RACK, "sodium-rack", "sodium-ion", Attestability.PASSIVE, ("160", "49.6")),
)
MODEL = {one.product: one for one in PRODUCTS}
VERSIONS = {RACK: "4.2.0", PACK: "2.4.1", TRAY: "1.9.3", BLOCK: "2.4.1"}


def firmware_of(product: ProductId) -> FirmwareId:
    """
    Return the identity of a product's approved firmware.

    Args:
        product: one with a controller

    Returns:
        Maker, model and version.

    Source: our choice: design, section 2, invented world.
    """
    return FirmwareId.of(*product.parts, VERSIONS[product])


class World(Struct, frozen=True):
    """Everybody's private keys, and the log's."""

    keys: Mapping[SubjectId, LocalSigner]
    log: LocalSigner
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def pinned(self) -> Anchors:
        """The operator's root key: the only trust nobody has to prove."""
        return Anchors((Anchor(self.keys[NORDLICHT].public, NORDLICHT, BEGINS),))

    def say(
        self,
        fact: Any,  # noqa: ANN401 — any fact
        header: Header,
        *subjects: SubjectId,
        by: tuple[SubjectId, ...] = (),
    ) -> bytes:
        """Return the envelope of a fact, signed by its issuer, or by whoever is named instead."""
        payload = statements.compose(fact, header, *subjects)
        signers = [self.keys[one] for one in by or (header.issuer,)]
        return signer.sealed(payload, *signers).raw


def born() -> World:
    """
    Return a new world, with keys nobody has seen before.

    Returns:
        The world, silent so far.

    Source: our choice: design, section 2, invented world.
    """
    made = {who: signer.generate(scheme) for who, scheme in SCHEMES.items()}
    return World(made, signer.generate())
