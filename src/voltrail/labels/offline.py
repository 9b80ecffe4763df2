"""
A scan judged without a register: by the maker's key, and by its signed list of a lot.

Whether the same unit was seen elsewhere only the register knows; each answer says so.
"""

from collections.abc import Iterator

from voltrail.errors import MalformedError, ProductError, RefusedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import UnitId
from voltrail.labels import bare, scan, signed
from voltrail.labels.link import fault, named
from voltrail.labels.verdict import Answer, Scanned
from voltrail.statements.lot import LotRecord, serial_column
from voltrail.table import Commitment, check, rows
from voltrail.trust.anchors import Anchors
from voltrail.wording import Worded, worded

_LEFT_OUT = worded(
    "Not looked at, since no register was asked: other sightings, holds, seals, release."
)
_COPIED = worded("A label can be copied: look at the unit, not only at its code.")
_APART = worded("Keep it apart and ask the maker.")


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
    read = scan.Scan("") if signed.is_signed(text) else scan.read(text)
    is_signed = signed.is_signed(text) or bool(read.signature)
    if len(text) > scan.LONGEST and not signed.is_signed(text):
        raise MalformedError("No label is so long.", hint="Scan one label alone.")
    unit = _signed(text, read, pinned) if is_signed else _named(text, record)
    if isinstance(unit, Answer):
        return unit
    listed = record is not None and commitment is not None and manifest
    if unit is None or not (is_signed or listed):
        sentence = worded("Nothing here says whose %(text)s is.", text=repr(text[:60]))
        return Answer(
            Scanned.UNKNOWN,
            sentence,
            worded("Ask the register, or give the lot record with the maker's list."),
            unit,
            left_out=_LEFT_OUT,
        )
    wrong = next(
        _contradictions(unit, scan.Scan("") if is_signed else scan.read(text), record), None
    )
    if wrong is not None:
        return Answer(Scanned.MISMATCH, wrong, _APART, unit, (), is_signed, _LEFT_OUT)
    if record is None or commitment is None or not manifest:
        maker, serial = unit.parts
        sentence = worded("%(maker)s issued the serial %(serial)s.", maker=maker, serial=serial)
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
        sentence = worded(
            "The maker's signed list of lot %(lot)s does not have %(serial)s.",
            lot=lot.parts[1],
            serial=serial,
        )
        return Answer(Scanned.MISMATCH, sentence, _APART, unit, (), is_signed, _LEFT_OUT)
    sentence = worded(
        "%(maker)s listed %(serial)s in lot %(lot)s.",
        maker=maker,
        serial=serial,
        lot=lot.parts[1],
    )
    return Answer(Scanned.MATCH, sentence, _COPIED, unit, (), is_signed, _LEFT_OUT)


def _signed(text: str, read: scan.Scan, pinned: Anchors) -> UnitId | Answer:
    """Return the unit of a signed label, or the answer where its signature does not hold."""
    try:
        return (bare.verify(read, pinned) if read.signature else signed.verify(text, pinned)).unit
    except MalformedError:
        raise
    except ProductError as error:
        bad = isinstance(error, RefusedError)
        verdict = Scanned.MISMATCH if bad else Scanned.UNKNOWN
        unit = None if read.signature else signed.unit_of(text)
        return Answer(verdict, error.args[0], error.hint, unit, left_out=_LEFT_OUT)


def _contradictions(unit: UnitId, read: scan.Scan, record: LotRecord | None) -> Iterator[Worded]:
    """Yield what the label says otherwise than the lot record, or than GS1 allows."""
    if record is not None:
        maker, lot = record.lot.parts
        if unit.parts[0] != maker:
            yield worded(
                "The label names %(named)s, the lot is of %(maker)s.",
                named=unit.parts[0],
                maker=maker,
            )
        if read.lot and read.lot != lot:
            yield worded(
                "The label says lot %(lot)s; the record is of lot %(told)s.",
                lot=read.lot,
                told=lot,
            )
    wrong = fault(read.gtin)
    if wrong:
        yield wrong


def _named(text: str, record: LotRecord | None) -> UnitId | None:
    """Return the unit of an unsigned label; a bare serial is one of the lot's maker."""
    read = scan.read(text)
    whole = read.unit or (read.text if read.text.startswith(ids.PREFIX) else "")
    if whole:
        found = ids.parse(whole)
        return found if isinstance(found, UnitId) and named(found) else None
    serial = read.serial or read.text
    return None if record is None or not serial else UnitId.of(record.lot.parts[0], serial)
