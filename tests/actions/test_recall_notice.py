"""Holds and notice stand together or not at all; a further notice names what is new."""

from typing import Any

import pytest

from actions.test_recall import (
    ANNA,
    CASE,
    CELLS,
    NORTH,
    found,
    joins,
    say,
    sixteen,
    told,
    unit,
)
from actions.test_recall_places import CAGE, HALL, moves
from voltrail.actions import recall, recall_report
from voltrail.actions.hold import holds
from voltrail.actions.recall import Answer, Notice
from voltrail.actions.recall_notice import call_back, case_of
from voltrail.errors import MalformedError, RefusedError
from voltrail.ids.subject import CaseId, SubjectId
from voltrail.statements.recall import RecallAction
from world_fixture import NOW, PlayedWorld


def notice(*, mock: bool = False, reason: str = "Welds can open.") -> Notice:
    return Notice(CASE, "1", reason, RecallAction.INSPECT, mock, NOW)


def gives(seen: PlayedWorld, *, mock: bool = False) -> int:
    return call_back(seen.desk, found(seen, CELLS), notice(mock=mock), ANNA, NOW).index


def names(seen: PlayedWorld, index: int) -> tuple[str, set[SubjectId]]:
    made = recall_report.report(seen.desk, index)
    return made.recall.number, {line.thing for line in made.lines}


def test_everything_is_held_and_called_back_in_one_step() -> None:
    seen = told()
    size = seen.desk.entries.size()
    assert names(seen, gives(seen)) == ("1", {unit("P1"), unit("P2")})
    assert seen.since(size) == ["hold", "hold", "hold", "recall"]


def test_a_notice_that_fails_leaves_no_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:  # noqa: ANN401 — whatever it is given
        raise RefusedError("The register refuses it.", hint="Try again.")

    seen = told()
    size, views = seen.desk.entries.size(), seen.desk.views.digest()
    monkeypatch.setattr(recall, "issue", fails)
    with pytest.raises(RefusedError):
        gives(seen)
    assert (seen.desk.entries.size(), seen.desk.views.digest()) == (size, views)
    assert holds(seen.desk) == ()


def test_holds_that_fail_leave_no_notice() -> None:
    seen = told()
    with pytest.raises(MalformedError, match="no cause"):
        call_back(seen.desk, found(seen, CELLS), notice(reason=" "), ANNA, NOW)
    assert recall_report.recalls(seen.desk) == ()


def test_a_further_notice_names_what_is_new_and_what_moved_unfound() -> None:
    seen = told()
    first = gives(seen)
    with pytest.raises(MalformedError, match="Nothing new is related"):
        gives(seen)
    say(seen, joins("A9", (sixteen(CELLS),), unit("M9")), unit("M9"))
    moves(seen, 1, HALL, unit("P2"))
    held = len(holds(seen.desk))
    second = gives(seen)
    assert names(seen, second) == ("2", {unit("P2"), unit("M9")})
    assert len(holds(seen.desk)) == held + 1, "what is new is held, what stood is kept"
    places = {one.place for one in recall_report.report(seen.desk, second).places}
    assert places == {str(HALL), ""}
    assert names(seen, first) == ("1", {unit("P1"), unit("P2")})
    assert recall_report.recalled(seen.desk, second).lots == ()


def test_an_answer_to_a_further_notice_answers_the_first_one_too() -> None:
    seen = told()
    first = gives(seen)
    moves(seen, 1, HALL, unit("P2"))
    second = gives(seen)
    recall.answer(seen.desk, second, Answer(HALL, ANNA, found=(unit("P2"),)), NOW)
    for index in (first, second):
        lines = {one.thing: one.word for one in recall_report.report(seen.desk, index).lines}
        assert lines[unit("P2")] is recall_report.Word.FOUND
    assert recall_report.report(seen.desk, first).answers


def test_what_was_found_is_not_asked_for_again_where_it_moved() -> None:
    seen = told()
    first = gives(seen)
    recall.answer(seen.desk, first, Answer(NORTH, ANNA, found=(unit("P1"),)), NOW)
    moves(seen, 1, CAGE, unit("P1"))
    with pytest.raises(MalformedError, match="Nothing new is related"):
        gives(seen)


def test_a_rehearsal_does_not_take_the_place_of_a_notice() -> None:
    seen = told()
    gives(seen, mock=True)
    assert holds(seen.desk) == ()
    assert names(seen, gives(seen)) == ("2", {unit("P1"), unit("P2")})


def test_a_case_is_read_as_people_write_it() -> None:
    assert case_of("acme:R-1") == CASE
    assert case_of(" R-1 ") == CaseId.of("R-1")
