"""Oneself: account, role, person, and one's own keys; adding a passkey and taking one back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError, StaleEvidenceError
from voltrail_server.pages import frame
from voltrail_server.people import origin, passkeys, sessions
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import people, persons

_NONCE = "passkey-nonce"


def me(request: HttpRequest) -> HttpResponse:
    """Return one's own page."""
    return page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Keep a new passkey, until somebody else confirms it."""
    asked, site = request.session.pop(_NONCE, ""), origin.site_of(request)
    try:
        if not asked:
            raise StaleEvidenceError("This page is too old.", hint="Add the passkey again.")
        passkeys.add(viewer(request), passkeys.read(request.POST, site), asked, site)
    except ProductError as error:
        return page(request, error)
    request.session[sessions.FACTOR] = "passkey"
    return redirect("/me/")


@require_POST
def remove(request: HttpRequest, index: int) -> HttpResponse:
    """Forget a passkey that nobody has confirmed."""
    passkeys.remove(viewer(request), index)
    return redirect("/me/")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End a key: not used any more, or stolen since a time."""
    since = people.read_since(request.POST)
    entry = passkeys.end(viewer(request), request.POST.get("key", ""), since)
    return redirect(f"/register/{entry}/")


def page(request: HttpRequest, error: ProductError | None = None) -> HttpResponse:
    """Return one's own page, with what was refused on it."""
    nonce = request.session.setdefault(_NONCE, passkeys.nonce())
    account, site = viewer(request), origin.site_of(request)
    told = {"own": people.own_keys(account), "offer": people.offer(account, nonce), "site": site}
    told |= persons.of_oneself(account, request.session)
    response = frame.show(request, "people/me.html", error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response
