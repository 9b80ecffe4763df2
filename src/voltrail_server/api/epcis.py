"""EPCIS for other systems: capture a document as its sender's word, and ask for events."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status
from pydantic import Field

from voltrail.actions import events as actions
from voltrail.actions.events import Asked
from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId
from voltrail.readers import epcis_words as words
from voltrail_server import wiring
from voltrail_server.api import access, bodies, forms, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.importing import foreign as files
from voltrail_server.work import queue
from voltrail_server.work.models import State

MAX_CAPTURE = 16 * bodies.MEBIBYTE  # [bytes]
TYPES = ("application/json", "application/ld+json", "application/xml")
_TIME = r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2}))?$"
VERSIONS = {"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {one: {"schema": forms.BYTES} for one in TYPES},
    }
}

router = Router(tags=["EPCIS"])


class CaptureOut(Shape):
    """A capture: the id to ask by, whether it runs or went well, what was wrong or remarked."""

    capture_id: UUID = Field(serialization_alias="captureID")
    running: bool
    success: bool
    errors: list[str]
    remarks: list[str]


class Wanted(Shape):
    """Which events, in the words of EPCIS 2.0."""

    per_page: Annotated[int, Field(alias="perPage", ge=1, le=actions.MOST)] = 30
    next_page_token: Annotated[str, Field(alias="nextPageToken", pattern=r"^[0-9]{0,12}$")] = ""
    biz_step: Annotated[
        str, Field(alias="EQ_bizStep", description="One step, or several with | between.")
    ] = ""
    since: Annotated[str, Field(alias="GE_eventTime", pattern=_TIME)] = ""
    before: Annotated[str, Field(alias="LT_eventTime", pattern=_TIME)] = ""


@router.post(
    "/epcis/capture",
    auth=tokens.WRITER,
    by_alias=True,
    response={202: CaptureOut, FAILURES: problems.Problem},
    summary="Capture an EPCIS document as its sender's word",
    openapi_extra=_BODY,
)
def capture(request: HttpRequest, response: HttpResponse) -> Any:  # noqa: ANN401 — ninja's answers
    """Keep each event of a document; the sender is the firm whose token it is."""
    found = files.upload(bodies.read(request, MAX_CAPTURE, TYPES), "epcis")
    viewer = request.auth  # type: ignore[attr-defined]
    work = files.begin(None, found.digest, "epcis", PartyId.read(viewer.party))
    response["Location"] = f"/api/v1/epcis/capture/{work.pk}"
    _versions(response)
    return Status(202, _told(work))


@router.get(
    "/epcis/capture/{number}",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: CaptureOut, FAILURES: problems.Problem},
    summary="Ask how far a capture is",
)
def capture_job(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """Return whether it runs, and what was refused."""
    access.need_operator(request, N_("How far a capture is, the operator asks."))
    return _told(queue.find(None, number))


@router.get(
    "/epcis/epcs/{path:epc}/events",
    auth=tokens.READER,
    response={200: dict[str, Any], FAILURES: problems.Problem},
    summary="Ask for the events of one thing",
)
def epc_events(
    request: HttpRequest, response: HttpResponse, epc: str, wanted: Query[Wanted]
) -> dict[str, Any]:
    """Return an EPCIS query document; `epc` is a URN of ours or a code that the record knows."""
    access.need_operator(request, N_("Events are the operator's to ask for."))
    _need_known(request.GET)
    desk, at = wiring.desk(), wiring.now()
    after = int(wanted.next_page_token) if wanted.next_page_token else -1
    times = _time(wanted.since), _time(wanted.before)
    asked = Asked(*times, _steps(wanted.biz_step), after, wanted.per_page)
    found = actions.events(desk, actions.meant(desk, epc, at), asked, at)
    _versions(response)
    if found.next is not None:
        response["Link"] = f'<?{_next(request.GET, found.next, asked.most)}>; rel="next"'
        response["GS1-Next-Page-Token"] = str(found.next)
    return dict(found.document)


def _need_known(given: QueryDict) -> None:
    """Refuse what would be passed over in silence: the answer would hold more than was asked."""
    known = [one.alias for one in Wanted.model_fields.values() if one.alias]
    for name, values in given.lists():
        if name not in known:
            raise MalformedError(
                f"The parameter {name[:60]!r} is not supported.",
                hint=f"Ask with: {', '.join(known)}.",
            )
        if len(values) > 1:
            raise MalformedError(
                f"The parameter {name} stands twice.",
                hint="Write it once; put | between several business steps.",
            )


def _steps(text: str) -> frozenset[str]:
    """Return the steps that are asked for, as bare words; none where all are."""
    parts = text.split("|") if text else []
    if not all(one.strip() for one in parts):
        raise MalformedError(
            "EQ_bizStep holds an empty business step.",
            hint="Put | between two steps, and nowhere else.",
        )
    return frozenset(words.bare(one.strip(), words.STEP) for one in parts)


def _next(given: QueryDict, mark: int, most: int) -> str:
    """Return the query of the next page: the same filters, from the mark on."""
    told = {**given.dict(), "nextPageToken": mark, "perPage": most}
    return urlencode(told)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise MalformedError(f"{text} is no time.", hint="Write 2026-11-28T08:00:00Z.") from error


def _versions(response: HttpResponse) -> None:
    for name, value in VERSIONS.items():
        response[name] = value


def _told(work: Any) -> dict[str, Any]:  # noqa: ANN401 — a Work
    counts = (work.result or {}).get("counts", {})
    refused = [one["sentence"] for one in (work.result or {}).get("refused", ())]
    done = work.state == State.DONE
    errors = refused if done else [work.sentence] if work.state == State.FAILED else []
    running = not done and work.state != State.FAILED
    return {
        "capture_id": work.pk,
        "running": running,
        "success": done and not counts.get("refused"),
        "errors": errors,
        "remarks": list((work.result or {}).get("remarks", ())),
    }
