"""The command `voltrail import`: the same steps as the pages, on the server's own machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voltrail_server.importing import imports, plans
from voltrail_server.importing.models import Import
from voltrail_server.work import queue
from voltrail_server.work.models import State as WorkState


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was told."""

    kind: str
    file: str
    mapping: str = ""
    check: bool = False


def run(wanted: Wanted) -> dict[str, Any]:
    """Return what a file would do; where told so, record it and return what came of it."""
    path = Path(wanted.file)
    data = path.read_bytes()
    made = imports.upload(None, wanted.kind, path.name, data, taking=wanted.mapping)
    plan = plans.plan(made)
    wrong = [{"row": one.number, "sentence": one.sentence, "hint": one.hint} for one in plan.wrong]
    told = {"import": str(made.pk), "counts": plan.counts, "wrong": wrong}
    if wanted.check:
        imports.drop(made)
        return {**told, "recorded": False}
    return {**told, **_recorded(made)}


def _recorded(made: Import) -> dict[str, Any]:
    work = imports.confirm(None, made, queue.do_now)
    made.refresh_from_db()
    done = work.state == WorkState.DONE
    return {
        "recorded": done,
        "counts": made.counts,
        "refused": made.refused,
        "sentence": work.sentence,
        "hint": work.hint,
    }
