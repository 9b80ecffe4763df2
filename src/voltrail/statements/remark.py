"""
Somebody of the operator noted something about a subject: a comment, files, or a mail.

A remark proves nothing, and no control reads one. The bytes of files are kept by digest and can be
taken out; what stands here cannot. Does not say that anything in a file is true.
"""

from voltrail.ids.subject import PersonId, SubjectId
from voltrail.statements.fields import Digest, Fact, Instant, Many, Text, Whole


class KeptFile(Fact, frozen=True):
    """A file beside a remark, as it was named and as its bytes were judged."""

    name: Text
    media_type: Text
    size: Whole
    content: Digest


class Mail(Fact, frozen=True):
    """The head of a mail whose bytes are the file with this digest; absent lines are left out."""

    content: Digest
    sender: Text | None = None
    recipients: Many[Text] = ()
    subject: Text | None = None
    sent_at: Instant | None = None
    message_id: Text | None = None


class Remark(Fact, frozen=True):
    """What a person noted; `mails` say which of the files are mails, and from whom."""

    about: SubjectId
    by: PersonId
    text: Text | None = None
    files: Many[KeptFile] = ()
    mails: Many[Mail] = ()
