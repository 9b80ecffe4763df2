"""Labels: what a scan of one says, and codes to print."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router

from voltrail.ids.subject import ArrivalId, UnitId
from voltrail_server.api import access, bodies, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.reading import labels as reading

_PREFIX = "urn:voltrail:unit:"
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
                    "properties": {"text": {"type": "string"}, "seal": {"type": "string"}},
                }
            },
            **{one: {"schema": {"type": "string", "format": "binary"}} for one in PICTURES},
        },
    }
}
router = Router(tags=["Labels"])
_OURS = N_("Scans are judged for the operator's own people.")


class ScanIn(Body):
    """The text of a code, and the seal number where one was read."""

    text: str
    seal: str = ""


class ScanOut(Shape):
    """Match, mismatch, unknown or cloned; why, what to do, the entries it rests on."""

    verdict: str
    sentence: str
    hint: str
    unit: str | None
    entries: list[int]
    signed: bool
    left_out: str
    held: bool


class Seal(Shape):
    """The seal number beside a picture."""

    seal: str = ""


class Form(Shape):
    """As which file a code is drawn."""

    format: Literal["svg", "png"] = "svg"


class Layout(Shape):
    """The stationer's grid of a sheet."""

    layout: Literal["a4-24", "a4-65", "letter-30"] = "a4-24"


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
        return reading.of_picture(data, asked.seal)
    given = bodies.fields(request, ScanIn)
    return reading.of_text(given.text, given.seal)


@router.get(
    "/units/{path:urn}/label",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Draw the code of one unit's label",
)
def unit_label(request: HttpRequest, urn: str, asked: Query[Form]) -> HttpResponse:
    """Return a QR code as SVG, or with format=png as PNG; `urn` is the whole URN or its key."""
    access.need_operator(request, _OURS)
    unit = UnitId.read(urn if urn.startswith("urn:") else _PREFIX + urn)
    data, media_type = reading.one(unit, asked.format)
    return HttpResponse(data, content_type=media_type)


@router.get(
    "/arrivals/{path:key}/labels",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Draw the labels of an arrival's units as sheets",
)
def arrival_labels(request: HttpRequest, key: str, asked: Query[Layout]) -> HttpResponse:
    """Return a PDF, one label for each delivered serial; print it at 100 %."""
    access.need_operator(request, _OURS)
    which = ArrivalId.read(key if key.startswith(_ARRIVAL) else _ARRIVAL + key)
    return HttpResponse(reading.sheet(which, asked.layout), content_type="application/pdf")
