"""The five questions about one unit: what is said, how sure it is, and what is missing."""

import random
from collections.abc import Callable, Collection, Iterable

import pytest

from voltrail.actions.provenance import provenance
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import PartyId, SubjectId, UnitId
from voltrail.projections import parts
from voltrail.projections.anomalies import Heap
from voltrail.projections.five.ask import five
from voltrail.projections.five.model import Answer, Confidence, Question
from voltrail.projections.gathering import Gathering
from voltrail.projections.parts import Put
from voltrail.projections.view import Recorded, View, fold
from voltrail.register.memory import MemoryBlobs
from voltrail.statements.arrival import Arrival
from voltrail.statements.assembly import Assembly
from voltrail.statements.firmware import FirmwareReading
from voltrail_world import faulty
from voltrail_world.cast import KESTREL
from voltrail_world.histories import OPERATOR, Tale, clean, digest, ground, registered
from world_fixture import played_world

PROVEN, ONE = Confidence.PROVEN, Confidence.ONE_SOURCE
NOT_PROVEN, CONTRADICTED = Confidence.NOT_PROVEN, Confidence.CONTRADICTED


class Told(Gathering):
    """A history in memory, in the shape of a gathering."""

    def __init__(self, tale: Tale) -> None:
        self.facts_ = registered([*ground(), *tale.said.values()])
        self.heap = Heap(self.facts_)

    def fetch(self, keys: Iterable[str]) -> None:
        """Everything is at hand."""

    def view(self, subject: SubjectId | None) -> View:
        return fold(subject, self.heap.standing(str(subject)))

    def standing(self, key: str):  # noqa: ANN201 — as its base
        return self.heap.standing(key)

    def at(self, indices):  # noqa: ANN001, ANN201 — as its base
        return {index: self.facts_[index] for index in indices}

    def seen(self, units: Collection[UnitId]) -> dict[str, frozenset[str]]:
        came = [one.fact for one in self.facts_ if isinstance(one.fact, Arrival)]
        return {
            unit: frozenset(str(one.arrival) for one in came if unit.parts[-1] in one.serials)
            for unit in units
        }

    def put(self, one: Recorded[Assembly]) -> Put:
        return parts.put(one.fact, MemoryBlobs())


def asked(tale: Tale, place: int = 0) -> dict[Question, Answer]:
    room = Told(tale)
    found = five(room, tale.unit(place), OPERATOR, (room.seen, room.put), (room.heap, ()))
    assert [one.question for one in found] == list(Question)
    return {one.question: one for one in found}


def tale() -> Tale:
    return clean(7, random.Random(7))


def test_an_honest_history_answers_each_question_with_its_signers() -> None:
    found = asked(tale())
    assert {one.question: one.confidence for one in found.values()} == {
        Question.CELLS: ONE,  # the maker of the packs made the cells, and says so itself
        Question.ASSEMBLY: ONE,
        Question.TESTS: PROVEN,
        Question.FIRMWARE: ONE,
        Question.CUSTODY: PROVEN,
    }
    maker = tale().maker.key
    assert str(found[Question.CELLS].sentence) == f"{maker} made its cells, in lot C0007."
    assert "measured this unit" in found[Question.TESTS].sentence
    assert str(found[Question.FIRMWARE].sentence) == "Its maker says that it runs none."
    assert "6 hand-overs" in found[Question.CUSTODY].sentence
    assert found[Question.ASSEMBLY].papers
    assert all(one.sources for one in found.values())


def test_a_unit_outside_the_sample_was_not_tested_itself() -> None:
    found = asked(tale(), 5)[Question.TESTS]
    assert (found.confidence, len(found.sources)) == (ONE, 1)
    assert "did not hold this unit" in found.sentence
    assert found.missing is not None


def without(*begins: str) -> Tale:
    told = tale()
    for name in [one for one in told.said if one.startswith(begins)]:
        del told.said[name]
    return told


@pytest.mark.parametrize(
    ("lacking", "question", "sentence", "confidence"),
    [
        (("built", "unit", "cells"), Question.CELLS, "Nobody says who made the cells", NOT_PROVEN),
        (("built",), Question.ASSEMBLY, "says that its lot was made at", ONE),
        (("built", "lot"), Question.ASSEMBLY, "Nobody says where", NOT_PROVEN),
        (("inspection",), Question.TESTS, "nobody else tested anything", ONE),
        (("inspection", "lot"), Question.TESTS, "Nobody shows a test", NOT_PROVEN),
        (("lot",), Question.FIRMWARE, "Nobody says what firmware", NOT_PROVEN),
        (("given", "taken"), Question.CUSTODY, "No hand-over of its lot", NOT_PROVEN),
        (("taken3",), Question.CUSTODY, "has one half: truckers did not sign", ONE),
        (("given1", "taken1"), Question.CUSTODY, "Custody begins with sealine", NOT_PROVEN),
        (("given4", "taken4"), Question.CUSTODY, "a gap", CONTRADICTED),
    ],
)
def test_what_is_missing_is_said_and_somebody_is_named(
    lacking: tuple[str, ...], question: Question, sentence: str, confidence: Confidence
) -> None:
    found = asked(without(*lacking))[question]
    assert sentence in found.sentence
    assert found.confidence is confidence
    if confidence is not ONE:
        assert found.missing is not None
        assert found.ask is not None


@pytest.mark.parametrize(
    ("fault", "question"),
    [
        (faulty.mismatched, Question.CUSTODY),
        (faulty.hidden_broker, Question.CUSTODY),
        (faulty.borrowed_paper, Question.TESTS),
        (faulty.wrong_level, Question.ASSEMBLY),
    ],
)
def test_what_contradicts_itself_is_no_proof(
    fault: Callable[[Tale], object], question: Question
) -> None:
    told = tale()
    fault(told)
    found = asked(told, 2)[question]
    assert found.confidence is CONTRADICTED
    assert all(one.entries for one in found.against)


def test_two_versions_of_firmware_contradict_each_other() -> None:
    told = tale()
    faulty.edit(told, "lot", firmware_version="2.1")
    at = told.said["arrival"].fact.received_at
    read = FirmwareReading(told.arrival, told.product, digest("image"), "2.0", 1, at, "reader")
    told.say("read", read, OPERATOR, at, told.arrival)
    found = asked(told)[Question.FIRMWARE]
    assert found.confidence is CONTRADICTED
    assert found.against[0].sentence == "2.1 was declared, 2.0 was read."
    faulty.edit(told, "read", version="2.1")
    assert asked(told)[Question.FIRMWARE].confidence is PROVEN


def test_a_unit_of_the_register_is_asked_about_and_a_stranger_is_not() -> None:
    desk = played_world().desk
    unit = UnitId.of(KESTREL.key, "S900015")
    found = provenance(desk, unit)
    assert [one.question for one in found.answers] == list(Question)
    assert found.size == desk.entries.size()
    with pytest.raises(UnknownSubjectError):
        provenance(desk, UnitId.of(PartyId.of("nobody").key, "X1"))
