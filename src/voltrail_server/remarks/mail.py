"""
What a mail says of itself, and the files in it: read with the standard library, drawn never.

Its own words prove nothing: a sender line is whatever somebody wrote. Parts are counted and nested
mails opened to a depth. Knows no mailbox.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError
from voltrail.statements.remark import Mail

MAX_PARTS = 100
MAX_DEPTH = 3  # [mails] inside one another
MAX_LINE = 400  # [characters] of a head line that is kept
MAX_TO = 50  # [addresses]
_HEAD = re.compile(rb"[!-9;-~]{1,76}:")
_SIGNS = re.compile(r"[\x00-\x1f\x7f]+")


def parse(name: str, data: bytes) -> EmailMessage:
    """Return the mail in some bytes, or refuse what is none."""
    if not _HEAD.match(data.lstrip(b"\r\n")):
        raise _no_mail(name)
    try:
        found = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
        known = [one for one in ("from", "date", "subject", "message-id") if found[one]]
    except Exception as error:  # the library raises whatever a header's grammar trips over
        raise _no_mail(name) from error
    if "from" not in known or len(known) < 2:  # noqa: PLR2004 — a sender and one more line
        raise _no_mail(name)
    return found


def head(found: EmailMessage, digest: str) -> Mail:
    """Return the head of a mail as it stands beside the mail's digest."""
    return Mail(
        digest,  # type: ignore[arg-type]  # a digest in text
        _line(found, "from"),
        tuple(_addresses(found)),
        _line(found, "subject"),
        _sent(found),
        _line(found, "message-id"),
    )


def files_of(name: str, found: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of each file in a mail; texts shown with it are no files."""
    parts = list(_parts(found))
    if len(parts) > MAX_PARTS:
        raise MalformedError(
            _("%(name)s has more than %(n)s parts.") % {"name": name, "n": MAX_PARTS},
            hint=_("Attach the files you need one by one."),
        )
    for number, part in enumerate(parts, 1):
        if _is_file(part):
            yield _name(part, number), _bytes(part)


def _parts(found: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the leaves of a mail; a mail inside it is one leaf."""
    waiting: list[Any] = [found]
    seen = 0
    while waiting and seen <= MAX_PARTS:
        one = waiting.pop(0)
        seen += 1
        if one.get_content_maintype() == "multipart":
            inner = one.get_payload()
            waiting[:0] = inner if isinstance(inner, list) else []
        else:
            yield one
    yield from waiting


def _is_file(part: EmailMessage) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_content_type() == _NESTED:
        return True
    return bool(part.get_filename()) or part.get_content_maintype() not in ("text", "multipart")


def _name(part: EmailMessage, number: int) -> str:
    named = part.get_filename()
    if named:
        return str(named)
    kind = part.get_content_type()
    return f"part-{number}.{_ENDINGS.get(kind, kind.rpartition('/')[2])}"


def _bytes(part: EmailMessage) -> bytes:
    if part.get_content_type() == _NESTED:
        inner: Any = part.get_payload()
        return bytes(inner[0].as_bytes()) if isinstance(inner, list) and inner else b""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


_NESTED = "message/rfc822"
_ENDINGS = {_NESTED: "eml", "image/jpeg": "jpg", "text/plain": "txt"}


def _line(found: EmailMessage, name: str) -> str | None:
    text = " ".join(_SIGNS.sub(" ", str(found[name] or "")).split())
    return text[:MAX_LINE] or None


def _addresses(found: EmailMessage) -> list[str]:
    lines = [str(one) for name in ("to", "cc") for one in found.get_all(name, [])]
    pairs = getaddresses([_SIGNS.sub(" ", one) for one in lines])
    return [address[:MAX_LINE] for _who, address in pairs if address.strip()][:MAX_TO]


def _sent(found: EmailMessage) -> datetime | None:
    at = getattr(found["date"], "datetime", None)
    if not isinstance(at, datetime):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _no_mail(name: str) -> MalformedError:
    return MalformedError(
        _("%(name)s is no mail.") % {"name": name},
        hint=_("Save the mail whole from the mail program, as .eml."),
    )
