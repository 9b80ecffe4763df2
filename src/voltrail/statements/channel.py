"""
Who may sell whose goods, and whom a supplier says it works with.

Authorizations are stated by the manufacturer, disclosures by the supplier itself.
"""

from dataclasses import dataclass
from datetime import datetime

from voltrail.ids.subject import PartyId


@dataclass(frozen=True, slots=True)
class Authorization:
    """A maker lets a seller sell product families in regions for a time."""

    maker: PartyId
    seller: PartyId
    families: tuple[str, ...]
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A supplier names its subcontractors, carriers and resellers."""

    supplier: PartyId
    parties: tuple[PartyId, ...]
    valid_from: datetime
