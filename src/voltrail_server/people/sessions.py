"""
Sessions: kept in a table that says whose and where, ended by idleness, by age, or by hand.

The clock is Django's, as for the cookie's own end. A session's row is written at most once a
minute, so that a page costs no write. Does not log anybody in.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as TableStore
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from voltrail import canonical
from voltrail.errors import UnknownSubjectError
from voltrail_server.people import limits
from voltrail_server.people.models import Account, Session

FACTOR = "factor"  # in a session: the second factor that was shown, if any
_BEGUN, _SEEN, _DEVICE, _ADDRESS = "begun", "seen", "device", "address"
_STEP = timedelta(minutes=1)
_MOST = 100  # [sessions] on one page


class SessionStore(TableStore):
    """Django's table store, with the columns that a person reads."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of a session."""
        made = super().create_model_instance(data)
        if not isinstance(made, Session):
            raise TypeError(made)  # `get_model_class` says which table it is
        number = data.get("_auth_user_id")
        made.account_id = int(number) if number else None
        made.device, made.address = data.get(_DEVICE, "")[:200], data.get(_ADDRESS, "")[:45]
        made.begun_at, made.seen_at = _read(data.get(_BEGUN)), _read(data.get(_SEEN))
        return made


class LifetimeMiddleware:
    """Ends sessions that are idle or old, and remembers when a session was seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next stop of the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session or go on with it."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _look(request, timezone.now())
        return self.get_response(request)


def begin(sender: object, request: HttpRequest | None, user: Account, **_: Any) -> None:  # noqa: ANN401 — a signal's signature
    """Write down device, address and time of a log-in."""
    if request is None:
        return
    at = timezone.now().isoformat()
    request.session[_BEGUN] = request.session[_SEEN] = at
    request.session[_DEVICE] = device_of(request)
    request.session[_ADDRESS] = address_of(request)


def listen() -> None:
    """Hear of every log-in; called once, when the app is ready."""
    user_logged_in.connect(begin, dispatch_uid="voltrail-session")


def device_of(request: HttpRequest) -> str:
    """Return what a browser calls itself."""
    told = str(request.META.get("HTTP_USER_AGENT", ""))[:200]
    return "".join(letter for letter in told if letter.isprintable())


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from; only proxies that are set up are believed."""
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    behind = settings.VOLTRAIL_PROXIES
    found = told[-behind] if 0 < behind <= len(told) else request.META.get("REMOTE_ADDR", "")
    return _bare(str(found).strip())[:45]


def network_of(request: HttpRequest) -> str:
    """Return what a request is counted by: its address, of IPv6 the network that one site has."""
    return limits.network(address_of(request))


def _bare(told: str) -> str:
    """Return an address without the port that some proxies write behind it."""
    if told.startswith("["):
        return told[1:].partition("]")[0]
    host, colon, port = told.rpartition(":")
    return host if colon and ":" not in host and port.isdigit() else told


def of_account(account: Account) -> tuple[Session, ...]:
    """Return an account's sessions that stand, last seen first."""
    at = timezone.now()
    rows = Session.objects.filter(account=account, expire_date__gt=at).order_by("-seen_at")
    return tuple(one for one in rows[:_MOST] if not _is_over(one.begun_at, one.seen_at, at))


def end(account: Account, number: str) -> None:
    """End one of an account's sessions, by the short number that its list shows."""
    found = next((one for one in of_account(account) if number_of(one.session_key) == number), None)
    if found is None:
        raise UnknownSubjectError("This session is over.", hint="Look at the list.")
    Session.objects.filter(pk=found.pk).delete()


def end_all(account: Account, keep: str | None = None) -> int:
    """End every session of an account, but one; return how many were ended."""
    rows = Session.objects.filter(account=account).exclude(session_key=keep or "")
    return rows.delete()[0]


def number_of(key: str) -> str:
    """Return a name for a session that does not give its key away."""
    return canonical.digest(key.encode())[:16]


def _look(request: HttpRequest, at: datetime) -> None:
    session = request.session
    begun, seen = _read(session.get(_BEGUN)), _read(session.get(_SEEN))
    if _is_over(begun, seen, at):
        logout(request)
        return
    if seen is None or at - seen >= _STEP:
        session[_SEEN] = at.isoformat()
        session.setdefault(_BEGUN, at.isoformat())


def _is_over(begun: datetime | None, seen: datetime | None, at: datetime) -> bool:
    idle = timedelta(minutes=settings.VOLTRAIL_SESSION_IDLE_MINUTES)
    longest = timedelta(hours=settings.VOLTRAIL_SESSION_HOURS)
    too_idle = seen is not None and at - seen >= idle
    return too_idle or (begun is not None and at - begun >= longest)


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
