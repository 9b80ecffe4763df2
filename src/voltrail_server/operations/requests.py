"""Each request has a number: in the log, in the answer's head, in problems; and it is counted."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from voltrail_server.operations import metrics
from voltrail_server.operations.logs import REQUESTS

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LOG = logging.getLogger(REQUESTS)
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the number of the request under way in this thread; nothing outside of one."""
    return _current.get()


class RequestMiddleware:
    """Numbers, times, counts and logs each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next stop of the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer with the request's number."""
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        mark, begun = _current.set(number), time.perf_counter()
        try:
            response = self.get_response(request)
        finally:
            _current.reset(mark)
        response.headers[HEADER] = number
        seconds = time.perf_counter() - begun
        route = _route(request)
        metrics.count(route, request.method or "", response.status_code, seconds)
        told = {
            "request_id": number,
            "route": route,
            "method": request.method,
            "status": response.status_code,
            "ms": round(seconds * 1_000, 1),
            "account": _account(request),
        }
        words = " ".join(f"{name}={value}" for name, value in told.items())
        _LOG.info("%s", words, extra=told)
        return response


def _route(request: HttpRequest) -> str:
    """Return the name of the address; the address itself may hold a secret."""
    found = request.resolver_match
    return (found.view_name or "unnamed") if found else "none"


def _account(request: HttpRequest) -> str | None:
    """Return the pseudonym of who asked, where a page has looked it up already."""
    user = getattr(request, "_cached_user", None)
    return (getattr(user, "person", "") or None) if user is not None else None
