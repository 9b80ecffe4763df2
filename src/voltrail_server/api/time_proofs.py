"""By when others than the operator prove that entries stood here, and what that rests on."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.actions import time_proof
from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.register import TEXT
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import time_proofs as ask

STAMP = "application/timestamp-reply"
router = Router(tags=["Register"])


class TimeProofOut(Shape):
    """A proof of time: its entry, the size it covers, the moment, who vouches, what it rests on."""

    index: int
    size: int
    proven_at: datetime
    vouched_by: str
    vouchers: list[str]
    checkpoint: str
    token: str | None


class TimeProofsOut(Shape):
    """The first proofs of time that cover an entry, the earliest moment first."""

    entry: int
    log_time: datetime
    proofs: list[TimeProofOut]


class ServiceOut(Shape):
    """A time-stamp service: how far it stamped, when, and what is wrong with it."""

    name: str
    url: str
    stamped: int | None
    stamped_at: datetime | None
    problem: str


class ServicesOut(Shape):
    """Which services stamp this register, how often, and the newest proof by witnesses."""

    every_hours: int
    services: list[ServiceOut]
    by_witnesses: TimeProofOut | None


@router.get(
    "/statements/{int:index}/times",
    auth=None,
    by_alias=True,
    response={200: TimeProofsOut, FAILURES: problems.Problem},
    summary="Ask by when others prove that an entry stood in the register",
)
def times(request: HttpRequest, index: int) -> dict[str, Any]:
    """Return who vouches for which moment; the entry itself is not shown."""
    return ask.of_entry(index)


@router.get(
    "/statements/{int:index}/times/{int:by}/proof",
    auth=None,
    response={200: None, FAILURES: problems.Problem},
    summary="Prove that an entry stands under the checkpoint of a proof of time",
)
def time_receipt(request: HttpRequest, index: int, by: int) -> HttpResponse:
    """Return a C2SP tlog-proof under the very checkpoint that was cosigned or stamped."""
    desk = wiring.desk()
    found = time_proof.receipt_under(desk, index, ask.proof(index, by))
    return HttpResponse(found, content_type=TEXT)


@router.get(
    "/statements/{int:index}/times/{int:by}/token",
    auth=None,
    response={200: None, FAILURES: problems.Problem},
    summary="Read the RFC 3161 token over that checkpoint",
)
def time_token(request: HttpRequest, index: int, by: int) -> HttpResponse:
    """Return the token as the service gave it; it covers the checkpoint of the proof beside it."""
    return HttpResponse(ask.token(index, by), content_type=STAMP)


@router.get(
    "/timestamp-services",
    auth=tokens.READER,
    by_alias=True,
    response={200: ServicesOut, FAILURES: problems.Problem},
    summary="Read which time-stamp services are asked, and how they stand",
)
def timestamp_services(request: HttpRequest) -> dict[str, Any]:
    """Return each service with its last stamp, and the newest proof by witnesses."""
    access.need_operator(request, N_("Time-stamp services are the operator's."))
    return ask.listing()
