"""Tests have no network: what they reach for must be on this machine."""

import socket

import pytest


def test_a_test_that_reaches_for_another_machine_fails_loudly() -> None:
    with socket.socket() as line, pytest.raises(RuntimeError, match="no network"):
        line.connect(("192.0.2.1", 80))


def test_a_test_may_speak_with_its_own_machine() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        with socket.create_connection(door.getsockname(), timeout=5) as line:
            assert line.getpeername() == door.getsockname()
