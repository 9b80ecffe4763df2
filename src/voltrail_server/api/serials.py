"""The serials of an arrival compared, for a program."""

from typing import Any

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.ids.subject import ArrivalId
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import serials as ask

router = Router(tags=["Arrivals"])


class SerialsOut(Shape):
    """Where the lists of an arrival differ; numbers are items, null where there is no such list."""

    arrival: str
    agrees: bool
    delivered: int
    listed: int | None
    scanned: int | None
    ordered: int | None
    counted: int | None
    rest: int | None
    strange: list[str]
    twice: list[str]
    listed_twice: list[str]
    unscanned: list[str]
    unexpected: list[str]
    entries: list[int]


@router.get(
    "/arrivals/{path:key}/serials",
    auth=tokens.READER,
    by_alias=True,
    response={200: SerialsOut, FAILURES: problems.Problem},
    summary="Compare the serials of an arrival with order, maker's list and scans",
)
def compare_serials(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return what differs; `key` is the arrival's whole URN or its key."""
    access.need_operator(request, N_("The comparison of serials is the operator's."))
    arrival = ArrivalId.written(key)
    found = ask.compared(arrival)
    told = msgspec.to_builtins(found.found)
    entries, agrees = list(found.entries), found.found.agrees
    return {"arrival": arrival, "agrees": agrees, "entries": entries, **told}
