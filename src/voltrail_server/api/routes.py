"""The API under /api/v1: its routers, its problems, its description."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from voltrail_server.api import (
    acceptances,
    contradictions,
    drafts,
    epcis,
    filters,
    find,
    foreign,
    forms,
    imports,
    keys,
    labels,
    moves,
    notices,
    orders,
    passports,
    people,
    permissions,
    places,
    playbook,
    problems,
    provenance,
    recalls,
    register,
    remarks,
    serials,
    statements,
    subjects,
    time_proofs,
    traces,
    units,
    waivers,
    witnesses,
    work,
)
from voltrail_server.panels import sheet

_ABOUT = (
    "Hand in signed statements and read what follows. Envelopes are shown to their issuer, "
    "to the firms they name, and to the operator; checkpoints, proofs and tiles are public."
)
_SHEETS = frozenset({"arrivals", "attempts"})  # lists that also come as CSV
_RAW = {
    "envelope": statements.ENVELOPE,
    "statement_pack": statements.PACK,
    "draft_payload": drafts.PAYLOAD,
    "proof": "text/plain",
    "receipt": "application/cose",
    "checkpoint": "text/plain",
    "remark_file": "application/octet-stream",
    "tile": "application/octet-stream",
    "time_receipt": "text/plain",
    "time_token": time_proofs.STAMP,
    "unit_label": "image/svg+xml image/png",
    "arrival_labels": "application/pdf",
    "work_file": "application/octet-stream",
}


class Api(NinjaAPI):
    """Ninja's API, with problems also where no route was reached."""

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        """Return every address of the API, the last one for addresses that lead nowhere."""
        patterns, app, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _with_problems(pattern.callback)
        nowhere = re_path(r"", csrf_exempt(problems.not_found), name="nowhere")
        return [*patterns, nowhere], app, namespace

    def get_openapi_operation_id(self, operation: Any) -> str:  # noqa: ANN401 — ninja's Operation
        """Return the route function's name."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:  # noqa: ANN401 — ninja's signature
        """Return the description, with the media types that answers really have."""
        schema = super().get_openapi_schema(**given)
        for methods in schema["paths"].values():
            for operation in methods.values():
                _describe(operation)
        return schema


def _describe(operation: dict[str, Any]) -> None:
    """Name the media types of one operation's answers, and the forms of its parameters."""
    forms.describe(operation)
    for status, response in operation["responses"].items():
        if int(status) >= 400:  # noqa: PLR2004 — HTTP's first error status
            held = response.get("content", {}).pop("application/json", None)
            response["content"] = {problems.MEDIA_TYPE: held} if held else {}
        elif operation["operationId"] in _RAW:
            kinds = _RAW[operation["operationId"]].split()
            shapes = [{"type": "object"} if one.endswith("json") else forms.BYTES for one in kinds]
            response["content"] = {
                one: {"schema": shape} for one, shape in zip(kinds, shapes, strict=True)
            }
        elif operation["operationId"] in _SHEETS:
            response["content"][sheet.MEDIA_TYPE] = {"schema": forms.BYTES}


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a view that answers with a problem where no route was reached."""

    @wraps(view, updated=())
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return problems.unreadable(request)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return problems.not_found(request)
        if isinstance(response, HttpResponseNotAllowed):
            return problems.not_allowed(request, ", ".join(sorted(response["Allow"].split(", "))))
        return response

    return csrf_exempt(answering)


api = Api(
    title="Voltrail",
    version="1",
    description=_ABOUT,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api-v1",
)
problems.install(api)
api.add_router("", register.router)
api.add_router("", witnesses.router)
api.add_router("", time_proofs.router)
api.add_router("", statements.router)
api.add_router("", drafts.router)
api.add_router("", orders.router)
api.add_router("", places.router)
api.add_router("", permissions.router)
api.add_router("", moves.router)
api.add_router("", find.router)
api.add_router("", traces.router)
api.add_router("", passports.router)
api.add_router("", epcis.router)
api.add_router("", contradictions.router)
api.add_router("", recalls.router)
api.add_router("", playbook.router)
api.add_router("", people.router)
api.add_router("", subjects.router)
api.add_router("", units.router)
api.add_router("", serials.router)
api.add_router("", provenance.router)
api.add_router("", acceptances.router)
api.add_router("", waivers.router)
api.add_router("", work.router)
api.add_router("", imports.router)
api.add_router("", foreign.router)
api.add_router("", keys.router)
api.add_router("", labels.router)
api.add_router("", remarks.router)
api.add_router("", notices.router)
api.add_router("", filters.router)
