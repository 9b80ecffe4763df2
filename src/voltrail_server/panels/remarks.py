"""Remarks in words: who noted what, when, with which files, and whether it was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from voltrail_server.panels import chips, words
from voltrail_server.panels.chips import Chip
from voltrail_server.panels.named import Named, Naming, unnamed

_KIB = 1_024
_KINDS = {
    "application/pdf": "PDF",
    "message/rfc822": "Mail",
    "application/zip": "Zip",
    "application/json": "JSON",
    "text/csv": "CSV",
    "text/plain": "Text",
}


@dataclass(frozen=True, slots=True)
class MailHead:
    """What a mail says of itself."""

    sender: str
    recipients: str
    subject: str
    sent: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file beside a remark."""

    number: int
    name: str
    kind: str
    size: str
    digest: str
    mail: MailHead | None


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark as a page shows it."""

    index: int
    by: Named
    at: str
    paragraphs: tuple[str, ...]
    files: tuple[FileLine, ...]
    chip: Chip
    withdrawn_by: int | None


def lines(found: Iterable[Any], naming: Naming = unnamed) -> list[RemarkLine]:
    """Return remarks in words."""
    return [line(one, naming) for one in found]


def line(one: Any, naming: Naming = unnamed) -> RemarkLine:  # noqa: ANN401 — a recorded remark
    """Return a remark in words."""
    fact = one.fact
    heads = {mail.content: _head(mail) for mail in fact.mails}
    return RemarkLine(
        one.entry.index,
        naming(str(fact.by)),
        words.stamp(one.entry.log_time),
        tuple((fact.text or "").split("\n")),
        tuple(_file(number, each, heads) for number, each in enumerate(fact.files)),
        chips.chip(one, naming),
        one.withdrawn_by,
    )


def _file(number: int, one: Any, heads: dict[str, MailHead]) -> FileLine:  # noqa: ANN401 — a file
    named = _KINDS.get(one.media_type) or one.name.rpartition(".")[2].upper()
    return FileLine(number, one.name, named, size(one.size), one.content, heads.get(one.content))


def size(given: int) -> str:
    """Return a number of bytes as people read it."""
    for unit in ("B", "KiB"):
        if given < _KIB:
            return f"{given} {unit}"
        given = -(-given // _KIB)
    return f"{given} MiB"


def _head(mail: Any) -> MailHead:  # noqa: ANN401 — a mail's head
    return MailHead(
        mail.sender or "",
        ", ".join(mail.recipients),
        mail.subject or "",
        words.stamp(mail.sent_at) if mail.sent_at else "",
    )
