"""Every error of the API as an RFC 9457 problem: what happened, why, and the way out."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from voltrail.errors import ProductError
from voltrail_server.operations.requests import current

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"  # RFC 9457, 4.2.1: the status says all there is to say
_LOG = logging.getLogger(__name__)
_HINTS = {
    400: "Compare the request with /api/v1/openapi.json.",
    401: "Send a party token: Authorization: Bearer <token>.",
    404: "Look at /api/v1/openapi.json for the addresses.",
    405: "Use one of the methods in the Allow header.",
    413: "Send less at a time; commit long lists as a table and name its digest.",
    415: "Set Content-Type to one of the types named.",
    422: "Compare the parameters with /api/v1/openapi.json.",
    429: "Wait a minute, then send again.",
    500: "Try again; if it stays, tell the operator the time and the address.",
}


class Problem(Schema):
    """A problem as RFC 9457 shapes it, with a hint beside the detail."""

    type: str
    title: str
    status: int
    detail: str
    hint: str
    instance: str
    requestId: str = ""  # noqa: N815 — as it stands in the answer's JSON


class RequestError(Exception):
    """The request itself is wrong, whatever it wanted to say: too large, another media type."""

    def __init__(self, status: int, detail: str, hint: str = "") -> None:
        """Keep the status, the sentence and the way out."""
        super().__init__(detail)
        self.status, self.hint = status, hint or _HINTS.get(status, "")


def of_error(error: ProductError, instance: str) -> dict[str, Any]:
    """Return the problem object of one of our errors."""
    return {
        "type": f"/docs/errors#{error.anchor}",
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "hint": error.hint,
        "instance": instance,
    }


def of_status(status: int, detail: str, instance: str, hint: str = "") -> dict[str, Any]:
    """Return the problem object of a plain HTTP status."""
    return {
        "type": BLANK,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "hint": hint or _HINTS.get(status, ""),
        "instance": instance,
    }


def answer(problem: dict[str, Any]) -> HttpResponse:
    """Return the response that carries a problem."""
    if current():
        problem = {**problem, "requestId": current()}
    response = HttpResponse(json.dumps(problem), status=problem["status"], content_type=MEDIA_TYPE)
    if problem["status"] == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    """Make every error that leaves a route a problem."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def not_found(request: HttpRequest, **_: str) -> HttpResponse:
    """Return the problem of an address that leads nowhere."""
    return answer(of_status(404, "No route of the API stands at this address.", request.path))


def unreadable(request: HttpRequest) -> HttpResponse:
    """Return the problem of an address with a NUL character: no database holds one in a text."""
    return answer(of_status(400, "The address holds a NUL character.", request.path))


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Return the problem of a method that a route does not have."""
    response = answer(of_status(405, f"This route takes {allowed} only.", request.path))
    response["Allow"] = allowed
    return response


def _ours(request: HttpRequest, error: ProductError) -> HttpResponse:
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s at %s", error, request.path, exc_info=error)
    return answer(of_error(error, request.path))


def _request(request: HttpRequest, error: RequestError) -> HttpResponse:
    return answer(of_status(error.status, str(error), request.path, error.hint))


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return answer(of_status(413, "The request is larger than this server reads.", request.path))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    said = "; ".join(
        f"{'.'.join(str(part) for part in one.get('loc', ()))}: {one.get('msg', 'not valid')}"
        for one in error.errors
    )
    return answer(of_status(422, f"A parameter does not fit. {said}"[:1_000], request.path))


def _status(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        said = "No valid token or session came with the request."
        return answer(of_status(401, said, request.path))
    return answer(of_status(error.status_code, str(error), request.path))


def _nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return not_found(request)


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    _LOG.error("A fault of ours at %s", request.path, exc_info=error)
    said = "The server made a mistake. Look up what you sent before you send it again."
    return answer(of_status(500, said, request.path))


_HANDLERS: dict[type[Exception], Any] = {
    ProductError: _ours,
    RequestError: _request,
    RequestDataTooBig: _too_big,
    ValidationError: _invalid,
    HttpError: _status,
    Http404: _nowhere,
    Exception: _unexpected,
}
