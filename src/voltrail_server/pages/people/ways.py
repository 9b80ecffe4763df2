"""One's own ways in: password, codes, sessions, and the link to the firm's provider."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from voltrail.errors import ProductError
from voltrail_server.pages import frame
from voltrail_server.pages.people import me
from voltrail_server.people import deputies, factor, gate, own, sessions, single_sign_on
from voltrail_server.people.viewer import viewer
from voltrail_server.reading import persons


@require_POST
@sensitive_post_parameters("old", "password", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end."""
    try:
        own.change_password(viewer(request), request.POST)
    except ProductError as error:
        return me.page(request, error)
    update_session_auth_hash(request, viewer(request))
    sessions.end_all(viewer(request), keep=request.session.session_key)
    return redirect("/me/#ways")


@never_cache
def codes(request: HttpRequest) -> HttpResponse:
    """Show the secret that waits to be confirmed, or begin with a new one."""
    account = viewer(request)
    if request.method == "POST":
        try:
            factor.begin(account)
        except ProductError as error:
            return me.page(request, error)
        return redirect("/me/codes/")
    secret = factor.waiting(account)
    return _codes(request, secret) if secret else redirect("/me/#ways")


@require_POST
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Turn codes on, and show the recovery codes this one time."""
    account = viewer(request)
    try:
        made = factor.confirm(account, request.POST.get("code", ""))
    except ProductError as error:
        return _codes(request, factor.waiting(account), error)
    request.session[sessions.FACTOR] = "totp"
    return frame.show(request, "people/recovery.html", codes=made)


@require_POST
@never_cache
def fresh(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, on a good code, and show them this one time."""
    account = viewer(request)
    try:
        factor.check(account, request.POST.get("code", ""))
    except ProductError as error:
        return me.page(request, error)
    return frame.show(request, "people/recovery.html", codes=factor.fresh_codes(account))


@require_POST
def end_codes(request: HttpRequest) -> HttpResponse:
    """Turn codes off, on a good code."""
    try:
        factor.check(viewer(request), request.POST.get("code", ""))
    except ProductError as error:
        return me.page(request, error)
    factor.end(viewer(request))
    request.session.pop(sessions.FACTOR, None)
    return redirect("/me/#ways")


@require_POST
def end_session(request: HttpRequest, key: str) -> HttpResponse:
    """End one of one's own sessions."""
    sessions.end(viewer(request), key)
    return redirect("/me/#sessions")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this one."""
    sessions.end_all(viewer(request), keep=request.session.session_key)
    return redirect("/me/#sessions")


@require_POST
def name_deputy(request: HttpRequest) -> HttpResponse:
    """Name somebody who stands in for this person in one of their functions, until a day."""
    try:
        wanted = persons.read_deputy(request.POST)
        deputy = persons.chosen(request.POST.get("deputy", ""))
        deputies.name(viewer(request), deputy, wanted)
    except ProductError as error:
        return me.page(request, error)
    return redirect("/me/#deputies")


@require_POST
def end_deputy(request: HttpRequest, key: str) -> HttpResponse:
    """End what this person's deputy may do for them."""
    try:
        deputies.end(viewer(request), key)
    except ProductError as error:
        return me.page(request, error)
    return redirect("/me/#deputies")


@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Remember that this person wants to be linked; the page then leads to the provider."""
    request.session[gate.LINKING] = True
    return redirect("/me/#ways")


@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """End one's own link to the provider."""
    single_sign_on.unlink(viewer(request), viewer(request))
    return redirect("/me/#ways")


def _codes(request: HttpRequest, secret: str, error: ProductError | None = None) -> HttpResponse:
    picture = factor.picture(viewer(request), secret) if secret else ""
    response = frame.show(request, "people/codes.html", secret=secret, picture=picture, error=error)
    response.status_code = 200 if error is None else error.status
    return response
