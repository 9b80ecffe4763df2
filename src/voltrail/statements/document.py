"""A file that was filed for something: its digest, name, media type and what it is about."""

from voltrail.ids.subject import DocumentId
from voltrail.statements.fields import Digest, Fact, Text


class Document(Fact, frozen=True):
    """The original file by digest; its bytes live in the blob store."""

    document: DocumentId
    title: Text
    media_type: Text
    content: Digest
