"""The keys of everybody: passkeys that wait for a second person's word, and keys on record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server.pages import frame
from voltrail_server.people import administering, passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import people


def listing(request: HttpRequest) -> HttpResponse:
    """Return what waits to be confirmed, and every person's keys."""
    return _page(request)


@require_POST
def confirm(request: HttpRequest, index: int) -> HttpResponse:
    """Enrol a waiting passkey in the register, as somebody other than its owner."""
    try:
        may = tuple(request.POST.getlist("may"))
        found = administering.confirm_key(viewer(request), index, may)
    except ProductError as error:
        return _page(request, error)
    return redirect(f"/register/{found.entry}/")


@require_POST
def refuse(request: HttpRequest, index: int) -> HttpResponse:
    """Forget a waiting passkey that is not its owner's after all."""
    passkeys.remove(viewer(request), index)
    return redirect("/people/keys/")


def _page(request: HttpRequest, error: ProductError | None = None) -> HttpResponse:
    frame.need(request, "keys-read")
    waiting, held = people.waiting_keys(viewer(request)), people.every_key()
    response = frame.show(
        request, "people/keys.html", waiting=waiting, held=held, kinds=people.kinds(), error=error
    )
    response.status_code = 200 if error is None else error.status
    return response
