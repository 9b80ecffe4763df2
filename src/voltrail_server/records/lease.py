"""
The rows that name which process publishes checkpoints, and which one looks at the clock.

Whoever works on the register as a whole holds all of them: nothing is appended meanwhile.
"""

from datetime import UTC, datetime, timedelta

from django.db import connections, transaction

from voltrail.errors import ProductError, RefusedError, UnverifiableError
from voltrail_server.records import sql

SEQUENCER, CLOCK = 1, 2  # the rows
UPKEEP, LEFT = "upkeep: ", "moved to: "  # how a holder is called that serves nothing
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READ = "SELECT holder, until FROM sequencer_lease WHERE id = %s"
_TAKE = """UPDATE sequencer_lease SET holder = %s, until = %s
WHERE id = %s AND (holder = %s OR until <= %s)"""
_LOOKED = "SELECT until, after FROM due_cursor WHERE id = 1"
_LOOK = "UPDATE due_cursor SET until = %s, after = %s WHERE id = 1"
_HOLDER = "SELECT holder FROM sequencer_lease WHERE holder <> '' AND until > %s ORDER BY id"
_NUMBERS = "SELECT id FROM sequencer_lease ORDER BY id"
_LEAVE = "UPDATE sequencer_lease SET holder = %s, until = %s WHERE holder = %s"
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


def take_all(holder: str, at: datetime, until: datetime, using: str = "default") -> bool:
    """Return whether the holder has every lease now; where one is another's, none is taken."""
    with transaction.atomic(using=using):
        numbers = [number for (number,) in sql.read(using, _NUMBERS)]
        leases = [DjangoLease(using, number=number) for number in numbers]
        had = all(one.take(holder, at, until) for one in leases)
        if not had:
            transaction.set_rollback(True, using=using)
    return had


def give_back_all(holder: str, using: str = "default") -> None:
    """Give back every lease that this holder has."""
    for (number,) in sql.read(using, _NUMBERS):
        DjangoLease(using, number=number).release(holder)


def leave(holder: str, to: str, using: str = "default") -> None:
    """Say in the database itself that its register went elsewhere, for ever."""
    sql.write(using, _LEAVE, [(f"{LEFT}{to}", _micros(FOR_EVER), holder)])


def need_open(at: datetime, using: str = "default") -> None:
    """Refuse to append where the register is worked on as a whole, or went elsewhere."""
    for (found,) in sql.read(using, _HOLDER, _micros(at)):
        if is_closed(found):
            raise UnverifiableError(str(refusal(found)), hint=refusal(found).hint)


def is_closed(held_by: str) -> bool:
    """Whether the holder is nobody who serves."""
    return held_by.startswith((UPKEEP, LEFT))


def refusal(held_by: str) -> ProductError:
    """Return what is said to whoever cannot have a lease, because of who has it."""
    if held_by.startswith(LEFT):
        return RefusedError(
            f"This register was moved to {held_by.removeprefix(LEFT)}.",
            hint="Set VOLTRAIL_DATABASE_URL to that database; two copies would part.",
        )
    if held_by.startswith(UPKEEP):
        return RefusedError(
            f"This register is being worked on: {held_by.removeprefix(UPKEEP)}.",
            hint="Wait for its end. After a crash its hold ends by itself within a minute.",
        )
    return RefusedError(
        f"Another process serves this register: {held_by or 'it has just begun'}.",
        hint="Stop it. After a crash its lease ends by itself within two minutes.",
    )


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
