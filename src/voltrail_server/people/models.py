"""
An account: a log-in, the person it speaks for; and the passkeys it has asked for.

What a person may do are the appointments of `people.tables`, and nothing here.

Names and log-ins stay here and can be erased; the register knows the pseudonym only. Which key a
person signs with is in force by the register alone: a row here is a wish until it is confirmed.
"""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from voltrail_server.people.tables import (
    Binding,
    Code,
    Factor,
    Invitation,
    LinkedIdentity,
    Request,
    Session,
    Tally,
    Unstated,
)

__all__ = [
    "Account",
    "Binding",
    "Code",
    "Factor",
    "Invitation",
    "LinkedIdentity",
    "Passkey",
    "Request",
    "Role",
    "Session",
    "Tally",
    "Unstated",
]


class Role(models.TextChoices):
    """What a person does here."""

    PROCUREMENT = "procurement", _("Procurement")
    QUALITY = "quality", _("Quality")
    FACILITIES = "facilities", _("Facilities")
    OT = "ot", _("Operational technology")
    IT = "it", _("Information technology")
    SECURITY = "security", _("Security")
    AUDITOR = "auditor", _("Auditor")
    SUPPLIER = "supplier", _("Supplier")
    ADMINISTRATOR = "administrator", _("Administrator")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with hashed passwords."""

    def create_user(
        self,
        username: str,
        password: str | None = None,
        **more: Any,  # noqa: ANN401 — Django's signature
    ) -> "Account":
        """Return a stored account; without a password nobody can log in with it."""
        account = self.model(username=username, **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """
    A log-in and its person; open, or closed.

    `made_here` says that the command line at the machine made it and nobody was invited.
    """

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=120, blank=True)
    person = models.CharField(
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(r"^urn:voltrail:person:.+$", "Write urn:voltrail:person:<key>.")
        ],
    )
    party = models.CharField(max_length=200, blank=True)
    mail = models.EmailField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    made_here = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        """One table of accounts."""

        db_table = "account"

    def __str__(self) -> str:
        """Return the name shown beside what this person does."""
        return self.display_name or self.username


class Passkey(models.Model):
    """An authenticator's public key, as its owner added it, and who confirmed that it is theirs."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    label = models.CharField(max_length=60)
    credential = models.CharField(max_length=1_400)
    key = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=30)
    spki = models.TextField()
    relying_party = models.CharField(max_length=253)
    added_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    entry = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """One table of passkeys; one account has a key once."""

        db_table = "passkey"
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="passkey_once_an_account")
        ]

    def __str__(self) -> str:
        """Return what its owner calls it."""
        return self.label
