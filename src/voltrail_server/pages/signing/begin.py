"""Drafts that begin elsewhere than at a desk: a sign-off on an entry, and an uploaded draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voltrail.actions import show as ask
from voltrail.actions import signing, whereabouts
from voltrail.errors import MalformedError
from voltrail.ids.subject import PersonId
from voltrail_server import wiring
from voltrail_server.pages import frame
from voltrail_server.panels import chips
from voltrail_server.people import passkeys
from voltrail_server.people.viewer import viewer
from voltrail_server.signing import drafts
from voltrail_server.signing.drafts import Wanted


def sign_off(request: HttpRequest, index: int) -> HttpResponse:
    """Ask what a person agrees to about an entry, or begin that draft."""
    frame.need(request, "sign-off")
    desk, person = wiring.desk(), passkeys.person_of(viewer(request))
    one = ask.entry(desk, index)
    if request.method != "POST":
        asked = {"line": chips.line(one, ask.sentence_of(one)), "verb": request.GET.get("verb", "")}
        return frame.show(request, "signing/sign_off.html", **asked)
    how = frame.need(request, "sign-off", whereabouts.of_statement(desk, one))
    words = request.POST.get("verb", ""), request.POST.get("note", "")
    bytes_ = signing.draft_sign_off(desk, index, person, words, wiring.now())
    told = {"words": words[0], "index": index}
    purpose = _("Sign off “%(words)s” about entry #%(index)s.") % told
    made = drafts.begin(viewer(request), bytes_, purpose, Wanted((person,), how=how))
    return redirect(f"/signing/{made.pk}/")


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Begin a draft from a file that `voltrail draft` wrote."""
    file = request.FILES.get("file")
    if file is None:
        raise MalformedError("No file came with the form.", hint="Choose a file first.")
    asked = tuple(PersonId.read(one) for one in request.POST.get("persons", "").split())
    purpose = request.POST.get("purpose", "").strip() or _("No purpose was given.")
    payload = signing.canonical(file.read())
    at_place = whereabouts.of_statement(wiring.desk(), signing.read(payload))
    how = frame.need(request, "draft-begin", at_place)
    made = drafts.begin(viewer(request), payload, purpose, Wanted(asked, how=how))
    return redirect(f"/signing/{made.pk}/")
