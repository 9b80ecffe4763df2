"""
In which language somebody reads: what they chose here, else what their browser asks for.

The choice is kept in a cookie of the browser and, of whoever is logged in, on the account, so that
mail and another browser follow it. Programs are always answered in English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from voltrail.errors import MalformedError
from voltrail_server.people.models import Account

ENGLISH = "en"
_PROGRAMS = "/api/"
_YEAR = 365 * 86_400  # [s]


class OwnLanguageMiddleware:
    """Answers in the language of the account where the browser has no choice of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next stop of the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on in the language that counts for this request."""
        chosen = ENGLISH if request.path.startswith(_PROGRAMS) else _kept(request)
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)


@contextmanager
def speaking(account: Account | None) -> Iterator[None]:
    """Write what follows in the language that somebody chose; English where nobody chose one."""
    chosen = account.language if account is not None else ""
    with translation.override(chosen if chosen in dict(settings.LANGUAGES) else ENGLISH):
        yield


def choose(request: HttpRequest, response: HttpResponse, chosen: str) -> None:
    """Keep the language that somebody chose, in the browser and on their account."""
    if chosen not in dict(settings.LANGUAGES):
        raise MalformedError(
            "This language is not spoken here.", hint="Choose one of those in the foot of the page."
        )
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
    if isinstance(request.user, Account) and request.user.language != chosen:
        request.user.language = chosen
        request.user.save(update_fields=["language"])


def _kept(request: HttpRequest) -> str:
    """Return the language on the account, where the browser itself has chosen none."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return ""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""  # nobody is logged in, so no table is asked
    found = request.user
    chosen = found.language if isinstance(found, Account) else ""
    return chosen if chosen in dict(settings.LANGUAGES) else ""
