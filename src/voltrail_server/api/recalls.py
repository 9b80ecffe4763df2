"""Recalls by program: what a suspect reaches, holding or rehearsing it, and how a recall stands."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status

from voltrail.ids.subject import PersonId
from voltrail_server import wiring
from voltrail_server.api import access, bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.notices.asking import told_about
from voltrail_server.reading import recalls as ask

router = Router(tags=["Recalls"])
_OURS = N_("Recalls are the operator's own.")


class RecallSuspect(Shape):
    """What is suspected, by which relation others are, and in which days."""

    about: str
    relation: str = ""
    since: str = ""
    until: str = ""


class RecallLeadOut(Shape):
    """What is related to the suspect, how surely, why, and what says so."""

    subject: str
    certainty: str
    why: str
    entries: list[int]


class RecallStayOut(Shape):
    """Where an asset is, or with whom, since when, and what says so."""

    place: str
    since: str
    entry: int


class RecallAssetOut(Shape):
    """An asset that is reached, with the items in it, as far as anybody counted."""

    asset: str
    certainty: str
    definite: int
    possible: int
    lots: list[str]
    why: str
    places: list[RecallStayOut]


class RecallGapOut(Shape):
    """What cannot be known, and whom to ask."""

    subject: str
    sentence: str
    ask: str


class RecallScopeOut(Shape):
    """Everything that a suspect reaches, at one size of the register."""

    about: str
    relation: str
    size: int
    leads: list[RecallLeadOut]
    related: list[RecallAssetOut]
    unknown: list[RecallGapOut]


class RecallPlaceOut(Shape):
    """How much of a recall is at a place, by what was answered."""

    place: str | None
    things: int
    found: int
    not_found: int
    not_here: int
    not_answered: int


class RecallAnswerOut(Shape):
    """What somebody answered for a place, when, in which entry."""

    entry: int
    by: str
    at: datetime
    found: list[str]
    not_found: list[str]
    not_here: list[str]
    note: str | None


class RecallPlaceAnswersOut(RecallPlaceOut):
    """What a place answered, oldest first, and what it still owes an answer for."""

    owed: list[str]
    answers: list[RecallAnswerOut]


class RecallAnswersOut(Shape):
    """The answers to a recall, place by place."""

    index: int
    answer_by: datetime | None
    places: list[RecallPlaceAnswersOut]


class RecallOut(Shape):
    """How a recall or a rehearsal stands; times in seconds [s] from the notice."""

    index: int
    case: str
    number: str
    reason: str
    action: str
    mock: bool
    about: str | None
    relation: str | None
    since: date | None
    until: date | None
    issued_at: datetime
    scope_s: float | None
    told_s: float | None
    answered_s: float | None
    places: list[RecallPlaceOut]
    not_found: list[str]


class RecallIn(Body):
    """
    A suspect, what to do and why, and who says so; a mock holds nothing.

    A case that has a notice of the same suspect gets a further one, of what is new.
    """

    about: str
    by: str
    reason: str
    mock: bool
    relation: str = ""
    since: str = ""
    until: str = ""
    action: str = "quarantine"
    case: str = ""


@router.get(
    "/recalls/scope",
    auth=tokens.READER,
    by_alias=True,
    response={200: RecallScopeOut, FAILURES: problems.Problem},
    summary="Find everything that a suspect reaches",
)
def recall_scope(request: HttpRequest, given: Query[RecallSuspect]) -> dict[str, Any]:
    """Return every related lot and asset, where it is, how surely, and what nobody says."""
    access.need_operator(request, _OURS)
    return ask.shown(ask.scope(ask.suspect(given.model_dump())))


@router.post(
    "/recalls",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: RecallOut, FAILURES: problems.Problem},
    summary="Hold everything that a suspect reaches and call it back, or rehearse that",
    openapi_extra=bodies.described(RecallIn),
)
def new_recall(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Hold all of it in one action and record the notice; a mock records the notice alone."""
    access.need_operator(request, _OURS)
    wanted, at = bodies.fields(request, RecallIn), wiring.now()
    oneself.speaking(request, wanted.by, "recall-new")
    form = {**wanted.model_dump(exclude={"mock", "by"}), "verb": "" if wanted.mock else "hold"}
    form["case"] = wanted.case or ask.new_case(at)
    index = ask.begin(form, PersonId.read(wanted.by), at)
    return Status(201, ask.shown_report(ask.report(index), None))


@router.get(
    "/recalls/{int:index}",
    auth=tokens.READER,
    by_alias=True,
    response={200: RecallOut, FAILURES: problems.Problem},
    summary="Read how a recall stands",
)
def recall(request: HttpRequest, index: int) -> dict[str, Any]:
    """Return its times, its places, and what was not found."""
    access.need_operator(request, _OURS)
    return ask.shown_report(ask.report(index), told_about(f"/recalls/{index}/"))


@router.get(
    "/recalls/{int:index}/answers",
    auth=tokens.READER,
    by_alias=True,
    response={200: RecallAnswersOut, FAILURES: problems.Problem},
    summary="Read what each place answered to a recall, and who still owes an answer",
)
def recall_answers(request: HttpRequest, index: int) -> dict[str, Any]:
    """Return the answers by place, oldest first, with what nobody answered for yet."""
    access.need_operator(request, _OURS)
    return ask.shown_answers(ask.report(index))
