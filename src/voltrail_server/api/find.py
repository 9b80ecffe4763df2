"""The one box for programs: what a scan or a few words may mean."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router

from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.panels import finds
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


class PartOut(Shape):
    """One part of a code: its name, its text, and what it means where that is known."""

    name: str
    label: str
    text: str
    said: str


class CodeOut(Shape):
    """How a code was read, or why it was refused; `clash` is what the record says against it."""

    scheme: str
    name: str
    canonical: str
    parts: list[PartOut]
    warnings: list[str]
    others: list[str]
    refusal: str
    hint: str
    clash: str
    entries: list[int]


class FoundOut(Shape):
    """What was looked for, what it means outright, what resembles it, and what it is as a code."""

    text: str
    exact: list[HitOut]
    like: list[HitOut]
    code: CodeOut | None


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
    found = reading.find(words.q, wiring.now().date())
    return {"text": found.text, "exact": found.exact, "like": found.like, "code": finds.code(found)}
