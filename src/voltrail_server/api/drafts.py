"""Drafts that wait for persons' signatures: list them, read one, add what was signed outside."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.actions import signing
from voltrail_server import wiring
from voltrail_server.api import access, bodies, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.api.statements import ENVELOPE, MAX_ENVELOPE
from voltrail_server.people import origin
from voltrail_server.people.models import Account
from voltrail_server.reading import drafts as reading
from voltrail_server.signing import drafts
from voltrail_server.signing.models import Draft

PAYLOAD = "application/vnd.in-toto+json"

router = Router(tags=["Drafts"])
_OURS = N_("Drafts are for the operator's own people.")


class SignatureOut(Shape):
    """A person asked to sign; key and time are there once they have."""

    person: str
    key: str | None
    signed_at: datetime | None


class DraftOut(Shape):
    """A draft: what waits, for whom, until when, and what became of it."""

    number: int
    kind: str
    purpose: str
    state: str
    needed: int
    role: str
    expires_at: datetime
    sha256: str
    signatures: list[SignatureOut]
    index: int | None
    refusal: str


@router.get(
    "/drafts",
    auth=tokens.READER,
    by_alias=True,
    response={200: list[DraftOut], FAILURES: problems.Problem},
    summary="List drafts that wait for signatures",
)
def drafts_waiting(request: HttpRequest) -> list[dict[str, Any]]:
    """Return a person's drafts, begun or to be signed; to the operator's token every open one."""
    access.need_operator(request, _OURS)
    at = wiring.now()
    if not isinstance(request.user, Account):
        return [_draft(one) for one in reading.every_open(at)]
    mine = (*reading.waiting(request.user, at), *reading.started(request.user))
    return [_draft(one) for one in {one.pk: one for one in mine}.values()]


@router.get(
    "/drafts/{int:number}",
    auth=tokens.READER,
    by_alias=True,
    response={200: DraftOut, FAILURES: problems.Problem},
    summary="Read one draft",
)
def draft(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return a draft and who has signed it."""
    access.need_operator(request, _OURS)
    return _draft(drafts.get(number))


@router.get(
    "/drafts/{int:number}/payload",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Read a draft's exact bytes, as `voltrail sign` signs them",
)
def draft_payload(request: HttpRequest, number: int) -> HttpResponse:
    """Return the statement that waits, byte for byte."""
    access.need_operator(request, _OURS)
    return HttpResponse(bytes(drafts.get(number).payload), content_type=PAYLOAD)


@router.post(
    "/drafts/{int:number}/signatures",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: DraftOut, FAILURES: problems.Problem},
    summary="Add the signatures of an envelope around a draft's bytes",
    openapi_extra={
        "requestBody": {"required": True, "content": {ENVELOPE: {"schema": {"type": "object"}}}}
    },
)
def add_signatures(request: HttpRequest, number: int) -> dict[str, Any]:
    """Take each signature that is right; the last one hands the statement in."""
    access.need_operator(request, _OURS)
    raw = bodies.read(request, MAX_ENVELOPE, ("application/json", ENVELOPE))
    return _draft(drafts.take_envelope(number, raw, "api", origin.site_of(request)))


def _draft(one: Draft) -> dict[str, Any]:
    state = one.state if one.state != "open" or one.is_open(wiring.now()) else "expired"
    return {
        "number": one.pk,
        "kind": drafts.kind_of(one),
        "purpose": one.purpose,
        "state": state,
        "needed": one.needed,
        "role": one.role,
        "expires_at": one.expires_at,
        "sha256": signing.fingerprint(bytes(one.payload)),
        "signatures": [
            {"person": each.person, "key": each.key or None, "signed_at": each.signed_at}
            for each in one.signatures.all()
        ],
        "index": one.entry,
        "refusal": one.refusal,
    }
