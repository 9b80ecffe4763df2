"""Put what administrators did into the register, in the transaction of the act itself."""

from datetime import datetime

from voltrail.actions import administration
from voltrail.ids.subject import PartyId, PersonId
from voltrail.statements.administration import Act
from voltrail_server import wiring
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account

BY_HAND = "Done by the command line at the machine."
ON_A_PAGE = "Done on the page of firms' programs."


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


def pass_issued(by: Account | None, party: str, name: str, until: datetime) -> int:
    """Return the entry that says a firm was given a token or link; nobody in `by` is by hand."""
    return _pass(Act.ISSUE_TOKEN, by, party, "", f"{name} until {until:%Y-%m-%d}")


def pass_ended(by: Account | None, party: str, name: str, reason: str) -> int:
    """Return the entry that says a firm's token or link was ended; nobody in `by` is by hand."""
    return _pass(Act.END_TOKEN, by, party, reason.strip(), name)


def _pass(act: Act, by: Account | None, party: str, reason: str, detail: str) -> int:
    who = () if by is None else (passkeys.person_of(by),)
    why = reason or (BY_HAND if by is None else ON_A_PAGE)
    found = administration.Done(act, who, PartyId.read(party), why, detail)
    return administration.state(wiring.desk(), found, wiring.now()).index
