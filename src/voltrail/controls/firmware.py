"""
Whether the delivered units run an image that the operator approved.

Counts only approvals and readings that the operator or its people stated. Does not read devices.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from voltrail.controls.model import (
    NoLimits,
    Verdict,
    control,
    holds,
    not_applicable,
    unproven,
    violated,
)
from voltrail.ids.subject import PersonId
from voltrail.projections.dossier import Dossier
from voltrail.projections.lot import own_record
from voltrail.projections.view import Recorded
from voltrail.statements.firmware import FirmwareReading, FirmwareRelease
from voltrail.statements.product import Attestability

_NO_MODEL = "The ordered product is not specified on record."
_NO_READING = "No firmware reading of this arrival is on record."
_NO_RECORD = "No lot record signed by the maker is on record."
_NONE = "none"


class ReadingLimits(Struct, frozen=True):
    """How many delivered units must be read [items]."""

    min_units_read: int = 1


@control("FRM-01", needs=("arrival", "product", "firmware", "firmware-reading", "lot"))
def delivered_firmware_is_approved(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Every image read from delivered units was approved by the operator for this product.

    Why: an image nobody approved can falsify what the battery says of itself.
    Remedy: keep the units away from the network, and have the maker explain the image.
    Source: mission, threat 2; NIST SP 800-161r1, SI-7.
    """
    passive = _passive(dossier)
    if passive is not None:
        return passive
    readings, releases = _readings(dossier), _releases(dossier)
    if not readings:
        return unproven(_NO_READING)
    approved = {one.fact.image for one in releases if one.fact.approved}
    for one in readings:
        if one.fact.image not in approved:
            return violated(
                f"Unexpected firmware: image {one.fact.image[:12]} was never approved.",
                one,
                *releases,
            )
    return holds(f"{len(readings)} readings show approved images.", *readings, *releases)


@control("FRM-02", needs=("arrival", "product", "firmware", "lot"))
def declared_firmware_is_approved(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The firmware version in the maker's lot record is one the operator approved.

    Why: a version the operator never saw is a change it was not told of.
    Remedy: review the declared version and approve it, or return the goods.
    Source: mission, control areas (change management).
    """
    passive = _passive(dossier)
    if passive is not None:
        return passive
    record = own_record(dossier.lot)
    if record is None or record.fact.firmware_version is None:
        return unproven("The maker has not declared a firmware version.")
    version = record.fact.firmware_version
    releases = [one for one in _releases(dossier) if one.fact.approved]
    fitting = [one for one in releases if one.fact.version == version]
    if not fitting:
        return violated(
            f"The lot record declares {version}; it is not approved.", record, *releases
        )
    return holds(f"The declared version {version} is approved.", record, *fitting)


@control("FRM-03", needs=("arrival", "product", "firmware-reading", "lot"))
def delivered_firmware_is_the_declared_one(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    The version read from delivered units is the one in the maker's lot record.

    Why: a version that changed on the way was changed by somebody on the way.
    Remedy: ask the maker and every party of custody who updated the units.
    Source: mission, threat 2.
    """
    passive = _passive(dossier)
    if passive is not None:
        return passive
    record, readings = own_record(dossier.lot), _readings(dossier)
    if record is None or record.fact.firmware_version is None:
        return unproven("The maker has not declared a firmware version.")
    if not readings:
        return unproven(_NO_READING, record)
    for one in readings:
        if one.fact.version != record.fact.firmware_version:
            return violated(
                f"{record.fact.firmware_version} was declared, {one.fact.version} was read.",
                one,
                record,
            )
    return holds("The units run the declared version.", record, *readings)


@control("FRM-04", needs=("arrival", "product", "firmware-reading"), limits=ReadingLimits)
def enough_units_were_read(dossier: Dossier, limits: ReadingLimits, at: datetime) -> Verdict:
    """
    The firmware of enough delivered units was read.

    Why: one good unit on top of the pallet proves little.
    Remedy: read the firmware of more units, drawn from the sample.
    Source: mission, at receipt (attestation).
    """
    passive, came = _passive(dossier), dossier.arrival
    if passive is not None or came is None:
        return passive or unproven("No arrival is on record.")
    readings = _readings(dossier)
    read = sum(one.fact.units_read for one in readings)
    least = min(limits.min_units_read, came.fact.quantity)
    if read < least or not readings:
        return unproven(f"{read} units were read; at least {least} are needed.", came, *readings)
    return holds(f"{read} units were read.", came, *readings)


@control("FRM-05", needs=("arrival", "product", "firmware", "firmware-reading"))
def approval_of_the_image_still_stands(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The newest word on every image read is an approval that has begun.

    Why: an approval ends when a fault is found; the goods in hand still carry the fault.
    Remedy: have the maker supply units with a currently approved image.
    Source: mission, over time (revalidation on change).
    """
    passive = _passive(dossier)
    if passive is not None:
        return passive
    readings = _readings(dossier)
    if not readings:
        return unproven(_NO_READING)
    for one in readings:
        about = [r for r in _releases(dossier) if r.fact.image == one.fact.image]
        if not about:
            return unproven(f"Nothing is on record about image {one.fact.image[:12]}.", one)
        last = about[-1]
        if not last.fact.approved:
            return violated(f"The approval of {last.fact.version} was withdrawn.", last, one)
        if last.fact.valid_from is not None and last.fact.valid_from > at:
            day = last.fact.valid_from.date()
            return unproven(f"The approval of {last.fact.version} begins on {day}.", last, one)
    return holds("The approvals still stand.", *readings)


@control("FRM-06", needs=("arrival", "product", "firmware-reading"))
def attestable_units_attested(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Units that can attest their firmware did so.

    Why: a version that a unit merely reports is the word of the firmware in doubt.
    Remedy: challenge the units, and record the answer as a reading by attestation.
    Source: RFC 9334; mission, tier 1 (hardware attestation where available).
    """
    if dossier.arrival is None:
        return unproven("No arrival is on record.")
    model = dossier.model
    if model is None:
        return unproven(_NO_MODEL)
    if model.fact.attestability is not Attestability.ATTESTABLE:
        return not_applicable(f"{model.fact.model} cannot attest its firmware.", model)
    answered = [one for one in _readings(dossier) if "attest" in one.fact.method.casefold()]
    if not answered:
        return unproven("No unit attested its firmware.", model)
    return holds("Units attested their firmware.", model, *answered)


def _passive(dossier: Dossier) -> Verdict | None:
    """Return the answer for goods without firmware; None where the control must look further."""
    if dossier.arrival is None:
        return unproven("No arrival is on record.")
    model, record = dossier.model, own_record(dossier.lot)
    if model is None:
        return unproven(_NO_MODEL)
    if model.fact.attestability is not Attestability.PASSIVE:
        return None
    if record is None:
        return unproven(_NO_RECORD, model)
    if record.fact.firmware_version not in (None, _NONE):
        return violated(
            f"Specified as passive, but the lot record declares {record.fact.firmware_version}.",
            record,
            model,
        )
    if record.fact.firmware_version is None or not record.fact.firmware_reason:
        return unproven("The lot record gives no reason why there is no firmware.", record, model)
    return not_applicable(f"No firmware: {record.fact.firmware_reason}", record, model)


def _ours(dossier: Dossier, one: Recorded[Any]) -> bool:
    return one.issuer == dossier.operator or isinstance(one.issuer, PersonId)


def _readings(dossier: Dossier) -> tuple[Recorded[FirmwareReading], ...]:
    found = dossier.own.standing(FirmwareReading)
    return tuple(
        one for one in found if one.fact.arrival == dossier.arrival_id and _ours(dossier, one)
    )


def _releases(dossier: Dossier) -> tuple[Recorded[FirmwareRelease], ...]:
    found = dossier.product.standing(FirmwareRelease)
    product = dossier.product.subject
    return tuple(one for one in found if one.fact.product == product and _ours(dossier, one))
