"""Who may make each kind of statement: the operator alone, whoever it is about, or two persons."""

from typing import Any

import pytest
from msgspec.structs import replace

from statements.samples import FACTS
from trust.enrolling import world_with
from voltrail.errors import IssuerNotTrustedError
from voltrail.ids.subject import LotId, PartyId, SubjectId, UnitId
from voltrail.statements.fields import Digest
from voltrail_world.cast import ANSEL, KESTREL, MERET, NORDLICHT, RUNA, TIDERACE
from world_fixture import PlayedWorld

OPERATORS = (
    "attestation",
    "change-decision",
    "contract",
    "incident",
    "rating",
    "specification",
)
OWN = ("assembly", "change-notice", "recall")
LOT, UNIT = LotId.of("kestrel", "L-1"), UnitId.of("kestrel", "U-1")


def refused(seen: PlayedWorld, fact: Any, issuer: SubjectId) -> str:  # noqa: ANN401
    size = seen.desk.entries.size()
    with pytest.raises(IssuerNotTrustedError) as caught:
        seen.hand_in(seen.say(fact, issuer, LOT))
    assert set(seen.since(size)) <= {"refusal"}
    assert caught.value.hint
    return str(caught.value)


def heard(seen: PlayedWorld, fact: Any, issuer: SubjectId) -> bool:  # noqa: ANN401
    return seen.hand_in(seen.say(fact, issuer, LOT)).fresh


@pytest.mark.parametrize("name", OPERATORS)
def test_only_the_operator_states_what_the_operator_concludes(name: str) -> None:
    seen = world_with(name, KESTREL)
    assert "only" in refused(seen, FACTS[name], KESTREL)
    assert heard(seen, FACTS[name], NORDLICHT)


@pytest.mark.parametrize("name", OWN)
def test_a_maker_speaks_for_itself_and_the_operator_for_anyone(name: str) -> None:
    seen, fact = world_with(name, KESTREL), FACTS[name]
    if name == "assembly":
        fact = replace(fact, part_table=None)  # its table would have to be here
    assert heard(seen, fact, KESTREL)
    assert heard(seen, fact, NORDLICHT)


@pytest.mark.parametrize("name", OWN)
def test_nobody_speaks_for_another_maker(name: str) -> None:
    refused(world_with(name, TIDERACE), FACTS[name], TIDERACE)


@pytest.mark.parametrize("name", OWN)
def test_a_person_does_not_speak_for_a_firm(name: str) -> None:
    refused(world_with(name, MERET), FACTS[name], MERET)


def test_an_incident_is_stated_by_a_person_whose_key_was_enrolled_for_it() -> None:
    assert heard(world_with("incident", MERET), FACTS["incident"], MERET)


def test_a_firm_never_waives_anything() -> None:
    seen = world_with("waiver", KESTREL)
    for firm in (KESTREL, NORDLICHT):
        assert "person" in refused(seen, FACTS["waiver"], firm)


def test_two_persons_waive_a_control_for_a_third() -> None:
    seen = world_with("waiver", RUNA, ANSEL)
    kept = Digest(seen.desk.blobs.put(b"what both had before them"))
    raw = seen.say(replace(FACTS["waiver"], snapshot=kept), RUNA, LOT, by=(RUNA, ANSEL))
    assert seen.hand_in(raw).fresh


def test_whose_goods_are_recalled_is_read_from_their_identities() -> None:
    seen = world_with("recall", KESTREL)
    own = replace(FACTS["recall"], number="R-2", lots=(LOT,), units=(UNIT,), selected=())
    assert heard(seen, own, KESTREL)
    assert PartyId.of(LOT.parts[0]) == KESTREL
