"""What is kept for a week goes by itself: nobody needs to export anything for that."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import Installation, living, played, rows
from operations.serving_site import served, until
from server.site_world import site_desk
from voltrail.actions.desk import Desk
from voltrail_server import wiring
from voltrail_server.exporting import shelf
from voltrail_server.jobs.tidying import Tidying
from voltrail_server.operations import queue
from voltrail_server.work import runner

__all__ = ["living", "played", "site_desk"]

LONG_AGO = time.time() - shelf.KEPT_S - 60


def left(folder: Path) -> tuple[Path, Path]:
    """A file that was kept long enough, and one that was not."""
    (folder / "work").mkdir(exist_ok=True)
    old, new = folder / "work" / "old.csv", folder / "work" / "new.csv"
    for path in (old, new):
        path.write_text("x")
    os.utime(old, (LONG_AGO, LONG_AGO))
    return old, new


def test_a_server_removes_old_files_without_any_export(
    living: Installation, tmp_path: Path
) -> None:
    old, new = left(living.home)
    with served(living, tmp_path / "log"):
        assert until(lambda: not old.exists())
    assert new.exists()


def test_a_worker_that_empties_the_queue_removes_them_too(living: Installation) -> None:
    old, new = left(living.home)
    living.run("work", "--until-empty")
    assert (old.exists(), new.exists()) == (False, True)
    assert rows(living.home / "voltrail.sqlite3", "SELECT count(*) FROM work") == [(0,)]


def test_the_queue_forgets_what_ended_a_week_ago_and_nothing_that_waits(site_desk: Desk) -> None:
    queue.DBTaskResult.objects.all().delete()
    at = wiring.now()
    for ended in (at - queue.KEPT - timedelta(minutes=1), at - timedelta(days=1), None):
        queue.DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path=runner.run.module_path,
            backend_name="default",
            run_after=at,
            status="SUCCESSFUL" if ended else "READY",
            finished_at=ended,
        )
    assert queue.forget() == 1
    assert queue.DBTaskResult.objects.count() == 2
    assert queue.forget() == 0


def test_a_chore_that_fails_stops_no_other_and_is_tried_again() -> None:
    done: list[str] = []
    twice = threading.Event()

    def fails() -> int:
        done.append("fails")
        raise OSError("the disk is away")

    def works() -> int:
        done.append("works")
        if done.count("works") == 2:
            twice.set()
        return 3

    tidying = Tidying((fails, works))
    assert tidying.turn() == 3
    stop = threading.Event()
    going = threading.Thread(target=tidying.run, args=(stop, 0.001))
    going.start()
    assert twice.wait(30)
    stop.set()
    going.join(30)
    assert not going.is_alive()
    assert done[:4] == ["fails", "works"] * 2
