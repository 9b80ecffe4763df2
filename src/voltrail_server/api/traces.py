"""What a unit or a lot was made of and where it went, for a program."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import trace as ask

router = Router(tags=["Subjects"])


class TraceStepOut(Shape):
    """One thing: how it was reached from the step before, how sure that is, and what says so."""

    subject: str
    way: str
    certainty: str
    depth: int
    before: int | None
    entries: list[int]


class TraceGapOut(Shape):
    """What nobody says after a step, and whom to ask."""

    after: int
    sentence: str
    ask: str | None


class TraceDirectionOut(Shape):
    """One direction, breadth first; `isCut` where there are more steps than are told."""

    steps: list[TraceStepOut]
    gaps: list[TraceGapOut]
    is_cut: bool


class TraceOut(Shape):
    """Both directions from one subject, at one size of the register."""

    subject: str
    size: int
    origins: TraceDirectionOut
    reach: TraceDirectionOut


@router.get(
    "/trace",
    auth=tokens.READER,
    by_alias=True,
    response={200: TraceOut, FAILURES: problems.Problem},
    summary="Trace a unit or a lot, both ways",
)
def trace(request: HttpRequest, about: str) -> dict[str, Any]:
    """Return what it was made of, where it went, and what nobody says of either."""
    access.need_operator(request, N_("Traces are the operator's."))
    return ask.shown(ask.traced(about))
