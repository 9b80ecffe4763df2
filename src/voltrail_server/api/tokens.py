"""Party tokens: made once, shown once, kept as a digest; and who a request speaks for."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from voltrail import canonical
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.api.models import ApiToken, IntakeLink, Pass
from voltrail_server.people import functions, limits, records, sessions
from voltrail_server.people.models import Account

_PREFIX = "vt_"  # lets secret scanners recognise a token that leaked
MOST_WRONG = 100  # [tokens] unknown ones from one address in a window
_LENGTH = 32  # [bytes] of chance in a secret
_KINDS: dict[str, type[Pass]] = {"token": ApiToken, "link": IntakeLink}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whom a request speaks for; the operator and its people see everything."""

    party: str
    everything: bool = False
    is_token: bool = False


class Bearer(HttpBearer):
    """A party token in the Authorization header."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        """Return the token's firm, or nothing where the token is unknown or over."""
        address, at = sessions.network_of(request), wiring.now()
        found = standing(ApiToken, token.strip())
        if found is None:
            limits.need_room("token", address, MOST_WRONG, at)
            limits.count("token", address, at)
            return None
        own = found.party == wiring.desk().operator
        return Viewer(found.party, everything=own, is_token=True)


def session(request: HttpRequest) -> Viewer | None:
    """Return whom the logged-in person speaks for; used for reading only."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    held = functions.names(user)
    if functions.is_outside(user):
        return Viewer(user.party) if user.party else None
    if not held:
        return None
    return Viewer(str(wiring.desk().operator), everything=True)


WRITER = Bearer()
READER = [WRITER, session]


def issue(party: str, label: str, days: int = 365, by: Account | None = None) -> str:
    """Return a new token for a firm's program, on record; this is the only time it is shown."""
    token = _PREFIX + secrets.token_urlsafe(_LENGTH)
    _issue(by, ApiToken, token, _common(party, label, days))
    return token


def issue_link(
    party: str,
    label: str,
    days: int = 30,
    predicate_types: tuple[str, ...] = (),
    by: Account | None = None,
) -> str:
    """Return the last part of a new intake address, on record; it is shown this once."""
    link = secrets.token_urlsafe(_LENGTH)
    given = {**_common(party, label, days), "predicate_types": list(predicate_types)}
    _issue(by, IntakeLink, link, given)
    return link


def in_force() -> tuple[Pass, ...]:
    """Return the tokens and links that let somebody in now, by firm."""
    found = [
        one
        for kind in _KINDS.values()
        for one in kind._default_manager.filter(revoked_at=None, expires_at__gt=wiring.now())  # noqa: SLF001 — Django's public name
    ]
    return tuple(sorted(found, key=lambda one: (one.party, name_of(one))))


def named() -> list[tuple[str, Pass]]:
    """Return the same, each with its name."""
    return [(name_of(one), one) for one in in_force()]


def name_of(kept: Pass) -> str:
    """Return what a token or link is called where it is told of: kind and number."""
    kind = next(name for name, kind in _KINDS.items() if isinstance(kept, kind))
    return f"{kind}-{kept.pk}"


def end(name: str, reason: str, by: Account | None = None) -> Pass:
    """End a token or link now, and put it on record."""
    with transaction.atomic(), wiring.desk().entries.transaction():
        found = next((one for one in in_force() if name_of(one) == name), None)
        if found is None:
            raise UnknownSubjectError(
                _("No %(name)s is in force.") % {"name": name or _("such pass")},
                hint=_("Look at: voltrail token list."),
            )
        found.revoked_at = wiring.now()
        found.save(update_fields=["revoked_at"])
        records.pass_ended(by, found.party, name, reason)
    return found


def _issue(by: Account | None, kind: type[Pass], secret: str, given: dict[str, Any]) -> None:
    with transaction.atomic(), wiring.desk().entries.transaction():
        made = kind._default_manager.create(digest=_digest(secret), **given)  # noqa: SLF001 — Django's public name
        records.pass_issued(by, made.party, name_of(made), made.expires_at)


def open_links(party: str, at: datetime) -> Iterable[IntakeLink]:
    """Return a firm's intake links that are open at a time, the first to end first."""
    rows = IntakeLink.objects.filter(party=party, revoked_at=None, expires_at__gt=at)
    return rows.order_by("expires_at")


def standing(kind: type[Pass], secret: str) -> Any:  # noqa: ANN401 — an ApiToken or IntakeLink
    """Return the token or link with a secret while it is in force, else nothing."""
    found = kind._default_manager.filter(digest=_digest(secret), revoked_at=None).first()  # noqa: SLF001 — Django's public name
    return found if found is not None and wiring.now() < found.expires_at else None


def _digest(secret: str) -> str:
    return canonical.digest(secret.encode(errors="replace"))


def _common(party: str, label: str, days: int) -> dict[str, Any]:
    at = wiring.now()
    return {
        "party": str(PartyId.read(party)),
        "label": label,
        "created_at": at,
        "expires_at": at + timedelta(days=days),
    }
