"""Notices: the list, where one leads, how a person is told, and the address mail goes to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.notices import letters, own
from voltrail_server.notices import lines as panel
from voltrail_server.pages import frame
from voltrail_server.people.viewer import viewer


def listing(request: HttpRequest) -> HttpResponse:
    """Return one's own notices, unread ones first."""
    kind, unread = request.GET.get("kind", ""), request.GET.get("show") == "unread"
    found = own.listing(viewer(request), kind, only_unread=unread)
    lines = panel.lines(found)
    told = {"kinds": panel.kinds(), "kind": kind, "only_unread": unread}
    return frame.show(request, "notices/listing.html", notices=lines, **told)


def one(request: HttpRequest, index: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    return redirect(own.opened(viewer(request), index, wiring.now()))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read, or all of them."""
    own.read(viewer(request), panel.number(request.POST.get("notice", "")), wiring.now())
    return redirect("/notices/")


def wishes(request: HttpRequest) -> HttpResponse:
    """Show how a person is told, or keep what they chose."""
    error = None
    if request.method == "POST":
        try:
            own.choose(viewer(request), request.POST)
            return redirect("/me/notices/?kept=1")
        except ProductError as found:
            error = found
    return _wishes(request, error)


@require_POST
def ask_address(request: HttpRequest) -> HttpResponse:
    """Send a link to the address that a person says is theirs."""
    try:
        own.ask_address(viewer(request), request.POST.get("mail", ""), wiring.now())
    except ProductError as error:
        return _wishes(request, error)
    messages.info(request, _("A link was sent there. The address counts once you open it."))
    return redirect("/me/notices/")


def confirm_address(request: HttpRequest, link: str) -> HttpResponse:
    """Ask once more, then take the address over whose link was opened."""
    if request.method != "POST":
        return frame.show(request, "notices/address.html", link=link)
    own.confirm_address(viewer(request), link, wiring.now())
    return redirect("/me/notices/")


def _wishes(request: HttpRequest, error: ProductError | None) -> HttpResponse:
    account = viewer(request)
    told = {"wishes": own.wishes(account), "habit": own.habit(account), "hows": panel.hows()}
    told |= {"zones": own.zones(), "hours": range(24), "problem": own.last_problem(account)}
    told |= {"mails": letters.is_set_up(), "typed": request.POST.get("mail", "")}
    response = frame.show(request, "notices/wishes.html", error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response
