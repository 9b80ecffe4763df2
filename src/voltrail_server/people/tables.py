"""
What stands around an account: functions, invitations, sessions, second factors, foreign log-ins.

Functions mirror `appointment` statements and can be folded again from the register. Secrets are
kept as digests, but for the TOTP secret, which must be read and is sealed. Judges nothing.
"""

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

_ACCOUNT = settings.AUTH_USER_MODEL


class Binding(models.Model):
    """A person in a function: where, from when until when, and the entries that say so."""

    number = models.CharField(max_length=80, unique=True)
    person = models.CharField(max_length=200, db_index=True)
    function = models.CharField(max_length=20)
    places = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)  # its date, or when it was ended
    deputy_for = models.CharField(max_length=200, blank=True)
    decided_by = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    entry = models.BigIntegerField()
    end_entry = models.BigIntegerField(null=True, blank=True)
    ended_by = models.JSONField(default=list)

    class Meta:
        """One table of functions, in the order they were given."""

        db_table = "people_binding"
        ordering = ["entry"]

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class Unstated(models.Model):
    """A function that an account had before functions were stated; an upgrade states it."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="unstated")
    function = models.CharField(max_length=20)

    class Meta:
        """One table of what waits to be stated; empty but for a moment of an upgrade."""

        db_table = "people_unstated"

    def __str__(self) -> str:
        """Return the function."""
        return self.function


class Invitation(models.Model):
    """A one-time link into an account: for the first time, or after a sign-in was lost."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    is_reset = models.BooleanField(default=False)
    made_by = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One table of links, newest first."""

        db_table = "people_invitation"
        ordering = ["-id"]

    def __str__(self) -> str:
        """Return whom it is for."""
        return f"for account {self.account_id}"


class Request(models.Model):
    """What one administrator asked for and another must confirm: a reset, or a function."""

    kind = models.CharField(max_length=20)  # "reset" or "appoint"
    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="requests")
    content = models.JSONField(default=dict)
    reason = models.TextField()
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_by = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(default=False)

    class Meta:
        """One table of requests, newest first; one of a kind waits for an account."""

        db_table = "people_request"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(settled_at=None, kind="reset"),
                name="one_reset_waits",
            )
        ]

    def __str__(self) -> str:
        """Return what is asked for."""
        return self.kind


class Factor(models.Model):
    """A second factor that shows codes: its sealed secret, and the last step that was used."""

    account = models.OneToOneField(_ACCOUNT, on_delete=models.CASCADE, related_name="factor")
    sealed = models.TextField()
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        """One for each account."""

        db_table = "people_factor"

    def __str__(self) -> str:
        """Return whose it is."""
        return f"of account {self.account_id}"


class Code(models.Model):
    """A recovery code, as a digest, used once."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One table of codes; an account has a code once."""

        db_table = "people_code"
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="code_once_an_account")
        ]

    def __str__(self) -> str:
        """Return whose it is."""
        return f"of account {self.account_id}"


class LinkedIdentity(models.Model):
    """Who a person is at the firm's own log-in: issuer and subject, of exactly one account."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=400)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One table of foreign identities; each leads to one account, an account has one."""

        db_table = "people_identity"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["account", "issuer"], name="account_once_an_issuer"),
        ]

    def __str__(self) -> str:
        """Return the subject."""
        return self.subject


class Session(AbstractBaseSession):
    """A browser that is logged in: whose, which device, from where, since when, last seen."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, null=True)
    device = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        """One table of sessions."""

        db_table = "people_session"

    def __str__(self) -> str:
        """Return the device."""
        return self.device

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """Return the store that keeps sessions here."""
        store: type[SessionStore] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store


class Tally(models.Model):
    """How often something happened in a window of time; for limits that all processes share."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        """One row for each key and window."""

        db_table = "people_tally"
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="tally_once")]

    def __str__(self) -> str:
        """Return the count."""
        return str(self.count)
