"""Who a firm is: name, country, roles in the supply network. Does not say that it is qualified."""

from enum import StrEnum

from voltrail.ids.subject import PartyId
from voltrail.statements.fields import Fact, Many, Text


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


class Party(Fact, frozen=True):
    """A firm as the operator records it."""

    party: PartyId
    name: Text
    country: Text
    roles: Many[Role]
