"""What a person changes of their own account: the password."""

from collections.abc import Mapping

from voltrail.errors import MalformedError, NotPermittedError
from voltrail_server import wiring
from voltrail_server.people import invitations, limits
from voltrail_server.people.models import Account

_MOST_WRONG = 10  # [passwords] in a window


def change_password(account: Account, form: Mapping[str, str]) -> None:
    """Set a new password, once the old one was given, if there was one."""
    at, who = wiring.now(), str(account.pk)
    limits.need_room("old password", who, _MOST_WRONG, at)
    if account.has_usable_password() and not account.check_password(form.get("old", "")):
        limits.count("old password", who, at)
        raise NotPermittedError("The old password is another one.", hint="Type it once more.")
    password = form.get("password", "")
    if password != form.get("again", ""):
        raise MalformedError("The two passwords differ.", hint="Type the same one twice.")
    invitations.need_good(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
