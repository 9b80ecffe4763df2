"""The rows that name which process publishes checkpoints, and which one looks at the clock."""

from datetime import UTC, datetime, timedelta

from django.db import connections, transaction

from voltrail_server.records import sql

SEQUENCER, CLOCK = 1, 2  # the rows
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READ = "SELECT holder, until FROM sequencer_lease WHERE id = %s"
_TAKE = """UPDATE sequencer_lease SET holder = %s, until = %s
WHERE id = %s AND (holder = %s OR until <= %s)"""
_LOOKED = "SELECT until, after FROM due_cursor WHERE id = 1"
_LOOK = "UPDATE due_cursor SET until = %s, after = %s WHERE id = 1"
_HOLDER = "SELECT holder FROM sequencer_lease WHERE holder <> '' AND until > %s ORDER BY id"
_RELEASE = "UPDATE sequencer_lease SET holder = '', until = 0 WHERE id = %s AND holder = %s"


class DjangoLease:
    """A lease as one row; two who reach for it at once are told apart by the database."""

    def __init__(self, using: str = "default", *, number: int = SEQUENCER) -> None:
        self.using, self._number = using, number

    def take(self, holder: str, at: datetime, until: datetime) -> bool:
        """Return whether the holder has the lease now; renewed once half of it has passed."""
        ((holding, ends),) = sql.read(self.using, _READ, self._number)
        begins, wanted = _micros(at), _micros(until)
        if holding == holder and ends - begins > (wanted - begins) // 2:
            return True
        if holding != holder and ends > begins:
            return False
        return self._changed(_TAKE, holder, wanted, self._number, holder, begins)

    def release(self, holder: str) -> None:
        """Give the lease back where this holder has it."""
        self._changed(_RELEASE, self._number, holder)

    def _changed(self, query: str, *values: str | int) -> bool:
        with (
            transaction.atomic(using=self.using, savepoint=False),
            connections[self.using].cursor() as cursor,
        ):
            cursor.execute(query, values)
            return cursor.rowcount == 1


def holder(at: datetime, using: str = "default") -> str:
    """Return who holds a lease at a time; nothing where nobody does."""
    rows = sql.read(using, _HOLDER, _micros(at))
    return str(rows[0][0]) if rows else ""


class DjangoCursor:
    """How far the clock was looked at, as one row."""

    def __init__(self, using: str = "default") -> None:
        self.using = using

    def read(self) -> tuple[datetime, str]:
        """Return until when, and after which arrival the round goes on."""
        ((until, after),) = sql.read(self.using, _LOOKED)
        return _EPOCH + timedelta(microseconds=until), after

    def write(self, until: datetime, after: str) -> None:
        """Remember both."""
        sql.write(self.using, _LOOK, [(_micros(until), after)])


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
