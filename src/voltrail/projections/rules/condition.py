"""
Rule about what the goods went through on their way: R17.

Reads the summary of a logger. Its limits are the maker's, from the logger's own settings or the
specification of the product; where neither says one, the house's own limits of temperature hold.
"""

from collections.abc import Iterator

from voltrail.ids.subject import Kind
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.view import Recorded
from voltrail.quantities import Quantity, Unit
from voltrail.statements.condition import Condition
from voltrail.statements.specification import ShownBy, Specification

_HEAT = {Unit.degC, Unit.K}


@rule("R17", Severity.MIDDLE, Kind.LOT)
def condition_excursion(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    A logger saw values outside the maker's limits, was silent, or charged goods flew.

    The extremes are compared, not their time integral: readings are in a table. An uncertainty
    that a value carries speaks for the goods. Too much charge by air blocks.

    Why: heat, cold and blows age cells before anybody uses them.
    Remedy: the carrier hands in the full readings; the maker says whether the goods may be used.
    Source: UN 3480, packing instruction 965; our choice: ADR 0048.
    """
    for one in about.of(Condition):
        if one.fact.lot != about.subject:
            continue
        for said in (*_outside(about, one, limits), *_silent(one.fact, limits)):
            yield Found(about.subject, (one,), f"Leg {one.fact.leg}: {said}.")
        charge = one.fact.charge
        if (
            one.fact.by_air
            and charge is not None
            and _value(charge, Unit.percent) > float(limits.max_air_charge_percent)
        ):
            said = f"Leg {one.fact.leg}: flown at a charge of {charge}."
            yield Found(about.subject, (one,), said, Severity.HIGH)


def _outside(about: Bearing, one: Recorded[Condition], limits: Tolerances) -> Iterator[str]:
    least, most = one.fact.least, one.fact.most
    for line in (line for each in about.of(Specification) for line in each.fact.lines):
        if line.shown_by is ShownBy.LOGGER:
            least = least or _alike(line.least, one.fact.lowest)
            most = most or _alike(line.most, one.fact.highest)
    lowest, highest = one.fact.lowest, one.fact.highest
    if least is None and most is None:
        yield from _out_of_the_ordinary(lowest, highest, limits)
    if _alike(least, lowest) and least and _value(lowest, least.unit, 1) < float(least.value):
        yield f"{lowest}, the maker allows no less than {least}"
    if _alike(most, highest) and most and _value(highest, most.unit, -1) > float(most.value):
        yield f"{highest}, the maker allows no more than {most}"


def _out_of_the_ordinary(lowest: Quantity, highest: Quantity, limits: Tolerances) -> Iterator[str]:
    """Yield what lies outside the house's own limits, for goods whose maker states none."""
    if lowest.unit not in _HEAT:
        return
    cold, hot = limits.storage_least_deg_c, limits.storage_most_deg_c
    if _value(lowest, Unit.degC, 1) < cold:
        yield f"{lowest}; no maker's limit is on record, the usual one is {cold} degC"
    if _value(highest, Unit.degC, -1) > hot:
        yield f"{highest}; no maker's limit is on record, the usual one is {hot} degC"


def _silent(fact: Condition, limits: Tolerances) -> Iterator[str]:
    every, gap = fact.interval, fact.longest_gap
    if every is None or gap is None:
        return
    if _value(gap, Unit.min, -1) > limits.max_interval_ratio * _value(every, Unit.min):
        yield f"the logger was silent for {gap}, it reads every {every}"


def _alike(limit: Quantity | None, seen: Quantity) -> Quantity | None:
    """Return a limit that is of the same dimension as what was seen, or None."""
    if limit is None:
        return None
    return limit if limit.unit is seen.unit or {limit.unit, seen.unit} <= _HEAT else None


def _value(found: Quantity, unit: Unit, sign: int = 0) -> float:
    """Return a value in a unit, its uncertainty added in favour of the goods."""
    there = found.to(unit)
    return float(there.value) + sign * float(there.uncertainty or 0)
