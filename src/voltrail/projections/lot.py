"""
A lot in its maker's own words: the records that the maker itself stated of it.

Does not judge, and does not know what others say of the lot.
"""

from voltrail.ids.subject import PartyId
from voltrail.projections.view import Recorded, View
from voltrail.statements.lot import LotRecord


def own_records(about: View) -> tuple[Recorded[LotRecord], ...]:
    """
    Return the standing records of a lot that its maker itself stated.

    Args:
        about: the view of the lot; an empty view of nothing has none

    Returns:
        Records, oldest claim first.

    Source: ADR 0006.
    """
    if about.subject is None:
        return ()
    lot, maker = about.subject, PartyId.of(about.subject.parts[0])
    stated = about.standing(LotRecord)
    return tuple(one for one in stated if one.fact.lot == lot and one.issuer == maker)


def own_record(about: View) -> Recorded[LotRecord] | None:
    """
    Return the newest standing record of a lot that its maker itself stated.

    Args:
        about: the view of the lot; an empty view of nothing has none

    Returns:
        The record, or None where the maker stated none.

    Source: ADR 0006.
    """
    found = own_records(about)
    return found[-1] if found else None
