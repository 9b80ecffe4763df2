"""
A person leaves: functions, keys, sessions and ways in end at once; nothing on record is lost.

Drafts that need their signature are withdrawn and say why; those they began stay for others. What
is still theirs is listed, so that somebody takes it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _

from voltrail.actions import hold as holds
from voltrail.actions import keys, waived
from voltrail.errors import MalformedError, NotPermittedError
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.people import (
    administrators,
    bindings,
    factor,
    functions,
    passkeys,
    records,
    sessions,
)
from voltrail_server.people.models import Account, Binding, Role
from voltrail_server.signing.models import Draft, State


@dataclass(frozen=True, slots=True)
class Theirs:
    """What is still a person's: functions, keys, drafts, holds and open steps of exceptions."""

    functions: tuple[Binding, ...] = ()
    keys: int = 0
    to_sign: tuple[Draft, ...] = ()
    begun: tuple[Draft, ...] = ()
    holds: tuple[tuple[int, str], ...] = ()
    steps: tuple[tuple[int, str], ...] = ()

    @property
    def count(self) -> int:
        """How many things there are."""
        listed: tuple[Sequence[object], ...] = (
            self.functions,
            self.to_sign,
            self.begun,
            self.holds,
            self.steps,
        )
        return self.keys + sum(map(len, listed))


def theirs(account: Account) -> Theirs:
    """Return what is still a person's."""
    if not account.person:
        return Theirs(begun=tuple(_open_drafts().filter(created_by=account)))
    desk, at, person = wiring.desk(), wiring.now(), passkeys.person_of(account)
    held = keys.held_keys(desk, person, at)
    return Theirs(
        bindings.standing(account),
        sum(1 for one in held if one.state == "active"),
        tuple(_to_sign(account)),
        tuple(_open_drafts().filter(created_by=account)),
        tuple(
            (one.hold.entry.index, one.hold.fact.cause)
            for one in holds.holds(desk)
            if one.stands and one.hold.fact.owner == person
        ),
        tuple(
            (one.waiver.entry.index, step.what)
            for one in waived.waivers(desk, at)
            for _number, step, is_done in one.steps
            if one.state == waived.IN_FORCE and step.owner == person and not is_done
        ),
    )


def leave(by: Account | None, account: Account, reason: str) -> Theirs:
    """Close an account for good; nobody in `by` is the command line at the machine."""
    person = passkeys.person_of(account)
    with transaction.atomic():
        administrators.lock()
        _need_closable(by, account, reason)
        left = theirs(account)
        for one in left.functions:
            bindings.end(by, one.number, reason)
        passkeys.end_all(person, None if by is None else passkeys.person_of(by))
        for draft in left.to_sign:
            draft.state = State.WITHDRAWN
            draft.refusal = _("Withdrawn: one of those who were to sign it has left.")
            draft.save(update_fields=["state", "refusal"])
        _shut(account)
        records.done(Act.LEAVE, by, account, reason, f"{len(left.to_sign)} drafts withdrawn")
    return left


def erase(by: Account, account: Account) -> None:
    """Forget the name, log-in and address of a person who has left; the pseudonym stays."""
    if account.left_at is None:
        raise NotPermittedError(
            "The person has not left.", hint="Close the account first, then erase the name."
        )
    with transaction.atomic():
        account.username = f"erased-{account.pk}"
        account.display_name = account.mail = ""
        account.passkeys.update(label="Passkey")
        for kept in ("letters", "notices", "saved_filters"):  # an address, and their own words
            getattr(account, kept).all().delete()
        if hasattr(account, "new_address"):
            account.new_address.delete()
        account.save(update_fields=["username", "display_name", "mail"])
        records.done(Act.ERASE_NAME, by, account, "The name was erased; the pseudonym stays.")


def _shut(account: Account) -> None:
    """Close every way in."""
    at = wiring.now()
    account.is_active, account.left_at = False, at
    account.set_unusable_password()
    account.save(update_fields=["is_active", "left_at", "password"])
    account.passkeys.filter(entry=None).delete()
    account.identities.all().delete()
    account.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    account.requests.filter(settled_at=None).update(settled_at=at)
    factor.end(account)
    sessions.end_all(account)
    functions.forget(account)
    administrators.let_go(account.person, at)


def _need_closable(by: Account | None, account: Account, reason: str) -> None:
    if by is not None and by.person == account.person:
        raise NotPermittedError(
            "Nobody closes their own account.", hint="Ask another administrator."
        )
    if account.left_at is not None:
        raise NotPermittedError("This person has left.", hint="Nothing is left to close.")
    if not reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    if Role.ADMINISTRATOR in functions.names(account):
        administrators.need_left(account.person)


def _open_drafts() -> models.QuerySet[Draft]:
    return Draft.objects.filter(state=State.OPEN, expires_at__gt=wiring.now())


def _to_sign(account: Account) -> models.QuerySet[Draft]:
    named = {"signatures__person": account.person, "signatures__key": ""}
    return _open_drafts().filter(**named, signatures__by_role=False).distinct()
