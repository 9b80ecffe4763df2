"""What every page has: the frame around it, who may see it, and the files it hands out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from voltrail.errors import NotPermittedError, ProductError
from voltrail_server.pages import errors
from voltrail_server.panels import words
from voltrail_server.reading import register

LOG_IN = "/log-in/"
View = Callable[..., HttpResponseBase]


def show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:  # noqa: ANN401
    """Return a page in the frame, with the register's size at its foot."""
    desk = template.partition("/")[0]
    frame = {"register_entries": words.number(register.size()), "desk": desk}
    return render(request, template, {**frame, **context})


def hand_out(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def inside(view: View) -> View:
    """Let only the operator's own people see a page, and answer our errors with a calm one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        try:
            _own_people(request)
            return view(request, *args, **kwargs)
        except ProductError as error:
            return errors.calm(request, error)

    return login_required(guarded, login_url=LOG_IN)


def _own_people(request: HttpRequest) -> None:
    if getattr(request.user, "is_outside", False):
        raise NotPermittedError(
            "These pages are for the operator's own people.",
            hint="Hand statements in through the API with your firm's token.",
        )


def need(request: HttpRequest, *roles: str) -> None:
    """Refuse a person whose role is none of these."""
    role = getattr(request.user, "role", "")
    if role not in roles:
        raise NotPermittedError(
            f"Your role, {role or 'none'}, may not do this.",
            hint=f"Ask somebody of these roles: {', '.join(roles)}.",
        )


def file_name(subject: str, ending: str) -> str:
    """Return a file name made of a subject's key."""
    kept = "".join(letter if letter.isalnum() or letter in "-._" else "_" for letter in subject)
    return f"{kept}{ending}"
