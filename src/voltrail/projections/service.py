"""
What two persons signed about an arrival: that they accepted it, and which units went in.

A selection from the arrival's own facts. Does not ask whether they were right: controls do.
"""

from msgspec import Struct

from voltrail.ids.subject import UnitId
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.installation import Installation


class InService(Struct, frozen=True):
    """The records of two that stand about an arrival, and the operator's own word."""

    accepted: tuple[Recorded[Acceptance], ...] = ()
    installed: tuple[Recorded[Acceptance], ...] = ()
    stated: tuple[Recorded[Installation], ...] = ()

    def holds(self, unit: UnitId) -> bool:
        """Whether a record of two, or the operator, says that a unit went in."""
        signed = any(unit in one.fact.units for one in self.installed)
        return signed or any(one.fact.unit == unit for one in self.stated)

    @property
    def anything(self) -> bool:
        """Whether any unit of the arrival went in."""
        return bool(self.installed or self.stated)


def in_service(dossier: Dossier) -> InService:
    """
    Return what went into service of an arrival, and who accepted it, oldest first.

    Args:
        dossier: the arrival's

    Returns:
        The records that stand; nothing where nobody signed.

    Source: mission, OQ-01.
    """
    records = dossier.own.standing(Acceptance)
    accepted = (one for one in records if one.fact.verb is AcceptanceVerb.ACCEPT)
    installed = (one for one in records if one.fact.puts_in)
    return InService(tuple(accepted), tuple(installed), dossier.own.standing(Installation))
