"""
Measured values with a unit and, where known, an uncertainty; the only file that converts.

Knows units, their dimensions and exact factors. Does not know what is measured, nor limits.
"""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from typing import NoReturn, Self, final

from voltrail.canonical import Json
from voltrail.errors import MalformedError


class Unit(StrEnum):
    """A unit as it stands in statements."""

    A_h = "A.h"
    mA_h = "mA.h"  # noqa: N815
    A = "A"
    mA = "mA"  # noqa: N815
    V = "V"
    mV = "mV"  # noqa: N815
    ohm = "ohm"
    mohm = "mohm"
    degC = "degC"  # noqa: N815
    K = "K"
    W = "W"
    kW = "kW"  # noqa: N815
    W_h = "W.h"
    kWh = "kWh"  # noqa: N815
    d = "d"
    h = "h"
    min = "min"
    s = "s"
    kg = "kg"
    g = "g"
    percent = "percent"
    ratio = "ratio"
    items = "items"
    m = "m"
    mm = "mm"
    g_n = "g_n"


_ONE = Decimal(1)
_MILLI = Decimal("0.001")
_KILO = Decimal(1000)
_ZERO_DEGC = Decimal("273.15")  # [K] SI Brochure, 9th edition, section 2.3.1

# dimension, and the factor to its first unit: SI Brochure, 9th edition, tables 2, 4, 7 and 8
_SCALE: dict[Unit, tuple[str, Decimal]] = {
    Unit.A_h: ("charge", _ONE),
    Unit.mA_h: ("charge", _MILLI),
    Unit.A: ("current", _ONE),
    Unit.mA: ("current", _MILLI),
    Unit.V: ("voltage", _ONE),
    Unit.mV: ("voltage", _MILLI),
    Unit.ohm: ("resistance", _ONE),
    Unit.mohm: ("resistance", _MILLI),
    Unit.K: ("temperature", _ONE),
    Unit.degC: ("temperature", _ONE),
    Unit.W: ("power", _ONE),
    Unit.kW: ("power", _KILO),
    Unit.W_h: ("energy", _ONE),
    Unit.kWh: ("energy", _KILO),
    Unit.s: ("time", _ONE),
    Unit.min: ("time", Decimal(60)),
    Unit.h: ("time", Decimal(3600)),
    Unit.d: ("time", Decimal(86400)),
    Unit.kg: ("mass", _ONE),
    Unit.g: ("mass", _MILLI),
    Unit.ratio: ("ratio", _ONE),
    Unit.percent: ("ratio", Decimal("0.01")),
    Unit.items: ("count", _ONE),
    Unit.m: ("length", _ONE),
    Unit.mm: ("length", _MILLI),
    Unit.g_n: ("acceleration", _ONE),
}

_DIGITS = 28  # [significant digits] kept when a quotient has no end: our choice: ADR 0002
_EXACT = Context(prec=100)
_ROUNDED = Context(prec=_DIGITS, rounding=ROUND_HALF_EVEN)
_DECIMAL = re.compile(r"(?!-0(?:\.0+)?\Z)-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?")
_FIELDS = frozenset({"value", "unit", "uncertainty"})
_HINT = 'Write {"value": "280.0", "unit": "A.h"} with decimal strings.'


@final
class Quantity:
    """
    A value in a unit; the uncertainty is a half-width in the same unit.

    Equality compares what is written; ordering compares what is meant, across units. A class of
    its own, so that every reader passes through `parse`.
    """

    __slots__ = ("uncertainty", "unit", "value")
    value: Decimal
    unit: Unit
    uncertainty: Decimal | None

    def __init__(self, value: Decimal, unit: Unit, uncertainty: Decimal | None = None) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "uncertainty", uncertainty)

    def __setattr__(self, name: str, _: object) -> NoReturn:
        """Refuse: a quantity stays as it was written."""
        raise AttributeError(f"{name} of a quantity cannot be set")

    def __eq__(self, other: object) -> bool:
        """Tell whether another quantity is written the same."""
        return isinstance(other, Quantity) and self._written == other._written

    def __hash__(self) -> int:
        """Return the hash of what is written."""
        return hash(self._written)

    def __repr__(self) -> str:
        """Return the quantity as people write it."""
        return f"<Quantity {self}>"

    @classmethod
    def parse(cls, obj: Json) -> Self:
        """
        Return the quantity in a JSON object.

        Args:
            obj: value, unit and possibly uncertainty, numbers as decimal strings

        Returns:
            The quantity, digits kept as written.

        Raises:
            MalformedError: no such object, unknown unit, no plain decimal, uncertainty below zero.

        Source: our choice: ADR 0002.
        """
        if not isinstance(obj, dict) or "value" not in obj or "unit" not in obj:
            raise MalformedError("A quantity needs a value and a unit.", hint=_HINT)
        if not obj.keys() <= _FIELDS:
            extra = min(obj.keys() - _FIELDS)
            raise MalformedError(f"A quantity has no {extra!r}.", hint=_HINT)
        value, unit = _decimal(obj["value"]), _unit(obj["unit"])
        if "uncertainty" not in obj:
            return cls(value, unit)
        uncertainty = _decimal(obj["uncertainty"])
        if uncertainty < 0:
            raise MalformedError("An uncertainty is not below zero.", hint=_HINT)
        return cls(value, unit, uncertainty)

    def to_json(self) -> dict[str, Json]:
        """
        Return the quantity as a JSON object.

        Returns:
            Decimal strings and the unit.

        Source: our choice: ADR 0002.
        """
        found: dict[str, Json] = {"value": _text(self.value), "unit": self.unit.value}
        if self.uncertainty is not None:
            found["uncertainty"] = _text(self.uncertainty)
        return found

    def to(self, unit: Unit) -> "Quantity":
        """
        Return the same quantity in another unit.

        Args:
            unit: a unit of the same dimension

        Returns:
            The exact value; 28 digits where a quotient has no end, as from minutes to hours.

        Raises:
            MalformedError: the units measure different things.

        Source: SI Brochure, 9th edition.
        """
        if unit is self.unit:
            return self
        value = self._comparable_with(unit)
        factor = _SCALE[unit][1]
        uncertainty = self.uncertainty
        if uncertainty is not None:
            uncertainty = _quotient(_EXACT.multiply(uncertainty, _SCALE[self.unit][1]), factor)
        if unit is Unit.degC:
            value = _EXACT.subtract(value, _ZERO_DEGC)
        return Quantity(_quotient(value, factor), unit, uncertainty)

    def __lt__(self, other: "Quantity") -> bool:
        """Tell whether this is less, converting first."""
        if self.unit is other.unit:
            return self.value < other.value
        return self._comparable_with(other.unit) < other._comparable_with(self.unit)

    def __le__(self, other: "Quantity") -> bool:
        """Tell whether this is at most the other, converting first."""
        if self.unit is other.unit:
            return self.value <= other.value
        return self._comparable_with(other.unit) <= other._comparable_with(self.unit)

    def __gt__(self, other: "Quantity") -> bool:
        """Tell whether this is more, converting first."""
        return other < self

    def __ge__(self, other: "Quantity") -> bool:
        """Tell whether this is at least the other, converting first."""
        return other <= self

    def __str__(self) -> str:
        """Return the value, its uncertainty and its unit, as people write them."""
        spread = "" if self.uncertainty is None else f" ± {_text(self.uncertainty)}"
        return f"{_text(self.value)}{spread} {self.unit.value}"

    @property
    def _written(self) -> tuple[Decimal, Unit, Decimal | None]:
        return self.value, self.unit, self.uncertainty

    def _comparable_with(self, unit: Unit) -> Decimal:
        dimension, factor = _SCALE[self.unit]
        if _SCALE[unit][0] != dimension:
            raise MalformedError(
                f"{self.unit.value} and {unit.value} measure different things.",
                hint=f"Give a {dimension} in a unit of {dimension}.",
            )
        value = _EXACT.multiply(self.value, factor)
        return _EXACT.add(value, _ZERO_DEGC) if self.unit is Unit.degC else value


def _quotient(value: Decimal, factor: Decimal) -> Decimal:
    exact = _EXACT.divide(value, factor)
    if _EXACT.multiply(exact, factor) == value:
        return exact
    return _ROUNDED.divide(value, factor)


def _decimal(text: Json) -> Decimal:
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise MalformedError(f"{str(text)[:60]!r} is no decimal string.", hint=_HINT)
    return Decimal(text)


def _unit(text: Json) -> Unit:
    if not isinstance(text, str) or text not in _UNITS:
        raise MalformedError(
            f"{str(text)[:60]!r} is no unit.", hint=f"Use one of: {', '.join(_UNITS)}."
        )
    return _UNITS[text]


_UNITS = {unit.value: unit for unit in Unit}


def _text(value: Decimal) -> str:
    return format(value, "f")
