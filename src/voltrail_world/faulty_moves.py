"""
Deeds on the operator's own site, told by moves: too fast, at two places at once, out of shut boxes.

Each is written from the table of rules alone, as in `faulty`. Knows no rule's code.
"""

from datetime import timedelta

from msgspec.structs import replace

from voltrail.ids.subject import PartyId, PersonId
from voltrail.statements.movement import Movement, MovementVerb
from voltrail_world import on_site
from voltrail_world.on_site import move
from voltrail_world.retold import Fault, edit
from voltrail_world.tale import PLACE, Tale

GREY = PartyId.of("greymarket")
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _one(tale: Tale) -> dict[str, object]:
    return {"units": (tale.unit(1),)}


def _elsewhere(tale: Tale) -> str:
    return "mast" if tale.site == "hall" else "hall"


def serviced_far_away(tale: Tale) -> tuple[str, ...]:
    """R1: put into service here, and twenty minutes later maintained over a thousand km away."""
    at = tale.said["move-put-in"].fact.at + 20 * _MINUTE
    move(tale, "far", MovementVerb.MAINTAIN, _elsewhere(tale), at, **_one(tale))
    return ("R7", "R13", "R2")


def stored_far_away(tale: Tale) -> tuple[str, ...]:
    """R1: received here, and twenty minutes later stored in the cage of the other site."""
    at = tale.said["move-received"].fact.at + 20 * _MINUTE
    move(tale, "far", MovementVerb.STORE, f"{_elsewhere(tale)}-cage", at, **_one(tale))
    return ("R7", "R13", "R2")


def received_too_early(tale: Tale) -> tuple[str, ...]:
    """R1: received on the site ten minutes after its lot was taken at the depot."""
    at = tale.said["taken5"].fact.at + 10 * _MINUTE
    move(tale, "early", MovementVerb.RECEIVE, tale.site, at, **_one(tale))
    return ("R7", "R10", "R2", "R15")


def moved_by_two(tale: Tale) -> tuple[str, ...]:
    """R7: a second firm stores it in its own yard, and no hand-over lies between."""
    at = tale.said["move-put-in"].fact.at + 2 * _DAY
    fact = Movement(
        number=f"G{tale.number:04}",
        holder=GREY,
        verb=MovementVerb.STORE,
        to=PLACE["yard"],
        at=at,
        by=PersonId.of("p-stranger"),
        units=(tale.unit(1),),
    )
    tale.say("move-grey", fact, GREY, at + _HOUR, tale.unit(1), tale.lot)
    move(tale, "seen", MovementVerb.MAINTAIN, tale.site, at + 2 * _DAY, **_one(tale))
    return ("R2", "R12", "R13", "R3", "R24", "R22")


def in_two_racks(tale: Tale) -> tuple[str, ...]:
    """R7: put into two racks of one hall in the same minute."""
    edit(tale, "move-put-in", to=PLACE[f"{tale.site}-r1"])
    at = tale.said["move-put-in"].fact.at
    move(tale, "again", MovementVerb.INSTALL, f"{tale.site}-r2", at, **_one(tale))
    return ("R2",)


def at_two_sites(tale: Tale) -> tuple[str, ...]:
    """R7: put into service here, two days later there; it never came out."""
    at = tale.said["move-put-in"].fact.at + 2 * _DAY
    move(tale, "again", MovementVerb.INSTALL, _elsewhere(tale), at, **_one(tale))
    return ("R2", "R13", "R24", "R3")


def out_of_a_shut_box(tale: Tale) -> tuple[str, ...]:
    """R10: put into a sealed box that nobody opens, and yet put into service."""
    del tale.said["move-out"], tale.said["move-staged"]
    return ("R11",)


def in_two_boxes(tale: Tale) -> tuple[str, ...]:
    """R10: put into a second box while it lies in the first, which stays shut."""
    at = tale.said["move-stored"].fact.at + _HOUR
    other = {**_one(tale), "container": f"SECOND{tale.number:04}"}
    move(tale, "stored-again", MovementVerb.STORE, f"{tale.site}-cage", at, **other)
    return ("R7", "R2", "R11")


def seen_beside_its_box(tale: Tale) -> tuple[str, ...]:
    """R10: staged alone while the box that it lies in is still shut; later that box is opened."""
    at = tale.said["move-out"].fact.at - 4 * _HOUR
    move(tale, "beside", MovementVerb.STAGE, tale.site, at, **_one(tale))
    return ("R11",)


def to_the_other_site(tale: Tale) -> None:
    """Let every move have been on the other site; no deed of its own."""
    ways = {
        PLACE[f"{tale.site}{room}"]: PLACE[f"{_elsewhere(tale)}{room}"] for room in ("", "-cage")
    }
    for name in on_site.names(tale):
        one = tale.said[name]
        to, came = ways[one.fact.to], ways.get(one.fact.came_from)
        tale.said[name] = replace(one, fact=replace(one.fact, to=to, came_from=came))


MOVES: dict[str, tuple[Fault, ...]] = {
    "R1": (serviced_far_away, stored_far_away, received_too_early),
    "R7": (moved_by_two, in_two_racks, at_two_sites),
    "R10": (out_of_a_shut_box, in_two_boxes, seen_beside_its_box),
}
