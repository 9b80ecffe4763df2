"""Names beside identities: as recorded, never guessed, never as markup, looked up together."""

import re
from typing import Any

import pytest

pytest.importorskip("django")

from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.table_world import logged_in, tables
from voltrail.ids.subject import CaseId, PartyId, SubjectId
from voltrail.projections.fold import view
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.hold import Hold, Selector
from voltrail.statements.party import Party, Role
from voltrail.statements.statement import Header
from voltrail_server.people.models import Account
from voltrail_server.reading.names import Book, look_up
from voltrail_world.cast import HALL, KESTREL, NORDLICHT, PACK, RUNA, SUBSTATION, TIDERACE
from world_fixture import NOW, PlayedWorld, clean_shipment

__all__ = ["tables"]

STRANGER = PartyId.of("stranger")
WICKED = '<script>alert(1)</script> & "Sons" =1+1'


def body_of(address: str) -> str:
    found = logged_in("quality").get(address)
    assert found.status_code == 200, found.content
    return found.content.decode()


def state(seen: PlayedWorld, fact: Any, *about: SubjectId, **header: Any) -> str:  # noqa: ANN401
    raw = seen.world.say(fact, Header(NORDLICHT, NOW, **header), *about)
    return seen.hand_in(raw).digest


def firm(name: str) -> Party:
    return Party(STRANGER, name, "SE", (Role.BROKER,))


def test_names_of_firms_places_products_and_persons_are_found(tables: PlayedWorld) -> None:
    Account.objects.create_user("runa", person=RUNA, display_name="Runa Holt")
    found = look_up([TIDERACE, HALL, PACK, RUNA, STRANGER, "nonsense", ""])
    assert found == {
        TIDERACE: "Tiderace Power Supply",
        HALL: "Data hall 7",
        PACK: "KP-24",
        RUNA: "Runa Holt",
    }


def test_a_page_shows_the_name_and_the_identity(tables: PlayedWorld) -> None:
    body = body_of("/arrivals/nordlicht:2026-701/")
    for key, name in (("tiderace", "Tiderace Power Supply"), (SUBSTATION.key, "Eider substation")):
        assert re.search(rf'<a href="[^"]+/{key}/">{name}</a> <small>{key}</small>', body)
    assert "signed by Kestrel Cellworks (kestrel)" in body


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/arrivals/", "Tiderace Power Supply"),
        ("/orders/", "Eider substation"),
        ("/parties/", "Brackwater Trading"),
        ("/places/", "Office on the quay"),
        ("/lots/", "Kestrel Cellworks"),
        ("/register/", "Nordlicht Grid &amp; Data"),
        ("/register/3/", "Nordlicht Grid &amp; Data"),
        ("/parties/tiderace/", "<h1>Tiderace Power Supply</h1>"),
        ("/", "Eider substation"),
        (f"/units/kestrel:{clean_shipment().delivered[0]}/", "Tiderace Power Supply"),
    ],
)
def test_every_list_and_page_shows_names(tables: PlayedWorld, address: str, words: str) -> None:
    assert words in body_of(address)


def test_an_identity_nobody_named_stands_alone(tables: PlayedWorld) -> None:
    hold = Hold(CaseId.of("case-9"), Selector(party=STRANGER), "Nobody knows it.", RUNA)
    state(tables, hold, STRANGER)
    body = body_of("/parties/")
    assert '<a class="subject" href="/parties/stranger/">stranger</a></span>' in body
    assert "<h1>stranger</h1>" in body_of("/parties/stranger/")


def test_a_name_that_was_withdrawn_is_not_shown(tables: PlayedWorld) -> None:
    digest = state(tables, firm("Stranger AB"), STRANGER)
    assert look_up([STRANGER])[STRANGER] == "Stranger AB"
    fault = Correction(Digest(digest), "Another firm was meant.")
    state(tables, fault, KESTREL)
    assert look_up([STRANGER]) == {}


def test_a_firm_that_was_renamed_has_its_new_name(tables: PlayedWorld) -> None:
    old = state(tables, firm("Stranger AB"), STRANGER)
    assert look_up([STRANGER])[STRANGER] == "Stranger AB"
    state(tables, firm("Stranger Energy AB"), STRANGER, supersedes=Digest(old), reason="renamed")
    assert look_up([STRANGER])[STRANGER] == "Stranger Energy AB"


def test_nobody_else_gives_a_firm_its_name(tables: PlayedWorld) -> None:
    fact = Party(TIDERACE, "Trusted Maker", "NL", (Role.MANUFACTURER,))
    raw = tables.world.say(fact, Header(TIDERACE, NOW), TIDERACE)
    with pytest.raises(Exception, match="not enrolled"):
        tables.hand_in(raw)
    assert look_up([TIDERACE])[TIDERACE] == "Tiderace Power Supply"


def test_a_name_with_markup_in_it_is_text(tables: PlayedWorld) -> None:
    state(tables, firm(WICKED), STRANGER)
    for address in ("/parties/", "/parties/stranger/", "/orders/new/"):
        body = body_of(address)
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sons&quot;" in body


def test_many_names_are_one_question(tables: PlayedWorld) -> None:
    known = view(tables.desk.entries, tables.desk.views, HALL).facts
    assert known
    wanted = [TIDERACE, KESTREL, HALL, SUBSTATION, PACK, STRANGER]
    look_up(wanted)
    book = Book()
    named = [book(one) for one in wanted]
    with CaptureQueriesContext(connection) as asked:
        assert [one.name for one in named][:2] == ["Tiderace Power Supply", "Kestrel Cellworks"]
    assert len(asked) == 1
