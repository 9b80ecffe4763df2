"""Who a firm is: name, country, roles in the supply network. Does not say that it is qualified."""

from enum import StrEnum

from voltrail.ids.subject import PartyId
from voltrail.statements import identifiers
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
    """A firm as the operator records it, and what others call it: GLN, LEI, USCC, BPN."""

    party: PartyId
    name: Text
    country: Text
    roles: Many[Role]
    identifiers: Many[Text] = ()

    def __post_init__(self) -> None:
        """Refuse an identifier that names no firm."""
        identifiers.need_parties(self.identifiers)
