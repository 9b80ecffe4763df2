"""
Notices, wishes, and letters that wait to be sent.

Whoever owns these tables can hide a notice or invent one, but puts nothing on record. A letter's
text is wiped once it is gone.
"""

from django.conf import settings
from django.db import models

_ACCOUNT = settings.AUTH_USER_MODEL


class Letter(models.Model):
    """One mail to one person: waiting, being handed over, gone, refused, or given up."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="letters")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        """One table of letters, oldest first."""

        db_table = "letter"
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "next_at"], name="letter_waiting")]

    def __str__(self) -> str:
        """Return its subject."""
        return self.subject


class Notice(models.Model):
    """One thing told to one person, once for each kind and source."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=64)
    subject = models.CharField(max_length=200, blank=True)
    sentence = models.CharField(max_length=500)
    hint = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=400)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, default="none")
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        """One table of notices, newest first."""

        db_table = "notice"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "source"], name="notice_once")
        ]
        indexes = [
            models.Index(
                fields=["account"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True, shown=True),
            ),
            models.Index(fields=["mail", "letter"], name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        """Return what it says."""
        return self.sentence


class Wish(models.Model):
    """How a person wants to be told of one kind."""

    account = models.ForeignKey(_ACCOUNT, on_delete=models.CASCADE, related_name="wishes")
    kind = models.CharField(max_length=20)
    shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, default="none")

    class Meta:
        """One table of wishes; one for each person and kind."""

        db_table = "notice_wish"
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="wish_once")]

    def __str__(self) -> str:
        """Return the kind."""
        return self.kind


class Habit(models.Model):
    """When a person reads the daily mail, in which zone; and the day it was last made for."""

    account = models.OneToOneField(_ACCOUNT, on_delete=models.CASCADE, related_name="habit")
    hour = models.PositiveSmallIntegerField(default=7)
    zone = models.CharField(max_length=60, default="UTC")
    made_for = models.DateField(null=True, blank=True)

    class Meta:
        """One for each person who chose, or had a daily mail."""

        db_table = "notice_habit"

    def __str__(self) -> str:
        """Return the hour and zone."""
        return f"{self.hour} {self.zone}"


class AddressChange(models.Model):
    """A mail address that somebody says is theirs, until they open the link sent there."""

    account = models.OneToOneField(_ACCOUNT, on_delete=models.CASCADE, related_name="new_address")
    mail = models.EmailField()
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        """One for each person; a new one takes the place of the old."""

        db_table = "notice_address"

    def __str__(self) -> str:
        """Return the address."""
        return self.mail


class Told(models.Model):
    """One row: the last event that was told, and when duties and ends were last looked at."""

    id = models.SmallIntegerField(primary_key=True)
    event = models.BigIntegerField()
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The table's own name."""

        db_table = "notice_told"
