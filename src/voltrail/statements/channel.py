"""
Who may sell whose goods, and whom a supplier says it works with.

Authorizations are stated by the manufacturer, disclosures by the supplier itself.
"""

from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Fact, Instant, Many, Text


class Authorization(Fact, frozen=True):
    """A maker lets a seller sell product families in regions for a time."""

    maker: PartyId
    seller: PartyId
    families: Many[Text]
    regions: Many[Text]
    valid_from: Instant
    valid_until: Instant


class Disclosure(Fact, frozen=True):
    """A supplier names its subcontractors, carriers and resellers."""

    supplier: PartyId
    parties: Many[PartyId]
    valid_from: Instant
