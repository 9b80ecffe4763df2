"""
Invitations: an account for a person who is not here yet, and a link that opens it once.

`invite` is the hook for whoever sends mail: it returns the link, which is shown this one time and
kept as a digest. The same links let a person in again after two administrators reset a sign-in.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from voltrail import canonical
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.people import administrators, bindings, limits, records, sessions
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.models import Account, Invitation, Role

LASTS = timedelta(days=7)  # our choice: ADR 0023
MOST_WRONG = 20  # [links] that lead nowhere, from one address, before it waits
_LENGTH = 32  # [bytes] of chance in a link
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_PERSON = 8  # [bytes] of chance in a pseudonym


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited: the name others read, the log-in, an address for mail, and a firm if any."""

    name: str
    log_in: str
    mail: str = ""
    party: str = ""


def pseudonym() -> PersonId:
    """Return a new person's identity, which says nothing about them."""
    return PersonId.of(f"p-{secrets.token_hex(_PERSON)}")


def invite(by: Account | None, who: Invited, wanted: Sequence[Wanted]) -> tuple[Invitation, str]:
    """Return the invitation of a new person, and the whole link, which is never shown again."""
    _need_sense(who)
    if not wanted:
        raise MalformedError("No function is given.", hint="Choose at least one.")
    if any(one.function == Role.ADMINISTRATOR for one in wanted) and by is not None:
        _need_no_second(by)
    with transaction.atomic():
        account = _account(who)
        for one in wanted:
            if by is None:
                bindings.grant(account, one, ())
            else:
                bindings.appoint(by, account, one)
        listed = ", ".join(sorted({one.function for one in wanted}))
        records.done(Act.INVITE, by, account, wanted[0].reason, listed)
        return link(by, account)


def link(by: Account | None, account: Account, *, is_reset: bool = False) -> tuple[Invitation, str]:
    """Return a new link into an account; older ones that wait are taken back."""
    secret, at = secrets.token_urlsafe(_LENGTH), wiring.now()
    account.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    made = Invitation.objects.create(
        account=account,
        digest=canonical.digest(secret.encode()),
        is_reset=is_reset,
        made_by="" if by is None else by.person,
        made_at=at,
        expires_at=at + LASTS,
    )
    return made, f"{settings.VOLTRAIL_ORIGIN}/join/{secret}/"


def again(by: Account, account: Account) -> tuple[Invitation, str]:
    """Return a link for somebody who was invited, or stood in a list, and has not come yet."""
    if not may_come(account):
        raise NotPermittedError(
            "This person has been here.", hint="Two administrators reset a sign-in that is lost."
        )
    with transaction.atomic():
        first = not account.invitations.exists()
        why = "The person stood in a list." if first else "The link was not used; another one."
        records.done(Act.INVITE, by, account, why)
        return link(by, account)


def may_come(account: Account) -> bool:
    """Return whether somebody has an account here and has not come yet."""
    come = account.last_login is not None or administrators.can_log_in(account)
    return not come and account.left_at is None


def take_back(by: Account, account: Account) -> None:
    """End an invitation that nobody used, with the functions that came with it."""
    waits = account.invitations.filter(used_at=None, revoked_at=None)
    if account.is_active or not waits.exists():
        raise NotPermittedError("No invitation waits.", hint="Look at the person's page.")
    with transaction.atomic():
        waits.update(revoked_at=wiring.now())
        for one in bindings.standing(account):
            bindings.end(by, one.number, "The invitation was taken back.")
        records.done(Act.TAKE_BACK_INVITATION, by, account, "The invitation was taken back.")


def opened(secret: str, request: HttpRequest) -> Invitation:
    """Return the invitation behind a link, or say that it leads nowhere."""
    at, address = wiring.now(), sessions.network_of(request)
    limits.need_room("join", address, MOST_WRONG, at)
    digest = canonical.digest(secret.encode(errors="replace"))
    rows = Invitation.objects.select_related("account")
    found = rows.filter(digest=digest, used_at=None, revoked_at=None).first()
    if found is None or at >= found.expires_at:
        limits.count("join", address, at)
        raise UnknownSubjectError(
            "This link is unknown, used, or out of date.",
            hint="Ask an administrator for a new one.",
        )
    return found


def accept(found: Invitation, form: Mapping[str, str]) -> Account:
    """Return the account, open and with the password that its person chose."""
    password = form.get("password", "")
    if password != form.get("again", ""):
        raise MalformedError("The two passwords differ.", hint="Type the same one twice.")
    need_good(password, found.account)
    found.account.set_password(password)
    return use(found)


def use(found: Invitation) -> Account:
    """Return the account behind a link, open now; the link is used up, by one person only."""
    at = wiring.now()
    with transaction.atomic():
        rows = Invitation.objects.filter(pk=found.pk, used_at=None, revoked_at=None)
        if not rows.update(used_at=at):
            raise UnknownSubjectError("This link was just used.", hint="Ask for a new one.")
        account = found.account
        account.is_active = True
        account.save()
        if not found.is_reset:
            records.done(Act.OPEN_ACCOUNT, account, account, "The invited person came.")
        sessions.end_all(account)
    return account


def need_good(password: str, account: Account) -> None:
    """Refuse a password that is easily guessed."""
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise MalformedError(" ".join(error.messages), hint="Choose another password.") from error


def _account(who: Invited) -> Account:
    try:
        with transaction.atomic():
            return Account.objects.create_user(
                who.log_in,
                display_name=who.name.strip()[:120],
                mail=who.mail.strip(),
                party=who.party,
                person=str(pseudonym()),
                is_active=False,
                made_here=False,
            )
    except IntegrityError as error:
        raise MalformedError(
            _("The log-in %(log_in)s is taken.") % {"log_in": who.log_in},
            hint="Choose another log-in name.",
        ) from error


def _need_no_second(by: Account) -> None:
    if administrators.seconds(by, by):
        raise NotPermittedError(
            "An administrator is made by two administrators.",
            hint="Invite with another function, then ask for this one on the person's page.",
        )


def _need_sense(who: Invited) -> None:
    if not who.name.strip():
        raise MalformedError("The person has no name.", hint="Write how others call them.")
    if not _NAME.fullmatch(who.log_in):
        raise MalformedError(
            _("%(log_in)s is no log-in name.") % {"log_in": f"{who.log_in!r:.70}"},
            hint="Use small letters, digits, . _ and -.",
        )
    try:
        if who.mail.strip():
            validate_email(who.mail.strip())
    except ValidationError as error:
        raise MalformedError("That is no mail address.", hint="Write name@firm.example.") from error
