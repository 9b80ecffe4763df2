"""Files as a form brings them in, bounded before they are read; and as they are handed out."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from voltrail.errors import MalformedError
from voltrail_server.remarks import files
from voltrail_server.remarks.remarking import MAX_ALL

SAFE = "application/octet-stream"
_CLOSED = "default-src 'none'; sandbox"


def read(given: Iterable[UploadedFile]) -> list[tuple[str, bytes]]:
    """Return the name and bytes of each file of a form, refusing too many or too much unread."""
    listed = list(given)
    sizes = [one.size or 0 for one in listed]
    if len(listed) > files.MAX_FILES or sum(sizes) > MAX_ALL:
        raise MalformedError(
            _("One remark keeps %(n)s files of %(m)s MiB together at most.")
            % {"n": files.MAX_FILES, "m": MAX_ALL // 1_048_576},
            hint=_("Part them into several remarks."),
        )
    if any(size > files.MAX_FILE for size in sizes):
        raise MalformedError(
            _("A file is larger than %(n)s MiB.") % {"n": files.MAX_FILE // 1_048_576},
            hint=_("Part it, or keep it elsewhere and note its SHA-256."),
        )
    return [(one.name or "file", one.read()) for one in listed]


def handed_out(name: str, data: bytes) -> HttpResponse:
    """Return a file to be kept: one fixed type, never guessed, never drawn."""
    response = HttpResponse(data, content_type=SAFE)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003 — Django's signature
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _CLOSED
    return response
