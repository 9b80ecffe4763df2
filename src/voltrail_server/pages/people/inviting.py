"""Inviting somebody, making their link again, taking it back; a link is shown once."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.notices import own
from voltrail_server.pages import frame
from voltrail_server.pages.people import person
from voltrail_server.people import invitations
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import persons


@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite, or invite them and show the link this one time."""
    frame.need(request, "person-invite")
    link, error = "", None
    if request.method == "POST":
        try:
            wanted = persons.read_wanted(request.POST, wiring.now())
            who = persons.read_invited(request.POST)
            made, link = invitations.invite(viewer(request), who, wanted)
            own.invitation(made.account, link, wiring.now())
        except ProductError as found:
            error = found
    return _invite_form(request, link, error)


@require_POST
@never_cache
def link_again(request: HttpRequest, index: int) -> HttpResponse:
    """Make another link for somebody who was invited and has not come."""
    account = persons.get(index)
    try:
        _made, link = invitations.again(viewer(request), account)
        own.invitation(account, link, wiring.now())
    except ProductError as error:
        return person.shown(request, account, error)
    return person.shown(request, account, link=link)


@require_POST
def invitation_back(request: HttpRequest, index: int) -> HttpResponse:
    """Take an invitation back."""
    account = persons.get(index)
    return person.do(request, account, lambda: invitations.take_back(viewer(request), account))


def _invite_form(request: HttpRequest, link: str, error: ProductError | None) -> HttpResponse:
    told = {**persons.choices(), "given": request.POST, "chosen": request.POST.getlist("function")}
    told["at"], told["firms"] = request.POST.getlist("place"), persons.firms()
    response = frame.show(request, "people/invite.html", link=link, error=error, **told)
    response.status_code = 200 if error is None else error.status
    return response
