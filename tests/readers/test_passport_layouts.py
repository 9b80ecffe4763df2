"""What a layout takes is told as the walk tells it, of passports whole and broken."""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import corpus
from voltrail.errors import MalformedError
from voltrail.readers import json_file, passport, passport_check
from voltrail.readers import passport_layouts as layouts
from voltrail.readers.foreign import Remark
from voltrail.readers.passport_lesson import learned
from voltrail.readers.passport_places import ASKED

FILES = (
    ("catenax-sldt", "io.catenax.battery.battery_pass"),
    ("batterypass",),
    ("dpp-openepcis", "eu", "battery", "examples"),
)
MUTANTS = 60  # of each file, each judged twice
OWN = {
    "digitalProductPassportId": "https://id.gs1.org/01/09521234030010/21/S-7",
    "batteryCategory": {"batteryCategoryValue": "LMT"},
    "hasTechnicalSpecifications": {"hasRatedCapacity": {"value": 200, "unitCode": "AMH"}},
    "hasRecycledContent": [{"recycledMaterial": "Cobalt", "share": 0.5}] * 2,
    "materials": [{"name": "a", "parts": [1, 2]}, {"name": "b", "parts": [3]}],
    "empty": {"object": {}, "list": [], "text": "", "nothing": None, "yes": True, "_note": [1]},
    "mixed": [{"name": "a"}, "b", 3],
    'odd "name"': {"inner": "x"},
}


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Learn the layout of each part that is walked, from nothing."""
    monkeypatch.setattr(layouts, "OFTEN", 1)
    _forget()
    yield
    _forget()


def _forget() -> None:
    layouts._KNOWN.clear()
    layouts._KEPT.clear()
    layouts._LATEST.clear()


def told(value: Any) -> Any:  # noqa: ANN401 — any answer, a refusal too
    """Everything that is said of a passport: typed, remarks, points, findings; or the refusal."""
    remarks: list[Remark] = []
    try:
        found = passport.passport(value, remarks)
        return found, remarks, passport_check.check(found, "industrial")
    except MalformedError as error:
        return str(error), error.hint


def told_by_walk(value: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 — as above
    with monkeypatch.context() as patch:
        patch.setattr(layouts, "_together", lambda _: layouts._joined(()))
        patch.setattr(passport_check, "_remembered", passport_check._standings)
        return told(value)


def test_a_passport_of_a_known_layout_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    first = told(OWN)
    assert layouts._together(OWN).names == OWN.keys() - {
        "digitalProductPassportId", "mixed", 'odd "name"',
    }  # fmt: skip
    assert told(OWN) == first == told_by_walk(OWN, monkeypatch)


def test_parts_that_are_all_known_are_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    value = {name: one for name, one in OWN.items() if name not in ("mixed", 'odd "name"')}
    expected = told_by_walk(value, monkeypatch)
    assert [told(value) for _ in range(3)] == [expected] * 3
    monkeypatch.setattr(layouts, "_layout", None)  # would fail if parts were tried one by one
    other = {**value, "more": "x"}
    assert told(other) == told_by_walk(other, monkeypatch)


def test_an_empty_passport_lacks_what_is_mandatory() -> None:
    assert [len(passport_check.check(passport.Passport("gefeg")).missing) for _ in range(2)] == [
        36, 36,
    ]  # fmt: skip


def test_what_is_filled_is_what_the_table_asks() -> None:
    found, _, judged = told(OWN)
    filled = {
        one.nr for one in passport_check.points()
        if any(f"{place}.".startswith(f"{term}.") for term in one.terms for place in found.filled)
    }  # fmt: skip
    said = ("filled", "filled-too-early", "filled-needlessly")
    assert filled == {one.nr for one in judged.points if one.standing in said}


@pytest.mark.parametrize(
    "part",
    [
        {"mass": 1, "hasMass": 2},
        [{"a": 1}, {"a": "x"}],
        {"a" * 201: 1},
        {"a\nb": 1},
        {"\ud800": 1},
        {"recycledMaterial": "y" * 201},
        {f"name{at}": at for at in range(129)},
        {f"name{at}": {f"inner{at}": at} for at in range(65)},
        {f"{at}": {f"_{at}-{name}{'y' * 180}": 1 for name in range(99)} for at in range(4)},
    ],
)
def test_what_is_odd_or_large_is_not_learned(part: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401 — any part
    monkeypatch.setattr("voltrail.readers.passport_lesson.ASKED", ASKED | {"battery.mass"})
    assert learned("battery", part) is None


def test_the_first_of_two_places_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parts, and a part and a text, that lead to one place."""
    model, other = {"model": {"value": "M-1"}}, {"x:model": {"value": "M-2"}}
    start = {"digitalProductPassportId": "id:1"}
    for value in (
        {**start, **model, **other},
        {**start, **other, **model},
        {**start, "model.value": "M-3", **model},
        {**start, **model, "model.value": "M-3"},
    ):
        assert [told(value) for _ in range(3)] == [told_by_walk(value, monkeypatch)] * 3


def test_a_material_is_a_place_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("Cobalt", "Nickel", "Cobalt", ""):
        value = {**OWN, "hasRecycledContent": [{"recycledMaterial": word, "share": 0.5}] * 2}
        assert [told(value) for _ in range(2)] == [told_by_walk(value, monkeypatch)] * 2


def test_layouts_are_forgotten_before_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MOST", 3)
    monkeypatch.setattr(layouts, "MOST_TOGETHER", 2)
    monkeypatch.setattr(passport_check, "_MOST_SHARED", 2)
    for at in range(9):
        value = {"digitalProductPassportId": "id:1", f"part{at}": {"mass": at}}
        assert [told(value) for _ in range(3)] == [told_by_walk(value, monkeypatch)] * 3
    assert layouts._KNOWN.keys() == {"part6", "part7", "part8"}
    told({"digitalProductPassportId": "id:1", "part8": {"mass": "x"}})
    assert {name: len(known) for name, known in layouts._KNOWN.items()} == {"part7": 1, "part8": 2}
    assert len(layouts._LATEST) <= 2


def test_what_fills_too_many_places_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = told_by_walk(OWN, monkeypatch)
    monkeypatch.setattr(layouts, "MOST_PLACES", 3)
    assert [told(OWN) for _ in range(3)] == [expected] * 3
    assert layouts._together(OWN).names == set()


_NAMES = st.sampled_from(["hasMass", "mass", "x:mass", "_note", "value", "recycledMaterial", ""])
_VALUES = st.recursive(
    st.sampled_from([None, "", "a", "5", 5, 2.5, True, 10**400]),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_NAMES, inner)),
    max_leaves=8,
)


@given(st.lists(_VALUES.filter(lambda one: isinstance(one, dict | list)), min_size=2, max_size=6))
def test_what_a_type_takes_fills_the_places_of_its_layout(parts: list[Any]) -> None:
    known = [one for part in parts if (one := learned("battery", part)) is not None]
    for part in parts:
        for layout in known:
            if layouts._takes(layout.takes, part):
                assert layout.places == tuple(sorted(passport.leaves({"battery": part})))


@pytest.mark.corpus
def test_shared_passports_and_what_becomes_of_them_are_told_as_the_walk_tells_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = [one for set_ in FILES for one in sorted(_files(corpus("traceability", *set_)))]
    assert len(files) > 15
    for file in files:
        value = json_file.read(file.read_bytes()).value
        if not isinstance(value, dict) or not passport.shape(value):
            continue
        expected = told_by_walk(value, monkeypatch)
        assert [told(value) for _ in range(3)] == [expected] * 3, file.name
        drawn = random.Random(file.name)
        for at in range(MUTANTS):
            mutant = deepcopy(value)
            for _ in range(drawn.randint(1, 2)):
                drawn.choice(CHANGES)(mutant, drawn)
            expected = told_by_walk(mutant, monkeypatch)
            assert [told(mutant) for _ in range(2)] == [expected] * 2, (file.name, at)


def _files(folder: Path) -> Iterator[Path]:
    for pattern in ("*.json", "*.jsonld"):
        yield from (one for one in folder.rglob(pattern) if "schema" not in one.name)


def _place(value: Any, drawn: random.Random) -> tuple[Any, Any]:  # noqa: ANN401 — an object or a list
    """Return an object or list somewhere inside, and a name or number in it."""
    held: list[tuple[Any, Any]] = []
    left = [value]
    while left:
        one = left.pop()
        inner = list(one.items() if isinstance(one, dict) else enumerate(one))
        held += [(one, name) for name, _ in inner]
        left += [below for _, below in inner if isinstance(below, dict | list)]
    return drawn.choice(held)


def _delete(value: Any, drawn: random.Random) -> None:  # noqa: ANN401 — any JSON value
    held, name = _place(value, drawn)
    if held is not value or len(value) > 1:
        del held[name]


def _set(value: Any, drawn: random.Random) -> None:  # noqa: ANN401 — any JSON value
    held, name = _place(value, drawn)
    held[name] = drawn.choice(
        [None, "", "5", "no such word", True, -1, 10**400, 1.5, [], {}, [None], {"value": None},
         "ÿ\ud800", "\0", "2024-15-03", {"\ud800": "x"}, [[1], {"a": 1}]],
    )  # fmt: skip


def _add(value: Any, drawn: random.Random) -> None:  # noqa: ANN401 — any JSON value
    held, _ = _place(value, drawn)
    if isinstance(held, list):
        held.append(drawn.choice([None, "more", {"more": 1}, deepcopy(held[0])]))
        return
    name = drawn.choice(["more", "recycledMaterial", "hasMore", "x:model", "_more", 'mo"re', "é"])
    held[name] = drawn.choice(["x", 7, {"value": 7}, [{"value": "x"}]])


def _turn(value: Any, drawn: random.Random) -> None:  # noqa: ANN401 — any JSON value
    """Turn the order of an object's names round, or of a list."""
    held, _ = _place(value, drawn)
    if isinstance(held, list):
        held.reverse()
        return
    names = list(held.items())
    held.clear()
    held.update(reversed(names))


def _double(value: Any, drawn: random.Random) -> None:  # noqa: ANN401 — any JSON value
    """Say the same once more under a name that leads to the same place."""
    held, name = _place(value, drawn)
    if isinstance(held, dict) and not isinstance(held[name], str):
        held[f"x:{name}"] = json.loads(json.dumps(held[name], default=str))
    elif isinstance(held, dict):
        held[f"x:{name}"] = "another"


CHANGES: tuple[Callable[[Any, random.Random], None], ...] = (
    _delete, _set, _set, _add, _turn, _double,
)  # fmt: skip


def test_a_number_in_place_of_a_material_is_not_learned_since_its_digits_can_be_a_word() -> None:
    assert learned("battery", {"recycledMaterial": 5, "mass": 1}) is None
    assert learned("battery", {"recycledMaterial": "5", "mass": 1}) is not None
