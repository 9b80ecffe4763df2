"""The switch in the foot of each page: one form, for everybody, logged in or not."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from voltrail.errors import MalformedError
from voltrail_server.pages import errors
from voltrail_server.people import language


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Keep the language that somebody chose, and go back to the page they came from."""
    response: HttpResponse = HttpResponseRedirect(_back(request))
    try:
        language.choose(request, response, request.POST.get("language", ""))
    except MalformedError as error:
        return errors.calm(request, error)
    return response


def _back(request: HttpRequest) -> str:
    """Return the page of this site that the form names; the start page where it names another."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if ours and asked.startswith("/") and "\0" not in asked else "/"
