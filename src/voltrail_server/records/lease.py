"""The row that names which process publishes checkpoints, and until when."""

from datetime import UTC, datetime, timedelta

from django.db import connections, transaction

from voltrail_server.records import sql

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READ = "SELECT holder, until FROM sequencer_lease WHERE id = 1"
_TAKE = """UPDATE sequencer_lease SET holder = %s, until = %s
WHERE id = 1 AND (holder = %s OR until <= %s)"""
_RELEASE = "UPDATE sequencer_lease SET holder = '', until = 0 WHERE id = 1 AND holder = %s"


class DjangoLease:
    """A lease as one row; two who reach for it at once are told apart by the database."""

    def __init__(self, using: str = "default") -> None:
        self.using = using

    def take(self, holder: str, at: datetime, until: datetime) -> bool:
        """Return whether the holder has the lease now; renewed once half of it has passed."""
        ((holding, ends),) = sql.read(self.using, _READ)
        begins, wanted = _micros(at), _micros(until)
        if holding == holder and ends - begins > (wanted - begins) // 2:
            return True
        if holding != holder and ends > begins:
            return False
        return self._changed(_TAKE, holder, wanted, holder, begins)

    def release(self, holder: str) -> None:
        """Give the lease back where this holder has it."""
        self._changed(_RELEASE, holder)

    def _changed(self, query: str, *values: str | int) -> bool:
        with (
            transaction.atomic(using=self.using, savepoint=False),
            connections[self.using].cursor() as cursor,
        ):
            cursor.execute(query, values)
            return cursor.rowcount == 1


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
