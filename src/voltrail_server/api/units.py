"""May this unit be installed: the question a fitter's tool asks before the work begins."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from voltrail.actions import show
from voltrail.ids.subject import UnitId
from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape

router = Router(tags=["Subjects"])


class InstallOut(Shape):
    """Whether a unit may be installed, why, and the entries that say so."""

    unit: str
    allowed: bool
    sentence: str
    entries: list[int]


@router.get(
    "/units/{path:urn}/may-install",
    auth=tokens.READER,
    by_alias=True,
    response={200: InstallOut, FAILURES: problems.Problem},
    summary="Ask whether a unit may be installed",
)
def may_install(request: HttpRequest, urn: str) -> dict[str, Any]:
    """Return yes or no with its sentence; `urn` is the unit's whole URN or its key."""
    unit = UnitId.written(urn)
    desk, at = wiring.desk(), wiring.now()
    found = show.may_install(desk, unit, at)
    grounds = [show.entry(desk, index) for index in found.entries]
    access.need_unit(request.auth, unit, grounds, at)  # type: ignore[attr-defined]
    return {
        "unit": unit,
        "allowed": found.allowed,
        "sentence": found.sentence,
        "entries": found.entries,
    }
