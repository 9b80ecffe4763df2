"""Places by program: what tier a classification gives, and stating it, on one word or on two."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router, Status

from voltrail.actions import classify
from voltrail.errors import MalformedError
from voltrail_server import wiring
from voltrail_server.api import access, bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading.classify import CHOICES
from voltrail_server.signing import classifying
from voltrail_server.signing.models import Draft

_GRADE = {"enum": list(CHOICES["grade"])}
_TEXT = {"type": "string"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": [
                        "place",
                        "name",
                        "placeClass",
                        "impact",
                        "leadTime",
                        "environment",
                    ],
                    "properties": {
                        **dict.fromkeys(("place", "name", "zone", "reason"), _TEXT),
                        **dict.fromkeys(("assessedBy", "agreedBy", "redundancy"), _TEXT),
                        "placeClass": {"enum": list(CHOICES["place_class"])},
                        "impact": _GRADE,
                        "leadTime": _GRADE,
                        "environment": {"enum": list(CHOICES["environment"])},
                        "requiredRunTime": {"type": "object"},
                        "overrule": {"type": "object", "required": ["tier", "reason"]},
                    },
                }
            }
        },
    }
}

router = Router(tags=["Places"])


class TierOut(Shape):
    """The tier a classification gives, how it came about, and whether a second person signs."""

    place: str
    tier: int
    sentence: str
    before: int | None
    needs_second: bool


class ClassifiedOut(TierOut):
    """Where a classification stands in the register, or the draft that waits for two persons."""

    index: int | None = None
    digest: str | None = None
    draft: int | None = None


@router.post(
    "/places/check",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: TierOut, FAILURES: problems.Problem},
    summary="Ask what tier a classification gives",
    openapi_extra=_BODY,
)
def check_place(request: HttpRequest) -> dict[str, Any]:
    """Return the tier and how it was derived; nothing is recorded."""
    return _derived(_wanted(request))


@router.post(
    "/places",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: ClassifiedOut, FAILURES: problems.Problem},
    summary="Classify a place",
    openapi_extra=_BODY,
)
def classify_place(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """State it for the person in `assessedBy`; with `agreedBy`, ask both to sign one record."""
    wanted = _wanted(request)
    if wanted.assessed_by is None:
        raise MalformedError(
            "Nobody is named who assessed the place.", hint="Give assessedBy, a person."
        )
    account = oneself.speaking(request, wanted.assessed_by, "place-classify", wanted.place)
    told = _derived(wanted)
    done = classifying.state(account, wanted, wanted.agreed_by)
    if isinstance(done, Draft):
        return Status(201, {**told, "draft": done.pk})
    return Status(201, {**told, "index": done.index, "digest": done.digest})


def _wanted(request: HttpRequest) -> Any:  # noqa: ANN401 — a place
    access.need_operator(request, N_("Places are the operator's."))
    raw = bodies.read(request, bodies.MAX_FIELDS, ("application/json",))
    return classify.read(raw, wiring.desk().operator)


def _derived(wanted: Any) -> dict[str, Any]:  # noqa: ANN401 — a place
    found = classify.derive(wiring.desk(), wanted)
    names = ("tier", "sentence", "before", "needs_second")
    return {"place": wanted.place, **{name: getattr(found, name) for name in names}}
