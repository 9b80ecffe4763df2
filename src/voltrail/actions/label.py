"""
A scan at the rack, judged against the register: is this unit known, once, and as labelled.

The order of the questions is fixed: who signed the label, whether the unit is on record, whether
it was seen twice or at two places, what its element answered, whether lot, seal and maker's list
agree. Records nothing.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from voltrail.actions import element, identity, whereabouts
from voltrail.actions.desk import Desk
from voltrail.actions.show import in_service_before, refuted
from voltrail.errors import MalformedError, ProductError, UnknownSubjectError
from voltrail.ids import subject as ids
from voltrail.ids.gs1 import GTIN_DIGITS
from voltrail.ids.subject import ArrivalId, LotId, PlaceId, UnitId
from voltrail.labels import bare, scan, signed
from voltrail.labels.link import fault, named
from voltrail.labels.scan import Scan
from voltrail.labels.verdict import Answer, Scanned
from voltrail.projections.dossier import Dossier, dossier
from voltrail.projections.fold import view
from voltrail.projections.identities import Meant
from voltrail.projections.owners import owners
from voltrail.projections.view import Recorded
from voltrail.statements.unit import UnitRecord
from voltrail.wording import Worded, worded

_SEAL = worded("Keep it apart and have quality compare unit, seal and papers.")
_NO_LABEL = worded("Type the serial as it stands on the unit, with its maker.")
_COMPARE = worded("Do not install it. Compare the label with the delivery's list of serials.")
_BOTH = worded("Do not install it. Hold both, and have quality look at the two side by side.")
_MOVED = worded("Do not install it. If it was moved, have the record of the old place withdrawn.")


class Shown(Struct, frozen=True):
    """What was scanned: the text of the code, a seal number where one was read, and where."""

    text: str
    seal: str = ""
    place: PlaceId | None = None


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
        return refused or _judged(desk, unit, Scan(text), shown, is_signed=True)
    if len(text) > scan.LONGEST:
        raise MalformedError("No label is so long.", hint="Scan one label alone.")
    read = scan.read(text)
    if read.signature:
        return _of_link(desk, read, shown)
    claimed = identity.meant(desk, text)
    found = _units(desk, read, claimed)
    if claimed.clash is not None and len(found) > 1:
        return Answer(Scanned.CLONED, claimed.clash, _BOTH, None, claimed.entries)
    if len(found) == 1:
        return _judged(desk, found[0], read, shown, is_signed=False)
    return _many_or_none(read, found)


def unit_of(desk: Desk, text: str) -> UnitId:
    """
    Return the one unit that a scan means, whatever is to be thought of it.

    Args:
        desk: knows units
        text: as scanned

    Returns:
        The unit.

    Raises:
        MalformedError: no label of a unit.
        UnknownSubjectError: nothing on record bears it, or more than one unit does.

    Source: ADR 0043.
    """
    if signed.is_signed(text):
        return signed.unit_of(text)
    read = scan.read(text)
    found = _units(desk, read, identity.meant(desk, text))
    if len(found) != 1:
        raise UnknownSubjectError(
            worded(
                "%(count)s units on record bear %(text)s, not one.",
                count=len(found),
                text=repr(read.text[:60]),
            ),
            hint=_NO_LABEL,
        )
    return found[0]


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
            worded("No arrival %(which)s is on record.", which=which),
            hint="Check the number on the delivery note.",
        )
    seen = dossier(desk, which)
    maker = seen.arrival.fact.lot.parts[0] if seen.arrival is not None else ""
    return tuple(UnitId.of(maker, serial) for serial in seen.serials)


def _many_or_none(read: Scan, found: list[UnitId]) -> Answer:
    if found:
        listed = ", ".join(one.key for one in found[:3])
        sentence = worded(
            "%(count)s units on record bear %(text)s: %(listed)s.",
            count=len(found),
            text=repr(read.text[:60]),
            listed=listed,
        )
        return Answer(
            Scanned.UNKNOWN, sentence, worded("Do not install it yet. %(do)s", do=_NO_LABEL)
        )
    sentence = worded("Nothing on record bears %(text)s.", text=repr(read.text[:60]))
    return Answer(Scanned.UNKNOWN, sentence, _COMPARE)


def _of_link(desk: Desk, read: Scan, shown: Shown) -> Answer:
    """Return what a link says that carries its maker's signature."""
    try:
        unit = bare.verify(read, desk.anchors()).unit
    except MalformedError:
        raise
    except ProductError as error:
        known = Scanned.UNKNOWN if error.exit_code != 1 else Scanned.MISMATCH
        meant = _units(desk, read, identity.meant(desk, shown.text))
        return Answer(known, error.args[0], error.hint, meant[0] if len(meant) == 1 else None)
    return _judged(desk, unit, read, shown, is_signed=True)


def _signed(desk: Desk, text: str) -> tuple[UnitId, Answer | None]:
    """Return the unit of a signed label, and the answer where its signature does not hold."""
    unit = signed.unit_of(text)
    try:
        signed.verify(text, desk.anchors())
    except MalformedError:
        raise
    except ProductError as error:
        known = Scanned.UNKNOWN if error.exit_code != 1 else Scanned.MISMATCH
        return unit, Answer(known, error.args[0], error.hint, unit)
    return unit, None


def _units(desk: Desk, read: Scan, claimed: Meant) -> list[UnitId]:
    """Return the units on record that a scan may mean: by identity, by claim, or by serial."""
    if read.unit or read.text.startswith(ids.PREFIX):
        found = ids.parse(read.unit or read.text)
        if not isinstance(found, UnitId):
            raise MalformedError("This is no label of a unit.", hint=_NO_LABEL)
        named(found)
        return [found] if _is_known(desk, found) else []
    if claimed.is_owned:
        return [one for one in claimed.subjects if isinstance(one, UnitId)]
    return [one for one in _candidates(desk, read) if _is_known(desk, one)]


def _candidates(desk: Desk, read: Scan) -> Iterator[UnitId]:
    """Yield the units that a serial may mean: with its maker, or under each maker of lots."""
    word = read.serial or read.text
    makers = () if ":" in word else owners(desk.views, ids.Kind.LOT)
    forms = [word] if ":" in word else [f"{maker}:{word}" for maker in makers]
    for form in forms:
        text = f"{ids.PREFIX}unit:{form}"
        if ids.is_identity(text):
            found = ids.parse(text)
            if isinstance(found, UnitId) and len(found.parts) == 2:  # noqa: PLR2004 — and serial
                yield found


def _is_known(desk: Desk, unit: UnitId) -> bool:
    return bool(desk.views.sightings([unit]) or desk.views.indices(unit))


def _judged(desk: Desk, unit: UnitId, read: Scan, shown: Shown, *, is_signed: bool) -> Answer:
    arrivals = sorted(desk.views.sightings([unit]).get(unit, frozenset()))
    told = view(desk.entries, desk.views, unit).standing(UnitRecord)
    bad = _cloned(desk, unit, arrivals, shown) or _unheard(desk, unit, arrivals, told)
    if bad is not None:
        return Answer(*bad[:3], unit, bad[3], is_signed)
    seen = dossier(desk, ArrivalId.read(arrivals[0])) if arrivals else None
    wrong = next(_contradictions(unit, read, shown.seal, told, seen), None)
    entries = (*_decided(desk, arrivals), *(one.entry.index for one in told))
    if wrong is not None:
        return Answer(Scanned.MISMATCH, wrong, _SEAL, unit, entries, is_signed)
    return Answer(
        Scanned.MATCH,
        _matched(desk, unit, seen, is_signed=is_signed),
        _after(desk, arrivals, shown.seal, told),
        unit,
        entries,
        is_signed,
        held=_is_held(desk, arrivals),
    )


_Bad = tuple[Scanned, Worded, Worded, tuple[int, ...]]


def _cloned(desk: Desk, unit: UnitId, arrivals: list[str], shown: Shown) -> _Bad | None:
    """Return that one identity came twice, or is at two places at once."""
    if len(arrivals) > 1:
        sentence = worded(
            "%(unit)s came in %(count)s arrivals; at most one of them is genuine.",
            unit=unit.key,
            count=len(arrivals),
        )
        return Scanned.CLONED, sentence, _BOTH, _decided(desk, arrivals)
    before = in_service_before(desk, unit) if arrivals else None
    if before is not None:
        sentence = worded(
            "%(unit)s was in service before Voltrail and arrived again; one is a clone.", unit=unit
        )
        return Scanned.CLONED, sentence, _BOTH, (before.entry.index, *_decided(desk, arrivals))
    return _elsewhere(desk, unit, shown)


def _elsewhere(desk: Desk, unit: UnitId, shown: Shown) -> _Bad | None:
    """Return that a unit is in service at two places, or at another one than it was scanned at."""
    stays = whereabouts.in_service_at(desk, unit)
    entries = tuple(one.entry for one in stays)
    if len(stays) > 1:
        sentence = worded(
            "%(unit)s is in service at %(one)s since %(since)s and at %(other)s since %(then)s.",
            unit=unit.key,
            one=stays[0].place.key,
            since=stays[0].since,
            other=stays[1].place.key,
            then=stays[1].since,
        )
        return Scanned.CLONED, sentence, _MOVED, entries
    if stays and shown.place and not whereabouts.are_one(desk, stays[0].place, shown.place):
        sentence = worded(
            "%(unit)s is in service at %(one)s since %(since)s, and was scanned now at %(other)s.",
            unit=unit.key,
            one=stays[0].place.key,
            since=stays[0].since,
            other=shown.place.key,
        )
        return Scanned.CLONED, sentence, _MOVED, entries
    return None


def _unheard(
    desk: Desk, unit: UnitId, arrivals: list[str], told: tuple[Recorded[UnitRecord], ...]
) -> _Bad | None:
    """Return that nobody recorded a unit, or that its element gave a wrong answer."""
    if not arrivals and not told and in_service_before(desk, unit) is None:
        sentence = worded("%(unit)s is on no delivery and in no record.", unit=unit.key)
        return Scanned.UNKNOWN, sentence, _COMPARE, ()
    refused = refuted(desk, unit)
    if refused is None:
        return None
    sentence = worded("The element of %(unit)s gave a wrong answer.", unit=unit.key)
    return Scanned.MISMATCH, sentence, _SEAL, (refused.entry.index,)


def _contradictions(
    unit: UnitId,
    read: Scan,
    seal: str,
    told: tuple[Recorded[UnitRecord], ...],
    seen: Dossier | None,
) -> Iterator[Worded]:
    """Yield what the label, the seal or the maker's list say otherwise than the record."""
    wrong = fault(read.gtin)
    if wrong:
        yield wrong
    yield from _other_item(read, told)
    lots = {one.fact.lot.parts[1] for one in told}
    if seen is not None and seen.arrival is not None:
        lots.add(seen.arrival.fact.lot.parts[1])
    listed = ", ".join(sorted(lots))
    if len(lots) > 1:
        yield worded(
            "The records of %(unit)s name %(count)s lots: %(listed)s.",
            unit=unit.key,
            count=len(lots),
            listed=listed,
        )
    if read.lot and lots and read.lot not in lots:
        yield worded(
            "The label says lot %(lot)s; on record it is %(listed)s.", lot=read.lot, listed=listed
        )
    seals = [one.fact.seal for one in told if one.fact.seal]
    if seal and seals and seal != seals[-1]:
        yield worded("Seal %(seal)s is on it; the record says %(told)s.", seal=seal, told=seals[-1])
    serial = unit.parts[1]
    if seen is not None and seen.lot_serials is not None and serial not in seen.lot_serials:
        yield worded("The maker's signed list of the lot does not have %(serial)s.", serial=serial)


def _other_item(read: Scan, told: tuple[Recorded[UnitRecord], ...]) -> Iterator[Worded]:
    """Yield that the label names another trade item than the records of the unit."""
    items = {one.fact.gtin.zfill(GTIN_DIGITS) for one in told if one.fact.gtin}
    if read.gtin and items and read.gtin.zfill(GTIN_DIGITS) not in items:
        yield worded(
            "The label says GTIN %(gtin)s; on record it is %(listed)s.",
            gtin=read.gtin,
            listed=", ".join(sorted(items)),
        )


def _matched(desk: Desk, unit: UnitId, seen: Dossier | None, *, is_signed: bool) -> Worded:
    said = _came(unit, seen)
    heard = element.last(desk, unit)
    if heard is not None:
        day = f"{heard.fact.appraised_at:%Y-%m-%d}"
        said = worded("%(said)s Its element answered on %(day)s.", said=said, day=day)
    return worded("The maker signed this label. %(said)s", said=said) if is_signed else said


def _came(unit: UnitId, seen: Dossier | None) -> Worded:
    if seen is None or seen.arrival is None:
        return worded("%(unit)s is on record.", unit=unit.key)
    lot, serial = LotId.read(str(seen.arrival.fact.lot)).parts[1], unit.parts[1]
    told = {"unit": unit.key, "arrival": seen.arrival_id.key, "lot": lot}
    if seen.lot_serials is not None and serial in seen.lot_serials:
        return worded(
            "%(unit)s came with %(arrival)s, lot %(lot)s, and stands in the maker's signed list.",
            **told,
        )
    return worded("%(unit)s came with %(arrival)s, lot %(lot)s.", **told)


def _is_held(desk: Desk, arrivals: list[str]) -> bool:
    """Return whether the goods of a unit came and are not released."""
    row = desk.views.row(arrivals[0]) if arrivals else None
    return bool(arrivals) and (row is None or row.disposition != "release")


def _after(
    desk: Desk, arrivals: list[str], seal: str, told: tuple[Recorded[UnitRecord], ...]
) -> Worded:
    """Return what to do after a match; what is not released is not to be installed."""
    row = desk.views.row(arrivals[0]) if arrivals else None
    if _is_held(desk, arrivals):
        why = worded("Not judged yet.") if row is None else row.sentence
        return worded("Do not install it: %(why)s", why=why)
    has_seal = any(one.fact.seal for one in told)
    if has_seal and not seal:
        return worded("A label can be copied: read the seal number as well.")
    if seal and not has_seal:
        return worded(
            "No seal is on record for it, so seal %(seal)s was compared with nothing.", seal=seal
        )
    return worded("A label can be copied: look at the unit, not only at its code.")


def _decided(desk: Desk, arrivals: list[str]) -> tuple[int, ...]:
    rows: Any = desk.views.rows_of(arrivals)
    return tuple(sorted(row.decided for row in rows.values()))
