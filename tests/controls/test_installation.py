"""Stories of going into service: what happened, and the sentence that must come of it."""

import pytest

from controls.support import (
    ARRIVAL,
    CLERK,
    OPERATOR,
    PLACE,
    Story,
    World,
    check,
    day,
    no_arrival,
    unit,
)
from voltrail.controls.model import Outcome
from voltrail.ids.subject import PersonId, PlaceId
from voltrail.statements.acceptance import Acceptance, AcceptanceVerb
from voltrail.statements.installation import Installation

HOLDS, VIOLATED, ASIDE = Outcome.HOLDS, Outcome.VIOLATED, Outcome.NOT_APPLICABLE
BOTH = (CLERK, PersonId.of("p-2"))
ONE = unit("S-000")
ACCEPT, INSTALL = AcceptanceVerb.ACCEPT, AcceptanceVerb.INSTALL
IDS = ("SVC-01", "SVC-02")


def in_service(world: World) -> None:
    """Two accept, two install, and the operator states the installation."""
    accepted(world, 23)
    signed(world, 24)
    installed(world, 24)


def accepted(world: World, at: float) -> None:
    record = Acceptance("A", ACCEPT, ARRIVAL, PLACE, day(at), BOTH)
    world.put("accepted", record, CLERK, at, ARRIVAL)


def signed(world: World, at: float, place: PlaceId = PLACE) -> None:
    record = Acceptance("I", INSTALL, ARRIVAL, place, day(at), BOTH, (ONE,))
    world.put("signed", record, CLERK, at, ARRIVAL, ONE)


def installed(world: World, at: float) -> None:
    record = Installation(ONE, ARRIVAL, PLACE, day(at), CLERK)
    world.put("installed", record, OPERATOR, at, ARRIVAL, ONE)


def without(name: str) -> object:
    def change(world: World) -> None:
        in_service(world)
        world.drop(name)

    return change


def changed(name: str, **fields: object) -> object:
    def change(world: World) -> None:
        in_service(world)
        world.edit(name, **fields)

    return change


def out_of_order(world: World) -> None:
    signed(world, 24)
    installed(world, 24)
    accepted(world, 25)


def signed_afterwards(world: World) -> None:
    accepted(world, 23)
    installed(world, 24)
    signed(world, 25)


STORIES = [
    *no_arrival(*IDS),
    *(Story("nothing in service", one, ASIDE, "Nothing of this") for one in IDS),
    *(Story("in service", one, HOLDS, "Two persons", in_service) for one in IDS),
    *(
        Story("signed, not stated yet", one, HOLDS, "Two persons", without("installed"))
        for one in IDS
    ),
    Story("nobody signed", "SVC-01", VIOLATED, "No two persons", without("signed")),
    Story("signed afterwards", "SVC-01", VIOLATED, "No two persons", signed_afterwards),
    Story(
        "another unit",
        "SVC-01",
        VIOLATED,
        "S-000 was installed",
        changed("signed", units=(unit("S-001"),)),
    ),
    Story(
        "another place",
        "SVC-01",
        VIOLATED,
        "No two persons",
        changed("signed", place=PlaceId.of("gridco", "dc-2")),
    ),
    Story(
        "by somebody who did not sign",
        "SVC-01",
        VIOLATED,
        "No two persons",
        changed("installed", by=PersonId.of("p-3")),
    ),
    Story("nobody accepted", "SVC-02", VIOLATED, "before two persons", without("accepted")),
    Story("accepted afterwards", "SVC-02", VIOLATED, "before two persons", out_of_order),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
