"""Notices by program: a person's own, marking them as read, and how that person is told."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from voltrail.errors import MalformedError
from voltrail_server import wiring
from voltrail_server.api import bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.notices import letters, own
from voltrail_server.notices.kinds import KINDS
from voltrail_server.people.models import Account

router = Router(tags=["Notices"])


class NoticeOut(Shape):
    """One thing told to one person, and when they read it."""

    number: int
    kind: str
    sentence: str
    hint: str
    subject: str
    address: str
    at: datetime
    read_at: datetime | None
    mail: str


class UnreadOut(Shape):
    """How many notices wait to be read."""

    unread: int


class WishOut(Shape):
    """How a person is told of one kind."""

    kind: str
    shown: bool
    mail: str


class ToldOut(Shape):
    """How a person is told: each kind, the hour and zone of the daily mail, the address."""

    kinds: list[WishOut]
    hour: int
    zone: str
    address: str
    server_sends: bool


class NoticesAsked(Shape):
    """Whose notices, and which."""

    person: str = ""
    kind: str = ""
    show: Literal["", "unread"] = ""


class WhoseSettings(Shape):
    """Whose settings."""

    person: str = ""


class ReadIn(Body):
    """Whose notice was read, and which one; all of them where none is named."""

    person: str
    notice: int | None = None


class ToldIn(Body):
    """How a person wants to be told; what is not named stays as it is."""

    person: str
    hour: int | None = None
    zone: str | None = None
    shown: dict[str, bool] = {}
    mail: dict[str, Literal["now", "daily", "none"]] = {}


@router.get(
    "/notices",
    auth=tokens.READER,
    by_alias=True,
    response={200: list[NoticeOut], FAILURES: problems.Problem},
    summary="List a person's notices",
)
def notices(request: HttpRequest, asked: Query[NoticesAsked]) -> list[dict[str, Any]]:
    """Return up to 200 notices, unread ones first, newest first."""
    account = oneself.reading(request, asked.person)
    _need_kinds({asked.kind} - {""})
    found = own.listing(account, asked.kind, only_unread=asked.show == "unread")
    plain = ("kind", "sentence", "hint", "subject", "address", "read_at", "mail")
    return [
        {"number": one.pk, "at": one.created_at, **{name: getattr(one, name) for name in plain}}
        for one in found
    ]


@router.post(
    "/notices/read",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: UnreadOut, FAILURES: problems.Problem},
    summary="Mark a person's notice as read, or all of them",
    openapi_extra=bodies.described(ReadIn),
)
def read_notices(request: HttpRequest) -> dict[str, Any]:
    """Mark one notice or all; what was read before stays as it was."""
    given = bodies.fields(request, ReadIn)
    account = oneself.acting(request, given.person, "notices-read")
    if given.notice is None:
        own.read(account, None, wiring.now())
    else:
        own.opened(account, given.notice, wiring.now())
    return {"unread": own.unread(account)}


@router.get(
    "/notices/settings",
    auth=tokens.READER,
    by_alias=True,
    response={200: ToldOut, FAILURES: problems.Problem},
    summary="Read how a person is told",
)
def notice_settings(request: HttpRequest, asked: Query[WhoseSettings]) -> dict[str, Any]:
    """Return what stands in the product and what is mailed when, kind by kind."""
    return _settings(oneself.reading(request, asked.person))


@router.patch(
    "/notices/settings",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: ToldOut, FAILURES: problems.Problem},
    summary="Choose how a person is told",
    openapi_extra=bodies.described(ToldIn),
)
def choose_notices(request: HttpRequest) -> dict[str, Any]:
    """Keep what is named of kinds, hour and zone; leave the rest as it is."""
    given = bodies.fields(request, ToldIn)
    account = oneself.acting(request, given.person, "own-notices")
    _need_kinds({*given.shown, *given.mail})
    own.choose(account, _form(account, given))
    return _settings(account)


def _form(account: Account, given: ToldIn) -> dict[str, str]:
    """Return the whole form that the page would send."""
    kept = own.habit(account)
    form = {
        "hour": str(kept.hour if given.hour is None else given.hour),
        "zone": kept.zone if given.zone is None else given.zone,
    }
    for kind, _title, shown, mail in own.wishes(account):
        form[f"mail-{kind}"] = given.mail.get(kind, mail)
        form[f"shown-{kind}"] = "1" if given.shown.get(kind, shown) else ""
    return form


def _settings(account: Account) -> dict[str, Any]:
    kept = own.habit(account)
    kinds = [
        {"kind": kind, "shown": shown, "mail": mail}
        for kind, _title, shown, mail in own.wishes(account)
    ]
    told = {"hour": kept.hour, "zone": kept.zone, "address": account.mail}
    return {"kinds": kinds, **told, "server_sends": letters.is_set_up()}


def _need_kinds(wanted: set[str]) -> None:
    unknown = sorted(wanted - KINDS.keys())
    if unknown:
        raise MalformedError(
            f"There is no kind of notice {unknown[0]!r}.", hint=f"Choose: {', '.join(KINDS)}."
        )
