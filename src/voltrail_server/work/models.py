"""
One piece of long work: who began it, how far it is, what came of it.

A row is what people see; the queue's own row is only how a worker hears of it. Whoever owns this
table can stop work or show a wrong count, but puts nothing on record.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

SILENT = timedelta(seconds=60)  # a worker that gave no sign for longer is taken for dead


class State(models.TextChoices):
    """How work stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


ENDED = frozenset({State.DONE, State.FAILED, State.STOPPED})


class Work(models.Model):
    """A verb with its arguments, and how far a worker has come with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    verb = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="works"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stop_asked = models.BooleanField(default=False)
    attempt = models.PositiveIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    counted = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=400, blank=True)
    hint = models.CharField(max_length=400, blank=True)
    trace = models.CharField(max_length=32, blank=True)
    result = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One table, newest first."""

        db_table = "work"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["started_by", "-created_at"], name="work_of_account"),
            models.Index(fields=["state", "heartbeat"], name="work_alive"),
        ]

    def __str__(self) -> str:
        """Return what it is called."""
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in ENDED

    def is_dead(self, at: datetime) -> bool:
        """Return whether a worker began it and gave no sign for too long."""
        if self.state != State.RUNNING:
            return False
        return self.heartbeat is None or at - self.heartbeat > SILENT
