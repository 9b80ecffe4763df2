"""
Drafts to sign, the signatures collected so far, and policies that somebody is still writing.

Ordinary rows outside the register: whoever owns this table can lose a draft or show another one,
but cannot sign it. Bytes that wait are never changed; a new wish is a new draft.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """How a draft stands; one that is open past its end has expired."""

    OPEN = "open", "Open"
    HANDED_IN = "handed-in", "Handed in"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Draft(models.Model):
    """A statement's exact bytes, what they are for, and whose signatures they need."""

    payload = models.BinaryField()
    kind = models.CharField(max_length=200)
    purpose = models.CharField(max_length=400)
    needed = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="drafts"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    entry = models.BigIntegerField(null=True, blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        """One table of drafts, asked for by state."""

        db_table = "draft"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "expires_at"], name="draft_open")]

    def __str__(self) -> str:
        """Return its purpose."""
        return self.purpose

    def is_open(self, at: datetime) -> bool:
        """Return whether it still takes signatures at a time."""
        return self.state == State.OPEN and at < self.expires_at


class Signature(models.Model):
    """A person asked to sign a draft, and the signature once it came."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="signatures")
    person = models.CharField(max_length=200)
    key = models.CharField(max_length=64, blank=True)
    sig = models.BinaryField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=10, blank=True)
    by_role = models.BooleanField(default=False)  # taken by one of the role, named by nobody

    class Meta:
        """One row for each person; one key signs once."""

        db_table = "draft_signature"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "person"], name="draft_person_once"),
            models.UniqueConstraint(
                fields=["draft", "key"], condition=~Q(key=""), name="draft_key_once"
            ),
        ]

    def __str__(self) -> str:
        """Return whose it is."""
        return self.person


class Proposal(models.Model):
    """A policy that is being written: its content as JSON, and the draft it became, if any."""

    title = models.CharField(max_length=200)
    content = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals"
    )

    class Meta:
        """One table of proposals, newest first."""

        db_table = "policy_proposal"
        ordering = ["-id"]

    def __str__(self) -> str:
        """Return its title."""
        return self.title
