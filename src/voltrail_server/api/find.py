"""The one box for programs: what a scan or a few words may mean."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router

from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import find as reading

router = Router(tags=["Subjects"])


class Words(Shape):
    """What was scanned or typed."""

    q: str = ""


class HitOut(Shape):
    """One meaning: a subject with the name it has, or an entry."""

    kind: str
    subject: str
    name: str
    index: int | None


class FoundOut(Shape):
    """What was looked for, what it means outright, and what merely resembles it."""

    text: str
    exact: list[HitOut]
    like: list[HitOut]


@router.get(
    "/find",
    auth=tokens.READER,
    by_alias=True,
    response={200: FoundOut, FAILURES: problems.Problem},
    summary="Find what a scan or a few words mean",
)
def find(request: HttpRequest, words: Query[Words]) -> Any:  # noqa: ANN401 — ninja's answers
    """Return subjects and entries by identity, number or name."""
    access.need_operator(
        request,
        N_("Only the operator's own people look through everything."),
        N_("Ask for a subject by its whole identity."),
    )
    return reading.find(words.q)
