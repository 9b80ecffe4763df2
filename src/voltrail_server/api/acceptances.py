"""Two people accept goods or put units into service: begin the draft that waits for both."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router, Status

from voltrail.actions import acceptance
from voltrail_server.api import access, bodies, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.people.models import Account
from voltrail_server.signing import accepting

MAX_BODY = 65_536  # [bytes] 500 units and a note
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}

router = Router(tags=["Into service"])


class RecordDraftOut(Shape):
    """The draft that waits for two signatures, and what it is for."""

    draft: int
    purpose: str


@router.post(
    "/acceptances",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: RecordDraftOut, FAILURES: problems.Problem},
    summary="Ask two persons to accept goods, or to put units into service",
    openapi_extra=_BODY,
)
def ask_acceptance(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Begin the draft that both persons sign, resting on the decision as it stands now."""
    access.need_operator(request, N_("Only the operator takes goods into service."))
    raw = bodies.read(request, MAX_BODY, ("application/json",))
    by = request.user if isinstance(request.user, Account) else None
    made = accepting.ask(by, acceptance.read(raw))
    return Status(201, {"draft": made.pk, "purpose": made.purpose})
