"""What a draft refuses must not stand once two persons seal it outside and hand it in."""

from datetime import timedelta

from msgspec.structs import replace

from actions.test_acceptance import GOODS, HOUR, ONE, accepted, asked, prepared, signed
from actions.test_acceptance import wanted as record
from actions.test_waiver import LOST
from actions.test_waiver import prepared as waiver_world
from actions.test_waiver import signed as waiver_signed
from actions.test_waiver import wanted as waiver_wanted
from voltrail.actions import hold, signing
from voltrail.errors import ProductError
from voltrail.ids.subject import CaseId, PlaceId, UnitId
from voltrail.statements import statement as statements
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.fields import Digest
from voltrail.statements.statement import Header
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import ANSEL, KESTREL, MERET, RUNA
from voltrail_world.play import play
from world_fixture import NOW, PlayedWorld, strict_shipment, trained_world

OTHER = strict_shipment("753")


def sealed(seen: PlayedWorld, fact: Acceptance, *about: object) -> bytes:
    payload = statements.compose(fact, Header(RUNA, NOW + HOUR), *about)
    return signed(seen, payload, RUNA, MERET)


def test_a_held_unit_does_not_go_in_under_a_released_arrivals_number() -> None:
    """Two sign that a unit of held goods went in, and name an arrival that is released."""
    seen = trained_world()
    both = [*acts_of(seen.world, GOODS), *acts_of(seen.world, OTHER)]
    play(seen.desk, sorted(both, key=lambda act: act.at))
    assert seen.decision(GOODS.arrival).fact.disposition == "release"
    assert seen.decision(OTHER.arrival).fact.disposition == "release"
    accepted(seen)
    held = UnitId.of("kestrel", OTHER.delivered[0])
    hold.place(seen.desk, CaseId.of("C-9"), {"arrival": str(OTHER.arrival)}, ("Wet.", RUNA), NOW)
    payload = asked(seen, record("install", ONE), HOUR)
    fact: Acceptance = signing.read(payload).fact
    try:
        seen.hand_in(sealed(seen, replace(fact, units=(held,)), GOODS.arrival, held), NOW + HOUR)
    except ProductError:
        return
    told = {
        "where the unit came": seen.decision(OTHER.arrival).fact.disposition,
        "what the record names": seen.decision(GOODS.arrival).fact.disposition,
    }
    assert "isolate" in told.values(), told


def test_goods_are_not_accepted_at_another_place_than_theirs() -> None:
    seen = prepared()
    fact: Acceptance = signing.read(asked(seen, record())).fact
    shed = PlaceId.of("nordlicht", "shed")
    try:
        seen.hand_in(sealed(seen, replace(fact, place=shed), GOODS.arrival), NOW + HOUR)
    except ProductError:
        return
    goes_in = signing.read(asked(seen, record("install", ONE), 2 * HOUR)).fact
    assert goes_in is None, "an acceptance at another place opened the way for installing here"


def test_an_exception_lasts_no_longer_than_a_year_however_it_came() -> None:
    seen = waiver_world()
    wide = replace(
        waiver_wanted(),
        arrival=None,
        supplier=KESTREL,
        plan=(),
        valid_until=NOW + timedelta(days=36_500),
        snapshot=Digest("a" * 64),
    )
    payload = statements.compose(wide, Header(RUNA, NOW), KESTREL)
    try:
        seen.hand_in(waiver_signed(seen, payload, RUNA, ANSEL))
    except ProductError:
        return
    assert seen.decision(LOST.arrival).fact.disposition != "release", (
        "a hundred years, a whole supplier, no plan, no snapshot: released"
    )
