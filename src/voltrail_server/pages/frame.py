"""What every page has: the frame around it, who may see it, and the files it hands out."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, register_converter

from voltrail.errors import MalformedError, NotPermittedError, ProductError
from voltrail_server.pages import errors
from voltrail_server.panels import words
from voltrail_server.people import factor, functions, may
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account
from voltrail_server.reading import register

LOG_IN = "/log-in/"
WITHOUT_FUNCTION = frozenset({"me", "may"})  # pages of one's own, for who holds nothing now
OUTSIDE = frozenset({"start"})  # what shows somebody of another firm that firm's own things
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., HttpResponseBase]


class KeyConverter:
    """The key of a subject: segments of an identity, joined by colons."""

    regex = r"[A-Za-z0-9._~@/+:-]+"

    def to_python(self, value: str) -> str:
        """Return the key as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the key as it stands."""
        return value


register_converter(KeyConverter, "key")


def show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:  # noqa: ANN401
    """Return a page in the frame: what this person may do, and the register's size at its foot."""
    desk, acts = template.partition("/")[0], may.acts_of(_held(request))
    frame: dict[str, Any] = {"desk": desk, "acts": acts}
    if not functions.is_outside(request.user):
        frame["register_entries"] = words.number(register.size())
    if isinstance(request.user, Account):
        frame["my_functions"] = functions.words(request.user)
    return render(request, template, {**frame, **context})


def hand_out(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def inside(view: View) -> View:
    """Let only the operator's own people see a page, and only whose role may send its form."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        try:
            _own_people(request)
            _need_listed(request)
            _readable(request)
            return view(request, *args, **kwargs)
        except ProductError as error:
            return errors.calm(request, error)

    return login_required(guarded, login_url=LOG_IN)


def page(route: str, view: View, name: str) -> URLPattern:
    """Return an address that only the operator's own people may open."""
    return path(route, inside(view), name=name)


def _own_people(request: HttpRequest) -> None:
    found = request.resolver_match
    if functions.is_outside(request.user) and (found is None or found.url_name not in OUTSIDE):
        raise NotPermittedError(
            "These pages are for the operator's own people.",
            hint="Hand statements in through the API with your firm's token.",
        )
    if not _held(request) and (found is None or found.url_name not in WITHOUT_FUNCTION):
        raise NotPermittedError(
            "You hold no function now, so there is nothing to show you.",
            hint="Ask an administrator; your own page stays open to you.",
        )


def _readable(request: HttpRequest) -> None:
    """Refuse a NUL character in what was typed: no database holds one in a text."""
    typed = (value for given in (request.GET, request.POST) for value in _values(given))
    if any("\0" in value for value in (request.path, *typed)):
        raise MalformedError("What you sent holds a NUL character.", hint="Type it again.")


def _values(given: QueryDict) -> Iterator[str]:
    return (str(value) for _, values in given.lists() for value in values)


def _need_listed(request: HttpRequest) -> None:
    """
    Refuse a form that its sender's role may not send; a page that is not listed takes none.

    The page of an act at a place asks again, with the place; here, somewhere is enough.
    """
    if request.method not in _READS:
        found = request.resolver_match
        act = (found.url_name if found else None) or ""
        if may.of(act).where is not may.PLACE or not may.somewhere(_held(request), act):
            may.need(_held(request), act)
        _need_factor(request, act)


def need(request: HttpRequest, act: str, place: str | None = None) -> Holding:
    """Refuse a person whose functions do not allow something; the table is in `people.may`."""
    found = may.need(_held(request), act, place)
    _need_factor(request, act)
    return found


def _need_factor(request: HttpRequest, act: str) -> None:
    """Refuse an act that gives power or a way in from a session that did not show its factor."""
    if isinstance(request.user, Account):
        factor.need(request, request.user, act)


def _held(request: HttpRequest) -> tuple[Holding, ...]:
    return functions.held(request.user) if isinstance(request.user, Account) else ()


def file_name(subject: str, ending: str) -> str:
    """Return a file name made of a subject's key."""
    kept = "".join(letter if letter.isalnum() or letter in "-._" else "_" for letter in subject)
    return f"{kept}{ending}"
