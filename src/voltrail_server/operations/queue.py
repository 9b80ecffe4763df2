"""How long the oldest task waits."""

from datetime import datetime

from django.db.models import Min
from django_tasks_db.models import DBTaskResult


def oldest_waiting() -> datetime | None:
    """Return since when the oldest task waits that could be done now."""
    found = DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"))["oldest"]
    return found if isinstance(found, datetime) else None
