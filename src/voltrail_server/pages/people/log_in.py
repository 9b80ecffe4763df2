"""Logging in: by password and code, by passkey, at the firm's provider; and being invited."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from voltrail.errors import NotPermittedError, ProductError, StaleEvidenceError
from voltrail_server import wiring
from voltrail_server.pages import errors
from voltrail_server.people import (
    factor,
    functions,
    gate,
    invitations,
    origin,
    passkeys,
    sessions,
    single_sign_on,
)
from voltrail_server.people.forms import LogInForm
from voltrail_server.people.models import Account, Invitation
from voltrail_server.reading import people

_NONCE, _PENDING, _NEXT, _JOIN = "log-in-nonce", "log-in-pending", "log-in-next", "join"


class LogIn(LoginView):
    """Name and password; who has set up codes is asked for one before being let in."""

    template_name = "people/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True
    next_page = "/"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let in, or ask for the code first."""
        account = form.get_user()
        if not isinstance(account, Account) or not factor.is_on(account):
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[_PENDING] = [account.pk, wiring.now().timestamp()]
        self.request.session[_NEXT] = self.get_success_url()
        return redirect("/log-in/code/")

    def get_context_data(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — Django's signature
        """Return what the page shows beside the form."""
        nonce = self.request.session.setdefault(_NONCE, passkeys.nonce())
        told = {"challenge": passkeys.log_in_challenge(nonce), "provider": single_sign_on.name()}
        site = origin.site_of(self.request)
        return {**super().get_context_data(**more), **told, "site": site}


@never_cache
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of somebody whose password was right."""
    account, error = gate.pending(request.session.get(_PENDING)), None
    if account is None:
        return redirect("/log-in/")
    if request.method == "POST":
        try:
            shown = factor.check(account, request.POST.get("code", ""))
            return _let_in(request, account, shown)
        except NotPermittedError as found:
            error = found
    status = 200 if error is None else error.status
    return render(request, "people/code.html", {"error": error}, status=status)


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Let in whose passkey answered this page's challenge."""
    asked = request.session.pop(_NONCE, "")
    try:
        if not asked:
            raise StaleEvidenceError("This page is too old.", hint="Open it again.")
        site = origin.site_of(request)
        account = gate.by_passkey(request, asked, site)
    except ProductError as error:
        return _again(request, error)
    request.session[_NEXT] = _own_address(request, request.POST.get("next", ""))
    return _let_in(request, account, "passkey")


@require_GET
def provider(request: HttpRequest) -> HttpResponse:
    """Lead to the firm's provider."""
    try:
        request.session.pop(_JOIN, None)
        request.session[_NEXT] = _own_address(request, request.GET.get("next", ""))
        return single_sign_on.leave_for(request)
    except ProductError as error:
        return _again(request, error)


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Take whom the provider sent back: log in, or link an invited person or oneself."""
    secret = request.session.pop(_JOIN, "")
    try:
        claims = single_sign_on.come_back(request)
        account = gate.by_provider(request, claims, secret)
    except ProductError as error:
        return _again(request, error)
    if account == request.user:
        return redirect("/me/")
    return _let_in(request, account, "provider" if single_sign_on.is_strong(claims) else "")


@never_cache
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest, link: str) -> HttpResponse:
    """Show what an invited person may choose, or take the password they chose."""
    error = None
    try:
        found = invitations.opened(link, request)
        if request.method == "POST":
            account = invitations.accept(found, request.POST)
            return _let_in(request, account, "", to="/me/")
    except ProductError as refused:
        error = refused
    return _join_page(request, link, error)


@require_POST
@never_cache
def join_passkey(request: HttpRequest, link: str) -> HttpResponse:
    """Take the passkey that an invited person made in place of a password."""
    asked, site = request.session.pop(_NONCE, ""), origin.site_of(request)
    try:
        found = invitations.opened(link, request)
        account = gate.join_by_passkey(found, passkeys.read(request.POST, site), asked, site)
    except ProductError as error:
        return _join_page(request, link, error)
    return _let_in(request, account, "passkey", to="/me/")


@require_GET
def join_provider(request: HttpRequest, link: str) -> HttpResponse:
    """Lead an invited person to the firm's provider, to be linked on the way back."""
    try:
        invitations.opened(link, request)
        request.session[_JOIN], request.session[_NEXT] = link, "/me/"
        return single_sign_on.leave_for(request)
    except ProductError as error:
        return _join_page(request, link, error)


def _let_in(request: HttpRequest, account: Account, shown: str, to: str = "") -> HttpResponse:
    """Begin a session under a new key, and remember which second factor was shown."""
    after = to or request.session.get(_NEXT) or "/"
    if functions.is_outside(account):
        after = "/"  # the one page of somebody of another firm
    request.session.flush()
    login(request, account, backend=settings.VOLTRAIL_LOG_IN_BACKEND)
    request.session[sessions.FACTOR] = shown
    return redirect(after)


def _join_page(request: HttpRequest, link: str, error: ProductError | None) -> HttpResponse:
    found: Invitation | None = None
    try:
        found = invitations.opened(link, request)
    except ProductError as gone:
        error = gone
    nonce, site = request.session.setdefault(_NONCE, passkeys.nonce()), origin.site_of(request)
    offer = people.offer(found.account, nonce) if found else None
    told = {"found": found, "link": link, "site": site, "error": error, "offer": offer}
    told["provider"] = single_sign_on.name()
    # The address is a secret. The site's own referrer policy tells it to nobody else; a stricter
    # one would take the origin from the form, and the form's secret would not be believed.
    return render(request, "people/join.html", told, status=error.status if error else 200)


def _again(request: HttpRequest, error: ProductError) -> HttpResponse:
    return errors.calm(request, error, "/log-in/")


def _own_address(request: HttpRequest, wanted: str) -> str:
    """Return an address of this site, whatever was asked for."""
    hosts, secure = {request.get_host()}, request.is_secure()
    fit = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=secure)
    return wanted if fit else "/"
