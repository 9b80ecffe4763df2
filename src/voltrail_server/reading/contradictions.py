"""
What stands against itself, for pages, programs and spreadsheets: arrival by arrival, newest first.

Read from what was kept when each arrival was judged. What is about a lot that has not arrived
stands on the lot's own page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from voltrail.actions import contradictions as actions
from voltrail.errors import MalformedError
from voltrail.ids.subject import parse
from voltrail.projections import anomalies
from voltrail.projections.rules.model import GRAVITY
from voltrail.projections.store import FoundRow
from voltrail_server import wiring
from voltrail_server.reading import arrivals
from voltrail_server.reading.page import (
    COUNT_CAP,
    PER_PAGE,
    Page,
    capped,
    cut,
    not_a_cursor,
    read_cursor,
)

HEAD = ("arrival", "rule", "name", "severity", "subject", "sentence", "instead", "entries")
_COLUMNS = ", ".join(FoundRow.__struct_fields__)
_CHUNK = 1_000  # [findings] of a whole list read at once
_WALK = ("received_at", "arrival", "number")
_TABLE = "records_found AS found"
_NEWER = """NOT EXISTS (SELECT 1 FROM records_found AS later WHERE later.subject = found.subject
AND later.rule = found.rule AND later.severity = found.severity AND later.entries = found.entries
AND (later.received_at, later.arrival) > (found.received_at, found.arrival){place})"""
_DIGITS = 9  # [digits] of the number of a finding in a cursor


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; an empty field means any."""

    rule: str = ""
    severity: str = ""
    place: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The fields that narrow."""
        pairs = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in pairs if value}

    def fits(self, found: Any) -> bool:  # noqa: ANN401 — an anomaly
        """Return whether a finding is wanted."""
        return self.rule in ("", found.rule) and self.severity in ("", found.severity)


@dataclass(frozen=True, slots=True)
class Row:
    """A finding, the arrival through which it was found, and its place on the walk."""

    arrival: str
    place: str
    found: Any
    at: tuple[str, str, str]


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """Return what a query string narrows the list to."""
    rule, severity = query.get("rule", "").upper(), query.get("severity", "").upper()
    if rule and rule not in actions.names():
        raise MalformedError(
            _("There is no rule %(rule)s.") % {"rule": rule[:40]}, hint=_("Choose R1 to R24.")
        )
    if severity and severity not in list(GRAVITY):
        raise MalformedError(
            _("There is no severity %(severity)s.") % {"severity": severity[:40]},
            hint=_("Choose H, M or L."),
        )
    return Wanted(rule, severity, arrivals.read_filter({"place": query.get("place", "")}).place)


def listing(wanted: Wanted, cursor: str = "") -> Page:
    """Return one page of findings, each with the arrival it was found through."""
    after = read_cursor(cursor, len(_WALK))
    if after and not (after[-1].isdecimal() and len(after[-1]) <= _DIGITS):
        raise not_a_cursor()
    rows = [_row(one) for one in _after(wanted, after, PER_PAGE + 1)]
    return cut(rows, lambda row: list(row.at), count(wanted))


def count(wanted: Wanted, cap: int = COUNT_CAP) -> str:
    """Return how many findings fit, counting no further than a cap."""
    where, values = _where(wanted)
    inner = f"SELECT 1 FROM {_TABLE}{where} LIMIT {cap + 1}"  # noqa: S608 — fixed names
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({inner}) AS few", values)  # noqa: S608 — fixed names
        return capped(cursor.fetchone()[0], cap)


def tally(wanted: Wanted) -> dict[str, str]:
    """Return how many findings of each severity fit what else is wanted, capped."""
    return {one: count(replace(wanted, severity=one)) for one in GRAVITY}


def about(subject: str) -> Any:  # noqa: ANN401 — what the action tells
    """Return what stands against itself about one subject."""
    return actions.contradictions(wiring.desk(), parse(subject))


def rows_of(wanted: Wanted) -> Iterator[Row]:
    """Yield all findings that fit, each once, newest arrival first, however many there are."""
    after: Sequence[str] = ()
    while rows := _after(wanted, after, _CHUNK):
        for row in rows:
            yield _row(row)
        after = _place_of(rows[-1])


def sheet_rows(wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """Yield the lines of a sheet."""
    named = actions.names()
    for row in rows_of(wanted):
        one = row.found
        entries = " ".join(map(str, one.entries))
        told = (one.severity, one.subject, one.sentence, one.instead, entries)
        yield row.arrival, one.rule, named[one.rule], *told


def _after(wanted: Wanted, after: Sequence[str], limit: int) -> list[FoundRow]:
    """Return the kept findings that follow a place on the walk."""
    where, values = _where(wanted)
    if after:
        received, arrival, number = after
        where += f" AND ({', '.join(_WALK)}) < (%s, %s, %s)"
        values += [received, arrival, int(number)]
    order = ", ".join(f"{one} DESC" for one in _WALK)
    asked = f"SELECT {_COLUMNS} FROM {_TABLE}{where} ORDER BY {order} LIMIT {limit}"  # noqa: S608 — fixed names
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return [FoundRow(*row) for row in cursor.fetchall()]


def _where(wanted: Wanted) -> tuple[str, list[str | int]]:
    """Return what a finding must meet: that it fits, and that no newer arrival has it too."""
    given = {name: value.replace("\0", " ") for name, value in wanted.given.items()}
    place = given.get("place")
    newer = _NEWER.format(place=" AND later.place = %s" if place else "")
    named = [*(f"found.{name} = %s" for name in given), newer]
    return f" WHERE {' AND '.join(named)}", [*given.values(), *([place] if place else [])]


def _row(kept: FoundRow) -> Row:
    return Row(kept.arrival, kept.place, anomalies.kept(kept), _place_of(kept))


def _place_of(kept: FoundRow) -> tuple[str, str, str]:
    """Return where a finding stands on the walk, as a cursor holds it."""
    return kept.received_at, kept.arrival, str(kept.number)
