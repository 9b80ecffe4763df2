"""Files of others for a program: what one says, and keeping it as its sender's word."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status
from pydantic import Field

from voltrail.ids.subject import PartyId
from voltrail_server.api import access, bodies, forms, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.importing import foreign as files
from voltrail_server.importing.files import MAX_UPLOAD

TYPES = ("application/json", "application/ld+json", "application/xml", "application/octet-stream")
Form = Literal["", "epcis", "passport", "cyclonedx", "catenax", "un383", "logger"]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": forms.BYTES}},
    }
}
_OURS = N_("Files of others are brought in by the operator.")

router = Router(tags=["Imports"])


class ForeignDraftOut(Shape):
    """One thing that a file says: its place, and the statement it could become."""

    place: str
    kind: str


class ForeignRemarkOut(Shape):
    """What a reader should know of a place in the file."""

    place: str
    sentence: str


class ForeignIdentityOut(Shape):
    """An identity of the file: what it is here, or why it is none."""

    text: str
    scheme: str
    subjects: list[str]
    refusal: str


class ForeignOut(Shape):
    """What a file says; `identities` holds the first 200 and `more` counts the others."""

    form: str
    digest: str
    drafts: list[ForeignDraftOut]
    remarks: list[ForeignRemarkOut]
    identities: list[ForeignIdentityOut]
    more: int


class ForeignGiven(Shape):
    """Its format, told from the file where empty."""

    form: Form = ""


class Sent(Shape):
    """Who sent the file, and its format."""

    sender: Annotated[str, Field(pattern=r"^urn:voltrail:party:[A-Za-z0-9._~@/+-]{1,64}$")]
    form: Form = ""


class ForeignBegun(Shape):
    """The work that keeps it."""

    work: UUID


@router.post(
    "/foreign",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: ForeignOut, FAILURES: problems.Problem},
    summary="See what a file of somebody else says",
    openapi_extra=_BODY,
)
def look_at_foreign(request: HttpRequest, given: Query[ForeignGiven]) -> dict[str, Any]:
    """Take a file in and return what it says; nothing is recorded."""
    access.need_operator(request, _OURS)
    kept = files.upload(bodies.read(request, MAX_UPLOAD, TYPES), given.form)
    found = files.look(kept)
    return {
        "form": kept.form,
        "digest": kept.digest,
        "drafts": [{"place": one.place, "kind": one.kind} for one in kept.drafts],
        "remarks": [{"place": one.place, "sentence": one.sentence} for one in kept.remarks],
        "identities": [
            {
                "text": one.named.text,
                "scheme": one.named.scheme,
                "subjects": [str(each) for each in one.subjects],
                "refusal": one.refusal,
            }
            for one in found.meanings
        ],
        "more": found.more,
    }


@router.post(
    "/foreign/{digest}/keep",
    auth=tokens.WRITER,
    by_alias=True,
    response={202: ForeignBegun, FAILURES: problems.Problem},
    summary="Keep what a file says as its sender's word",
)
def keep_foreign(request: HttpRequest, digest: str, sent: Query[Sent]) -> Any:  # noqa: ANN401 — ninja's answers
    """Let a worker keep each draft; kept again, nothing is kept twice."""
    access.need_operator(request, _OURS)
    work = files.begin(None, digest, sent.form, PartyId.read(sent.sender))
    return Status(202, {"work": work.pk})
