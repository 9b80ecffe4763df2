"""Our errors as calm pages: the sentence, the way out, the right status."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from voltrail.errors import ProductError


def calm(request: HttpRequest, error: ProductError, way_out: str = "/") -> HttpResponse:
    """Return the page of an error of ours; a refused act leads to the page that explains it."""
    told = {"error": error, "act": getattr(error, "act", ""), "way_out": way_out}
    return render(request, "error.html", told, status=error.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    return _plain(request, 404, _("No page stands at this address."), _("Go to the start page."))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for something this person may not see."""
    return _plain(request, 403, _("This page is not for your role."), _("Ask an administrator."))


def failed(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours."""
    hint = _("Try again; if it stays, tell the operator of this server the time and the address.")
    return _plain(request, 500, _("The server made a mistake. Nothing was recorded."), hint)


def locked(request: HttpRequest, *more: object) -> HttpResponse:
    """Return the page for a log-in that was tried too often."""
    hint = _("Wait 15 minutes, log in with a passkey, or ask an administrator to unlock it.")
    return _plain(request, 429, _("This log-in was tried too often from your address."), hint)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose secret does not fit the session."""
    return _plain(request, 403, _("This form is too old or not ours."), _("Open the page again."))


@login_not_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Return the page that every problem's type points to: one paragraph for each error."""
    return render(request, "errors.html", {"errors": list(_every(ProductError))})


def _every(cls: type[ProductError]) -> Iterator[dict[str, object]]:
    """Yield what a person may want to know of an error class and those below it."""
    yield {
        "anchor": cls.__name__.lower(),
        "title": cls.title,
        "sentence": (cls.__doc__ or "").strip().splitlines()[0],
        "status": cls.status,
        "exit_code": cls.exit_code,
    }
    for below in cls.__subclasses__():
        yield from _every(below)


def _plain(request: HttpRequest, status: int, sentence: str, hint: str) -> HttpResponse:
    error = {"title": str(status), "hint": hint, "sentence": sentence}
    return render(request, "error.html", {"error": error}, status=status)
