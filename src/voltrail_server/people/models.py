"""
An account: a log-in, the person it speaks for, one role; and the passkeys it has asked for.

Names and log-ins stay here and can be erased; the register knows the pseudonym only. Which key a
person signs with is in force by the register alone: a row here is a wish until it is confirmed.
"""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models


class Role(models.TextChoices):
    """What a person does here."""

    PROCUREMENT = "procurement", "Procurement"
    QUALITY = "quality", "Quality"
    FACILITIES = "facilities", "Facilities"
    OT = "ot", "Operational technology"
    IT = "it", "Information technology"
    SECURITY = "security", "Security"
    AUDITOR = "auditor", "Auditor"
    SUPPLIER = "supplier", "Supplier"
    ADMINISTRATOR = "administrator", "Administrator"


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

    def create_superuser(
        self,
        username: str,
        password: str | None = None,
        **more: Any,  # noqa: ANN401 — Django's signature
    ) -> "Account":
        """Return a stored administrator's account."""
        more = {"role": Role.ADMINISTRATOR, "is_superuser": True, **more}
        return self.create_user(username, password, **more)


class Account(AbstractBaseUser, PermissionsMixin):
    """A log-in, its person and its role."""

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
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.FACILITIES)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        """One table of accounts."""

        db_table = "account"

    def __str__(self) -> str:
        """Return the name shown beside what this person does."""
        return self.display_name or self.username

    @property
    def is_outside(self) -> bool:
        """Whether the person belongs to another firm and may not read the operator's pages."""
        return self.role == Role.SUPPLIER


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
