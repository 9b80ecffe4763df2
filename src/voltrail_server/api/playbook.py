"""The playbook of one purchase: every step, who decides, who signs, what waits for whom."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.actions import playbook as actions
from voltrail.actions import show
from voltrail.ids.subject import ArrivalId
from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape

_PREFIX = "urn:voltrail:arrival:"
router = Router(tags=["Subjects"])


class StepOut(Shape):
    """One step and how it stands."""

    step: str
    title: str
    standing: str
    why: str
    decides: str
    signs: str
    signatures: int
    signed_by: list[str]
    entries: list[int]
    waits_for: str | None
    due: datetime | None


class PlaybookOut(Shape):
    """All steps of one purchase, in order."""

    arrival: str
    steps: list[StepOut]


@router.get(
    "/arrivals/{path:key}/playbook",
    auth=tokens.READER,
    by_alias=True,
    response={200: PlaybookOut, FAILURES: problems.Problem},
    summary="Read who decides, who signs and what waits for whom about an arrival",
)
def playbook(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the steps of one purchase; `key` is the arrival's key or whole URN."""
    access.need_operator(
        request,
        N_("The playbook is the operator's own."),
        N_("Ask for the decision about your goods."),
    )
    which = ArrivalId.read(key if key.startswith(_PREFIX) else _PREFIX + key)
    found = actions.playbook(show.arrival(wiring.desk(), which))
    return {"arrival": which, "steps": [_step(one) for one in found]}


def _step(one: actions.Step) -> dict[str, Any]:
    row = one.row
    waits = row.decides if one.standing == actions.Standing.OPEN else None
    return {
        "step": row.step,
        "title": row.title,
        "standing": one.standing,
        "why": one.why,
        "decides": row.decides,
        "signs": row.signs,
        "signatures": row.count,
        "signed_by": list(one.signed_by),
        "entries": list(one.entries),
        "waits_for": one.duty.role if one.duty else waits,
        "due": one.duty.due if one.duty else None,
    }
