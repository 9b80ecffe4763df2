"""Exceptions: list them, read one with the risk it was approved on, and ask two to approve one."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status

from voltrail.actions import waived
from voltrail.actions import waiver as actions
from voltrail_server import wiring
from voltrail_server.api import access, bodies, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.people.models import Account
from voltrail_server.reading import waivers as reading
from voltrail_server.signing import asking

MAX_BODY = 65_536  # [bytes] a scope, a reason and a plan
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}

router = Router(tags=["Exceptions"])
_OURS = N_("Exceptions are the operator's.")


class PlanStepOut(Shape):
    """One step of a plan."""

    number: int
    what: str
    owner: str
    due: datetime
    done: bool


class WaiverOut(Shape):
    """An exception and how it stands."""

    index: int
    number: str
    state: str
    control: str
    reason: str
    compensating_control: str
    valid_from: datetime
    valid_until: datetime
    scope: list[str]
    requested_by: str
    approved_by: list[str]
    snapshot: str
    plan: list[PlanStepOut]


class Which(Shape):
    """Which exceptions."""

    state: str = ""
    about: str = ""


class DraftedOut(Shape):
    """The draft that waits for two signatures, and the frozen risk."""

    draft: int
    snapshot: str
    affected: int
    released: int


@router.get(
    "/exceptions",
    auth=tokens.READER,
    by_alias=True,
    response={200: list[WaiverOut], FAILURES: problems.Problem},
    summary="List exceptions, newest first",
)
def waivers(request: HttpRequest, asked: Query[Which]) -> list[dict[str, Any]]:
    """Return exceptions: all, those in one state, those about one subject."""
    access.need_operator(request, _OURS)
    return [_out(one) for one in reading.listing(wiring.now(), asked.state, asked.about)]


@router.get(
    "/exceptions/{int:index}",
    auth=tokens.READER,
    by_alias=True,
    response={200: WaiverOut, FAILURES: problems.Problem},
    summary="Read one exception",
)
def waiver(request: HttpRequest, index: int) -> dict[str, Any]:
    """Return one exception by its entry."""
    access.need_operator(request, _OURS)
    return _out(waived.waiver(wiring.desk(), index, wiring.now()))


@router.post(
    "/exceptions",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: DraftedOut, FAILURES: problems.Problem},
    summary="Ask two persons to approve an exception",
    openapi_extra=_BODY,
)
def ask_waiver(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Freeze the risk as it stands now, and begin the draft that two persons sign."""
    access.need_operator(request, _OURS)
    raw = bodies.read(request, MAX_BODY, ("application/json",))
    by = request.user if isinstance(request.user, Account) else None
    made, asked = asking.ask(by, actions.read(raw))
    released = sum(one.granted == "release" for one in asked.snapshot.affected)
    count = len(asked.snapshot.affected) + asked.snapshot.more
    found = {"draft": made.pk, "snapshot": asked.digest, "affected": count, "released": released}
    return Status(201, found)


def _out(one: waived.Standing) -> dict[str, Any]:
    fact = one.waiver.fact
    names = ("number", "control", "reason", "compensating_control", "valid_from", "valid_until")
    steps = [
        {"number": number, "what": step.what, "owner": step.owner, "due": step.due, "done": done}
        for number, step, done in one.steps
    ]
    return {
        **{name: getattr(fact, name) for name in names},
        "index": one.waiver.entry.index,
        "state": one.state,
        "scope": list(map(str, one.waiver.subjects)),
        "requested_by": fact.requested_by,
        "approved_by": list(fact.approved_by),
        "snapshot": fact.snapshot,
        "plan": steps,
    }
