"""
What a file beside a remark may be, told by its content; its name must agree.

Only what is listed is kept: nothing that runs, no page that a browser would draw, no workbook or
document with macros, no archive but zip, which is looked into. Reads everything and runs nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError
from voltrail_server.remarks import archives

MAX_FILE = 20 * 1_048_576  # [bytes]
MAX_FILES = 10
MAX_NAME = 120  # [characters]
_LOOKED = 4_096  # [bytes] of a text searched for what a browser would draw or a shell would run
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DRAWN = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|svg|script|iframe|\?xml|\?php|%)", re.IGNORECASE
)
_UNPRINTED = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")  # no text holds these
_PACKED = (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_TEXTS = {
    "txt": "text/plain",
    "log": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "ics": "text/calendar",
    "eml": "message/rfc822",
}
# first bytes → media type, endings; a picture or paper is told by how it begins
_MARKS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", ("pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"GIF87a", "image/gif", ("gif",)),
    (b"GIF89a", "image/gif", ("gif",)),
    (b"II*\x00", "image/tiff", ("tif", "tiff")),
    (b"MM\x00*", "image/tiff", ("tif", "tiff")),
    (b"0\x82", "application/pkcs7-signature", ("p7s",)),
    (b"0\x80", "application/pkcs7-signature", ("p7s",)),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_ZIPS = {
    "zip": "application/zip",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that may be kept: its name as it is kept, its media type, its bytes."""

    name: str
    media_type: str
    data: bytes


def clean(name: str) -> str:
    """Return a file's name without folders, signs that steer a screen, and too many letters."""
    last = _CONTROL.sub("", name.replace("\\", "/")).rpartition("/")[2].strip(" .")
    stem, dot, ending = last.rpartition(".")
    if not dot:
        return last[:MAX_NAME] or "file"
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"[:MAX_NAME]


def judge(name: str, data: bytes, inside: int = 0) -> Judged:
    """Return a file that may be kept, or refuse it; `inside` says how many archives hold it."""
    kept = clean(name)
    if not data:
        raise _refused(kept, _("is empty"))
    if len(data) > MAX_FILE:
        raise _refused(kept, _("is larger than %(n)s MiB") % {"n": MAX_FILE // 1_048_576})
    _need_harmless(kept, data)
    found = _told(kept, data, inside)
    ending = kept.rpartition(".")[2].lower()
    for media_type, endings in found:
        if ending in endings:
            return Judged(kept, media_type, data)
    known = ", ".join(sorted({f".{one}" for _type, endings in found for one in endings}))
    raise _refused(
        kept,
        _("is not what its name says"),
        _("By its content it is one of: %(known)s.") % {"known": known},
    )


def _need_harmless(name: str, data: bytes) -> None:
    if data.startswith(archives.RUNS):
        raise _refused(name, _("is a program"))
    if data.startswith(archives.OLD_OFFICE):
        raise _refused(name, _("is an old Office file, which may hold macros"))
    if data.startswith(_PACKED) or data[257:262] == b"ustar":
        raise _refused(name, _("is an archive of a kind that is not looked into"))


def _told(name: str, data: bytes, inside: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the media types that a content can have, each with the endings that agree."""
    found = [(kind, endings) for mark, kind, endings in _MARKS if data.startswith(mark)]
    if found:
        return found
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return [("image/webp", ("webp",))]
    if data.startswith(b"PK"):
        kind = archives.kind_of(name, data, _member(inside))
        return [(_ZIPS[kind], (kind,))]
    return _texts(name, data)


def _member(inside: int) -> Callable[[str, bytes], object]:
    def look(name: str, data: bytes) -> Judged:
        if inside or (data.startswith(b"PK") and name.lower().endswith(".zip")):
            raise _refused(clean(name), _("is an archive inside another"))
        return judge(name, data, inside + 1)

    return look


def _texts(name: str, data: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """Return the kinds of text that a content can be; the ending says which."""
    if _UNPRINTED.search(data):
        raise _refused(name, _("is of a kind that is not kept here"))
    ending = name.rpartition(".")[2].lower()
    if ending != "eml" and _DRAWN.search(data[:_LOOKED]):
        raise _refused(name, _("is a page or script that a browser could run"))
    return [(kind, (one,)) for one, kind in _TEXTS.items()]


def _refused(name: str, why: str, hint: str = "") -> MalformedError:
    said = _("%(name)s %(why)s.") % {"name": name, "why": why}
    fits = _("Papers, pictures, tables, texts, mails and zip files of these are kept.")
    return MalformedError(said, hint=hint or fits)
