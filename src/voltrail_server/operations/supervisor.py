"""
One parent that starts web, sequencer and worker, and keeps them: the whole server in one word.

    a child that dies      is started again after a pause that doubles, up to half a minute
    SIGTERM or SIGINT      each child ends its turn; who has not ended in time is killed, with all
                           that it started
    the parent dies        each child sees that its parent changed, and ends by itself

Knows processes and a file that says how they are. Knows no Django and no database.
"""

import json
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0  # before a child is started again
STEADY_S = 60.0  # a child that lived so long begins with the first pause again
PATIENCE_S = 20.0  # for all children to end their turns
LOOK_S = 0.2  # between two looks at the children
_LOG = logging.getLogger(__name__)
STATE = "children.json"  # in the run folder


@dataclass
class Child:
    """One kind of work, its process, and how often it was started."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = field(default=lambda: True)
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    begun: float = 0.0
    pause: float = FIRST_PAUSE_S
    due: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def told(self) -> dict[str, Any]:
        """How it is, in words."""
        word = "running" if self.alive else "waiting" if not self.starts else "starting again"
        pid = self.process.pid if self.process and self.alive else None
        return {"state": word, "pid": pid, "starts": self.starts}


class Supervisor:
    """Starts children and keeps them until told to stop."""

    def __init__(self, children: Sequence[Child], run_folder: Path) -> None:
        """Keep the children and the folder in which their state is told."""
        self._children, self._folder = tuple(children), run_folder
        self._stopped, self._told = Event(), ""

    def run(self) -> int:
        """Keep the children until a signal comes; return the exit code."""
        self._folder.mkdir(parents=True, exist_ok=True)
        before = {one: signal.signal(one, self._stop) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stopped.wait(LOOK_S):
                for child in self._children:
                    self._look(child)
                self._tell()
        finally:
            self._end()
            for one, handler in before.items():
                signal.signal(one, handler)
        return 0

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopped.set()

    def _look(self, child: Child) -> None:
        now = time.monotonic()
        if child.alive or not child.ready():
            return
        if child.process is not None:
            _sweep(child.process)
            lived = now - child.begun
            child.pause = FIRST_PAUSE_S if lived > STEADY_S else child.pause
            child.due, child.process = now + child.pause, None
            child.pause = min(child.pause * 2, LONGEST_PAUSE_S)
            _LOG.error("The %s ended and is started again; start %d.", child.name, child.starts)
        if now >= child.due:
            command = list(child.command)
            child.process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 — our own words
            child.starts, child.begun = child.starts + 1, now

    def _tell(self) -> None:
        found = {child.name: child.told() for child in self._children}
        text = json.dumps({"supervisor": os.getpid(), "children": found})
        if text != self._told:
            draft = self._folder / f".{STATE}"
            draft.write_text(text)
            draft.replace(self._folder / STATE)
            self._told = text

    def _end(self) -> None:
        """Let each child end its turn, then kill who has not, and whatever it started."""
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        ends = time.monotonic() + PATIENCE_S
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, ends - time.monotonic()))
        for process in running:
            _sweep(process)
            process.wait()
        (self._folder / STATE).unlink(missing_ok=True)


def _sweep(process: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a child's own session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def told(run_folder: Path) -> dict[str, Any]:
    """Return what the supervisor says of its children; nothing where none runs."""
    try:
        return dict(json.loads((run_folder / STATE).read_text())["children"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
