import pytest
from msgspec.structs import replace

from voltrail.errors import IssuerNotTrustedError, MalformedError
from voltrail.ids.subject import SubjectId
from voltrail.projections.fold import view
from voltrail.statements.place import Overrule, Place
from voltrail_world.cast import ANSEL, MERET, NORDLICHT
from world_fixture import PlayedWorld, fresh_world, strict_shipment

SHIPMENT = strict_shipment()


def overruled(seen: PlayedWorld, tier: int = 3) -> Place:
    """The place of delivery with a tier set by hand, in Meret's name."""
    found = view(seen.desk.entries, seen.desk.views, SHIPMENT.place).newest(Place)
    assert found is not None
    return replace(found.fact, overrule=Overrule(tier, "hurry", MERET))


@pytest.mark.parametrize("by", [(NORDLICHT,), (NORDLICHT, ANSEL)], ids=["alone", "another"])
def test_a_tier_set_by_hand_without_the_person_it_names_is_refused(
    by: tuple[SubjectId, ...],
) -> None:
    seen = fresh_world()
    tier = seen.deliver(SHIPMENT).fact.tier
    place = overruled(seen)
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(seen.say(place, NORDLICHT, place.place, by=by))
    assert seen.decision(SHIPMENT.arrival).fact.tier == tier


def test_a_tier_that_does_not_exist_is_refused_whoever_signs() -> None:
    seen = fresh_world()
    place = overruled(seen, tier=4)
    with pytest.raises(MalformedError):
        seen.hand_in(seen.say(place, NORDLICHT, place.place, by=(NORDLICHT, MERET)))


def test_a_tier_set_by_hand_counts_once_the_second_person_signed() -> None:
    seen = fresh_world()
    assert seen.deliver(SHIPMENT).fact.tier == 1
    place = overruled(seen)
    assert seen.hand_in(seen.say(place, NORDLICHT, place.place, by=(NORDLICHT, MERET))).fresh
    assert seen.decision(SHIPMENT.arrival).fact.tier == 3
