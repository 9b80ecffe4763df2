"""
Whether the maker vouches for the lot, and whether what came can be part of it.

Reads the lot record, the arrivals of the lot, and where its serials were seen. Does not know how
the goods travelled.
"""

from datetime import datetime

from voltrail.controls.model import NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import ArrivalId, PersonId
from voltrail.projections.dossier import Dossier
from voltrail.projections.lot import own_record
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.intake import Intake
from voltrail.statements.kinds import uri
from voltrail.statements.lot import LotRecord
from voltrail.statements.signal import Refusal

_NO_ARRIVAL = "No arrival is on record."
_NO_RECORD = "No lot record signed by the maker is on record."
_NO_LIST = "The lot record lists no serials to compare with."
_NO_FILE = "The maker's committed list of serials is not here to compare with."
_LOT_NAMES = frozenset({"lot", uri("lot")})
_PASSIVE = "none"


@control("PRV-01", needs=("arrival", "lot", "intake", "refusal"))
def lot_record_is_signed_by_the_maker(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The maker of the lot itself stated the lot record.

    Why: anybody can write a lot record; only the maker can sign for it.
    Remedy: obtain the lot record signed with the manufacturer's enrolled key.
    Source: mission, provenance; NIST SP 800-161r1, SR-4.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    found = own_record(dossier.lot)
    if found is not None:
        return holds(f"{found.issuer.key} signed the record of lot {came.fact.lot.key}.", found)
    for refused in dossier.lot.standing(Refusal):
        if refused.fact.statement_type in _LOT_NAMES:
            return violated(f"A lot record was refused: {refused.fact.sentence}", refused)
    others = dossier.lot.standing(LotRecord)
    if others:
        who, maker = others[-1].issuer.key, came.fact.lot.parts[0]
        return violated(f"The lot record was signed by {who}, not by {maker}.", *others)
    for told in dossier.lot.standing(Intake):
        if told.fact.statement_type in _LOT_NAMES:
            return unproven(f"The lot record came unsigned via {told.fact.via}.", told)
    return unproven(_NO_RECORD, came)


@control("PRV-02", needs=("arrival", "lot"))
def lot_record_has_its_six_fields(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The lot record states all six fields, and a reason where there is no firmware.

    Why: a field left out is a question the maker chose not to answer.
    Remedy: ask the manufacturer for a lot record that states the missing fields.
    Source: mission, lot record (six).
    """
    found = own_record(dossier.lot)
    if found is None:
        return unproven(_NO_RECORD)
    missing = [name.replace("_", " ") for name in found.fact.missing]
    if found.fact.firmware_version == _PASSIVE and not found.fact.firmware_reason:
        missing.append("firmware reason")
    if missing:
        return unproven(f"The lot record lacks: {', '.join(missing)}.", found)
    return holds("The lot record states all six fields.", found)


@control("PRV-03", needs=("arrival", "order", "lot"))
def lot_is_of_the_ordered_product(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The maker made the lot as the product that was ordered.

    Why: a lower grade in the ordered product's box is the commonest substitution.
    Remedy: return the goods, or order and specify the product that came.
    Source: mission, threat 1.
    """
    found, placed = own_record(dossier.lot), dossier.placed
    if found is None:
        return unproven(_NO_RECORD)
    if placed is None:
        return unproven("No order is on record for this arrival.", found)
    made, ordered = found.fact.product, placed.fact.product
    if made != ordered:
        return violated(f"{ordered.key} was ordered; the lot is {made.key}.", found, placed)
    return holds(f"The lot is {made.key}, as ordered.", found, placed)


@control("PRV-04", needs=("arrival", "lot"))
def delivered_serials_belong_to_the_lot(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    Every delivered serial stands in the maker's list for the lot, inline or as a committed table.

    Why: a serial the maker does not know is a unit the maker did not make in this lot.
    Remedy: set the named units apart and ask the manufacturer what they are.
    Source: mission, quarantine triggers (serial mismatch).
    """
    came, found = dossier.arrival, own_record(dossier.lot)
    if came is None or found is None:
        return unproven(_NO_ARRIVAL if came is None else _NO_RECORD)
    if not dossier.serials:
        return unproven("No delivered serial is on record.", came)
    if found.fact.unit_tree is not None and found.fact.unit_tree == came.fact.serial_table:
        return holds("The delivered serial table is the maker's own.", came, found)
    listed = frozenset(found.fact.serials) or dossier.lot_serials
    if listed is None:
        return unproven(_NO_LIST if found.fact.unit_tree is None else _NO_FILE, found)
    strange = sorted(set(dossier.serials) - listed)
    if strange:
        return violated(
            f"Serial mismatch: {len(strange)} serials are not of this lot, first {strange[0]}.",
            came,
            found,
        )
    return holds(f"All {len(dossier.serials)} serials are of this lot.", came, found)


@control("PRV-05", needs=("arrival",))
def no_serial_came_twice(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    No delivered serial stands twice here, or came in another arrival.

    Why: one serial on two units means that at least one of them is a clone.
    Remedy: hold both arrivals, and ask the manufacturer which unit is genuine.
    Source: mission, threat 1.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    if not dossier.serials:
        return unproven("No delivered serial is on record.", came)
    if len(set(dossier.serials)) != len(dossier.serials):
        twice = next(s for s in sorted(dossier.serials) if dossier.serials.count(s) > 1)
        return violated(f"Clone: serial {twice} stands twice in this delivery.", came)
    for unit in sorted(dossier.seen):
        others = sorted(dossier.seen[unit] - {came.fact.arrival})
        if others:
            serial, where = unit.rpartition(":")[2], ArrivalId.read(others[0]).key
            return violated(f"Clone: serial {serial} also came in arrival {where}.", came)
    return holds(f"None of {len(dossier.serials)} serials was seen elsewhere.", came)


@control("PRV-06", needs=("arrival", "lot"))
def lot_was_made_before_it_came(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    The stated production date is not after the day of receipt.

    Why: goods dated in the future were relabelled.
    Remedy: ask the manufacturer for the true production date, and look at the labels.
    Source: our choice: ADR 0007.
    """
    came, found = dossier.arrival, own_record(dossier.lot)
    if came is None or found is None:
        return unproven(_NO_ARRIVAL if came is None else _NO_RECORD)
    made = found.fact.production_date
    if made is None:
        return unproven("The lot record states no production date.", found)
    if made > came.fact.received_at.date():
        return violated(
            f"Made on {made}, but received on {came.fact.received_at.date()}.", came, found
        )
    return holds(f"Made on {made}, before it came.", came, found)


@control("PRV-07", needs=("arrival", "lot"))
def no_more_came_than_the_lot_holds(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    All arrivals of the lot together do not exceed the quantity the maker made.

    Why: surplus units of a lot come from somewhere else.
    Remedy: hold every arrival of the lot, and settle the count with the manufacturer.
    Source: mission, threat 1.
    """
    came, found = dossier.arrival, own_record(dossier.lot)
    if came is None or found is None:
        return unproven(_NO_ARRIVAL if came is None else _NO_RECORD)
    if found.fact.quantity is None:
        return unproven("The lot record states no quantity.", found)
    arrivals = _arrivals(dossier, came)
    total = sum(one.fact.quantity for one in arrivals)
    if total > found.fact.quantity:
        return violated(
            f"{total:,} units came of a lot of {found.fact.quantity:,}.", found, *arrivals
        )
    return holds(f"{total:,} of {found.fact.quantity:,} units came.", found, *arrivals)


@control("PRV-08", needs=("refusal",))
def nothing_about_the_lot_was_refused(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Nobody handed in a statement about the lot or the arrival that had to be refused.

    Why: a forged statement shows that somebody wants this lot in.
    Remedy: find out who handed it in, and how it came to be.
    Source: our choice: ADR 0007.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    refused = (*dossier.lot.standing(Refusal), *dossier.own.standing(Refusal))
    if refused:
        return violated(f"A statement was refused: {refused[-1].fact.sentence}", *refused)
    return holds("No statement about the lot was refused.", dossier.arrival)


def _arrivals(dossier: Dossier, came: Recorded[Arrival]) -> tuple[Recorded[Arrival], ...]:
    found = {
        one.fact.arrival: one
        for one in dossier.lot.standing(Arrival)
        if one.fact.lot == came.fact.lot
        and (one.issuer == dossier.operator or isinstance(one.issuer, PersonId))
    }
    return tuple({**found, came.fact.arrival: came}.values())
