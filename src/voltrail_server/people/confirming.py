"""
What needs two administrators: a lost sign-in is reset, somebody becomes an administrator.

One asks, another confirms, and neither is the person it is about. Both are named in the register.
Does not know pages or mail.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.people import (
    administrators,
    bindings,
    factor,
    invitations,
    passkeys,
    records,
    sessions,
)
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.models import Account, Request

RESET, APPOINT = "reset", "appoint"
LASTS = timedelta(days=7)  # our choice: ADR 0023


def ask_reset(by: Account, account: Account, reason: str) -> Request:
    """Ask that a lost sign-in be reset; another administrator confirms it."""
    if account.person == by.person:
        raise NotPermittedError(
            "Nobody resets their own sign-in.", hint="Ask another administrator to begin."
        )
    if account.left_at is not None:
        raise NotPermittedError("This person has left.", hint="Invite them anew.")
    if not administrators.seconds(by, account):
        raise NotPermittedError(
            "There is no second administrator to confirm it.",
            hint="At the machine: voltrail account reset-link NAME.",
        )
    with transaction.atomic():
        made = _ask(Request(kind=RESET, account=account, reason=reason.strip()), by)
        records.done(Act.ASK_RESET, by, account, made.reason)
    return made


def ask_appointment(by: Account, account: Account, wanted: Wanted) -> Request:
    """Ask for a function that one administrator cannot give alone."""
    bindings.check(account, wanted)
    content = bindings.write(wanted)
    return _ask(Request(kind=APPOINT, account=account, content=content, reason=wanted.reason), by)


def waiting() -> tuple[Request, ...]:
    """Return what waits for a second administrator, oldest first."""
    rows = Request.objects.filter(settled_at=None, expires_at__gt=wiring.now())
    return tuple(rows.select_related("account").order_by("pk"))


def refuse(by: Account, number: int) -> Request:
    """Say no; whoever asked may take their own request back in the same way."""
    with transaction.atomic():
        found = _locked(number)
        _settle(found, by, granted=False)
    return found


def confirm(by: Account, number: int) -> tuple[Request, str]:
    """Do what was asked for, as a second administrator; return the new link of a reset."""
    with transaction.atomic():
        administrators.lock()
        found = _locked(number)
        if by.person in (found.asked_by, found.account.person):
            raise NotPermittedError(
                "Nobody confirms what they asked for, or what is about themselves.",
                hint="Another administrator confirms it.",
            )
        if not administrators.is_one(found.asked_by, wiring.now()):
            raise NotPermittedError(
                "Who asked for it is an administrator no more.",
                hint="Refuse it; somebody who is one asks anew.",
            )
        both = PersonId.read(found.asked_by), passkeys.person_of(by)
        link = ""
        if found.kind == RESET:
            link = reset(both, found.account, found.reason)
        else:
            bindings.grant(found.account, bindings.read(found.content), both)
        _settle(found, by, granted=True)
    return found, link


def reset(decided_by: tuple[PersonId, ...], account: Account, reason: str) -> str:
    """Return a new one-time link; password, keys, codes, sessions, foreign log-in are gone."""
    with transaction.atomic():
        account.set_unusable_password()
        account.save(update_fields=["password"])
        factor.end(account)
        account.passkeys.filter(entry=None).delete()
        passkeys.end_all(passkeys.person_of(account), next(iter(decided_by), None))
        account.identities.all().delete()
        sessions.end_all(account)
        records.done_by(Act.RESET_SIGN_IN, decided_by, account, reason)
        _, link = invitations.link(None, account, is_reset=True)
    return link


def _ask(made: Request, by: Account) -> Request:
    if not made.reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    at = wiring.now()
    Request.objects.filter(expires_at__lte=at, settled_at=None).update(settled_at=at)
    made.asked_by, made.asked_at, made.expires_at = passkeys.person_of(by), at, at + LASTS
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise NotPermittedError(
            "This was asked for already.", hint="Another administrator confirms it."
        ) from error
    return made


def _locked(number: int) -> Request:
    rows = Request.objects.select_for_update().filter(pk=number, settled_at=None)
    found = rows.filter(expires_at__gt=wiring.now()).first()
    if found is None:
        raise UnknownSubjectError("This request waits no more.", hint="Look at the list.")
    return found


def _settle(found: Request, by: Account, *, granted: bool) -> None:
    found.settled_by, found.settled_at = by.person, wiring.now()
    found.granted = granted
    found.save(update_fields=["settled_by", "settled_at", "granted"])
