"""
The link keys by which a recall finds facts that name no subject of theirs.

Which lots a statement makes or fills, what it ends, what stands in its table, through whose hands
and in which container goods went, which firmware they had, in which factory they were made. Does
not judge.
"""

from collections.abc import Iterator
from typing import Any

from voltrail.errors import MalformedError
from voltrail.ids.subject import PREFIX, LotId, UnitId
from voltrail.projections import parts, stock
from voltrail.projections.parts import Put
from voltrail.projections.view import Recorded
from voltrail.projections.whereabouts import IN
from voltrail.register.blobs import BlobStore
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.correction import Correction
from voltrail.statements.custody import HandOver
from voltrail.statements.firmware import FirmwareReading
from voltrail.statements.installation import Installation
from voltrail.statements.lot import LotRecord
from voltrail.statements.movement import Movement
from voltrail.statements.retirement import Retirement
from voltrail.statements.stock import Stock
from voltrail.statements.unit import UnitRecord

MADE, INTO, ENDS, FROM, STOCK = "made:", "into:", "ends:", "from:", "stock:"
USED_IN, OUT_OF = "used-in:", "out-of:"  # a lot that stands in a table of parts, and not beside it
HANDS, RAN, PLANT, RECORD = "hands:", "ran:", "plant:", "record:"
SPOKEN = (Acceptance, Assembly, Installation, Movement, Retirement, UnitRecord)
FOLLOWED = (*SPOKEN, Arrival, Stock)


def keys_of(one: Recorded[Any], blobs: BlobStore) -> Iterator[str]:
    """
    Yield the link keys by which a recall finds a fact.

    Args:
        one: a recorded fact
        blobs: where its table is

    Yields:
        Keys, repeats possible: the lots that it makes or fills, what it ends, the units and lots in
        its table, whose hands it names, in which container, which firmware, which factory.

    Source: our choice: ADR 0052.
    """
    fact = one.fact
    if isinstance(fact, Correction):
        yield ENDS + fact.withdraws
    elif isinstance(fact, FOLLOWED) and one.header.supersedes:
        yield ENDS + one.header.supersedes
    if isinstance(fact, Assembly):
        put = parts.put(fact, blobs)
        yield from _assembly_keys(put)
        yield from _tabled_keys(fact, put)
    elif isinstance(fact, Stock):
        yield from {STOCK + lot for _, lot, _ in stocked(fact, blobs) if lot}
    elif isinstance(fact, Installation | Acceptance):
        yield FROM + fact.arrival
    yield from _related(fact)


def _assembly_keys(put: Put) -> Iterator[str]:
    made = [one.lot for one in put.outputs if one.lot is not None and one.unit is None]
    yield from (MADE + lot for lot in made)
    if made:
        yield from (INTO + one.lot for one in put.inputs if one.lot is not None)
    yield from (one.unit for one in (*put.inputs, *put.outputs) if one.unit is not None)


def _tabled_keys(fact: Assembly, put: Put) -> Iterator[str]:
    """Yield each lot that only the table of an assembly names, once for each side."""
    sides = ((USED_IN, put.inputs, fact.inputs), (OUT_OF, put.outputs, fact.outputs))
    for key, every, beside in sides:
        if len(every) > len(beside):
            yield from {key + one.lot for one in every if one.lot is not None} - {
                key + one.lot for one in beside if one.lot is not None
            }


def _related(fact: Any) -> Iterator[str]:  # noqa: ANN401 — any fact
    match fact:
        case HandOver():
            yield from (HANDS + fact.giver, HANDS + fact.taker)
            yield from [IN + fact.container] if fact.container else []
        case Arrival() if fact.delivered_by:
            yield HANDS + fact.delivered_by
        case LotRecord():
            yield RECORD + fact.lot
            yield from (HANDS + one.to for one in fact.shipping)
            yield from [PLANT + fact.factory] if fact.factory else []
            yield from [RAN + fact.firmware_version] if fact.firmware_version else []
        case FirmwareReading():
            yield from (RAN + fact.version, RAN + fact.image)
        case Installation() if fact.firmware:
            yield RAN + fact.firmware
        case _:
            return


def stocked(fact: Stock, blobs: BlobStore) -> Iterator[tuple[UnitId, LotId | None, str]]:
    """
    Yield what a list of units in service says.

    Args:
        fact: the statement
        blobs: where its table is

    Yields:
        Unit, its lot where the list names one, and the key of its place.

    Source: docs/spec/stock.md.
    """
    for line in stock.lines_of(fact, blobs):
        maker, serial, _level, lot, place, *_rest = line.split(",")
        yield UnitId(f"{PREFIX}unit:{maker}:{serial}"), _lot(maker, lot), place


def _lot(maker: str, number: str) -> LotId | None:
    try:
        return LotId.of(maker, number) if number else None
    except MalformedError:
        return None
