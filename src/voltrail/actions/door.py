"""
What the register must know already before it takes a statement that leans on it.

Entitlement looks at a statement and its signatures alone; these rules look at what is on record:
a table or a snapshot that must be here, an arrival that must list a unit, a tier that one voice
alone does not make lighter, the course that whoever signed must have passed. The same for pages,
programs and envelopes sealed elsewhere. Asked once, when a statement comes; what was taken stays
taken, whatever is re-read later.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from voltrail import table
from voltrail.actions import courses
from voltrail.actions.desk import Desk
from voltrail.errors import NotAdmittedError, UnverifiableError
from voltrail.ids.subject import PersonId
from voltrail.projections import parts, stock
from voltrail.projections.fold import listed, view
from voltrail.projections.tier import tier_of
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.place import Place
from voltrail.statements.statement import Statement
from voltrail.statements.stock import Stock
from voltrail.statements.waiver import Waiver
from voltrail.trust.verify import VerifiedStatement

_LEANING = (Acceptance, Place)  # kinds judged by what was recorded before them


def leans(said: Statement) -> bool:
    """
    Return whether a statement is judged by what was recorded before it.

    Args:
        said: any statement

    Returns:
        Whether whatever came just before it must be on record first.

    Source: our choice: ADR 0016.
    """
    return isinstance(said.fact, _LEANING) or courses.needed(said) is not None


def need_known(desk: Desk, verified: VerifiedStatement, at: datetime) -> None:
    """
    Refuse a statement that leans on something which is not on record, or not so.

    Args:
        desk: where earlier statements are kept
        verified: verified, and entitled to by its issuer
        at: log time

    Raises:
        LapsedError: somebody who signed has not passed the course that this needs, or no longer.
        MalformedError: a committed table is none.
        NotAdmittedError: units of another arrival, goods of another place, or a lighter tier on the
            operator's word alone.
        RefusedError: a committed table is not the one that was committed to.
        UnverifiableError: the table or the snapshot that it names is not here.

    Source: design, section 7, committed table; ADR 0022, ADR 0023, ADR 0025, ADR 0026.
    """
    said = verified.statement
    fact = said.fact
    courses.need_trained(desk, said, _signers(desk, verified), at)
    if isinstance(fact, Arrival | Assembly | Stock):
        _need_table(desk, fact)
    elif isinstance(fact, Waiver):
        _need_snapshot(desk, fact)
    elif isinstance(fact, Acceptance):
        _need_own_goods(desk, fact)
    elif isinstance(fact, Place):
        _need_agreed(desk, fact, said.header.issuer)


def _signers(desk: Desk, verified: VerifiedStatement) -> Iterator[PersonId]:
    """Yield every person whose key made one of the signatures, each of which was checked."""
    anchors = desk.anchors()
    hinted = (one for sig in verified.envelope.signatures for one in anchors.of_key(sig.keyid))
    persons = (one.issuer for one in (*verified.signers, *hinted))
    yield from dict.fromkeys(one for one in persons if isinstance(one, PersonId))


def _need_table(desk: Desk, fact: Arrival | Assembly | Stock) -> None:
    names = {Arrival: "serial_table", Assembly: "part_table", Stock: "units"}
    commitment = getattr(fact, names[type(fact)])
    if commitment is None:
        return
    data = desk.blobs.get(commitment.sha256)
    if data is None:
        raise UnverifiableError(
            "The table that the statement commits to is not here.",
            hint="Hand in the file first, then the statement.",
        )
    if isinstance(fact, Stock):
        stock.listed(commitment, data)
    elif isinstance(fact, Assembly):
        table.check(data, commitment)
        deque(parts.listed(data), maxlen=0)
    else:
        listed(commitment, data)


def _need_snapshot(desk: Desk, fact: Waiver) -> None:
    """Check that what the approvers had before them is kept, so that anybody can read it later."""
    if desk.blobs.get(fact.snapshot) is None:
        raise UnverifiableError(
            "The snapshot that the exception names is not kept here.",
            hint="Ask for the exception here; that freezes and keeps what is found.",
        )


def _need_own_goods(desk: Desk, fact: Acceptance) -> None:
    """Check that a record of two is about the goods that it names, where they are."""
    came = view(desk.entries, desk.views, fact.arrival).newest(Arrival)
    if came is None:
        raise NotAdmittedError(
            f"No arrival {fact.arrival.key} is on record.", hint="Record the arrival first."
        )
    if fact.verb is AcceptanceVerb.ACCEPT and fact.place != came.fact.place:
        raise NotAdmittedError(
            f"The goods are at {came.fact.place.key}, not at {fact.place.key}.",
            hint="Accept them where they are.",
        )
    seen = desk.views.sightings(fact.units) if fact.units else {}
    strange = [one for one in fact.units if seen.get(one, frozenset()) != {fact.arrival}]
    if strange:
        raise NotAdmittedError(
            f"{strange[0].key} is not a unit of {fact.arrival.key} alone.",
            hint="Name the arrival that lists the unit; a serial that came twice is a clone.",
        )


def _need_agreed(desk: Desk, fact: Place, issuer: Any) -> None:  # noqa: ANN401 — an identity
    """Check that the operator's word alone makes no tier lighter: two persons do."""
    if isinstance(issuer, PersonId) or fact.overrule is not None:
        return  # signed by two: entitlement has looked
    old = view(desk.entries, desk.views, fact.place).newest(Place)
    if old is not None and tier_of(fact) > tier_of(old.fact):
        raise NotAdmittedError(
            f"This makes {fact.place.key} tier {tier_of(fact)}; it is tier {tier_of(old.fact)}.",
            hint="Two persons sign a lighter tier: classify the place on its page.",
        )
