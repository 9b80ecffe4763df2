"""Checkpoints follow appends by themselves, and one process at a time signs them."""

import os
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

pytest.importorskip("django")

from stores.fixtures import database, databases, speaker
from stores.support import NOON, Place, PlantedError, Speaker
from voltrail.actions.desk import Desk
from voltrail.ids.subject import PartyId
from voltrail.projections.memory import MemoryViews
from voltrail.register.log import LogKey
from voltrail.register.memory import MemoryBlobs
from voltrail.register.note import open_note, parse_vkey, vkey
from voltrail.trust import signer as signers
from voltrail_server import commands
from voltrail_server.jobs.sequencer import HELD, Bell, Sequencer
from voltrail_server.records.lease import DjangoLease

__all__ = ["database", "databases", "speaker"]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


class Counting:
    """A signer that counts what it signed."""

    def __init__(self) -> None:
        self._real = signers.generate()
        self.public = self._real.public
        self.signed = 0

    def sign(self, data: bytes) -> bytes:
        self.signed += 1
        return self._real.sign(data)


class Process:
    """What one server process has: its own store, bell and sequencer, and the same keys."""

    def __init__(self, place: Place, name: str, clock: Clock, key: Counting) -> None:
        self.bell, self.key = Bell(place.alias), key
        entries, _ = place.open(after=self.bell)
        self.desk = Desk(
            entries=entries,
            views=MemoryViews(),
            blobs=MemoryBlobs(),
            pinned=Speaker().anchors,
            operator=PartyId.of("acme"),
            signer=key,
            log=LogKey("test.example/log", key),
        )
        self.sequencer = Sequencer(self.desk, DjangoLease(place.alias), name, self.bell, clock)

    def covered(self) -> int:
        newest = self.desk.entries.checkpoints()
        return newest[0][0] if newest else 0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pair(database: Place, clock: Clock) -> tuple[Process, Process]:
    """Two processes on one database, each counting its own signatures."""
    return tuple(Process(database, name, clock, Counting()) for name in ("first", "second"))


def waits_for(reached: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition came true in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if reached():
            return True
        time.sleep(0.01)
    return False


def test_an_append_is_covered_within_a_second_and_nobody_polls(
    pair: tuple[Process, Process], speaker: Speaker
) -> None:
    one, _ = pair
    thread = one.sequencer.start(poll_s=600)
    try:
        assert waits_for(lambda: one.covered() == 0 and one.key.signed == 0, 1)
        time.sleep(0.2)  # the first turn is over, the next waits for the bell
        for size in (3, 5):
            speaker.extend(one.desk.entries, size - one.desk.entries.size())
            assert waits_for(lambda size=size: one.covered() == size, 1)
    finally:
        one.sequencer.stop()
        thread.join(5)
    assert not thread.is_alive()
    size, note = one.desk.entries.checkpoints()[0]
    key = parse_vkey(vkey("test.example/log", one.key.public.spki[-32:]))
    assert open_note(note, [key])[0].splitlines()[1] == str(size)


def test_of_two_processes_one_signs(pair: tuple[Process, Process], speaker: Speaker) -> None:
    one, other = pair
    assert one.sequencer.turn()
    for round_ in range(1, 4):
        speaker.extend(other.desk.entries, 2)
        assert not other.sequencer.turn()
        assert other.sequencer.behind() == 2
        assert one.sequencer.turn()
        assert other.covered() == 2 * round_
    assert (one.key.signed, other.key.signed) == (3, 0)


def test_two_threads_at_once_sign_each_size_once(
    pair: tuple[Process, Process], speaker: Speaker
) -> None:
    threads = [process.sequencer.start(poll_s=0.02) for process in pair]
    try:
        for size in range(1, 6):
            speaker.extend(pair[size % 2].desk.entries, 1)
            assert waits_for(lambda size=size: pair[0].covered() == size, 2)
    finally:
        for process, thread in zip(pair, threads, strict=True):
            process.sequencer.stop()
            thread.join(5)
    assert sorted(process.key.signed > 0 for process in pair) == [False, True]


def test_a_dead_holder_is_replaced_once_its_lease_has_passed(
    pair: tuple[Process, Process], clock: Clock, speaker: Speaker
) -> None:
    one, other = pair
    assert one.sequencer.turn()
    speaker.extend(one.desk.entries, 1)  # and here the first one dies
    clock.at += HELD - timedelta(seconds=1)
    assert not other.sequencer.turn()
    assert other.covered() == 0
    clock.at += timedelta(seconds=1)
    assert other.sequencer.turn()
    assert other.covered() == 1
    assert not one.sequencer.turn()


def test_a_living_holder_renews(pair: tuple[Process, Process], clock: Clock) -> None:
    one, other = pair
    for _ in range(10):
        assert one.sequencer.turn()
        assert not other.sequencer.turn()
        clock.at += HELD / 2


def test_a_holder_that_stops_gives_the_lease_back(pair: tuple[Process, Process]) -> None:
    one, other = pair
    assert one.sequencer.turn()
    thread = one.sequencer.start()
    one.sequencer.stop()
    thread.join(5)
    assert other.sequencer.turn()


def test_an_append_that_is_undone_rings_no_bell(
    pair: tuple[Process, Process], speaker: Speaker
) -> None:
    one, _ = pair

    def undone() -> None:
        with one.desk.entries.transaction():
            speaker.extend(one.desk.entries, 1)
            assert not one.bell.rung.is_set()
            raise PlantedError

    with pytest.raises(PlantedError):
        undone()
    assert not one.bell.rung.is_set()
    speaker.extend(one.desk.entries, 1)
    assert one.bell.rung.is_set()


def test_a_turn_that_fails_is_tried_again(
    pair: tuple[Process, Process], speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pair
    real, failed = one.sequencer.turn, threading.Event()

    def turn() -> bool:
        if not failed.is_set():
            failed.set()
            raise PlantedError
        return real()

    monkeypatch.setattr(one.sequencer, "turn", turn)
    speaker.extend(one.desk.entries, 1)
    thread = one.sequencer.start(poll_s=0.02)
    assert waits_for(lambda: one.covered() == 1, 2)
    one.sequencer.stop()
    thread.join(5)
    assert failed.is_set()


def test_serve_gives_the_sequencer_a_process_of_its_own_before_settings_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ready() -> None:
        assert os.environ["VOLTRAIL_SEQUENCER"] == ""
        assert os.environ["VOLTRAIL_SUPERVISED"] == "1"
        raise PlantedError

    for name in ("VOLTRAIL_SEQUENCER", "VOLTRAIL_SUPERVISED", "VOLTRAIL_LOG_REQUESTS"):
        monkeypatch.setenv(name, "1")
        monkeypatch.delenv(name)
    monkeypatch.setenv("VOLTRAIL_ORIGIN", "http://localhost:1")
    monkeypatch.setattr(commands, "django_ready", ready)
    told = Namespace(host="127.0.0.1", port=0, print_unit=False, tls_certificate=None)
    with pytest.raises(PlantedError):
        commands.serve(told)
