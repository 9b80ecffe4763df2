"""
Zip files as the packages they are: looked into, bounded, never written anywhere.

Every part is unpacked in memory up to a bound, because a part's own word on its size proves
nothing. Tells documents from plain archives; what a part may be is judged by whoever asks.
"""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError

MAX_PARTS = 1_000
MAX_UNPACKED = 100 * 1_048_576  # [bytes] all parts together
# what programs begin with
RUNS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
    b"\x00asm",
    b"L\x00\x00\x00",
    b"dex\n",
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 262_144  # [bytes] read at a time
_RUN = ("vbaproject", "vbadata", "macrosheets", "activex", "oleobject", "/embeddings/")
_SCRIPTS = ("basic/", "scripts/")  # OpenDocument keeps its macros here
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
# the part that tells a kind of document
_TELLS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_MIMES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def kind_of(name: str, data: bytes, look: Callable[[str, bytes], object]) -> str:
    """Return which kind of package some bytes are; each part of a plain zip is looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _need_bounded(name, parts)
            kind = _kind(package, parts)
            room = MAX_UNPACKED
            for part in parts:
                found = _unpacked(name, package, part, room)
                room -= len(found)
                if kind != "zip":
                    _need_no_macro(name, part.filename.lower(), found)
                elif not part.is_dir():
                    look(part.filename, found)
            return kind
    except _BROKEN as error:
        raise _refused(name, _("cannot be unpacked")) from error


def _need_bounded(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if not parts or len(parts) > MAX_PARTS or sum(one.file_size for one in parts) > MAX_UNPACKED:
        raise _refused(name, _("unpacks to nothing, or to far more than a paper needs"))
    if any(one.flag_bits & _ENCRYPTED for one in parts):
        raise _refused(name, _("is locked, so nobody can look into it"))


def _kind(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    names = {one.filename for one in parts}
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _TELLS.items() if part in names), "zip")
    if parts[0].filename == "mimetype":
        with package.open(parts[0]) as part:
            return _MIMES.get(part.read(100).strip(), "zip")
    return "zip"


def _unpacked(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> bytes:
    """Return a part, read block by block while there is room."""
    blocks, size = [], 0
    with package.open(part) as source:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > room:
                raise _refused(name, _("unpacks to far more than a paper needs"))
            blocks.append(block)
    return b"".join(blocks)


def _need_no_macro(name: str, part: str, data: bytes) -> None:
    """Refuse a document with a part that runs, or that is a file of its own."""
    runs = data.startswith((*RUNS, OLD_OFFICE)) or any(mark in part for mark in _RUN)
    if runs or part.startswith(_SCRIPTS):
        raise _refused(name, _("holds macros or other files"))


def _refused(name: str, why: str) -> MalformedError:
    said = _("%(name)s %(why)s.") % {"name": name, "why": why}
    return MalformedError(said, hint=_("Save it without them, or attach its parts one by one."))
