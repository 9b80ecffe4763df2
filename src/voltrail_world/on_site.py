"""
What the operator does with the first packs of a lot on its site, until they are in service.

Received at the dock; put into a sealed box in the cage once the sample was inspected; the box taken
out and opened; staged, put into service. From every third lot one pack is maintained and put back.
Knows the order of steps; does not know what anybody calls an anomaly.
"""

from datetime import datetime, timedelta

from voltrail.ids.subject import UnitId
from voltrail.statements.movement import Movement, MovementVerb
from voltrail_world.tale import FITTER, OPERATOR, PLACE, Tale

MOVED = 4  # [packs] of a lot that go into service
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SERVICED = 3  # from every third lot one pack


def move(
    tale: Tale, name: str, verb: MovementVerb, place: str, at: datetime, **more: object
) -> None:
    """Tell one move of the lot's packs; of the first four where no other is named."""
    what = more if "units" in more or "container" in more else {**more, "units": packs(tale)}
    number = f"M{tale.number:04}-{name}"
    fact = Movement(number, OPERATOR, verb, PLACE[place], at, FITTER, **what)  # type: ignore[arg-type]
    about = (*fact.units, tale.lot)
    tale.say(f"move-{name}", fact, OPERATOR, at + 10 * _MINUTE, *about)


def packs(tale: Tale) -> tuple[UnitId, ...]:
    """Return the packs that go into service."""
    return tuple(tale.unit(place) for place in range(MOVED))


def tell(tale: Tale, came: datetime) -> None:
    """Tell every step from the dock into service."""
    site, cage = tale.site, f"{tale.site}-cage"
    seal, out = (f"K{tale.number:04}",), came + 2 * _DAY
    verb = MovementVerb
    move(tale, "received", verb.RECEIVE, site, came)
    inside = {"units": packs(tale), "container": tale.box, "seals_set": seal}
    stored = came + _DAY + 2 * _HOUR  # two hours after the sample was looked at
    move(tale, "stored", verb.STORE, cage, stored, came_from=PLACE[site], **inside)
    opened = {"container": tale.box, "came_from": PLACE[cage], "seals_found": seal}
    move(tale, "out", verb.TAKE_OUT, site, out, **opened)
    move(tale, "staged", verb.STAGE, site, out + 30 * _MINUTE)
    move(tale, "put-in", verb.INSTALL, site, came + 3 * _DAY)
    if tale.number % _SERVICED == 0:
        one = {"units": (tale.unit(0),)}
        move(tale, "serviced", verb.MAINTAIN, site, came + 9 * _DAY, **one)
        move(tale, "put-back", verb.INSTALL, site, came + 10 * _DAY, **one)


def names(tale: Tale) -> list[str]:
    """Return the names of all moves that were told."""
    return [name for name in tale.said if name.startswith("move-")]
