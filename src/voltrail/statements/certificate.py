"""A certificate or test report: who issued it to whom for which model, and until when."""

from datetime import date

from voltrail.ids.subject import DocumentId, LotId, PartyId, PlaceId, ProductId
from voltrail.statements.fields import Digest, Fact, Text, Whole


class Certificate(Fact, frozen=True):
    """A document as filed: `model` is printed on it, `filed_for` is what it was filed for."""

    document: DocumentId
    number: Text
    standard: Text
    issuing_body: Text
    holder: PartyId
    model: Text
    filed_for: ProductId
    issued: date
    expires: date | None = None
    factory: PlaceId | None = None
    lot: LotId | None = None
    content: Digest | None = None
    covers: Whole | None = None  # [items] that may be released under it
