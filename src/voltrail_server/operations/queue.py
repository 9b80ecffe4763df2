"""
The queue as an administrator looks after it: how long the oldest task waits, what is over.

Files that a worker wrote, lists of people and the queue's own rows are kept for a week, challenges
to elements for a day. What people see of their work, a row of `work`, stays.
"""

from datetime import datetime, timedelta

from django.db.models import Min
from django_tasks_db.models import DBTaskResult

from voltrail_server import wiring
from voltrail_server.elements import asking
from voltrail_server.exporting import shelf
from voltrail_server.jobs.tidying import Tidying

KEPT = timedelta(seconds=shelf.KEPT_S)


def oldest_waiting() -> datetime | None:
    """Return since when the oldest task waits that could be done now."""
    found = DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"))["oldest"]
    return found if isinstance(found, datetime) else None


def tidying() -> Tidying:
    """Return what removes files and finished tasks that were kept long enough, not started."""
    return Tidying((shelf.tidy, forget, asking.tidy))


def forget() -> int:
    """Remove the queue's rows of tasks that ended a week ago; return how many."""
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=wiring.now() - KEPT)
    return ended.delete()[0]
