"""Lists brought in by a program: a file and what it would do, and the yes to it."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status

from voltrail.errors import MalformedError, NotPermittedError
from voltrail_server.api import access, bodies, forms, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.importing import imports, plans
from voltrail_server.importing.files import MAX_UPLOAD
from voltrail_server.importing.models import Import, State
from voltrail_server.work import queue

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = ("text/csv", XLSX, "application/octet-stream")
LISTED = 1_000  # [rows] that are wrong, in one answer
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": forms.BYTES}},
    }
}

router = Router(tags=["Imports"])
_OURS = N_("Imports are the operator's.")


class WrongOut(Shape):
    """A row that cannot be used."""

    row: int
    sentence: str
    hint: str


class RefusedOut(Shape):
    """A row that was refused when it was recorded."""

    row: int
    subject: str
    sentence: str
    hint: str
    entry: int | None


class ImportOut(Shape):
    """An import: its columns, what it would do or did, and where it stands."""

    id: UUID
    kind: str
    name: str
    digest: str
    state: str
    columns: list[str]
    sources: dict[str, dict[str, Any]]
    remarks: list[str]
    counts: dict[str, int]
    wrong: list[WrongOut]
    refused: list[RefusedOut]
    problem: str
    work: UUID | None


class Given(Shape):
    """What kind of list, its name, and whose saved columns to take."""

    kind: Literal["suppliers", "places", "products", "orders", "stock"]
    name: str = ""
    mapping: str = ""


class Begun(Shape):
    """The work that records an import."""

    work: UUID


@router.post(
    "/imports",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: ImportOut, FAILURES: problems.Problem},
    summary="Upload a list and see what it would do",
    openapi_extra=_BODY,
)
def upload(request: HttpRequest, given: Query[Given]) -> Any:  # noqa: ANN401 — ninja's answers
    """Take a CSV or XLSX file in; columns are told by saved mappings, headers and values."""
    access.need_operator(request, _OURS)
    data = bodies.read(request, MAX_UPLOAD, TYPES)
    made = imports.upload(None, given.kind, given.name, data, queue.begin, given.mapping)
    return Status(201, _shown(made))


@router.get(
    "/imports/{number}",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: ImportOut, FAILURES: problems.Problem},
    summary="Read what an import would do, or did",
)
def one_import(request: HttpRequest, number: UUID) -> dict[str, Any]:
    """Return an import where it stands."""
    access.need_operator(request, _OURS)
    return _shown(_found(number))


@router.post(
    "/imports/{number}/confirm",
    auth=tokens.WRITER,
    by_alias=True,
    response={202: Begun, FAILURES: problems.Problem},
    summary="Record the good rows of an import",
)
def confirm(request: HttpRequest, number: UUID) -> Any:  # noqa: ANN401 — ninja's answers
    """Let a worker record what is new and changed; asked again, the same work."""
    access.need_operator(request, _OURS)
    return Status(202, {"work": imports.confirm(None, _found(number)).pk})


def _found(number: UUID) -> Import:
    found = imports.find(number)
    if found.kind == "people":
        raise NotPermittedError(
            "People are not brought in by a program.",
            hint="An administrator does it, on the page or on the server's own machine.",
        )
    return found


def _shown(found: Import) -> dict[str, Any]:
    plain = set(ImportOut.model_fields) - {"id", "wrong", "problem", "counts"}
    told = {"id": found.pk, **{name: getattr(found, name) for name in plain}}
    if found.state != State.READY:
        failed = imports.failure(found)
        problem = f"{failed.sentence} {failed.hint}" if failed else ""
        return {**told, "counts": found.counts, "wrong": [], "problem": problem}
    try:
        made = plans.plan(found)
    except MalformedError as error:
        return {**told, "counts": {}, "wrong": [], "problem": f"{error} {error.hint}"}
    wrong = [
        {"row": one.number, "sentence": one.sentence, "hint": one.hint}
        for one in made.wrong[:LISTED]
    ]
    return {**told, "counts": made.counts, "wrong": wrong, "problem": ""}
