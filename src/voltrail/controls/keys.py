"""
Whether the keys behind the statements still deserve trust.

Reads key states in the dossier's anchors; compares log time, never claimed time. Does not check
signatures: verification did, before anything was registered.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from voltrail.controls.model import NoLimits, Verdict, control, holds, unproven, violated
from voltrail.ids.subject import PartyId, SubjectId
from voltrail.projections.anchors import other_half_agrees, worth_of
from voltrail.projections.dossier import Dossier
from voltrail.projections.view import Recorded
from voltrail.statements.custody import HandOver
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.key import KeyEvent
from voltrail.trust.anchors import Anchor, KeyState
from voltrail.trust.keys import CLASSICAL
from voltrail.trust.standing import Standing, Worth

_CANNOT_TELL = (Standing.SUSPECT, Standing.TIME_UNPROVEN)
_NO_ARRIVAL = "No arrival is on record."
# Our own conclusions, key statements and unknown kinds are nothing that an arrival rests on.
_NO_GROUND = (DecisionRecord, KeyEvent, type(None))


@control("KEY-01", needs=("arrival", "order", "key"))
def keys_of_maker_and_seller_are_not_compromised(
    dossier: Dossier, limits: NoLimits, at: datetime
) -> Verdict:
    """
    When the goods came, neither maker nor seller relied on a key known to be compromised.

    Why: whoever holds the maker's key can make any lot genuine.
    Remedy: enrol a new key for the party, and have it state again what it stated.
    Source: mission, provenance (keys under control); NIST SP 800-57 part 1 rev. 5, 5.5.
    """
    came = dossier.arrival
    if came is None:
        return unproven(_NO_ARRIVAL)
    for party in _parties(dossier):
        bound = dossier.anchors.of_issuer(party)
        lost = [one for one in bound if _lost_by(one, came.fact.received_at)]
        fresh = [one for one in bound if one.state is KeyState.ACTIVE and one.stands_at(at)]
        if lost and not fresh:
            return violated(f"A key of {party.key} is compromised and not replaced.", came)
        if not bound:
            return unproven(f"No key of {party.key} is on record.", came)
    return holds("No key of maker or seller is compromised.", came)


class ProofOfTime(Struct, frozen=True):
    """Whose word on when a statement existed is enough, once its key has ended."""

    others_needed: int = 0
    """1 where witnesses or a time-stamp service must vouch; 0 where log time is proof enough."""


@control(
    "KEY-02",
    needs=("arrival", "lot", "order", "custody", "key", "time-proof"),
    limits=ProofOfTime,
)
def statements_were_signed_while_their_key_was_safe(
    dossier: Dossier, limits: ProofOfTime, at: datetime
) -> Verdict:
    """
    Nothing this arrival rests on came into being after its issuer's key was compromised.

    Why: from that time on, anybody may have signed.
    Remedy: have the issuer state it again with its new key.
    Source: design, section 7, time; mission, provenance (keys under control).
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    rests = _rests_on(dossier)
    others = dossier.proven if limits.others_needed else None
    told = ((one, _worth(dossier, one, others)) for one in rests)
    for one, found in ((one, found) for one, found in told if not found.standing.is_good):
        say = unproven if found.standing in _CANNOT_TELL else violated
        why = found.why[:1].lower() + found.why[1:]
        return say(f"Entry {one.entry.index} of {one.issuer.key} proves nothing: {why}", one)
    return holds(f"{len(rests)} statements were signed by safe keys.", *rests)


@control("KEY-03", needs=("arrival", "lot", "order", "custody", "key"))
def every_issuer_is_bound_to_a_key(dossier: Dossier, limits: NoLimits, at: datetime) -> Verdict:
    """
    Each issuer this arrival rests on had a key bound to it for what it stated.

    Why: a name without a key is a name anybody may write.
    Remedy: enrol a key of the issuer that is named, and have it state again.
    Source: our choice: ADR 0004.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    rests = _rests_on(dossier)
    for one in rests:
        bound = dossier.anchors.of_issuer(one.issuer)
        logged = one.entry.log_time
        if not any(_bound_for(anchor, one) and anchor.valid_from <= logged for anchor in bound):
            return unproven(f"{one.issuer.key} had no key for what it stated.", one)
    return holds("Every issuer is bound to a key.", *rests)


class Schemes(Struct, frozen=True):
    """How long signature schemes prove something."""

    classical_ends_yyyymmdd: int = 0
    """Day from which Ed25519 and P-256 alone prove nothing, in UTC; 0 where it is not set."""


@control("KEY-04", needs=("arrival", "lot", "order", "custody", "key"), limits=Schemes)
def signatures_are_by_schemes_that_stand(
    dossier: Dossier, limits: Schemes, at: datetime
) -> Verdict:
    """
    Each statement this arrival rests on is signed in a scheme that stands, or is proven older.

    Why: a scheme that can be broken lets anybody sign in any name.
    Remedy: have the issuer state it again with a key of ML-DSA, or with two keys together.
    Source: reference on provenance, section 2.7; ADR 0040.
    """
    if dossier.arrival is None:
        return unproven(_NO_ARRIVAL)
    rests = _rests_on(dossier)
    if not limits.classical_ends_yyyymmdd:
        return holds("No signature scheme has an end in this policy.", *rests)
    fell = _day(limits.classical_ends_yyyymmdd)
    fallen = dict.fromkeys(map(str, CLASSICAL), fell)
    for one in rests:
        before, after = _worth(dossier, one), worth_of(dossier.anchors, one, fallen=fallen)
        if before.standing.is_good and not after.standing.is_good:
            return violated(f"Entry {one.entry.index} is signed in a scheme that fell.", one)
    return holds(f"{len(rests)} statements are by schemes that stand, or older.", *rests)


def _parties(dossier: Dossier) -> tuple[PartyId, ...]:
    """Return the maker and, where another firm sold the goods, the seller."""
    came, placed = dossier.arrival, dossier.placed
    if came is None:
        return ()
    maker = PartyId.of(came.fact.lot.parts[0])
    return (
        (maker,) if placed is None or placed.fact.seller == maker else (maker, placed.fact.seller)
    )


def _rests_on(dossier: Dossier) -> tuple[Recorded[Any], ...]:
    """Return the standing statements on the goods, and maker's and seller's own, in log order."""
    near = (dossier.own, dossier.lot, dossier.order, dossier.product)
    found = {one.entry.index: one for view in near for one in view.facts}
    speakers: set[SubjectId] = set(_parties(dossier))
    for view in (dossier.maker, dossier.seller):
        found |= {one.entry.index: one for one in view.facts if one.issuer in speakers}
    return tuple(
        found[index]
        for index in sorted(found)
        if found[index].withdrawn_by is None and not isinstance(found[index].fact, _NO_GROUND)
    )


def _bound_for(anchor: Anchor, one: Recorded[Any]) -> bool:
    return anchor.covers(one.predicate_type, one.header.place)


def _lost_by(anchor: Anchor, when: datetime) -> bool:
    since = anchor.compromised_since or anchor.valid_from
    return anchor.state is KeyState.COMPROMISED and since <= when


def _day(number: int) -> datetime:
    """Return the beginning of a day written as 20311231."""
    return datetime.strptime(f"{number}", "%Y%m%d").replace(tzinfo=UTC)


def _worth(
    dossier: Dossier, one: Recorded[Any], others: Mapping[int, datetime] | None = None
) -> Worth:
    alone = worth_of(dossier.anchors, one, others=others)
    if alone.standing.is_good:
        return alone
    halves = dossier.lot.standing(HandOver)
    agrees = other_half_agrees(dossier.anchors, one, halves, others)
    return worth_of(dossier.anchors, one, corroborated=agrees, others=others) if agrees else alone
