"""Long work: begun in one transaction, told as it goes, stopped, tried again, never done twice."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

pytest.importorskip("django")

from django.db import transaction
from django.test import Client

from server.table_world import account_of, logged_in, tables
from voltrail.errors import MalformedError, RegisterCorruptError
from voltrail_server import wiring
from voltrail_server.api import tokens
from voltrail_server.people.models import Account
from voltrail_server.work import progress as progress_room
from voltrail_server.work import queue, runner, verbs
from voltrail_server.work.models import SILENT, State, Work
from voltrail_server.work.progress import Progress, ReplacedError
from world_fixture import NOW, PlayedWorld

__all__ = ["tables"]

Verb = Callable[[Progress, Mapping[str, Any]], Mapping[str, Any]]


@pytest.fixture
def verb(tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch) -> Callable[[Verb], None]:
    """Let the one verb that a test begins do what the test says."""

    def becomes(function: Verb) -> None:
        monkeypatch.setattr(verbs, "function_of", lambda _: function)

    return becomes


def by(name: str = "administrator") -> Account:
    return account_of(name)


def begun() -> Work:
    return queue.begin(by(), "rebuild", "Count to three", {"to": 3})


def waiting() -> Work:
    return Work.objects.create(
        verb="rebuild", title="Waits", started_by=by("quality"), created_at=wiring.now()
    )


def count(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    progress.count("numbers")
    for number in range(arguments["to"] + 1):
        progress.tell(number, arguments["to"], f"At {number}.")
    return {"link": "/register/", "sentence": "Counted.", "last": number}


def page(client: Client, work: Work, **headers: str) -> str:
    answer = client.get(f"/long-work/{work.pk}/", headers=headers)
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def test_work_is_done_and_its_page_leads_to_the_result(verb: Any) -> None:  # noqa: ANN401
    verb(count)
    work = begun()
    assert (work.state, work.done, work.total, work.counted) == (State.DONE, 3, 3, "numbers")
    assert work.result == {"last": 3}
    said = page(logged_in("administrator"), work)
    assert "Counted." in said
    assert 'href="/register/"' in said
    assert "hx-trigger" not in said
    assert "refresh" not in said


def test_a_page_asks_again_until_the_end_with_and_without_a_script(verb: Any) -> None:  # noqa: ANN401
    work = waiting()
    client = logged_in("quality")
    whole = page(client, work)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in whole
    assert 'hx-trigger="every 2s"' in whole
    part = page(client, work, **{"HX-Request": "true"})
    assert "<html" not in part
    assert "It waits for a worker." in part
    Work.objects.update(state=State.DONE)
    assert "hx-trigger" not in page(client, work, **{"HX-Request": "true"})


def test_our_errors_keep_their_sentence_and_faults_keep_a_trace(
    verb: Any,  # noqa: ANN401
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuses(*_: object) -> Mapping[str, Any]:
        raise MalformedError("Row 7 has no serial.", hint="Fill in the serial.")

    verb(refuses)
    with caplog.at_level(logging.WARNING):
        work = begun()
    (line,) = (one for one in caplog.records if one.name == runner.__name__)
    assert line.exc_info is None
    assert line.getMessage().endswith("Row 7 has no serial.")
    assert (work.state, work.sentence, work.hint) == (
        State.FAILED,
        "Row 7 has no serial.",
        "Fill in the serial.",
    )

    def breaks(*_: object) -> Mapping[str, Any]:
        raise KeyError("inner secret")

    verb(breaks)
    with caplog.at_level(logging.ERROR):
        work = begun()
    said = page(logged_in("administrator"), work)
    assert "inner secret" not in said
    assert work.trace in said
    assert work.trace in caplog.text
    assert "Traceback" in caplog.text

    def disagrees(*_: object) -> Mapping[str, Any]:
        raise RegisterCorruptError("Two entries bear one number.")

    caplog.clear()
    verb(disagrees)
    assert begun().state == State.FAILED
    assert "Traceback" in caplog.text


def test_stopped_work_stops_at_its_next_step_and_can_go_on(
    verb: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress_room, "EVERY_S", 0.0)
    reached = []

    def stops_itself(progress: Progress, _: Mapping[str, Any]) -> Mapping[str, Any]:
        reached.append(1)
        if len(reached) == 1:
            queue.stop(Work.objects.get(pk=progress.work))
        progress.tell(1, 2)
        return {"sentence": "Went on."}

    verb(stops_itself)
    work = begun()
    assert work.state == State.STOPPED
    client = logged_in("administrator")
    assert "Try again" in page(client, work)
    assert client.post(f"/long-work/{work.pk}/again/").status_code == 302
    work.refresh_from_db()
    assert (work.state, work.attempt, work.sentence) == (State.DONE, 2, "Went on.")


def test_waiting_work_that_is_stopped_is_not_begun(verb: Any) -> None:  # noqa: ANN401
    verb(count)
    work = waiting()
    assert logged_in("quality").post(f"/long-work/{work.pk}/stop/").status_code == 302
    runner.run.call(str(work.pk))
    work.refresh_from_db()
    assert (work.state, work.attempt) == (State.STOPPED, 0)


def test_a_dead_worker_is_seen_and_its_work_goes_on_elsewhere(
    verb: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verb(count)
    work = waiting()
    Work.objects.update(state=State.RUNNING, attempt=1, heartbeat=NOW, arguments={"to": 2})
    client = logged_in("quality")
    assert "Try again" not in page(client, work)
    assert client.post(f"/long-work/{work.pk}/again/").status_code == 409
    monkeypatch.setattr(wiring, "now", lambda: NOW + SILENT + timedelta(seconds=1))
    assert "gave no sign for a minute" in page(client, work)
    late = Progress(work.pk, 1, wiring.now)
    assert queue.revive() == 1
    work.refresh_from_db()
    assert (work.state, work.attempt) == (State.DONE, 2)
    with pytest.raises(ReplacedError):
        late.tell(9, 9)
    work.refresh_from_db()
    assert work.done == 2


def test_work_that_killed_three_workers_waits_for_a_person(
    tables: PlayedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = waiting()
    Work.objects.update(state=State.RUNNING, attempt=3, heartbeat=NOW)
    monkeypatch.setattr(wiring, "now", lambda: NOW + SILENT + timedelta(seconds=1))
    assert queue.revive() == 0
    assert "Try again" in page(logged_in("quality"), work)


def test_people_see_their_own_work_and_administrators_all(verb: Any) -> None:  # noqa: ANN401
    work = waiting()
    assert "Waits" in logged_in("quality").get("/long-work/").content.decode()
    assert "Waits" not in logged_in("procurement").get("/long-work/").content.decode()
    assert logged_in("procurement").get(f"/long-work/{work.pk}/").status_code == 403
    assert logged_in("procurement").post(f"/long-work/{work.pk}/stop/").status_code == 403
    assert "Waits" in logged_in("administrator").get("/long-work/").content.decode()
    assert logged_in("administrator").get(f"/long-work/{uuid4()}/").status_code == 404


def test_a_program_asks_how_far_it_is(verb: Any) -> None:  # noqa: ANN401
    verb(count)
    work = begun()
    found = logged_in("administrator").get(f"/api/v1/work/{work.pk}").json()
    assert (found["state"], found["done"], found["link"]) == ("done", 3, "/register/")
    assert logged_in("quality").get(f"/api/v1/work/{work.pk}").status_code == 403
    assert Client().get(f"/api/v1/work/{work.pk}").status_code == 401
    assert tokens.WRITER is not None


def test_a_request_that_fails_leaves_no_work_behind(
    tables: PlayedWorld, settings_queued: None
) -> None:
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 — once Django is set up

    class OddError(Exception):
        pass

    waiting = DBTaskResult.objects.count()  # of whatever another module left

    def request() -> None:
        with transaction.atomic():
            begun()
            assert DBTaskResult.objects.count() == waiting + 1
            raise OddError

    with pytest.raises(OddError):
        request()
    assert (Work.objects.count(), DBTaskResult.objects.count()) == (0, waiting)


@pytest.fixture
def settings_queued() -> Iterator[None]:
    """Let work wait in the database, as it does outside tests."""
    from django.test import override_settings  # noqa: PLC0415 — one fixture

    queued = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with override_settings(TASKS=queued, VOLTRAIL_WORK="queue"):
        yield


def test_a_verb_nobody_knows_is_refused(tables: PlayedWorld) -> None:
    with pytest.raises(MalformedError, match="No worker knows"):
        queue.begin(by(), "dance", "Dance", {})


def test_views_are_folded_again_as_work(tables: PlayedWorld) -> None:
    before = tables.desk.views.digest()
    work = begun()
    assert work.state == State.DONE, work.sentence
    assert work.done == tables.desk.entries.size()
    assert tables.desk.views.digest() == before
