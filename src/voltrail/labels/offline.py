"""
A scan judged without a register: by the maker's key, and by its signed list of a lot.

Whether the same unit was seen elsewhere only the register knows; each answer says so.
"""

from collections.abc import Iterator

from voltrail.errors import MalformedError, ProductError, RefusedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import UnitId
from voltrail.labels import scan, signed
from voltrail.labels.link import fault, named
from voltrail.labels.verdict import Answer, Scanned
from voltrail.statements.lot import LotRecord, serial_column
from voltrail.table import Commitment, check, rows
from voltrail.trust.anchors import Anchors

_LEFT_OUT = "Not looked at, since no register was asked: other sightings, holds, seals, release."
_COPIED = "A label can be copied: look at the unit, not only at its code."
_APART = "Keep it apart and ask the maker."


def judge(
    text: str,
    pinned: Anchors,
    record: LotRecord | None = None,
    commitment: Commitment | None = None,
    manifest: bytes = b"",
) -> Answer:
    """
    Return what a scan says against pinned keys and, where it is given, a signed list of a lot.

    Args:
        text: as scanned
        pinned: keys of makers
        record: a verified lot record
        commitment: the list that it commits to
        manifest: that list

    Returns:
        A match where the maker signed label or list; unknown where neither is at hand.

    Raises:
        MalformedError: no label, or the list is no table.
        RefusedError: the list is not the one that was signed.

    Source: mission, PV-03; ADR 0039.
    """
    is_signed = signed.is_signed(text)
    if len(text) > scan.LONGEST and not is_signed:
        raise MalformedError("No label is so long.", hint="Scan one label alone.")
    unit = _signed(text, pinned) if is_signed else _named(text, record)
    if isinstance(unit, Answer):
        return unit
    listed = record is not None and commitment is not None and manifest
    if unit is None or not (is_signed or listed):
        sentence = f"Nothing here says whose {text[:60]!r} is."
        return Answer(
            Scanned.UNKNOWN,
            sentence,
            "Ask the register, or give the lot record with the maker's list.",
            unit,
            left_out=_LEFT_OUT,
        )
    wrong = next(_contradictions(unit, scan.Scan("") if is_signed else scan.read(text), record), "")
    if wrong:
        return Answer(Scanned.MISMATCH, wrong, _APART, unit, (), is_signed, _LEFT_OUT)
    if record is None or commitment is None or not manifest:
        sentence = f"{unit.parts[0]} issued the serial {unit.parts[1]}."
        return Answer(Scanned.MATCH, sentence, _COPIED, unit, (), is_signed, _LEFT_OUT)
    check(manifest, commitment)
    return _listed(unit, record, commitment, manifest, is_signed=is_signed)


def _listed(
    unit: UnitId, record: LotRecord, commitment: Commitment, manifest: bytes, *, is_signed: bool
) -> Answer:
    maker, serial = unit.parts
    lot = record.lot
    at, wanted = serial_column(commitment.columns), serial.encode()
    cells = (line.split(b",", at + 1)[at : at + 1] for line in rows(manifest))
    if [wanted] not in cells:
        sentence = f"The maker's signed list of lot {lot.parts[1]} does not have {serial}."
        return Answer(Scanned.MISMATCH, sentence, _APART, unit, (), is_signed, _LEFT_OUT)
    sentence = f"{maker} listed {serial} in lot {lot.parts[1]}."
    return Answer(Scanned.MATCH, sentence, _COPIED, unit, (), is_signed, _LEFT_OUT)


def _signed(text: str, pinned: Anchors) -> UnitId | Answer:
    """Return the unit of a signed label, or the answer where its signature does not hold."""
    try:
        return signed.verify(text, pinned).unit
    except MalformedError:
        raise
    except ProductError as error:
        bad = isinstance(error, RefusedError)
        verdict = Scanned.MISMATCH if bad else Scanned.UNKNOWN
        unit = signed.unit_of(text)
        return Answer(verdict, str(error), error.hint, unit, left_out=_LEFT_OUT)


def _contradictions(unit: UnitId, read: scan.Scan, record: LotRecord | None) -> Iterator[str]:
    """Yield what the label says otherwise than the lot record, or than GS1 allows."""
    if record is not None:
        maker, lot = record.lot.parts
        if unit.parts[0] != maker:
            yield f"The label names {unit.parts[0]}, the lot is of {maker}."
        if read.lot and read.lot != lot:
            yield f"The label says lot {read.lot}; the record is of lot {lot}."
    yield from filter(None, [fault(read.gtin)])


def _named(text: str, record: LotRecord | None) -> UnitId | None:
    """Return the unit of an unsigned label; a bare serial is one of the lot's maker."""
    read = scan.read(text)
    whole = read.unit or (read.text if read.text.startswith(ids.PREFIX) else "")
    if whole:
        found = ids.parse(whole)
        return found if isinstance(found, UnitId) and named(found) else None
    serial = read.serial or read.text
    return None if record is None or not serial else UnitId.of(record.lot.parts[0], serial)
