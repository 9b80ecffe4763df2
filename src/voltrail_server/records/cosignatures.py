"""
Cosignatures as rows, and how each witness stands.

A cosignature that is lost can be asked for again; the register stands without it. So these rows are
written outside the lease of the register, and nothing of the register waits for them.
"""

from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

from voltrail_server.records import sql

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LINES = "SELECT lines FROM records_cosignature WHERE size = %s ORDER BY url"
_KEEP = """INSERT INTO records_cosignature (size, url, lines) VALUES (%s, %s, %s)
ON CONFLICT (size, url) DO NOTHING"""
_ROWS = """SELECT url, cosigned, cosigned_at, tries, next_at, problem, alarm
FROM records_witnessstanding ORDER BY url"""
_SET = """INSERT INTO records_witnessstanding
(url, cosigned, cosigned_at, tries, next_at, problem, alarm) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (url) DO UPDATE SET cosigned = excluded.cosigned, cosigned_at = excluded.cosigned_at,
tries = excluded.tries, next_at = excluded.next_at, problem = excluded.problem,
alarm = excluded.alarm"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a witness cosigned and when; how often it failed since, and when to ask it again."""

    url: str
    cosigned: int = 0
    cosigned_at: datetime = _EPOCH
    tries: int = 0
    next_at: datetime = _EPOCH
    problem: str = ""
    alarm: bool = False

    @property
    def has_cosigned(self) -> bool:
        """Whether it ever did."""
        return self.cosigned_at > _EPOCH


class DjangoCosignatures:
    """The cosignatures of one database."""

    def __init__(self, using: str = "default") -> None:
        self.using = using

    def of(self, size: int) -> bytes:
        """Return the lines to put after a checkpoint."""
        return b"".join(bytes(lines) for (lines,) in sql.read(self.using, _LINES, size))

    def keep(self, size: int, url: str, lines: bytes) -> None:
        """Keep what a witness answered; what is there already stays."""
        sql.write(self.using, _KEEP, [(size, url, lines)])

    def standings(self) -> dict[str, Standing]:
        """Return how each witness stands that was ever asked, by its address."""
        return {row[0]: _standing(row) for row in sql.read(self.using, _ROWS)}

    def set(self, one: Standing) -> None:
        """Write how a witness stands."""
        values = [_micros(each) if isinstance(each, datetime) else each for each in astuple(one)]
        sql.write(self.using, _SET, [values])


def _standing(row: tuple[str, int, int, int, int, str, bool]) -> Standing:
    url, cosigned, cosigned_at, tries, next_at, problem, alarm = row
    return Standing(url, cosigned, _time(cosigned_at), tries, _time(next_at), problem, bool(alarm))


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _time(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
