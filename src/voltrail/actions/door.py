"""
What the register must know already before it takes a statement that leans on it.

Entitlement looks at a statement and its signatures alone; these rules look at what is on record:
a table or a snapshot that must be here, an arrival that must list a unit, a tier that one voice
alone does not make lighter, the course that whoever signed must have passed, the entry of whoever
moved goods. The same for pages, programs and envelopes sealed elsewhere. Asked once, when a
statement comes; what was taken stays taken, whatever is re-read later.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from voltrail import table
from voltrail.actions import courses
from voltrail.actions.desk import Desk
from voltrail.actions.entry import barred
from voltrail.errors import NotAdmittedError, UnverifiableError
from voltrail.ids.subject import PersonId, UnitId
from voltrail.projections import movement, parts, stock, unit_table
from voltrail.projections.fold import listed, view
from voltrail.projections.gathering import Gathering
from voltrail.projections.tier import tier_of
from voltrail.projections.view import Recorded, View
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.installation import Installation
from voltrail.statements.movement import Movement, MovementVerb
from voltrail.statements.place import Place
from voltrail.statements.statement import Statement
from voltrail.statements.stock import Stock
from voltrail.statements.waiver import Waiver
from voltrail.table import Commitment
from voltrail.trust.verify import VerifiedStatement

_LEANING = (Acceptance, Movement, Place)  # kinds judged by what was recorded before them


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
        NotAdmittedError: units of another arrival, goods of another place, a lighter tier on the
            operator's word alone, a move into service of what two persons did not put there, or one
            by somebody who might not enter then.
        RefusedError: a committed table is not the one that was committed to.
        UnverifiableError: the table or the snapshot that it names is not here.

    Source: design, section 7, committed table; ADR 0022, ADR 0023, ADR 0025, ADR 0026, ADR 0051.
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
    elif isinstance(fact, Movement):
        _need_move(desk, fact)


def _signers(desk: Desk, verified: VerifiedStatement) -> Iterator[PersonId]:
    """Yield every person whose key made one of the signatures, each of which was checked."""
    anchors = desk.anchors()
    hinted = (one for sig in verified.envelope.signatures for one in anchors.of_key(sig.keyid))
    persons = (one.issuer for one in (*verified.signers, *hinted))
    yield from dict.fromkeys(one for one in persons if isinstance(one, PersonId))


def _need_table(desk: Desk, fact: Arrival | Assembly | Stock | Movement) -> None:
    commitment = _commitment(fact)
    if commitment is None:
        return
    data = desk.blobs.get(commitment.sha256)
    if data is None:
        raise UnverifiableError(
            "The table that the statement commits to is not here.",
            hint="Hand in the file first, then the statement.",
        )
    if isinstance(fact, Stock):
        unit_table.need(stock.FORM, commitment, data)
    elif isinstance(fact, Movement):
        unit_table.need(movement.FORM, commitment, data)
    elif isinstance(fact, Assembly):
        table.check(data, commitment)
        deque(parts.listed(data), maxlen=0)
    else:
        listed(commitment, data)


def _commitment(fact: Arrival | Assembly | Stock | Movement) -> Commitment | None:
    match fact:
        case Stock():
            return fact.units
        case Movement():
            return fact.unit_table
        case Assembly():
            return fact.part_table
        case Arrival():
            return fact.serial_table


def _need_move(desk: Desk, fact: Movement) -> None:
    """Check table and entry of a move; what goes into service stands on a record of two already."""
    _need_table(desk, fact)
    touched = [one for one in (fact.to, fact.came_from) if one is not None]
    for one in barred(desk, touched, (fact.by, fact.contractor), fact.at):
        raise NotAdmittedError(
            f"{one.who.key} may not enter {one.place.key} then.",
            hint="Ask whoever allows entry there to record the permission first.",
        )
    if fact.verb is not MovementVerb.INSTALL:
        return
    units = tuple(movement.units_of(fact, desk.blobs))
    room = Gathering(desk.entries, desk.views)
    room.fetch(units)
    bare = [one for one in units if put_in(room.view(one), one) is None]
    if bare or not units:
        what = bare[0].key if bare else "What is not named one by one"
        raise NotAdmittedError(
            f"{what} was not put into service by two persons.",
            hint="Have two persons put each unit into service first; then record the move.",
        )


def put_in(seen: View, unit: UnitId) -> Recorded[Any] | None:
    """
    Return the newest record by which a unit was put into service.

    Args:
        seen: what is on record about the unit
        unit: which one

    Returns:
        A record of two, or the operator's installation; None where neither stands.

    Source: our choice: ADR 0025, ADR 0051.
    """
    found: list[Recorded[Any]] = [
        one for one in seen.standing(Acceptance) if one.fact.puts_in and unit in one.fact.units
    ]
    found += (one for one in seen.standing(Installation) if one.fact.unit == unit)
    return max(found, key=lambda one: one.entry.index, default=None)


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
