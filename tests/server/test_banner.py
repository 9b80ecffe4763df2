"""The hold banner: on top of what is held, with who, why, since when and what lifts it."""

import pytest

pytest.importorskip("django")

from server.table_world import logged_in, tables
from voltrail.ids.subject import CaseId, UnitId
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, HoldLift, Selector
from voltrail_server.people.models import Account
from voltrail_world.cast import ANSEL, KESTREL, NORDLICHT, PACK, RUNA, TIDERACE
from world_fixture import PlayedWorld, clean_shipment

__all__ = ["tables"]

CASE = CaseId.of("case-9")
GOING = clean_shipment()
UNIT = UnitId.of("kestrel", GOING.delivered[0])
PAGES = {
    "arrival": f"/arrivals/{GOING.arrival.key}/",
    "lot": f"/lots/{GOING.lot.key}/",
    "unit": f"/units/{UNIT.key}/",
    "seller": f"/parties/{TIDERACE.key}/",
    "maker": f"/parties/{KESTREL.key}/",
    "product": f"/subjects/{PACK}/",
}
HELD = [
    (Selector(lot=GOING.lot), {"arrival", "lot", "unit"}),
    (Selector(arrival=GOING.arrival), {"arrival", "unit"}),
    (Selector(unit=UNIT), {"arrival", "lot", "unit"}),
    (Selector(party=TIDERACE), {"arrival", "unit", "seller"}),
    (Selector(party=KESTREL), {"arrival", "lot", "unit", "maker"}),
    (Selector(product=PACK), {"arrival", "lot", "unit", "product"}),
    (Selector(unit=UnitId.of("kestrel", GOING.delivered[1])), {"arrival", "lot"}),
]


def hold(seen: PlayedWorld, selector: Selector, cause: str = "swollen cells") -> Digest:
    raw = seen.say(Hold(CASE, selector, cause, RUNA), NORDLICHT, CASE)
    return Digest(seen.hand_in(raw).digest)


def lift(seen: PlayedWorld, which: Digest, *persons: object) -> None:
    for person in persons:
        seen.hand_in(seen.say(HoldLift(CASE, which, (which,)), person, CASE))  # type: ignore[arg-type]


def banner(address: str) -> str:
    found = logged_in("quality").get(address)
    assert found.status_code == 200, found.content
    return found.content.decode().partition('<section class="banner"')[2].partition("</section>")[0]


@pytest.mark.parametrize(("selector", "pages"), HELD)
def test_each_page_of_what_is_held_begins_with_the_banner(
    tables: PlayedWorld, selector: Selector, pages: set[str]
) -> None:
    hold(tables, selector)
    assert {name for name, address in PAGES.items() if banner(address)} == pages


def test_it_says_who_why_since_when_and_where_it_stands(tables: PlayedWorld) -> None:
    Account.objects.create_user("runa", person=RUNA, display_name="Runa Holt")
    which = hold(tables, Selector(lot=GOING.lot))
    index = tables.desk.entries.find([which])[which]
    told = banner(PAGES["lot"])
    for words in ("Held", "swollen cells", "Runa Holt", "since <time>2026-11-23 07:00Z", "case-9"):
        assert words in told
    assert "#sign-hold" in told
    assert f'href="/register/{index}/"' in told
    assert "nobody has lifted it yet" in told


def test_it_counts_who_has_lifted_it_and_goes_with_the_second(tables: PlayedWorld) -> None:
    which = hold(tables, Selector(lot=GOING.lot))
    lift(tables, which, RUNA, RUNA)
    for name in ("arrival", "lot", "unit"):
        assert "one person has lifted it, one more is needed" in banner(PAGES[name])
        assert RUNA.key in banner(PAGES[name])
    lift(tables, which, ANSEL)
    for name in ("arrival", "lot", "unit"):
        assert not banner(PAGES[name])


def test_a_cause_with_markup_is_text(tables: PlayedWorld) -> None:
    hold(tables, Selector(lot=GOING.lot), "<img src=x onerror=alert(1)>")
    told = banner(PAGES["lot"])
    assert "<img" not in told
    assert "&lt;img" in told


def test_nothing_held_has_no_banner(tables: PlayedWorld) -> None:
    assert not any(banner(address) for address in PAGES.values())


def test_the_unit_page_still_answers_may_it_be_installed(tables: PlayedWorld) -> None:
    hold(tables, Selector(lot=GOING.lot))
    body = logged_in("quality").get(PAGES["unit"]).content.decode()
    assert body.index('class="banner"') < body.index("Do not install")
