"""Enrolments of firms' keys that wait for a second person."""

from django.db import models


class KeyRequest(models.Model):
    """A firm's key that one person asked to enrol, what it would be bound to, and how it ended."""

    party = models.CharField(max_length=200)
    algorithm = models.CharField(max_length=30)
    spki = models.TextField()
    key = models.CharField(max_length=64)
    kinds = models.JSONField(default=list)
    places = models.JSONField(default=list)
    valid_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_by = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    entry = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """One table; a key waits once."""

        db_table = "key_request"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(settled_at=None), name="key_waits_once"
            )
        ]

    def __str__(self) -> str:
        """Return whose key it is."""
        return f"{self.key[:12]} ({self.party})"
