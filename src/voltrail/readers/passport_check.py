"""
Is a battery passport whole: the data points of the European Commission, and what must agree.

The table is `catalogue/tables/passport_points.csv`, after the guidance "Digital Batteries
Passport - data points by category", version 1.0 of 2026-07-28, Ares(2026)7579758, European
Commission, CC BY 4.0; the last column, where each shape writes a point, is ours. Reads a passport
as read; does not look at the battery.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, chain, pairwise

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.readers.identities import granularity
from voltrail.readers.passport import Passport
from voltrail.readers.passport_steps import are_few

DUTY = date(2027, 2, 18)  # Regulation (EU) 2023/1542, article 77(1)
_DEEPEST = 6  # [levels] at which the table looks
_MOST, _LONG = 16_384, 200  # [paths, characters of one] whose terms are remembered; our choice
_MOST_SHARED = 64  # [layouts] whose points are remembered; our choice
CATEGORIES = ("ev", "lmt", "industrial")


class Standing(StrEnum):
    """How a data point stands in one passport."""

    FILLED = "filled"
    MISSING = "missing"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"
    NOT_YET = "not-yet-required"
    NEVER = "not-to-be-filled"
    TOO_EARLY = "filled-too-early"
    NEEDLESS = "filled-needlessly"


class Point(Struct, frozen=True):
    """One data point of the guidance, and where shapes of passports write it."""

    nr: int
    name: str
    source: str
    lifecycle: str
    access: str
    required: dict[str, str]
    note: str
    terms: tuple[str, ...]


class Stands(Struct, frozen=True):
    """A data point and how it stands."""

    nr: int
    name: str
    standing: Standing
    access: str
    note: str = ""


class Finding(Struct, frozen=True):
    """Two things that a passport says and that cannot both be so, or one that cannot be."""

    name: str
    sentence: str


class Check(Struct, frozen=True):
    """The answer: the category it was held against, each point, and what does not agree."""

    category: str
    points: tuple[Stands, ...]
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[Stands, ...]:
        """The points that must be filled and are not."""
        return tuple(one for one in self.points if one.standing is Standing.MISSING)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing and nothing disagrees."""
        return not self.missing and not self.findings


@cache
def points() -> tuple[Point, ...]:
    """
    Return the data points of the guidance.

    Returns:
        71 points in order.

    Source: European Commission, Ares(2026)7579758, version 1.0, CC BY 4.0.
    """
    page = resources.files("voltrail.catalogue") / "tables" / "passport_points.csv"
    rows = csv.DictReader(page.read_text(encoding="utf-8").splitlines())
    return tuple(
        Point(
            int(row["nr"]), row["name"], row["source"], row["lifecycle"], row["access"],
            {name: row[name] for name in CATEGORIES}, row["note"], tuple(row["terms"].split()),
        )
        for row in rows
    )  # fmt: skip


def check(passport: Passport, category: str = "", at: datetime | None = None) -> Check:
    """
    Return how a passport stands against the guidance, and what in it does not agree.

    Args:
        passport: as read
        category: ev, lmt or industrial; the passport's own where empty, else industrial
        at: the time by which dates must lie in the past; not looked at where absent

    Returns:
        Every data point, and findings.

    Raises:
        MalformedError: a category that the guidance does not have.

    Source: European Commission, Ares(2026)7579758, version 1.0; our choice: ADR 0047.
    """
    if category and category not in CATEGORIES:
        raise MalformedError(
            f"{category[:40]!r} has no passport.", hint=f"Choose: {', '.join(CATEGORIES)}."
        )
    own = passport.category if passport.category in CATEGORIES else ""
    held = category or own or "industrial"
    points = _remembered(passport.filled, held)
    return Check(held, points, tuple(_findings(passport, category, at)))


# identity of a tuple of places, category → that tuple, which is kept so, and how the points stand
_SHARED: dict[tuple[int, str], tuple[tuple[str, ...], tuple[Stands, ...]]] = {}


def _remembered(filled: tuple[str, ...], category: str) -> tuple[Stands, ...]:
    """Return how the points stand; passports of one layout share one tuple and are judged once."""
    name = (id(filled), category)
    same, points = _SHARED.get(name, (None, ()))
    if same is filled:
        return points
    points = _standings(filled, category)
    if len(_SHARED) >= _MOST_SHARED:
        _SHARED.clear()
    if are_few(filled):
        _SHARED[name] = (filled, points)
    return points


def _standings(filled: tuple[str, ...], category: str) -> tuple[Stands, ...]:
    return _judged(frozenset(map(_TERMS.__getitem__, filled)), category)


@lru_cache(maxsize=64)
def _judged(found: frozenset[frozenset[str]], category: str) -> tuple[Stands, ...]:
    """Return how the points stand; what fills the same terms is judged once."""
    terms = set(chain.from_iterable(found))
    return tuple(
        without if terms.isdisjoint(asked) else there for asked, without, there in _ready(category)
    )


class _Terms(dict[str, frozenset[str]]):
    """The terms of data points that a filled place, or a place above it, is: looked up once."""

    def __missing__(self, path: str) -> frozenset[str]:
        parts = path.split(".", _DEEPEST)[:_DEEPEST]
        above = accumulate(parts, lambda one, below: f"{one}.{below}")
        found = _every_term().intersection(above)
        if len(self) >= _MOST:
            self.clear()
        if len(path) <= _LONG:
            self[path] = found
        return found


_TERMS = _Terms()


@cache
def _every_term() -> frozenset[str]:
    return frozenset(term for point in points() for term in point.terms)


@cache
def _ready(category: str) -> tuple[tuple[frozenset[str], Stands, Stands], ...]:
    """Return for each point its terms, and how it stands where none or any of them is filled."""
    return tuple(
        (
            frozenset(one.terms),
            _stands(one, category, there=False),
            _stands(one, category, there=True),
        )
        for one in points()
    )


def _stands(point: Point, category: str, *, there: bool) -> Stands:
    standing = _STANDINGS[point.required[category]][there]
    return Stands(point.nr, point.name, standing, point.access, "" if there else point.note)


_STANDINGS = {
    "mandatory": (Standing.MISSING, Standing.FILLED),
    "conditional": (Standing.CONDITIONAL, Standing.FILLED),
    "optional": (Standing.OPTIONAL, Standing.FILLED),
    "pending": (Standing.NOT_YET, Standing.TOO_EARLY),
    "not-to-be-filled": (Standing.NEVER, Standing.NEEDLESS),
}


def _findings(passport: Passport, category: str, at: datetime | None) -> Iterator[Finding]:
    yield from _about_category(passport, category)
    yield from _about_keys(passport)
    yield from _about_dates(passport, at)
    yield from _about_amounts(passport)


def _about_category(passport: Passport, category: str) -> Iterator[Finding]:
    said = passport.category_said[:60]
    if said and not passport.category:
        yield Finding("category", f"The category {said!r} is none that is known.")
    elif passport.category and passport.category not in CATEGORIES:
        yield Finding("category", f"The Regulation asks no passport of class {said!r}.")
    elif category and passport.category and category != passport.category:
        yield Finding("category", f"The passport says {said!r}, not {category}.")
    if passport.chemistry_said and not passport.chemistry:
        yield Finding("chemistry", f"{passport.chemistry_said[:60]!r} is no chemistry known here.")


def _about_keys(passport: Passport) -> Iterator[Finding]:
    for title, key in (("passport", passport.id), ("product", passport.product)):
        grain = granularity(key) if key is not None else ""
        if key is None or not grain:
            continue
        if passport.granularity and grain != passport.granularity:
            yield Finding(
                "granularity",
                f"The {title} is of one {passport.granularity}, its key of one {grain}.",
            )
        serial = key.text.partition("/21/")[2].partition("/")[0].partition("?")[0]
        if serial and passport.serial and serial != passport.serial:
            yield Finding("serial", f"The key names {serial}, the passport {passport.serial}.")


def _about_dates(passport: Passport, at: datetime | None) -> Iterator[Finding]:
    named = {"made": passport.made, "put into service": passport.in_service,
             "updated": passport.updated}  # fmt: skip
    days: list[tuple[str, date]] = []
    for name, said in named.items():
        day = _day(said)
        if said and day is None:
            yield Finding("date", f"{said[:40]!r} is no day on which it was {name}.")
        elif day is not None:
            days.append((name, day))
    for (early, first), (late, then) in pairwise(days):
        if first > then:
            yield Finding("order", f"It was {late} on {then}, before it was {early} on {first}.")
    for name, day in days if at is not None else ():
        if at is not None and day > at.date():
            yield Finding("future", f"It was {name} on {day}, which has not come.")


def _about_amounts(passport: Passport) -> Iterator[Finding]:
    for one in passport.unread:
        yield Finding("unit", f"{one} is in a unit that is not known.")
    named = (("capacity", passport.capacity), ("mass", passport.mass))
    for name, amount in named:
        if amount is not None and amount.value <= 0:
            yield Finding(name, f"The {name} is {amount}.")
    volts = [passport.min_voltage, passport.nominal_voltage, passport.max_voltage]
    known = [one for one in volts if one is not None]
    if any(high < low for low, high in pairwise(known)):
        told = ", ".join(str(one) for one in known)
        yield Finding("voltage", f"Least, nominal and greatest voltage are out of order: {told}.")


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said[: len("2026-11-22")])
    except ValueError:
        return None
