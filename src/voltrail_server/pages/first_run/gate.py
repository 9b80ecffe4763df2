"""Before operator and keys stand, one page answers, on this machine only; everything else waits."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from voltrail.errors import NotPermittedError, ProductError, UnverifiableError
from voltrail_server.operations import first_run, loopback, standing
from voltrail_server.pages import errors
from voltrail_server.pages.first_run import form

ADDRESS = "/first-run/"
_LOG = logging.getLogger(__name__)


class FirstRunMiddleware:
    """Lets nothing but the first-run page through until the installation stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next stop of the request."""
        self.get_response, self._stands = get_response, False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the page, a sentence, or whatever the site answers."""
        supervised = getattr(settings, "VOLTRAIL_SUPERVISED", False)
        self._stands = self._stands or not supervised or standing.installed()
        if self._stands:
            return self.get_response(request)
        if request.path != ADDRESS:
            return errors.calm(request, _waits())
        try:
            _need_here(request)
            return _page(request)
        except ProductError as error:
            return errors.calm(request, error)


def _page(request: HttpRequest) -> HttpResponse:
    """Return the form, or make the installation of what was typed and lead to the log-in."""
    if request.method != "POST":
        return render(request, "first_run/page.html", {"form": form.empty()})
    typed, fault = form.read(request.POST), None
    try:
        _need_code(request.POST.get("code", ""))
        form.make(request.POST)
    except ProductError as error:
        fault = error
    if fault is None:
        return HttpResponseRedirect("/log-in/")
    found = {"form": typed, "error": fault}
    return render(request, "first_run/page.html", found, status=fault.status)


def _need_code(text: str) -> None:
    """Refuse a wrong code, and tell the terminal that somebody guesses."""
    try:
        first_run.need_code(text)
    except NotPermittedError as error:
        _LOG.warning("The first-run page refused a code: %s", error)
        raise


def _need_here(request: HttpRequest) -> None:
    """Refuse whoever is not on this machine, or comes through something that is."""
    request.get_host()  # a name that is not ours is refused: no page elsewhere leads here
    if settings.VOLTRAIL_PROXIES or not loopback.from_here(request.META):
        raise NotPermittedError(
            _("This page is served on the server's own machine only."),
            hint=_("Open it there, or run voltrail init on it."),
        )


def _waits() -> UnverifiableError:
    error = UnverifiableError(
        _("This installation is not set up yet."),
        hint=_("On the server's own machine, open /first-run/ with the code on its terminal."),
    )
    error.status = 503  # type: ignore[misc]  # the server is not there yet; nothing was asked wrongly
    return error
