"""Put what administrators did into the register, in the transaction of the act itself."""

from voltrail.actions import administration
from voltrail.ids.subject import PersonId
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account

BY_HAND = "Done by the command line at the machine."


def done(act: Act, by: Account | None, about: Account, reason: str, detail: str = "") -> int:
    """Return the entry of an act; nobody in `by` is the command line at the machine."""
    who = () if by is None else (passkeys.person_of(by),)
    return done_by(act, who, about, reason or BY_HAND, detail)


def done_by(
    act: Act, who: tuple[PersonId, ...], about: Account, reason: str, detail: str = ""
) -> int:
    """Return the entry of an act that several persons did."""
    found = administration.Done(act, who, passkeys.person_of(about), reason, detail)
    return administration.state(wiring.desk(), found, wiring.now()).index
