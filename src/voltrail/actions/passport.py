"""Hold the passports that came in about a unit, a lot or a product against the record."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from voltrail.actions.desk import Desk
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import ArrivalId, LotId, ProductId, SubjectId, UnitId
from voltrail.projections.dossier import gathering
from voltrail.projections.gathering import Gathering
from voltrail.projections.identities import claims
from voltrail.projections.lot import own_record
from voltrail.projections.passport import (
    OnRecord,
    PassportLine,
    Slack,
    compare,
    is_passport,
    maker_key,
)
from voltrail.projections.rules.model import tolerances
from voltrail.projections.view import Recorded
from voltrail.statements.arrival import Arrival
from voltrail.statements.intake import Intake
from voltrail.statements.party import Party
from voltrail.statements.product import Product
from voltrail.statements.specification import Specification
from voltrail.statements.unit import UnitRecord


class Held(Struct, frozen=True):
    """One passport, and each field of it against the record."""

    passport: Recorded[Intake]
    lines: tuple[PassportLine, ...]


class Passports(Struct, frozen=True):
    """The passports about a subject, newest first, at one size of the register."""

    subject: SubjectId
    size: int
    held: tuple[Held, ...]


def passports(desk: Desk, which: SubjectId) -> Passports:
    """
    Return the passports that came in about a subject, each against the record.

    Args:
        desk: where they are kept
        which: a unit, a lot or a product

    Returns:
        One comparison for each passport; none where none came in.

    Raises:
        MalformedError: it is neither unit, lot nor product.
        UnknownSubjectError: nobody spoke of it.

    Source: reference on traceability, R23; ADR 0056.
    """
    if not isinstance(which, UnitId | LotId | ProductId):
        raise MalformedError(
            f"{which} is neither unit, lot nor product.", hint="Name one of those."
        )
    if not desk.views.indices(which) and not desk.views.sightings([which]).get(which):
        raise UnknownSubjectError(f"Nobody spoke of {which.key}.", hint="Check its serial or lot.")
    room, limits = gathering(desk), tolerances()
    slack = Slack(limits.max_passport_percent, limits.max_code_date_d)
    found = [one for one in room.view(which).standing(Intake) if is_passport(one)]
    record = replace(_on_record(desk, room, which), parties=tuple(_named(room, found)))
    held = tuple(Held(one, compare(one, record, slack)) for one in reversed(found))
    return Passports(which, room.below or 0, held)


def _on_record(desk: Desk, room: Gathering, which: SubjectId) -> OnRecord:
    unit = room.view(which).newest(UnitRecord) if isinstance(which, UnitId) else None
    lot = which if isinstance(which, LotId) else None
    if isinstance(which, UnitId):
        lot = unit.fact.lot if unit is not None else _delivered(desk, room, which)
    record = own_record(room.view(lot))
    product = which if isinstance(which, ProductId) else None
    if record is not None:
        product = record.fact.product
    about = room.view(product)
    return OnRecord(about.newest(Product), record, unit, about.standing(Specification))


def _named(room: Gathering, found: list[Recorded[Intake]]) -> Iterator[Recorded[Party]]:
    """Yield the record of each firm that has a code by which these name a maker."""
    keys = {key for one in found if (key := maker_key(one.fact)) is not None}
    told = (one for key in sorted(keys) for one in claims(room, key))
    yield from (one for one in told if isinstance(one.fact, Party))


def _delivered(desk: Desk, room: Gathering, unit: UnitId) -> LotId | None:
    """Return the lot of the newest arrival that lists a unit."""
    arrivals = desk.views.sightings([unit]).get(unit, frozenset())
    came = [room.view(ArrivalId.read(one)).newest(Arrival) for one in arrivals]
    found = [one for one in came if one is not None]
    found.sort(key=lambda one: (one.fact.received_at, one.entry.index))
    return found[-1].fact.lot if found else None
