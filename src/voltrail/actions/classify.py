"""
Classify a place: from impact, replacement lead time and exposure follows its risk tier.

A first classification, and one that keeps the tier or makes it stricter, is the operator's word,
with the person who assessed it named. A lighter tier, and one set by hand, is signed by two persons
on the same bytes. What the tier asks for is policy.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from voltrail import canonical
from voltrail.actions import record, signing
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError
from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.projections.fold import view
from voltrail.projections.tier import CRITICAL, LIGHT, reason, tier_of
from voltrail.projections.view import Recorded, View
from voltrail.statements import fields as codec
from voltrail.statements import statement as statements
from voltrail.statements.place import Overrule, Place
from voltrail.statements.statement import Header

_TO_BE_NAMED = "urn:voltrail:person:to-be-named"


class Derived(Struct, frozen=True):
    """A tier, how it came about, the tier there was, and whether a second person must sign."""

    tier: int
    sentence: str
    before: int | None
    needs_second: bool


def read(wanted: bytes, operator: PartyId) -> Place:
    """
    Return the classification that somebody wants, from JSON.

    Args:
        wanted: the fields of a place; operator, zone and who agrees to a tier by hand may be
            left out
        operator: whose place it is

    Returns:
        The classification as asked for.

    Raises:
        MalformedError: no such object, a field unknown or of another form, or no such tier.

    Source: mission, RT-01; ADR 0026.
    """
    found = canonical.parse(wanted, what="classification")
    known = {one.encode_name for one in fields(Place)}
    strange = sorted(found.keys() - known)
    if strange:
        raise MalformedError(
            f"The classification has a field {strange[0][:40]!r} that is not known.",
            hint=f"Give: {', '.join(sorted(known))}.",
        )
    by_hand = found.get("overrule")
    if isinstance(by_hand, dict):
        found = {**found, "overrule": {"secondPerson": _TO_BE_NAMED, **by_hand}}
    unset = {"operator": str(operator), "zone": "UTC"}
    place = codec.read(Place, {**unset, **found}, "The classification")
    if place.overrule is not None:
        _need_tier(place.overrule.tier)
    return place


def standing(desk: Desk, place: PlaceId) -> Recorded[Place] | None:
    """
    Return how a place is classified.

    Args:
        desk: where it is kept
        place: which place

    Returns:
        The newest classification, or nothing where nobody recorded the place.

    Source: mission, RT-01.
    """
    return view(desk.entries, desk.views, place).newest(Place)


def told(place: PlaceId, facts: tuple[Recorded[Any], ...]) -> Derived | None:
    """
    Return the tier that the facts on record about a place give.

    Args:
        place: which place
        facts: everything stated about it

    Returns:
        The tier and its sentence, or nothing where nobody classified the place.

    Source: mission, RT-01.
    """
    found = View(place, facts).newest(Place)
    if found is None:
        return None
    tier = tier_of(found.fact)
    return Derived(tier, reason(found.fact), tier, needs_second=False)


def derive(desk: Desk, wanted: Place) -> Derived:
    """
    Return the tier that a classification gives; nothing is recorded.

    Args:
        desk: knows how the place stands
        wanted: the classification

    Returns:
        The tier and its sentence.

    Source: mission, RT-01; derivation: ADR 0007.
    """
    old = standing(desk, wanted.place)
    before = None if old is None else tier_of(old.fact)
    tier = tier_of(wanted)
    lighter = before is not None and tier > before
    return Derived(tier, reason(wanted), before, lighter or wanted.overrule is not None)


def classify(desk: Desk, wanted: Place, by: PersonId, at: datetime) -> Registered:
    """
    Return where a classification stands that needs no second person.

    Args:
        desk: holds the operator's key
        wanted: the classification
        by: the person who assessed the place
        at: log time

    Returns:
        Index and digest; arrivals at the place are judged again at once.

    Raises:
        NotPermittedError: the tier gets lighter or is set by hand, so two persons sign.
        MalformedError: the place has no name, or no reason is given for a change.

    Source: mission, RT-01.
    """
    _need_words(desk, wanted)
    if derive(desk, wanted).needs_second:
        raise NotPermittedError(
            "A lighter tier, or one set by hand, needs a second person.",
            hint="Name the second person; both sign the same record.",
        )
    fact = replace(wanted, operator=desk.operator, assessed_by=by, agreed_by=None)
    return record.state(desk, fact, Header(desk.operator, at), fact.place)


def draft(desk: Desk, wanted: Place, both: tuple[PersonId, PersonId], at: datetime) -> bytes:
    """
    Return the bytes with which two persons classify a place.

    Args:
        desk: knows the keys in force
        wanted: the classification
        both: who assessed it, and the second person
        at: the time of asking

    Returns:
        Canonical bytes to be signed by both.

    Raises:
        NotPermittedError: one person twice, or without a key in force for places.
        MalformedError: the place has no name, no reason is given, or there is no such tier.

    Source: mission, RT-01; ADR 0026.
    """
    _need_words(desk, wanted)
    first, second = both
    if first == second:
        raise NotPermittedError(
            "The second person is the first one again.", hint="Name somebody else."
        )
    able = signing.signers(desk, "place", at)
    for person in both:
        if person not in able:
            raise NotPermittedError(
                f"{person.key} has no key in force for classifying places.",
                hint="Have the key confirmed for it, or name somebody else.",
            )
    overrule = wanted.overrule
    if overrule is not None:
        _need_tier(overrule.tier)
        overrule = Overrule(overrule.tier, overrule.reason, second)
    fact = replace(
        wanted, operator=desk.operator, assessed_by=first, agreed_by=second, overrule=overrule
    )
    return statements.compose(fact, Header(first, at), fact.place)


def _need_tier(tier: int) -> None:
    if not CRITICAL <= tier <= LIGHT:
        raise MalformedError(f"There is no tier {tier}.", hint="Choose 1, 2 or 3.")


def _need_words(desk: Desk, wanted: Place) -> None:
    if not wanted.name.strip():
        raise MalformedError("The place has no name.", hint="Give it the name people use.")
    if standing(desk, wanted.place) is not None and not (wanted.reason or "").strip():
        raise MalformedError(
            "No reason is given for the change.", hint="Say in one sentence what changed."
        )
