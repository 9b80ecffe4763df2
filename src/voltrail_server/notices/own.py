"""What a person does with notices: read them, choose how to be told, change the address."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from voltrail import canonical
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail_server.notices import letters
from voltrail_server.notices.kinds import HOWS, KINDS
from voltrail_server.notices.models import AddressChange, Habit, Letter, Notice, Wish
from voltrail_server.people import limits
from voltrail_server.people.language import speaking
from voltrail_server.people.models import Account

LASTS = timedelta(hours=24)
LISTED = 200  # [notices] on one page
_MOST_CHANGES = 5  # [addresses] in a window
_MOST_WRONG = 10  # [links] in a window
_HOURS = frozenset(map(str, range(24)))  # of a day


def unread(account: Account) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(account=account, read_at=None, shown=True).count()


def listing(account: Account, kind: str = "", *, only_unread: bool = False) -> list[Notice]:
    """Return a person's notices, unread ones first, newest first."""
    found = Notice.objects.filter(account=account, shown=True)
    if kind:
        found = found.filter(kind=kind)
    new = list(found.filter(read_at=None).order_by("-id")[:LISTED])
    if only_unread:
        return new
    return new + list(found.exclude(read_at=None).order_by("-id")[: LISTED - len(new)])


def read(account: Account, number: int | None, at: datetime) -> None:
    """Mark one notice of a person as read, or all of them."""
    found = Notice.objects.filter(account=account, read_at=None)
    (found if number is None else found.filter(pk=number)).update(read_at=at)


def opened(account: Account, number: int, at: datetime) -> str:
    """Mark a notice as read and return where it leads."""
    found = Notice.objects.filter(account=account, pk=number).first()
    if found is None:
        raise UnknownSubjectError("There is no such notice.", hint="Look at the list.")
    read(account, number, at)
    return found.address


def wishes(account: Account) -> list[tuple[str, str, bool, str]]:
    """Return, for each kind, its title, whether it is shown, and how it is mailed."""
    chosen = {one.kind: one for one in Wish.objects.filter(account=account)}
    found = []
    for kind in KINDS.values():
        one = chosen.get(kind.name)
        shown, mail = (one.shown, one.mail) if one else (True, kind.mail)
        found.append((kind.name, _(kind.title), shown, mail))
    return found


def habit(account: Account) -> Habit:
    """Return when a person reads the daily mail."""
    return Habit.objects.filter(account=account).first() or Habit(account=account)


def zones() -> list[str]:
    """Return the names of zones, as the zone database has them."""
    return sorted(available_timezones())


def choose(account: Account, form: Mapping[str, str]) -> None:
    """Keep how a person wants to be told."""
    hour, zone = form.get("hour", ""), form.get("zone", "")
    if hour not in _HOURS:
        raise MalformedError(_("That is no hour."), hint=_("Choose 0 to 23."))
    if zone not in available_timezones():
        raise MalformedError(_("That is no zone."), hint=_("Choose one of the list."))
    ZoneInfo(zone)
    with transaction.atomic():
        for kind in KINDS:
            mail = form.get(f"mail-{kind}", "")
            if mail not in HOWS:
                raise MalformedError(_("That is no way to be told."), hint=_("Choose one."))
            kept = {"shown": bool(form.get(f"shown-{kind}")), "mail": mail}
            Wish.objects.update_or_create(account=account, kind=kind, defaults=kept)
        kept_hour = {"hour": int(hour), "zone": zone}
        Habit.objects.update_or_create(account=account, defaults=kept_hour)


def ask_address(account: Account, mail: str, at: datetime) -> None:
    """Send a link to the address that somebody says is theirs; it counts once they open it."""
    wanted = mail.strip()
    try:
        validate_email(wanted)
    except ValidationError as error:
        raise MalformedError(
            _("That is no mail address."), hint=_("Write name@firm.example.")
        ) from error
    if not letters.is_set_up():
        raise NotPermittedError(
            _("This server sends no mail."), hint=_("Ask whoever runs it to set mail up.")
        )
    limits.need_room("address", str(account.pk), _MOST_CHANGES, at)
    limits.count("address", str(account.pk), at)
    secret = secrets.token_urlsafe(32)
    kept = {"mail": wanted, "digest": _digest(secret), "expires_at": at + LASTS}
    with transaction.atomic():
        AddressChange.objects.update_or_create(account=account, defaults=kept)
        link = f"{settings.VOLTRAIL_ORIGIN}/me/address/{secret}/"
        with speaking(account):
            said = _("Open this within a day, logged in, and Voltrail writes to this address:")
            body = f"{said}\n{link}\n\n" + _("You did not ask for it? Then do nothing.")
            letters.write(account, _("Confirm your mail address"), body, at, wanted)


def confirm_address(account: Account, secret: str, at: datetime) -> str:
    """Take the address over whose link was opened; the old one is told."""
    limits.need_room("address link", str(account.pk), _MOST_WRONG, at)
    found = AddressChange.objects.filter(account=account, digest=_digest(secret)).first()
    if found is None or at >= found.expires_at:
        limits.count("address link", str(account.pk), at)
        raise UnknownSubjectError(
            _("This link is unknown, used, or out of date."), hint=_("Ask for a new one.")
        )
    with transaction.atomic(), speaking(account):
        said = _("Mail of Voltrail to you goes to another address from now on.")
        ask = _("You did not change it? Tell an administrator.")
        if account.mail:
            letters.write(account, _("Your mail address was changed"), f"{said}\n{ask}", at)
        account.mail = found.mail
        account.save(update_fields=["mail"])
        found.delete()
    return account.mail


def invitation(account: Account, link: str, at: datetime) -> bool:
    """Mail somebody their one-time link; return whether it goes."""
    with speaking(account):
        said = _("You are invited to Voltrail. This link opens your account once, within 7 days:")
        body = f"{said}\n{link}\n\n" + _("It is for you alone. Do not pass it on.")
        return letters.write(account, _("Your invitation"), body, at) is not None


def last_problem(account: Account) -> Letter | None:
    """Return the newest letter to a person's address where it did not arrive."""
    newest = Letter.objects.filter(account=account, to=account.mail).order_by("-id").first()
    return newest if newest is not None and newest.state in ("refused", "given-up") else None


def _digest(secret: str) -> str:
    return canonical.digest(secret.encode(errors="replace"))
