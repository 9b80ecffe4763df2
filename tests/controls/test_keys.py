"""Stories of keys: what happened, and the sentence that must come of it."""

import pytest
from msgspec.structs import replace

from controls.support import (
    CARRIER,
    MAKER,
    SELLER,
    Story,
    World,
    all_is_well,
    anchor,
    check,
    day,
    no_arrival,
)
from voltrail.controls.model import Outcome
from voltrail.ids.subject import SubjectId
from voltrail.trust.anchors import Anchor, KeyState
from voltrail.trust.keys import Algorithm, PublicKey

HOLDS, VIOLATED, UNPROVEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.UNPROVEN
HALVES = ("given2", "taken2", "given3", "taken3")


def replaced(world: World) -> None:
    world.lose(MAKER, 5)
    world.keys[MAKER] += (anchor(MAKER, b"n"),)


def signed(world: World, *keys: Anchor) -> None:
    for name, one in world.facts.items():
        if one.issuer == MAKER:
            world.sign(name, *keys)


def signed_by_the_new_key(world: World) -> None:
    replaced(world)
    signed(world, anchor(MAKER, b"n"))


def signed_by_the_lost_key(world: World) -> None:
    replaced(world)
    signed(world, anchor(MAKER))


def signed_by_both(world: World) -> None:
    replaced(world)
    signed(world, anchor(MAKER), anchor(MAKER, b"n"))


def lost_nobody_knows_when(world: World) -> None:
    world.lose(CARRIER, None)
    for name in HALVES:
        world.sign(name, anchor(world.facts[name].issuer))


def lost_with_the_other_half_against(world: World) -> None:
    lost_nobody_knows_when(world)
    for name in HALVES:
        if world.facts[name].issuer != CARRIER:
            world.edit(name, quantity=3)


def schemes_fell(world: World, number: float) -> None:
    world.limits["KEY-04"] = {"classical_ends_yyyymmdd": int(f"{day(number):%Y%m%d}")}


def fell_and_all_is_signed_twice(world: World) -> None:
    schemes_fell(world, -300)
    for issuer, bound in world.keys.items():
        second = replace(bound[0], key=PublicKey(Algorithm.MLDSA44, b"q" + issuer.encode()))
        world.keys[issuer] += (second,)
    for name, one in world.facts.items():
        world.sign(name, *world.keys[one.issuer])


def others_are_asked(world: World, proven: float | None, issuer: SubjectId = MAKER) -> None:
    """Whoever judges asks others than the operator, who prove what an issuer said by a day."""
    world.limits["KEY-02"] = {"others_needed": 1}
    world.lose(issuer, 15)
    for name, one in world.facts.items():
        if one.issuer == issuer:
            world.sign(name, anchor(issuer))
            if proven is not None:
                world.proven[one.entry.index] = day(proven)


def others_are_asked_of_the_carrier(world: World) -> None:
    others_are_asked(world, None, CARRIER)
    world.lose(CARRIER, None)


def ended_and_unproven(world: World) -> None:
    others_are_asked(world, None)
    world.keys[MAKER] = tuple(
        replace(one, state=KeyState.CEASED, compromised_since=None) for one in world.keys[MAKER]
    )


IDS = ("KEY-01", "KEY-02", "KEY-03", "KEY-04")
STORIES = [
    *all_is_well(*IDS),
    *no_arrival(*IDS),
    Story(
        "stolen before receipt",
        "KEY-01",
        VIOLATED,
        "A key of kestrel is compromised",
        lambda w: w.lose(MAKER, 15),
    ),
    Story("stolen after receipt", "KEY-01", HOLDS, "", lambda w: w.lose(MAKER, 25)),
    Story("stolen and replaced", "KEY-01", HOLDS, "", replaced),
    Story("no key", "KEY-01", UNPROVEN, "No key of norvolt", lambda w: w.keys.pop(SELLER)),
    Story(
        "signed after the theft",
        "KEY-02",
        VIOLATED,
        "kestrel proves nothing: its key was stolen by then",
        lambda w: w.lose(MAKER, 5),
    ),
    Story("signed before the theft", "KEY-02", HOLDS, "", lambda w: w.lose(MAKER, 15)),
    Story(
        "which of two keys", "KEY-02", UNPROVEN, "it may be by the key that was stolen", replaced
    ),
    Story("by the new of two keys", "KEY-02", HOLDS, "", signed_by_the_new_key),
    Story("by the lost of two keys", "KEY-02", VIOLATED, "stolen by then", signed_by_the_lost_key),
    Story("by both keys together", "KEY-02", HOLDS, "", signed_by_both),
    Story("lost, the other half agrees", "KEY-02", HOLDS, "", lost_nobody_knows_when),
    Story(
        "lost, the other half disagrees",
        "KEY-02",
        UNPROVEN,
        "nobody knows since when",
        lost_with_the_other_half_against,
    ),
    Story("others prove it older", "KEY-02", HOLDS, "", lambda w: others_are_asked(w, 10)),
    Story(
        "others prove it too late",
        "KEY-02",
        VIOLATED,
        "its key was stolen by then",
        lambda w: others_are_asked(w, 16),
    ),
    Story(
        "nobody else proves its time",
        "KEY-02",
        VIOLATED,
        "nothing proves that it is older",
        lambda w: others_are_asked(w, None),
    ),
    Story("ended, nobody else proves its time", "KEY-02", UNPROVEN, "unproven", ended_and_unproven),
    Story(
        "lost since nobody knows when, nobody else proves its time",
        "KEY-02",
        VIOLATED,
        "nothing proves that it is older",
        others_are_asked_of_the_carrier,
    ),
    Story("the scheme fell before", "KEY-04", VIOLATED, "fell", lambda w: schemes_fell(w, -300)),
    Story("the scheme fell later", "KEY-04", HOLDS, "or older", lambda w: schemes_fell(w, 60)),
    Story("fell, signed in two", "KEY-04", HOLDS, "", fell_and_all_is_signed_twice),
    Story(
        "carrier without key",
        "KEY-03",
        UNPROVEN,
        "rheintrans had no key",
        lambda w: w.keys.pop(CARRIER),
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: f"{one.control}-{one.title}")
def test_a_story_ends_as_it_must(story: Story) -> None:
    check(story)
