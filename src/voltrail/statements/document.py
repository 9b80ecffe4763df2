"""A file that was filed for something: its digest, name, media type and what it is about."""

from dataclasses import dataclass

from voltrail.ids.subject import DocumentId
from voltrail.statements.fields import Digest


@dataclass(frozen=True, slots=True)
class Document:
    """The original file by digest; its bytes live in the blob store."""

    document: DocumentId
    title: str
    media_type: str
    content: Digest
