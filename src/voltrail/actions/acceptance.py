"""
Two people accept goods, or put units into service: the bytes that both sign, and what stands.

What is asked is refused here where the goods are not released; a signature is refused where that
changed meanwhile. Whether goods in service stay there is judged by controls.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from voltrail import canonical
from voltrail.actions import signing
from voltrail.actions.desk import Desk
from voltrail.actions.judge import ACCEPT_FIRST, requires
from voltrail.actions.show import may_install
from voltrail.decisions.baseline import baseline
from voltrail.errors import (
    MalformedError,
    NotPermittedError,
    StaleEvidenceError,
    UnknownSubjectError,
)
from voltrail.ids.subject import ArrivalId, PlaceId, UnitId
from voltrail.projections.dossier import Dossier, dossier
from voltrail.projections.service import in_service
from voltrail.projections.store import ArrivalRow
from voltrail.statements import fields as codec
from voltrail.statements import statement as statements
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.fields import Digest
from voltrail.statements.policy import Mode
from voltrail.statements.statement import Header

SIGNERS = 2  # [persons] mission, OQ-01
MOST_UNITS = 500  # [units] on one record
_RELEASED = "release"


def read(wanted: bytes) -> Acceptance:
    """
    Return what two people want to sign, from JSON.

    Args:
        wanted: the fields of docs/spec/acceptance.md; number, place and at may be left out

    Returns:
        The record as asked for.

    Raises:
        MalformedError: no such object, or a field of another form.

    Source: mission, OQ-01.
    """
    found = canonical.parse(wanted, what="acceptance")
    unset = {
        "number": "to-be-given",
        "place": "urn:voltrail:place:to-be-given",
        "at": "1970-01-01T00:00:00Z",
    }
    return codec.read(Acceptance, {**unset, **found}, "The acceptance")


def ask(desk: Desk, wanted: Acceptance, at: datetime) -> bytes:
    """
    Return the bytes for two persons to sign, resting on the decision as it stands now.

    Args:
        desk: where the arrival is kept
        wanted: what is asked for; place, time and the decision are filled in here
        at: the time of asking

    Returns:
        Canonical bytes to be signed.

    Raises:
        MalformedError: units where goods are accepted, or none, or too many, where they go in.
        NotPermittedError: not two different persons with a key in force; the arrival is not
            released; a unit may not be installed, is in service, or was not accepted first.
        UnknownSubjectError: no such arrival, or a unit of another one.

    Source: mission, OQ-01; ADR 0025.
    """
    _need_form(wanted)
    _need_signers(desk, wanted, at)
    row = _row(desk, wanted.arrival)
    _need_released(row)
    if wanted.puts_in:
        _need_installable(desk, wanted, at)
    (decided,) = desk.entries.at([row.decided])
    number = wanted.number
    if number == "to-be-given":
        number = f"{wanted.arrival.parts[-1]}-{wanted.verb}-{at:%Y%m%dT%H%M%S}"
    fact = replace(
        wanted,
        number=number,
        at=at.replace(microsecond=0),
        place=PlaceId.read(row.place),
        rests_on=(Digest(decided.parsed.envelope), *wanted.rests_on),
    )
    header = Header(fact.accepted_by[0], at)
    return statements.compose(fact, header, fact.arrival, *fact.units)


def need_fresh(desk: Desk, payload: bytes, at: datetime) -> None:
    """
    Refuse to sign for goods that are not released any more.

    Args:
        desk: where the arrival is kept
        payload: a draft's canonical bytes; other kinds of statement pass
        at: the time of signing

    Raises:
        StaleEvidenceError: the arrival or a unit is not what it was when this was asked for.

    Source: mission, OQ-01; ADR 0025.
    """
    fact = signing.read(payload).fact
    if not isinstance(fact, Acceptance):
        return
    try:
        _need_released(_row(desk, fact.arrival))
        if fact.puts_in:
            _need_installable(desk, fact, at)
    except (NotPermittedError, UnknownSubjectError) as error:
        raise StaleEvidenceError(
            f"This can no longer be signed: {error}",
            hint="Withdraw the draft; begin a new one when the goods are released.",
        ) from error


def comes_first(desk: Desk, decided: DecisionRecord, family: str, where: str) -> bool:
    """
    Return whether two persons accept goods before their first unit goes in.

    Args:
        desk: knows the approved policies
        decided: the decision about the goods
        family: of the product; empty where nobody recorded it
        where: the class of the place; empty where nobody recorded it

    Returns:
        Whether the policy of the decision requires it; at the light path it does not.

    Source: mission, RT-04; ADR 0025.
    """
    every = (one for _, one in desk.rulebook() if one.digest == decided.policy)
    rule = next(every, baseline()).rule(ACCEPT_FIRST, family, decided.tier, where)
    return rule.mode is Mode.REQUIRED


def _row(desk: Desk, arrival: ArrivalId) -> ArrivalRow:
    row = desk.views.row(arrival)
    if row is None:
        raise UnknownSubjectError(
            f"No arrival {arrival} is on record.", hint="Record the goods at the dock first."
        )
    return row


def _need_form(wanted: Acceptance) -> None:
    if wanted.verb is AcceptanceVerb.ACCEPT and wanted.units:
        raise MalformedError(
            "Goods are accepted as a whole.", hint="Leave the units out; hold those you doubt."
        )
    if wanted.puts_in and not 1 <= len(wanted.units) <= MOST_UNITS:
        raise MalformedError(
            f"A record names 1 to {MOST_UNITS} units that go in.", hint="Name the units."
        )


def _need_signers(desk: Desk, wanted: Acceptance, at: datetime) -> None:
    """Refuse one person twice, and persons without a key that may sign this."""
    if len(wanted.accepted_by) != SIGNERS or len(set(wanted.accepted_by)) != SIGNERS:
        raise NotPermittedError(
            "Two different persons sign the same record.", hint="Name yourself and one other."
        )
    able = signing.signers(desk, "acceptance", at)
    lacking = [one.key for one in wanted.accepted_by if one not in able]
    if lacking:
        raise NotPermittedError(
            f"{' and '.join(lacking)} has no key in force that may sign this.",
            hint="Add a passkey on your own page and have it confirmed, or name somebody else.",
        )


def _need_released(row: ArrivalRow) -> None:
    if row.disposition != _RELEASED:
        raise NotPermittedError(
            f"The goods are not released. {row.sentence}",
            hint="Settle what the decision names first; then two persons sign.",
        )


def _need_installable(desk: Desk, wanted: Acceptance, at: datetime) -> None:
    """Refuse units of other arrivals, in service, not to be installed, or not accepted first."""
    seen = dossier(desk, wanted.arrival)
    stands = in_service(seen)
    if not stands.accepted and requires(desk, seen, ACCEPT_FIRST):
        raise NotPermittedError(
            "Nobody has accepted these goods yet.", hint="Two persons accept the arrival first."
        )
    _need_own(seen, wanted.units)
    for unit in wanted.units:
        answer = may_install(desk, unit, at)
        if not answer.allowed:
            raise NotPermittedError(
                f"{unit.key} may not be installed. {answer.sentence}",
                hint="Open the unit to see what stands against it.",
            )
        if stands.holds(unit):
            raise NotPermittedError(
                f"{unit.key} is in service already.", hint="Leave it out of this record."
            )


def _need_own(seen: Dossier, units: Iterable[UnitId]) -> None:
    """Refuse a unit that the arrival does not list."""
    strange = [one for one in units if str(one) not in seen.reach.units]
    if strange:
        raise UnknownSubjectError(
            f"{strange[0].key} is not among the serials of {seen.arrival_id.key}.",
            hint="Scan the unit again, or open the arrival it came with.",
        )
