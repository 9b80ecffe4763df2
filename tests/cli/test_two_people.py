"""A place classified and goods taken into service from a script: what two sign, and what stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("django")

from cli.test_remote import serving, token_file
from cli.typing_in import Said, Terminal, able, world_folder
from server.signing_site import Site, site
from voltrail.actions import classify, show
from voltrail.cli.registers import open_desk
from voltrail.ids.subject import PlaceId, UnitId
from voltrail.projections.tier import tier_of
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.signing.models import Draft
from voltrail_world.cast import ANSEL, HALL, MERET, NORDLICHT, RUNA
from world_fixture import PlayedWorld, strict_shipment

__all__ = ["site"]

GOODS = strict_shipment("761")
ONE = UnitId.of("kestrel", GOODS.delivered[0])
HUT = PlaceId.of("nordlicht", "hut-3")
BOTH = ("--by", str(RUNA), "--by", str(MERET))
LIGHT = ("--impact", "low", "--lead-time", "low", "--environment", "controlled")
NAMED = ("--name", "Data hall 7", "--class", "data-center")
CHANGE = (*NAMED, *LIGHT, "--reason", "The hall is empty now.")


@pytest.fixture
def folder(tmp_path: Path) -> tuple[Terminal, PlayedWorld]:
    """A terminal beside a folder register in which one delivery is released."""
    seen = world_folder(tmp_path, GOODS, may=(RUNA, MERET))
    return Terminal(tmp_path, ("--folder", "reg")), seen


@pytest.fixture
def remote(site: Site, tmp_path: Path) -> Iterator[tuple[Terminal, Site]]:
    """A terminal that speaks to a server in which one delivery is released."""
    for name in ("runa", "meret", "ansel"):
        site.browser(name)
    site.seen.deliver(GOODS)
    able(site.seen, RUNA, MERET)
    token = token_file(tmp_path / "token", tokens.issue(str(NORDLICHT), "test"))
    with serving() as address:
        yield Terminal(tmp_path, ("--server", address, "--token-file", token)), site
    ApiToken.objects.all().delete()


def tier(desk: object, place: PlaceId) -> int | None:
    found = classify.standing(desk, place)  # type: ignore[arg-type]
    return None if found is None else tier_of(found.fact)


def again(here: Terminal) -> object:
    return open_desk(here.home / "reg")


def refused(said: Said, word: str, code: int = 1) -> None:
    assert said.code == code, said
    assert word in said.err, said
    assert "→" in said.err, said


# ------------------------------------------------------------------ a place, on a folder
def test_a_place_is_looked_at_and_stated_on_one_word(folder: tuple[Terminal, PlayedWorld]) -> None:
    here, _ = folder
    asked = ("classify", str(HUT), "--name", "Hut 3", "--class", "telecom", *LIGHT)
    looked = here.types(*asked, "--run-time", "2.5", "--look")
    assert looked.code == 0, looked
    assert "Tier 3. Impact low, replacement lead time low" in looked.out
    assert "Nothing is recorded." in looked.out
    assert tier(again(here), HUT) is None
    stated = here.types(*asked, "--by", str(RUNA), "--json")
    assert (stated.code, stated.json["tier"], stated.json["draft"]) == (0, 3, None), stated
    found = classify.standing(again(here), HUT)  # type: ignore[arg-type]
    assert found is not None
    assert (found.fact.assessed_by, found.entry.index) == (RUNA, stated.json["index"])


def test_a_lighter_tier_takes_two_keys_on_a_folder(folder: tuple[Terminal, PlayedWorld]) -> None:
    here, seen = folder
    alone = here.types("classify", str(HALL), *CHANGE, "--by", str(RUNA))
    refused(alone, "needs a second person")
    both = ("--by", str(RUNA), "--second", str(MERET), "--out", "hall.json")
    asked = here.types("classify", str(HALL), *CHANGE, *both)
    assert asked.code == 0, asked
    assert "Until now it is tier 1." in asked.out
    assert "both sign hall.json" in asked.out
    assert tier(again(here), HALL) == 1
    first, second = (here.keep_key(seen.world, one) for one in (RUNA, MERET))
    assert here.runs("sign", "hall.json", "--key", first, "--out", "one.json").code == 0
    assert here.types("hand-in", "one.json").code == 1, "one signature is not enough"
    assert here.runs("sign", "one.json", "--key", second, "--out", "two.json").code == 0
    assert here.types("hand-in", "two.json").code == 0
    assert tier(again(here), HALL) == 3


def test_a_tier_by_hand_names_tier_reason_and_second(folder: tuple[Terminal, PlayedWorld]) -> None:
    here, seen = folder
    strict = (*NAMED, "--impact", "high", "--lead-time", "high", "--environment", "controlled")
    asked = ("classify", str(HALL), *strict, "--by", str(RUNA))
    why = ("--reason", "Two halls stand beside it.")
    refused(here.types(*asked, "--tier", "2", *why), "needs a second person")
    refused(here.types(*asked, *why, "--tier", "7", "--second", str(MERET)), "no tier 7", 65)
    refused(here.types(*asked, "--tier", "2", "--second", str(MERET)), "", 65)
    made = here.types(*asked, *why, "--tier", "2", "--second", str(MERET))
    assert "Set by hand to 2: Two halls stand beside it." in made.out, made
    keys = [word for one in (RUNA, MERET) for word in ("--key", here.keep_key(seen.world, one))]
    assert here.runs("sign", "place.json", *keys, "--out", "both.json").code == 0
    assert here.types("hand-in", "both.json").code == 0
    assert tier(again(here), HALL) == 2


@pytest.mark.parametrize(
    ("changes", "word", "code"),
    [
        (("--impact", "huge"), "huge", 65),
        (("--name", " "), "name", 65),
        (("--run-time", "long"), "long", 65),
        (("--by", "nobody"), "nobody", 65),
        (("--second", str(RUNA)), "the first one again", 1),
        (("--second", str(ANSEL)), "no key in force", 1),
    ],
)
def test_a_classification_without_sense_is_refused_and_records_nothing(
    folder: tuple[Terminal, PlayedWorld], changes: tuple[str, ...], word: str, code: int
) -> None:
    here, _ = folder
    size = again(here).entries.size()  # type: ignore[attr-defined]
    refused(here.types("classify", str(HALL), *CHANGE, "--by", str(RUNA), *changes), word, code)
    assert again(here).entries.size() == size  # type: ignore[attr-defined]
    assert not (here.home / "place.json").exists()


def test_who_assessed_it_is_asked_for(folder: tuple[Terminal, PlayedWorld]) -> None:
    here, _ = folder
    refused(here.types("classify", str(HALL), *CHANGE), "Nobody is named", 65)


# ------------------------------------------------------------------ a place, on a server
def test_a_server_takes_a_place_on_one_word_and_a_lighter_one_on_two(
    remote: tuple[Terminal, Site],
) -> None:
    here, site = remote
    hut = ("classify", str(HUT), "--name", "Hut 3", "--class", "telecom", *LIGHT)
    looked = here.types(*hut, "--look", "--json")
    assert (looked.json["tier"], looked.json["needsSecond"]) == (3, False), looked
    assert tier(site.desk, HUT) is None
    stated = here.types(*hut, "--by", str(RUNA))
    assert f"{HUT} stands as entry" in stated.out, stated
    assert tier(site.desk, HUT) == 3

    refused(here.types("classify", str(HALL), *CHANGE, "--by", str(RUNA)), "needs a second person")
    asked = here.types("classify", str(HALL), *CHANGE, "--by", str(RUNA), "--second", str(MERET))
    number = str(Draft.objects.get().pk)
    assert f"voltrail sign-draft {number}" in asked.out, asked
    first, second = (here.keep_key(site.seen.world, one) for one in (RUNA, MERET))
    shown = here.types("sign-draft", number)
    assert 'reason: "The hall is empty now."' in shown.out, shown
    assert "Nothing is signed." in shown.out
    for _ in range(2):
        assert "1 of 2 signed." in here.types("sign-draft", number, "--key", first).out
    assert tier(site.desk, HALL) == 1
    assert "In the register" in here.types("sign-draft", number, "--key", second).out
    assert tier(site.desk, HALL) == 3


def test_a_server_refuses_a_place_for_who_may_not_classify(remote: tuple[Terminal, Site]) -> None:
    here, site = remote
    hut = ("classify", str(HUT), "--name", "Hut 3", "--class", "telecom", *LIGHT)
    refused(here.types(*hut, "--by", str(ANSEL)), "may not do this")
    refused(here.types(*hut, "--by", "urn:voltrail:person:p-nobody"), "Nobody", 66)
    assert tier(site.desk, HUT) is None


# ------------------------------------------------------------------ into service, on a folder
def test_two_keys_accept_and_install_on_a_folder(folder: tuple[Terminal, PlayedWorld]) -> None:
    here, seen = folder
    keys = [word for one in (RUNA, MERET) for word in ("--key", here.keep_key(seen.world, one))]
    early = here.types("into-service", str(GOODS.arrival), "--unit", str(ONE), *BOTH)
    refused(early, "Nobody has accepted")
    for words in (("accept",), ("into-service", "--unit", str(ONE))):
        word, *more = words
        asked = here.types(word, str(GOODS.arrival), *more, *BOTH, "--out", f"{word}.json")
        assert asked.code == 0, asked
        assert f"both sign {word}.json" in asked.out
        alone = here.runs("sign", f"{word}.json", *keys[:2], "--out", "alone.json")
        assert alone.code == 0, alone
        assert here.types("hand-in", "alone.json").code == 1
        assert here.runs("sign", f"{word}.json", *keys, "--out", "both.json").code == 0
        assert here.types("hand-in", "both.json").code == 0
    stands = show.arrival(again(here), GOODS.arrival).service  # type: ignore[arg-type]
    assert [one.fact.accepted_by for one in stands.accepted] == [(RUNA, MERET)]
    assert stands.holds(ONE)


@pytest.mark.parametrize(
    ("words", "word", "code"),
    [
        (("--by", str(RUNA), "--by", str(RUNA)), "Two different persons", 1),
        (("--by", str(RUNA)), "Two different persons", 1),
        (("--by", str(RUNA), "--by", "urn:voltrail:person:p-nobody"), "no key in force", 1),
        (("--by", str(RUNA), "--by", "nobody"), "nobody", 65),
    ],
)
def test_anything_but_two_persons_with_keys_is_refused(
    folder: tuple[Terminal, PlayedWorld], words: tuple[str, ...], word: str, code: int
) -> None:
    here, _ = folder
    refused(here.types("accept", str(GOODS.arrival), *words), word, code)
    assert not (here.home / "acceptance.json").exists()


def test_an_arrival_nobody_knows_is_named(folder: tuple[Terminal, PlayedWorld]) -> None:
    here, _ = folder
    refused(here.types("accept", "urn:voltrail:arrival:nordlicht:2026-999", *BOTH), "2026-999", 66)


# ------------------------------------------------------------------ into service, on a server
def test_two_keys_accept_and_install_on_a_server(remote: tuple[Terminal, Site]) -> None:
    here, site = remote
    files = [here.keep_key(site.seen.world, one) for one in (RUNA, MERET)]
    for words in (("accept",), ("into-service", "--unit", str(ONE))):
        word, *more = words
        asked = here.types(word, str(GOODS.arrival), *more, *BOTH, "--json")
        assert asked.code == 0, asked
        number = str(asked.json["draft"])
        said = [here.types("sign-draft", number, "--key", one) for one in files]
        assert "1 of 2 signed." in said[0].out, said
        assert "In the register as entry" in said[1].out, said
        site.later(minutes=1)
    stands = show.arrival(site.desk, GOODS.arrival).service
    assert stands.holds(ONE)


def test_nobody_signs_without_the_course_for_it(remote: tuple[Terminal, Site]) -> None:
    here, site = remote
    by = ("--by", str(RUNA), "--by", str(ANSEL))
    asked = here.types("accept", str(GOODS.arrival), *by, "--json")
    key = here.keep_key(site.seen.world, ANSEL)
    refused(here.types("sign-draft", str(asked.json["draft"]), "--key", key), "not trained")


def test_a_draft_is_not_signed_with_a_key_of_somebody_else(remote: tuple[Terminal, Site]) -> None:
    here, site = remote
    asked = here.types("accept", str(GOODS.arrival), *BOTH, "--json")
    number = str(asked.json["draft"])
    other = here.keep_key(site.seen.world, ANSEL)
    said = here.types("sign-draft", number, "--key", other)
    assert said.code in (1, 75), said
    assert "→" in said.err
    refused(here.types("sign-draft", "99999", "--key", other), "no draft", 66)
    assert not show.arrival(site.desk, GOODS.arrival).service.accepted
