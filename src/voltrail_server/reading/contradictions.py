"""
What stands against itself, for pages, programs and spreadsheets: arrival by arrival, newest first.

Nothing of it is kept: a page looks at few arrivals, and goes on where nothing was found. What is
about a lot that has not arrived stands on the lot's own page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import contradictions as actions
from voltrail.errors import MalformedError
from voltrail.ids.subject import ArrivalId, parse
from voltrail_server import wiring
from voltrail_server.reading import arrivals
from voltrail_server.reading.page import Page

HEAD = ("arrival", "rule", "name", "severity", "subject", "sentence", "instead", "entries")
SEVERITIES = ("H", "M", "L")
_TURNS = 4  # [pages of arrivals] looked at for one page of findings
_CHUNK = 100  # [arrivals] looked at together for a sheet
_MOST = 2_000  # [arrivals] of one sheet


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; an empty field means any."""

    rule: str = ""
    severity: str = ""
    place: str = ""

    @property
    def given(self) -> bool:
        """Whether anything narrows."""
        return bool(self.rule or self.severity or self.place)

    def fits(self, found: Any) -> bool:  # noqa: ANN401 — an anomaly
        """Return whether a finding is wanted."""
        return self.rule in ("", found.rule) and self.severity in ("", found.severity)


@dataclass(frozen=True, slots=True)
class Row:
    """A finding and the arrival through which it was found."""

    arrival: str
    place: str
    found: Any


@dataclass(frozen=True, slots=True)
class Listing:
    """Findings of some arrivals, how many were looked at, and the cursor to the next."""

    page: Page
    looked: int


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """Return what a query string narrows the list to."""
    rule, severity = query.get("rule", "").upper(), query.get("severity", "").upper()
    if rule and rule not in actions.names():
        raise MalformedError(
            _("There is no rule %(rule)s.") % {"rule": rule[:40]}, hint=_("Choose R1 to R24.")
        )
    if severity and severity not in SEVERITIES:
        raise MalformedError(
            _("There is no severity %(severity)s.") % {"severity": severity[:40]},
            hint=_("Choose H, M or L."),
        )
    return Wanted(rule, severity, arrivals.read_filter({"place": query.get("place", "")}).place)


def listing(wanted: Wanted, cursor: str = "") -> Listing:
    """Return the findings of the next arrivals; several pages of them are looked at for some."""
    rows, looked = list[Row](), 0
    for _turn in range(_TURNS):
        page = arrivals.listing(arrivals.Filter(place=wanted.place), "newest", cursor)
        looked += len(page.items)
        rows += _rows(wanted, page.items)
        cursor = page.next_cursor
        if rows or not cursor:
            break
    return Listing(Page(tuple(rows), cursor, f"{len(rows):,}"), looked)


def about(subject: str) -> Any:  # noqa: ANN401 — what the action tells
    """Return what stands against itself about one subject."""
    return actions.contradictions(wiring.desk(), parse(subject))


def rows_of(wanted: Wanted, most: int = _MOST) -> Iterator[Row | None]:
    """Yield the findings of all arrivals, newest first; None at the end where more are left."""
    every = iter(arrivals.every(arrivals.Filter(place=wanted.place)))
    left = most
    while left > 0 and (some := tuple(islice(every, min(_CHUNK, left)))):
        yield from _rows(wanted, some)
        left -= len(some)
    if left <= 0 and next(every, None) is not None:
        yield None


def sheet_rows(wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """Yield the lines of a sheet; the last one says where not everything was looked at."""
    named = actions.names()
    for row in rows_of(wanted):
        if row is None:
            yield (_("More arrivals were not looked at: use the command or narrow the list."),)
            return
        one = row.found
        entries = " ".join(map(str, one.entries))
        told = (one.severity, one.subject, one.sentence, one.instead, entries)
        yield row.arrival, one.rule, named[one.rule], *told


def _rows(wanted: Wanted, listed: tuple[Any, ...]) -> list[Row]:
    """Return findings, each once, with the newest arrival that it was found through."""
    which = [ArrivalId.read(row.arrival) for row in listed]
    found: dict[Any, Row] = {}
    for row, told in zip(listed, actions.of_arrivals(wiring.desk(), which), strict=True):
        for one in sorted(told.found, key=lambda each: SEVERITIES.index(each.severity)):
            if wanted.fits(one):
                found.setdefault(one, Row(row.arrival, row.place, one))
    return list(found.values())
