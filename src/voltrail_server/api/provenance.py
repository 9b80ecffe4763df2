"""The five provenance questions about a unit, for a program."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.actions.provenance import told
from voltrail.ids.subject import UnitId
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import provenance as ask

router = Router(tags=["Subjects"])


class SourceOut(Shape):
    """A statement that an answer rests on: its entry, its signer, the day it claims."""

    entry: int
    signer: str
    claimed: datetime
    kind: str
    sentence: str


class AgainstOut(Shape):
    """What contradicts an answer, and the entries that say it."""

    sentence: str
    entries: list[int]


class QuestionOut(Shape):
    """One answer; `confidence` is proven, single-source, not-proven or contradicted."""

    question: str
    sentence: str
    confidence: str
    sources: list[SourceOut]
    papers: list[SourceOut]
    against: list[AgainstOut]
    missing: str | None
    ask: str | None


class ProvenanceOut(Shape):
    """The five answers, at one size of the register."""

    unit: str
    size: int
    answers: list[QuestionOut]


@router.get(
    "/units/{path:urn}/provenance",
    auth=tokens.READER,
    by_alias=True,
    response={200: ProvenanceOut, FAILURES: problems.Problem},
    summary="Ask the five provenance questions about a unit",
)
def provenance(request: HttpRequest, urn: str) -> dict[str, Any]:
    """Return the five answers; `urn` is the unit's whole URN or its key."""
    access.need_operator(request, N_("The five questions are the operator's."))
    unit = UnitId.written(urn)
    return told(ask.asked(unit))
