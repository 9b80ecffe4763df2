"""A certificate or test report: who issued it to whom for which model, and until when."""

from dataclasses import dataclass
from datetime import date

from voltrail.ids.subject import DocumentId, LotId, PartyId, PlaceId, ProductId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Certificate:
    """A document as filed: `model` is printed on it, `filed_for` is what it was filed for."""

    document: DocumentId
    number: str
    standard: str
    issuing_body: str
    holder: PartyId
    model: str
    filed_for: ProductId
    issued: date
    expires: date | None = None
    factory: PlaceId | None = None
    lot: LotId | None = None
    content: Digest | None = None
