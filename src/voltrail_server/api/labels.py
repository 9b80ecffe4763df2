"""Labels: what a scan of one says, and codes to print."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from msgspec import structs
from ninja import Query, Router, Status

from voltrail.errors import RefusedError
from voltrail.ids.subject import ArrivalId, PlaceId, UnitId
from voltrail.labels.sheet import sheet
from voltrail_server.api import access, bodies, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.elements import asking
from voltrail_server.exporting import printing
from voltrail_server.people.models import Account
from voltrail_server.reading import labels as reading

_ARRIVAL = "urn:voltrail:arrival:"
PICTURES = ("image/jpeg", "image/png", "image/webp")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {name: {"type": "string"} for name in ("text", "seal", "place")},
                }
            },
            **{one: {"schema": {"type": "string", "format": "binary"}} for one in PICTURES},
        },
    }
}
router = Router(tags=["Labels"])
_OURS = N_("Scans are judged for the operator's own people.")


class ScanIn(Body):
    """The text of a code, the seal number where one was read, and where it was scanned."""

    text: str
    seal: str = ""
    place: str = ""


class BarOut(Shape):
    """The one answer at the rack: the weaker of label and record, why, and what to do."""

    word: Literal["may-install", "match", "match-held", "mismatch", "cloned", "unknown"]
    sentence: str
    hint: str
    entries: list[int]


class MayInstallOut(Shape):
    """What the record alone says of installing the unit."""

    allowed: bool
    sentence: str
    entries: list[int]


class ScanOut(Shape):
    """The one answer, and the two it was made of: what the label says, what the record allows."""

    bar: BarOut
    may_install: MayInstallOut | None
    can_be_asked: bool

    verdict: str
    sentence: str
    hint: str
    unit: str | None
    entries: list[int]
    signed: bool
    left_out: str
    held: bool


class Seal(Shape):
    """The seal number beside a picture, and where it was taken."""

    seal: str = ""
    place: str = ""


class ChallengeIn(Body):
    """The text of a code, or a serial, and what the answer is for."""

    text: str
    purpose: str = "look"


class ChallengeOut(Shape):
    """The challenge as text, which unit is asked, and until when it stands."""

    challenge: str
    unit: str
    purpose: str
    asked_at: datetime
    expires_at: datetime


class AnswerIn(Body):
    """The answer as text, or the text of its code; and the unit in the hand, where it is known."""

    answer: str
    unit: str = ""


class HeardOut(Shape):
    """What an answer says of a unit, why, what to do; the entries of the key and of the result."""

    unit: str
    result: str
    sentence: str
    hint: str
    record: int | None
    entry: int | None


class Form(Shape):
    """As which file a code is drawn."""

    format: Literal["svg", "png"] = "svg"


class Layout(Shape):
    """The stationer's grid of a sheet."""

    layout: Literal["a4-24", "a4-65", "letter-30"] = "a4-24"


class DrawingOut(Shape):
    """The work that draws the sheets."""

    work: UUID


@router.post(
    "/labels/read",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: ScanOut, FAILURES: problems.Problem},
    summary="Say what a scan of a unit's label says",
    openapi_extra=_BODY,
)
def read_label(request: HttpRequest, asked: Query[Seal]) -> Any:  # noqa: ANN401 — ninja's answers
    """Judge a scanned text, or the one code in a picture, against the register."""
    access.need_operator(request, _OURS)
    if request.content_type in PICTURES:
        data = bodies.read(request, reading.MAX_PICTURE, PICTURES)
        given = ScanIn(text=reading.in_picture(data), seal=asked.seal, place=asked.place)
    else:
        given = bodies.fields(request, ScanIn)
    place = PlaceId.read(given.place) if given.place else None
    found = reading.of_text(reading.Shown(given.text, given.seal, place))
    told = {name: getattr(found.scan, name) for name in structs.asdict(found.scan)}
    can = reading.can_be_asked(found.scan.unit)
    return {**told, "bar": found.bar, "may_install": found.install, "can_be_asked": can}


@router.post(
    "/labels/challenge",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: ChallengeOut, FAILURES: problems.Problem},
    summary="Ask the element of a unit",
    openapi_extra=bodies.described(ChallengeIn),
)
def challenge_element(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Return a challenge for the chip of the one unit that a scan means; it is answered once."""
    viewer = access.need_operator(request, _OURS)
    given = bodies.fields(request, ChallengeIn)
    made = asking.ask(reading.unit_of(given.text), given.purpose, viewer.party)
    named = ("unit", "purpose", "asked_at", "expires_at")
    return {"challenge": asking.text_of(made), **{name: getattr(made, name) for name in named}}


@router.post(
    "/labels/answer",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: HeardOut, FAILURES: problems.Problem},
    summary="Hand in what the element of a unit answered",
    openapi_extra=bodies.described(AnswerIn),
)
def answer_element(request: HttpRequest) -> dict[str, Any]:
    """Judge an answer; a match and a wrong key stand on record, the rest is shown only."""
    access.need_operator(request, _OURS)
    given = bodies.fields(request, AnswerIn)
    heard = asking.answer(given.answer, UnitId.read(given.unit) if given.unit else None)
    return {
        "unit": heard.unit,
        "result": heard.judged.proof,
        "sentence": heard.judged.sentence,
        "hint": heard.judged.hint,
        "record": heard.record,
        "entry": heard.entry,
    }


@router.get(
    "/units/{path:urn}/label",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Draw the code of one unit's label",
)
def unit_label(request: HttpRequest, urn: str, asked: Query[Form]) -> HttpResponse:
    """Return a QR code as SVG, or with format=png as PNG; `urn` is the whole URN or its key."""
    access.need_operator(request, _OURS)
    unit = UnitId.written(urn)
    data, media_type = reading.one(unit, asked.format)
    return HttpResponse(data, content_type=media_type)


@router.get(
    "/arrivals/{path:key}/labels",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Draw the labels of an arrival's units as sheets",
)
def arrival_labels(request: HttpRequest, key: str, asked: Query[Layout]) -> HttpResponse:
    """Return a PDF, one label for each of up to 2,000 delivered serials; print it at 100 %."""
    access.need_operator(request, _OURS)
    found = reading.printed(_arrival(key))
    if len(found) > printing.AT_ONCE:
        raise RefusedError(
            _("These are more than %(most)s labels.") % {"most": f"{printing.AT_ONCE:,}"},
            hint=_("Have a worker draw them: POST the same address."),
        )
    return HttpResponse(sheet(found, asked.layout), content_type="application/pdf")


@router.post(
    "/arrivals/{path:key}/labels",
    auth=tokens.WRITER,
    by_alias=True,
    response={202: DrawingOut, FAILURES: problems.Problem},
    summary="Have a worker draw the labels of an arrival's units",
)
def print_labels(request: HttpRequest, key: str, asked: Query[Layout]) -> Any:  # noqa: ANN401 — ninja's answers
    """Begin the sheets of up to 100,000 labels; the work's file is there once it is done."""
    access.need_operator(request, _OURS)
    by = request.user if isinstance(request.user, Account) else None
    made = printing.begin(by, _arrival(key), asked.layout)
    return Status(202, {"work": made.pk})


def _arrival(key: str) -> ArrivalId:
    return ArrivalId.read(key if key.startswith(_ARRIVAL) else _ARRIVAL + key)
