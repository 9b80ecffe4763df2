"""Chips that tests bind to units: the maker's record of a key."""

import base64
from datetime import datetime

from voltrail.ids.subject import LotId, UnitId
from voltrail.statements.statement import Header
from voltrail.statements.unit import BoundKey, ElementScheme, Level, UnitRecord
from voltrail.trust.signer import LocalSigner
from voltrail_world.cast import KESTREL
from world_fixture import NOW, PlayedWorld, clean_shipment

LOT = clean_shipment().lot


def bound_key(chip: LocalSigner) -> BoundKey:
    """The public half of a chip, as a unit record names it."""
    scheme = ElementScheme(chip.public.algorithm)
    return BoundKey(scheme, base64.b64encode(chip.public.spki).decode())


def bind(
    seen: PlayedWorld,
    unit: UnitId,
    chip: LocalSigner | None,
    at: datetime = NOW,
    lot: LotId = LOT,
) -> str:
    """The digest of a record by which the maker binds a key, or none, to a unit."""
    fact = UnitRecord(unit, lot, Level.PACK, key=bound_key(chip) if chip else None)
    return str(seen.hand_in(seen.world.say(fact, Header(KESTREL, at), unit, lot), at).digest)
