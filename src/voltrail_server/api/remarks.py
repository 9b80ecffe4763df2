"""Remarks by program: what was noted about a subject, noting, taking back, files."""

import base64
import json
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status

from voltrail.actions import remark
from voltrail.errors import MalformedError
from voltrail.ids.subject import PersonId
from voltrail_server import wiring
from voltrail_server.api import access, bodies, forms, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.reading import remarks as reading
from voltrail_server.remarks import files, remarking, uploads

MAX_JSON = 16 * 1_048_576  # [bytes] larger files travel as multipart/form-data
_PLAIN = {"about": {"type": "string"}, "by": {"type": "string"}, "text": {"type": "string"}}
_FILE = {"type": "object", "properties": {"name": {"type": "string"}, "content": forms.BYTES}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["about", "by"],
                    "properties": {**_PLAIN, "files": {"type": "array", "items": _FILE}},
                }
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["about", "by"],
                    "properties": {**_PLAIN, "files": {"type": "array", "items": forms.BYTES}},
                }
            },
        },
    }
}

router = Router(tags=["Remarks"])
_OURS = N_("Remarks are the operator's own.")


class MailHeadOut(Shape):
    """What a mail says of itself."""

    content: str
    sender: str | None
    recipients: list[str]
    subject: str | None
    sent_at: str | None
    message_id: str | None


class RemarkFileOut(Shape):
    """A file beside a remark."""

    number: int
    name: str
    media_type: str
    size: int
    sha256: str


class RemarkOut(Shape):
    """A remark, its files, and the entry that took it back, if any."""

    index: int
    about: str
    by: str
    text: str
    at: str
    files: list[RemarkFileOut]
    mails: list[MailHeadOut]
    withdrawn_by: int | None


class Noted(Shape):
    """The entry of a new remark."""

    index: int
    digest: str


class RemarksAbout(Shape):
    """Which subject."""

    about: str


class WithdrawalIn(Body):
    """Who takes a remark back, and why."""

    by: str
    why: str


@router.get(
    "/remarks",
    auth=tokens.READER,
    by_alias=True,
    response={200: list[RemarkOut], FAILURES: problems.Problem},
    summary="Read the remarks about a subject",
)
def remarks(request: HttpRequest, given: Query[RemarksAbout]) -> list[dict[str, Any]]:
    """Return the remarks about a subject, newest first, those taken back included."""
    access.need_operator(request, _OURS)
    return [_shown(one) for one in reading.listing(given.about)]


@router.post(
    "/remarks",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: Noted, FAILURES: problems.Problem},
    summary="Note a comment, files or a mail about a subject",
    openapi_extra=_BODY,
)
def note_remark(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Keep what a person noted; `by` names the person, files come in base64 or as parts."""
    access.need_operator(request, _OURS)
    about, by, text, given = _read(request)
    oneself.speaking(request, by, "remark-new")
    made = remarking.note(reading.about(about), PersonId.read(by), text, given)
    return Status(201, {"index": made.index, "digest": made.digest})


@router.post(
    "/remarks/{int:index}/withdrawal",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: Noted, FAILURES: problems.Problem},
    summary="Take a remark back",
    openapi_extra=bodies.described(WithdrawalIn),
)
def withdraw_remark(request: HttpRequest, index: int) -> Any:  # noqa: ANN401 — ninja's answers
    """Take a remark back for its person or an administrator; it stays to be read, marked."""
    given = bodies.fields(request, WithdrawalIn)
    account = oneself.speaking(request, given.by, "remark-withdraw")
    made = remarking.withdraw(account, index, given.why)
    return Status(201, {"index": made.index, "digest": made.digest})


@router.get(
    "/remarks/{index}/files/{number}",
    auth=tokens.READER,
    response={200: bytes, FAILURES: problems.Problem},
    summary="Take a file of a remark",
)
def remark_file(request: HttpRequest, index: int, number: int) -> HttpResponse:
    """Return the bytes of a file, as they came, under one fixed type."""
    access.need_operator(request, _OURS)
    found, data = remark.file_of(wiring.desk(), index, number)
    return uploads.handed_out(found.name, data)


def _read(request: HttpRequest) -> tuple[str, str, str, list[tuple[str, bytes]]]:
    if request.content_type == "multipart/form-data":
        bodies.need_small(request, remarking.MAX_ALL + bodies.MEBIBYTE)
        try:
            given = uploads.read(request.FILES.getlist("files"))
        except (MultiPartParserError, SuspiciousOperation) as error:
            raise MalformedError(
                "The parts cannot be told apart.", hint="Send multipart/form-data with a boundary."
            ) from error
        about, by, text = (str(request.POST.get(name, "")) for name in _PLAIN)
        return about, by, text, given
    raw = bodies.read(request, MAX_JSON, ("application/json", "multipart/form-data"))
    try:
        found = json.loads(raw)
        about, by, text = (str(found.get(name) or "") for name in _PLAIN)
        listed = [(str(one["name"]), one["content"]) for one in found.get("files") or ()]
        given = [(name, base64.b64decode(said, validate=True)) for name, said in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedError(
            "The body is no remark.",
            hint="Send about, by, text and files: name, content in base64.",
        ) from error
    if len(given) > files.MAX_FILES:
        raise MalformedError(f"More than {files.MAX_FILES} files came.", hint="Part them.")
    return about, by, text, given


def _shown(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded remark
    fact = one.fact
    return {
        "index": one.entry.index,
        "about": fact.about,
        "by": fact.by,
        "text": fact.text or "",
        "at": one.entry.log_time.isoformat(),
        "files": [_file(number, each) for number, each in enumerate(fact.files)],
        "mails": [_mail(each) for each in fact.mails],
        "withdrawn_by": one.withdrawn_by,
    }


def _file(number: int, one: Any) -> dict[str, Any]:  # noqa: ANN401 — a kept file
    told = {"number": number, "name": one.name, "media_type": one.media_type}
    return {**told, "size": one.size, "sha256": one.content}


def _mail(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a mail's head
    plain = ("content", "sender", "subject", "message_id")
    sent = None if one.sent_at is None else one.sent_at.isoformat()
    told = {name: getattr(one, name) for name in plain}
    return {**told, "recipients": list(one.recipients), "sent_at": sent}
