"""
Challenges that wait for an answer.

Whoever owns this table can have a unit asked again, or leave it unasked; an answer counts by the
maker's key alone, and the register takes one for each challenge.
"""

from django.db import models


class ElementChallenge(models.Model):
    """One challenge: which unit, for what, its chance, until when, whether it was answered."""

    nonce = models.CharField(max_length=64, unique=True)
    unit = models.CharField(max_length=200)
    purpose = models.CharField(max_length=20)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    entry = models.BigIntegerField(null=True, blank=True)

    class Meta:
        """One table; a chance is drawn once."""

        db_table = "element_challenge"

    def __str__(self) -> str:
        """Return which unit is asked."""
        return f"{self.unit} ({self.purpose})"
