"""
Which keys each firm has, and which of them signed what one lot's firms said.

A factory signs what it makes with a key of its own, bound to its place; one of them replaces its
key in good order, and some keys end long after what they signed. The operator's own keys are pinned
and no statement enrols them. Does not know what anybody says of a key that was used wrongly.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from voltrail.ids.subject import PartyId, PlaceId
from voltrail.statements import kinds
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail_world.tale import BEGINS, OPERATOR, PLACE, TRADE, Tale, key_id, spki_text

PLANT, NEXT_PLANT, ANNEX, LOGGER = "plant", "plant-2", "annex", "logger"
MADE = ("lot", "unit", "assembly")
_TRADED = ("custody", "condition", "disclosure", "retirement", "movement")
_FIRMS = ("amber", "basalt", "sealine", "truckers", "dock", "greymarket", "oldfleet")
_GIVEN_UP, _STOLEN = 5, 7  # of every fifth and every seventh lot
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_BEFORE = BEGINS - 120 * _DAY
_REPLACED = BEGINS + 45 * _DAY  # when amber's factory gets its second key


def enrolled(
    issuer: PartyId,
    key: str,
    since: datetime,
    names: Iterable[str],
    places: tuple[PlaceId, ...] = (),
) -> KeyEvent:
    """Return that a firm's key stands for some kinds of statement, at some places."""
    return KeyEvent(
        verb=KeyVerb.ENROL,
        key=key_id(issuer, key),
        issuer=issuer,
        algorithm="ed25519",
        spki=spki_text(issuer, key),
        valid_from=since,
        predicate_types=tuple(map(kinds.uri, names)),
        places=places,
        valid_until=BEGINS + 700 * _DAY,
    )


def ended(
    verb: KeyVerb, issuer: PartyId, key: str, since: datetime, stolen: datetime | None = None
) -> KeyEvent:
    """Return that a firm's key, which began then, is replaced, given up or stolen."""
    return KeyEvent(
        verb=verb,
        key=key_id(issuer, key),
        issuer=issuer,
        algorithm="ed25519",
        spki=spki_text(issuer, key),
        valid_from=since,
        compromised_since=stolen,
    )


def introduce(tale: Tale) -> None:
    """Tell every key that is there before anything moves, and the one that is replaced later."""
    for firm in map(PartyId.of, _FIRMS):
        _told(tale, enrolled(firm, TRADE, _BEFORE, _TRADED), _BEFORE)
    _told(tale, enrolled(PartyId.of("dock"), LOGGER, _BEFORE, ("condition",)), _BEFORE)
    for maker, side in (("amber", "east"), ("basalt", "west")):
        for key, place in ((PLANT, f"works-{side}"), (ANNEX, f"annex-{side}")):
            bound = enrolled(PartyId.of(maker), key, _BEFORE, MADE, (PLACE[place],))
            _told(tale, bound, _BEFORE)
    amber = PartyId.of("amber")
    second = enrolled(amber, NEXT_PLANT, _REPLACED, MADE, (PLACE["works-east"],))
    _told(tale, second, _REPLACED)
    _told(tale, ended(KeyVerb.SUPERSEDE, amber, PLANT, _BEFORE), _REPLACED + _DAY)


def _told(tale: Tale, fact: KeyEvent, at: datetime) -> None:
    tale.say(f"{fact.verb} {fact.key}", fact, OPERATOR, at, fact.issuer)


def sign_at_the_works(tale: Tale) -> None:
    """
    Let what the factory says of its goods be signed there, by its own key of the day.

    Some lots have a key of their own, which is given up, or stolen, when all was long registered.
    """
    for name, one in tale.said.items():
        if one.issuer == tale.maker and kinds.short(one.predicate_type) in MADE:
            second = one.header.claimed_time >= _REPLACED + 3 * _HOUR
            key = NEXT_PLANT if second and tale.maker.key == "amber" else PLANT
            tale.sign(name, key, PLACE[tale.factory])
    if tale.number % _GIVEN_UP == 0 or tale.number % _STOLEN == 0:
        _sign_by_own_key(tale)


def _sign_by_own_key(tale: Tale) -> None:
    since, gone = tale.begun - 30 * _DAY, tale.begun + 20 * _DAY
    key, place = f"line {tale.number}", PLACE[tale.factory]
    first = enrolled(tale.maker, key, since, MADE, (place,))
    last = ended(KeyVerb.CEASE, tale.maker, key, since)
    if tale.number % _STOLEN == 0:
        last = ended(KeyVerb.COMPROMISE, tale.maker, key, since, stolen=gone - 5 * _DAY)
    tale.say("line-key", first, OPERATOR, since, tale.maker)
    tale.say("line-key-gone", last, OPERATOR, gone, tale.maker)
    tale.sign("lot", key, place)
