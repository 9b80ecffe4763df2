"""
An import from upload to result, and the mappings that people saved.

The file itself is a blob, named by its digest here and in every statement it led to. Whoever owns
these tables can show a wrong preview, but puts nothing on record.
"""

import uuid

from django.conf import settings
from django.db import models


class State(models.TextChoices):
    """How far an import is."""

    READING = "reading", "Being read"
    FAILED = "failed", "Could not be read"
    UPLOADED = "uploaded", "Columns to be confirmed"
    READY = "ready", "Previewed"
    RUNNING = "running", "Being recorded"
    DONE = "done", "Recorded"
    DROPPED = "dropped", "Dropped"


class Import(models.Model):
    """One file of one kind of list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows_digest = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField()
    columns = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    sources = models.JSONField(default=dict)
    day_first = models.BooleanField(null=True)
    comma = models.BooleanField(null=True)
    mapping = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    work = models.UUIDField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list)

    class Meta:
        """One table, newest first."""

        db_table = "import"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class SavedMapping(models.Model):
    """Which column is which field, saved under a name for one kind of list."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    columns = models.JSONField(default=list)
    sources = models.JSONField(default=dict)
    day_first = models.BooleanField(null=True)
    comma = models.BooleanField(null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="mappings"
    )
    saved_at = models.DateTimeField()

    class Meta:
        """One table; a name stands once for each kind."""

        db_table = "import_mapping"
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_name_once")]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
