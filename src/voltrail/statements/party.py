"""Who a firm is: name, country, roles in the supply network. Does not say that it is qualified."""

from dataclasses import dataclass
from enum import StrEnum

from voltrail.ids.subject import PartyId


class Role(StrEnum):
    """The roles of the supply network, and the operator's own."""

    OPERATOR = "operator"
    MANUFACTURER = "manufacturer"
    ASSEMBLER = "assembler"
    DISTRIBUTOR = "distributor"
    BROKER = "broker"
    LOGISTICS = "logistics"
    WAREHOUSE = "warehouse"
    INSTALLER = "installer"
    LABORATORY = "laboratory"


@dataclass(frozen=True, slots=True)
class Party:
    """A firm as the operator records it."""

    party: PartyId
    name: str
    country: str
    roles: tuple[Role, ...]
