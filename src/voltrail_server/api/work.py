"""How far a piece of long work is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.exporting import shelf
from voltrail_server.people.models import Account
from voltrail_server.work import queue

router = Router(tags=["Work"])


class WorkOut(Shape):
    """A piece of work: how it stands, how far it is, what came of it."""

    id: UUID
    verb: str
    title: str
    state: str
    silent: bool
    done: int
    total: int
    counted: str
    sentence: str
    hint: str
    trace: str
    result: dict[str, Any]
    link: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@router.get(
    "/work/{number}",
    auth=tokens.READER,
    by_alias=True,
    response={200: WorkOut, FAILURES: problems.Problem},
    summary="Ask how far a piece of work is",
)
def work(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """Return one piece of work: your own, or any with the operator's token."""
    access.need_operator(request, N_("Work is the operator's."))
    by = request.user if isinstance(request.user, Account) else None
    found = queue.find(by, number)
    plain = set(WorkOut.model_fields) - {"id", "silent"}
    told = {name: getattr(found, name) for name in plain}
    return {"id": found.pk, "silent": found.is_dead(wiring.now()), **told}


@router.get(
    "/work/{number}/file",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Take away the file that a piece of work wrote",
)
def work_file(request: HttpRequest, number: UUID) -> FileResponse:
    """Return the file; it is kept for a week."""
    access.need_operator(request, N_("Work is the operator's."))
    by = request.user if isinstance(request.user, Account) else None
    found = queue.find(by, number)
    ending = found.result.get("ending", "csv")
    kept = shelf.find(found.pk, ending)
    name = found.result.get("name", f"work.{ending}")
    kind = "application/octet-stream"  # a PDF, an archive or a table: the name tells
    return FileResponse(kept.open("rb"), as_attachment=True, filename=name, content_type=kind)
