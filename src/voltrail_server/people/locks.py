"""Log-ins that were tried too often: who is locked out, and the unlocking, which is on record."""

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from voltrail.statements.administration import Act
from voltrail_server.people import limits, records
from voltrail_server.people.models import Account


def locked() -> dict[str, tuple[str, ...]]:
    """Return the log-in names that are locked now, each with the addresses it was tried from."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    found: dict[str, set[str]] = {}
    for name, address in rows.values_list("username", "ip_address"):
        found.setdefault(str(name), set()).add(str(address))
    return {name: tuple(sorted(addresses)) for name, addresses in found.items()}


def unlock(by: Account, account: Account) -> None:
    """Let an account be tried again at once."""
    with transaction.atomic():
        reset(username=account.username)
        limits.forget("password account", account.username.lower())
        limits.forget("code", str(account.pk))
        records.done(Act.UNLOCK, by, account, "The log-in was unlocked before its time.")
