"""Asking those who may: the form on every refusal leads here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voltrail_server import wiring
from voltrail_server.notices import asking
from voltrail_server.people.viewer import viewer


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Tell those who may that this person asks, and say whom."""
    act, address, sentence = (request.POST.get(one, "") for one in ("act", "address", "sentence"))
    found = asking.ask(viewer(request), act, address, sentence, wiring.now())
    names = ", ".join(map(str, found))
    messages.info(request, _("Asked: %(names)s. Their answer is what they do.") % {"names": names})
    return redirect("/notices/")
