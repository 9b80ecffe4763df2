"""
A scan at the rack, judged against the register: is this unit known, once, and as labelled.

The order of the questions is fixed: who signed the label, whether the unit is on record, whether
it was seen twice, whether lot, seal and maker's list agree. Records nothing.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.actions.show import in_service_before
from voltrail.errors import MalformedError, ProductError, UnknownSubjectError
from voltrail.ids import subject as ids
from voltrail.ids.subject import ArrivalId, LotId, UnitId
from voltrail.labels import scan, signed
from voltrail.labels.link import GTIN_DIGITS, fault, named
from voltrail.labels.scan import Scan
from voltrail.labels.verdict import Answer, Scanned
from voltrail.projections.dossier import Dossier, dossier
from voltrail.projections.fold import view
from voltrail.projections.view import Recorded
from voltrail.statements.unit import UnitRecord

_SEAL = "Keep it apart and have quality compare unit, seal and papers."
_NO_LABEL = "Type the serial as it stands on the unit, with its maker."


class Shown(Struct, frozen=True):
    """What was scanned: the text of the code, and a seal number where one was read."""

    text: str
    seal: str = ""


def judge_scan(desk: Desk, shown: Shown) -> Answer:
    """
    Return what a scan says against the register.

    Args:
        desk: knows units, arrivals and keys
        shown: what was scanned

    Returns:
        Match, mismatch, unknown or cloned, with its reason.

    Raises:
        MalformedError: nothing was scanned, or no label can say that.

    Source: mission, PV-03; ADR 0039.
    """
    text = shown.text.strip()
    if not text:
        raise MalformedError("Nothing was scanned.", hint=_NO_LABEL)
    if signed.is_signed(text):
        unit, refused = _signed(desk, text)
        if refused is not None:
            return refused
        return _judged(desk, unit, Scan(text), shown.seal, is_signed=True)
    if len(text) > scan.LONGEST:
        raise MalformedError("No label is so long.", hint="Scan one label alone.")
    read = scan.read(text)
    found = _units(desk, read)
    if len(found) == 1:
        return _judged(desk, found[0], read, shown.seal, is_signed=False)
    if found:
        listed = ", ".join(one.key for one in found[:3])
        sentence = f"{len(found)} units on record bear {read.text[:60]!r}: {listed}."
        return Answer(Scanned.UNKNOWN, sentence, f"Do not install it yet. {_NO_LABEL}")
    return Answer(
        Scanned.UNKNOWN,
        f"Nothing on record bears {read.text[:60]!r}.",
        "Do not install it. Compare the label with the delivery's list of serials.",
    )


def delivered(desk: Desk, which: ArrivalId) -> tuple[UnitId, ...]:
    """
    Return the units that came with an arrival.

    Args:
        desk: knows the arrival
        which: the arrival

    Returns:
        In the order of the delivery's list; none where no list is on record.

    Raises:
        UnknownSubjectError: no such arrival.

    Source: design, section 7, arrival.
    """
    if desk.views.row(which) is None:
        raise UnknownSubjectError(
            f"No arrival {which} is on record.", hint="Check the number on the delivery note."
        )
    seen = dossier(desk, which)
    maker = seen.arrival.fact.lot.parts[0] if seen.arrival is not None else ""
    return tuple(UnitId.of(maker, serial) for serial in seen.serials)


def _signed(desk: Desk, text: str) -> tuple[UnitId, Answer | None]:
    """Return the unit of a signed label, and the answer where its signature does not hold."""
    unit = signed.unit_of(text)
    try:
        signed.verify(text, desk.anchors())
    except MalformedError:
        raise
    except ProductError as error:
        known = Scanned.UNKNOWN if error.exit_code != 1 else Scanned.MISMATCH
        return unit, Answer(known, str(error), error.hint, unit)
    return unit, None


def _units(desk: Desk, read: Scan) -> list[UnitId]:
    """Return the units on record that a scan may mean, by identity or by serial."""
    if read.unit or read.text.startswith(ids.PREFIX):
        found = ids.parse(read.unit or read.text)
        if not isinstance(found, UnitId):
            raise MalformedError("This is no label of a unit.", hint=_NO_LABEL)
        named(found)
        return [found] if _is_known(desk, found) else []
    return [one for one in _candidates(desk, read) if _is_known(desk, one)]


def _candidates(desk: Desk, read: Scan) -> Iterator[UnitId]:
    """Yield the units that a serial may mean: with its maker, or under each maker of lots."""
    word = read.serial or read.text
    forms = [word] if ":" in word else [f"{maker}:{word}" for maker in _makers(desk)]
    for form in forms:
        text = f"{ids.PREFIX}unit:{form}"
        if ids.is_identity(text):
            found = ids.parse(text)
            if isinstance(found, UnitId) and len(found.parts) == 2:  # noqa: PLR2004 — and serial
                yield found


def _makers(desk: Desk, most: int = 50) -> Iterator[str]:
    prefix, after = f"{ids.PREFIX}lot:", ""
    for _ in range(most):
        keys = desk.views.keys(prefix, after, 1)
        if not keys:
            return
        maker = keys[0].removeprefix(prefix).partition(":")[0]
        yield maker
        after = f"{prefix}{maker}:~~"


def _is_known(desk: Desk, unit: UnitId) -> bool:
    return bool(desk.views.sightings([unit]) or desk.views.indices(unit))


def _judged(desk: Desk, unit: UnitId, read: Scan, seal: str, *, is_signed: bool) -> Answer:
    arrivals = sorted(desk.views.sightings([unit]).get(unit, frozenset()))
    own = view(desk.entries, desk.views, unit)
    told = own.standing(UnitRecord)
    if len(arrivals) > 1:
        return Answer(
            Scanned.CLONED,
            f"{unit.key} came in {len(arrivals)} arrivals; at most one of them is genuine.",
            "Do not install it. Hold both, and have quality look at the two side by side.",
            unit,
            _decided(desk, arrivals),
            is_signed,
        )
    if not arrivals and not told and in_service_before(desk, unit) is None:
        return Answer(
            Scanned.UNKNOWN,
            f"{unit.key} is on no delivery and in no record.",
            "Do not install it. Compare the label with the delivery's list of serials.",
            unit,
            signed=is_signed,
        )
    seen = dossier(desk, ArrivalId.read(arrivals[0])) if arrivals else None
    wrong = next(_contradictions(unit, read, seal, told, seen), "")
    entries = (*_decided(desk, arrivals), *(one.entry.index for one in told))
    if wrong:
        return Answer(Scanned.MISMATCH, wrong, _SEAL, unit, entries, is_signed)
    return Answer(
        Scanned.MATCH,
        _matched(unit, seen, is_signed=is_signed),
        _after(desk, arrivals, seal, told),
        unit,
        entries,
        is_signed,
        held=_is_held(desk, arrivals),
    )


def _contradictions(
    unit: UnitId,
    read: Scan,
    seal: str,
    told: tuple[Recorded[UnitRecord], ...],
    seen: Dossier | None,
) -> Iterator[str]:
    """Yield what the label, the seal or the maker's list say otherwise than the record."""
    yield from filter(None, [fault(read.gtin)])
    yield from _other_item(read, told)
    lots = {one.fact.lot.parts[1] for one in told}
    if seen is not None and seen.arrival is not None:
        lots.add(seen.arrival.fact.lot.parts[1])
    if len(lots) > 1:
        yield f"The records of {unit.key} name {len(lots)} lots: {', '.join(sorted(lots))}."
    if read.lot and lots and read.lot not in lots:
        yield f"The label says lot {read.lot}; on record it is {', '.join(sorted(lots))}."
    seals = [one.fact.seal for one in told if one.fact.seal]
    if seal and seals and seal != seals[-1]:
        yield f"Seal {seal} is on it; the record says {seals[-1]}."
    serial = unit.parts[1]
    if seen is not None and seen.lot_serials is not None and serial not in seen.lot_serials:
        yield f"The maker's signed list of the lot does not have {serial}."


def _other_item(read: Scan, told: tuple[Recorded[UnitRecord], ...]) -> Iterator[str]:
    """Yield that the label names another trade item than the records of the unit."""
    items = {one.fact.gtin.zfill(GTIN_DIGITS) for one in told if one.fact.gtin}
    if read.gtin and items and read.gtin.zfill(GTIN_DIGITS) not in items:
        yield f"The label says GTIN {read.gtin}; on record it is {', '.join(sorted(items))}."


def _matched(unit: UnitId, seen: Dossier | None, *, is_signed: bool) -> str:
    whose = "The maker signed this label; " if is_signed else ""
    if seen is None or seen.arrival is None:
        return f"{whose}{unit.key} is on record."
    lot, serial = LotId.read(str(seen.arrival.fact.lot)), unit.parts[1]
    listed = seen.lot_serials is not None and serial in seen.lot_serials
    known = " and stands in the maker's signed list" if listed else ""
    return f"{whose}{unit.key} came with {seen.arrival_id.key}, lot {lot.parts[1]}{known}."


def _is_held(desk: Desk, arrivals: list[str]) -> bool:
    """Return whether the goods of a unit came and are not released."""
    row = desk.views.row(arrivals[0]) if arrivals else None
    return bool(arrivals) and (row is None or row.disposition != "release")


def _after(
    desk: Desk, arrivals: list[str], seal: str, told: tuple[Recorded[UnitRecord], ...]
) -> str:
    """Return what to do after a match; what is not released is not to be installed."""
    row = desk.views.row(arrivals[0]) if arrivals else None
    if _is_held(desk, arrivals):
        return f"Do not install it: {'not judged yet.' if row is None else row.sentence}"
    has_seal = any(one.fact.seal for one in told)
    if has_seal and not seal:
        return "A label can be copied: read the seal number as well."
    if seal and not has_seal:
        return f"No seal is on record for it, so seal {seal} was compared with nothing."
    return "A label can be copied: look at the unit, not only at its code."


def _decided(desk: Desk, arrivals: list[str]) -> tuple[int, ...]:
    rows: Any = desk.views.rows_of(arrivals)
    return tuple(sorted(row.decided for row in rows.values()))
