"""
Numbers with other people's units become quantities of ours, in our units.

Knows the codes of UN/ECE Recommendation 20 and the words of passports. A unit that is not known
gives no quantity, and the reader keeps number and word as they stand.
"""

from decimal import Decimal
from functools import lru_cache

from voltrail.errors import MalformedError
from voltrail.quantities import Quantity, Unit

# UN/ECE Recommendation 20, revision 17, and what passports write
UNITS: dict[str, Unit] = {
    "CEL": Unit.degC, "°C": Unit.degC, "unit:degreeCelsius": Unit.degC, "degC": Unit.degC,
    "KEL": Unit.K, "K": Unit.K,
    "P1": Unit.percent, "%": Unit.percent, "unit:percent": Unit.percent, "percent": Unit.percent,
    "VLT": Unit.V, "V": Unit.V, "unit:volt": Unit.V, "2Z": Unit.mV, "mV": Unit.mV,
    "AMP": Unit.A, "A": Unit.A, "4K": Unit.mA,
    "AMH": Unit.A_h, "Ah": Unit.A_h, "A.h": Unit.A_h, "unit:ampereHour": Unit.A_h,
    "E09": Unit.mA_h, "mAh": Unit.mA_h,
    "KWH": Unit.kWh, "kWh": Unit.kWh, "unit:kilowattHour": Unit.kWh,
    "WHR": Unit.W_h, "Wh": Unit.W_h, "W.h": Unit.W_h,
    "WTT": Unit.W, "W": Unit.W, "unit:watt": Unit.W, "KWT": Unit.kW, "kW": Unit.kW,
    "OHM": Unit.ohm, "Ohm": Unit.ohm, "Ω": Unit.ohm, "unit:ohm": Unit.ohm, "E45": Unit.mohm,
    "KGM": Unit.kg, "kg": Unit.kg, "unit:kilogram": Unit.kg,
    "GRM": Unit.g, "g": Unit.g, "unit:gram": Unit.g,
    "MTR": Unit.m, "m": Unit.m, "MMT": Unit.mm, "mm": Unit.mm, "unit:millimetre": Unit.mm,
    "SEC": Unit.s, "MIN": Unit.min, "HUR": Unit.h, "DAY": Unit.d, "unit:day": Unit.d,
    "H87": Unit.items, "EA": Unit.items, "C62": Unit.items, "unit:piece": Unit.items,
}  # fmt: skip
_MOST_TENS = 18  # [powers of ten] of a quantity: ADR 0002
_FAHRENHEIT = "FAH"
_NINE, _FIVE, _ICE = Decimal(9), Decimal(5), Decimal(32)


def quantity(value: Decimal | int | None, unit: str) -> Quantity | None:
    """
    Return a number with somebody else's unit as a quantity.

    Args:
        value: the number
        unit: code or word

    Returns:
        The quantity; None without a number, for an unknown unit, or for too many digits.

    Source: UN/ECE Recommendation 20, revision 17; our choice: ADR 0047.
    """
    if value is None:
        return None
    held = Decimal(value)
    if abs(held.adjusted()) > _MOST_TENS:
        return None
    if unit == _FAHRENHEIT:
        held, unit = round((held - _ICE) * _FIVE / _NINE, 6).normalize(), "CEL"
    found = UNITS.get(unit)
    if found is None:
        return None
    return _parsed(format(held or abs(held), "f"), found)


@lru_cache(maxsize=1_024)
def _parsed(text: str, unit: Unit) -> Quantity | None:
    """Return the quantity; what is rated comes again with each battery of a model."""
    try:
        return Quantity.parse({"value": text, "unit": unit.value})
    except MalformedError:
        return None
