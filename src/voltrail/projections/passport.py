"""
A battery passport field by field against what is on record of the unit, its lot and its product.

A passport is its sender's word. A field of which nothing is on record is not proven by it; one that
both name is the same within a tolerance, or differs. Does not decide what follows.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct

from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId, is_identity, parse
from voltrail.projections import identities
from voltrail.projections.view import Recorded
from voltrail.quantities import Quantity, Unit
from voltrail.statements import identifiers
from voltrail.statements.intake import Intake
from voltrail.statements.lot import LotRecord
from voltrail.statements.party import Party
from voltrail.statements.product import Product
from voltrail.statements.specification import Line, Specification, SpecPart
from voltrail.statements.unit import UnitRecord

FORM = "passport"  # how such a word came in
_CHEMISTRIES = {
    "LFP": "LFP", "LIFEPO4": "LFP", "NMC": "NMC", "NCM": "NMC", "LINIMNCOO2": "NMC", "NCA": "NCA",
    "LTO": "LTO", "LMO": "LMO", "LCO": "LCO", "PB": "PB",
}  # fmt: skip
_AGAIN = ("repurposed", "re-used", "remanufactured", "waste")
_MONTH = 7  # [characters] of a date that names year and month
_DAY = 10  # [characters] of one that names the day


class Slack(Struct, frozen=True):
    """How far two papers may lie apart: rated values [percent], days of making [d]."""

    percent: int = 5
    days: int = 7


class Agreement(StrEnum):
    """How a field of a passport stands to the record."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_THERE = "not-there"


class PassportLine(Struct, frozen=True):
    """One field: what the passport says, what the record says, which statements say it."""

    field: str
    said: str
    found: str
    agreement: Agreement
    entries: tuple[int, ...] = ()


class OnRecord(Struct, frozen=True):
    """
    What a passport is compared with; None or nothing where it is not on record.

    `parties` are firms, one of which may have the code by which a passport names its maker.
    """

    product: Recorded[Product] | None = None
    lot: Recorded[LotRecord] | None = None
    unit: Recorded[UnitRecord] | None = None
    specifications: tuple[Recorded[Specification], ...] = ()
    parties: tuple[Recorded[Party], ...] = ()


def is_passport(one: Recorded[Any]) -> bool:
    """
    Return whether a fact is the word of a passport.

    Args:
        one: a recorded fact

    Returns:
        True for an unsigned answer that was read from a passport.

    Source: ADR 0054.
    """
    return isinstance(one.fact, Intake) and one.fact.via == FORM


def maker_key(fact: Intake) -> str | None:
    """
    Return under which key it is linked who has the code by which a passport names its maker.

    Args:
        fact: an unsigned answer

    Returns:
        A link key; None where it is no passport, or names its maker by no code.

    Source: our choice: ADR 0046, ADR 0056.
    """
    said = fact.content.get("said") if fact.via == FORM else None
    return _maker_key(said) if isinstance(said, dict) else None


def compare(
    passport: Recorded[Intake], record: OnRecord, limits: Slack
) -> tuple[PassportLine, ...]:
    """
    Return a passport against the record, one line for each field that it fills.

    Args:
        passport: the word of a passport
        record: what is known of the unit, lot and product it is about
        limits: how far capacity, voltage and date may lie apart

    Returns:
        Lines in the order of the fields.

    Source: reference on traceability, R23; ADR 0056.
    """
    said = passport.fact.content.get("said")
    if not isinstance(said, dict):
        return ()
    return tuple(line for look in _LOOKS for line in look(said, record, limits))


def _line(
    field: str, said: str, found: str, *facts: Recorded[Any] | None, same: bool | None
) -> PassportLine:
    word = Agreement.NOT_THERE
    if same is not None:
        word = Agreement.SAME if same else Agreement.DIFFERS
    entries = sorted(one.entry.index for one in facts if one is not None)
    return PassportLine(field, said, found, word, tuple(entries))


def _maker(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    name = said.get("manufacturerName") or ""
    written = _code(said)
    told = name or written
    if not told:
        return
    maker, same, coded = _maker_of(record), None, _who_has(said, record.parties)
    if maker is not None and coded:
        same, told = maker in coded, told if maker in coded else next(iter(coded)).key
    elif maker is not None and _plain(maker.key) in (_plain(name), _plain(written)):
        same = True  # a name that is not the key may still be its: nobody is accused of that
    found = "" if maker is None else maker.key
    yield _line("maker", told, found, record.product or record.lot, *coded.values(), same=same)


def _who_has(
    said: dict[str, Any], parties: tuple[Recorded[Party], ...]
) -> dict[PartyId, Recorded[Party] | None]:
    """Return the firms that have the code by which a passport names its maker, and who says so."""
    key, newest = _maker_key(said), {one.fact.party: one for one in parties}
    found: dict[PartyId, Recorded[Party] | None] = {
        party: newest[party]
        for party in sorted(newest)
        if key in set(identities.keys_of(newest[party].fact))
    }
    written = _code(said)
    if is_identity(written) and isinstance(own := parse(written), PartyId):
        found.setdefault(own, None)
    return found


def _maker_key(said: dict[str, Any]) -> str | None:
    try:
        return identities.IS + identifiers.of_party(_code(said))
    except MalformedError:
        return None


def _code(said: dict[str, Any]) -> str:
    named = said.get("manufacturer")
    return str(named.get("text", "")) if isinstance(named, dict) else ""


def _model(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    told, product = said.get("model") or "", record.product
    if told:
        found = "" if product is None else product.fact.model
        same = None if product is None else _plain(told) == _plain(found)
        yield _line("model", told, found, product, same=same)


def _chemistry(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    told, product = said.get("chemistry") or "", record.product
    if not told:
        return
    found = "" if product is None else product.fact.chemistry
    left, right = (_CHEMISTRIES.get(one.upper().replace(" ", "")) for one in (told, found))
    same = left == right if left and right else None
    yield _line("chemistry", told, found, product, same=same)


def _capacity(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    product = record.product
    there = None if product is None else product.fact.rated_capacity
    yield from _amount("capacity", said.get("capacity"), there, limits, product)
    yield from _specified("capacity", said.get("capacity"), SpecPart.CAPACITY, record)


def _voltage(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    product = record.product
    there = None if product is None else product.fact.rated_voltage
    yield from _amount("nominal voltage", said.get("nominalVoltage"), there, limits, product)


def _mass(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    lines = list(_specified("mass", said.get("mass"), None, record))
    mass = _quantity(said.get("mass"))
    yield from lines
    if mass is not None and not lines:
        yield _line("mass", str(mass), "", same=None)


def _made(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    told, lot = (said.get("made") or "")[:_DAY], record.lot
    if not told:
        return
    there = None if lot is None else lot.fact.production_date
    same = None if there is None else _same_day(told, there, limits.days)
    yield _line("made on", told, str(there or ""), lot, same=same)


def _batch(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    told, lot = said.get("batch") or "", record.lot
    if told:
        found = "" if lot is None else lot.fact.lot_number or lot.fact.lot.parts[-1]
        same = None if lot is None else _plain(told) in (_plain(found), _plain(lot.fact.lot.key))
        yield _line("batch", told, found, lot, same=same)


def _serial(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    told, unit = said.get("serial") or "", record.unit
    if told:
        found = "" if unit is None else unit.fact.unit.parts[-1]
        same = None if unit is None else told == found
        yield _line("serial", told, found, unit, same=same)


def _status(said: dict[str, Any], record: OnRecord, limits: Slack) -> Iterator[PassportLine]:
    told = said.get("status") or ""
    if told:
        same = None if record.lot is None else told not in _AGAIN
        found = "" if record.lot is None else "delivered as new"
        yield _line("status", told, found, record.lot, same=same)


def _amount(
    field: str, said: object, there: Quantity | None, limits: Slack,
    fact: Recorded[Any] | None,
) -> Iterator[PassportLine]:  # fmt: skip
    told = _quantity(said)
    if told is None:
        return
    same = None
    if there is not None and there.unit is told.unit:
        slack = there.value * limits.percent / 100
        same = abs(told.value - there.value) <= slack
    yield _line(field, str(told), "" if there is None else str(there), fact, same=same)


def _specified(
    field: str, said: object, part: SpecPart | None, record: OnRecord
) -> Iterator[PassportLine]:
    """Yield a quantity against each line of the specifications that is about it."""
    told = _quantity(said)
    if told is None:
        return
    for one in record.specifications:
        for line in one.fact.lines:
            if (line.part is part or field in line.characteristic.casefold()) and _fits(line, told):
                least, most = line.least, line.most
                same = (least is None or told.value >= least.value) and (
                    most is None or told.value <= most.value
                )
                found = f"{least or '…'} to {most or '…'} ({line.line})"
                yield _line(f"{field}, as specified", str(told), found, one, same=same)


def _fits(line: Line, told: Quantity) -> bool:
    bounds = [one for one in (line.least, line.most) if one is not None]
    return bool(bounds) and all(one.unit is told.unit for one in bounds)


def _quantity(said: object) -> Quantity | None:
    try:
        found = Quantity.parse(said) if isinstance(said, dict) else None
    except MalformedError:
        return None
    if found is not None and found.unit is Unit.g:
        return Quantity(found.value / Decimal(1000), Unit.kg)
    return found


def _maker_of(record: OnRecord) -> PartyId | None:
    if record.product is not None:
        return record.product.fact.maker
    return None if record.lot is None else PartyId.of(record.lot.fact.lot.parts[0])


def _same_day(told: str, there: date, most: int) -> bool | None:
    """Return whether a day, or a month, is that of the record; None where it is no date."""
    if len(told) == _MONTH:
        return told == f"{there:%Y-%m}"
    try:
        return abs((date.fromisoformat(told) - there).days) <= most
    except ValueError:
        return None


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


_Look = Callable[[dict[str, Any], OnRecord, Slack], Iterator[PassportLine]]
_LOOKS: tuple[_Look, ...] = (
    _maker, _model, _serial, _batch, _made, _chemistry, _capacity, _voltage, _mass, _status,
)  # fmt: skip
