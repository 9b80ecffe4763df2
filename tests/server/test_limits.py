"""Limits are counted in the database, so two processes count together and lose nothing."""

import pytest

pytest.importorskip("django")

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.test import Client

from server.site_world import site_desk
from voltrail.actions.desk import Desk
from voltrail.errors import TooOftenError
from voltrail_server.api import intake, tokens
from voltrail_server.people import limits
from voltrail_server.people.models import Tally

__all__ = ["site_desk"]

AT = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
CHILD = """
import os, sys
from datetime import datetime
import django
django.setup()
from voltrail_server.people import limits
at = datetime.fromisoformat(sys.argv[1])
for _ in range(40):
    limits.count("child", "one", at)
"""


@pytest.fixture(autouse=True)
def _anew(site_desk: Desk) -> None:
    Tally.objects.all().delete()


def test_a_window_is_counted_and_then_forgotten() -> None:
    for number in range(1, 4):
        assert limits.count("door", "one", AT) == number
    with pytest.raises(TooOftenError, match="too often"):
        limits.need_room("door", "one", 3, AT)
    limits.need_room("door", "another", 3, AT)
    limits.need_room("door", "one", 3, AT + limits.WINDOW)
    limits.forget("door", "one")
    limits.need_room("door", "one", 3, AT)


def test_no_address_and_no_name_is_kept() -> None:
    limits.count("door", "10.1.2.3", AT)
    assert "10.1.2.3" not in str(list(Tally.objects.values()))


def test_old_windows_are_swept_out() -> None:
    limits.count("door", "one", AT)
    for _ in range(1_000):
        limits.count("door", "one", AT + timedelta(days=1))
    assert Tally.objects.count() == 1


def test_two_processes_count_together() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "voltrail_server.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", CHILD, AT.isoformat()]
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda _: subprocess.run(
                    command, env=environment, check=False, capture_output=True, timeout=120
                ),
                range(2),
            )
        )
    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    assert limits.count("child", "one", AT) == 81
    connection.close()


def test_unknown_links_and_tokens_are_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_WRONG", 3)
    monkeypatch.setattr(tokens, "MOST_WRONG", 3)
    codes = [Client().get(f"/in/guess-{n}").status_code for n in range(4)]
    assert codes == [404, 404, 404, 429]
    heads = {"Authorization": "Bearer vt_guess"}
    told = [Client().get("/api/v1/arrivals", headers=heads).status_code for _ in range(4)]
    assert told == [401, 401, 401, 429]
    good = {"Authorization": f"Bearer {tokens.issue('urn:voltrail:party:hafen', 'test')}"}
    assert Client().get("/api/v1/arrivals", headers=good).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:0:7::1", "2001:db8:0:7:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:7::1", "2001:db8:0:8::1", False),
        ("2001:DB8:0:7::1", "2001:db8:0:7::2", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),  # one address, on a socket for both
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("unix:", "", False),
    ],
)
def test_whoever_has_one_address_of_a_network_has_all(
    one: str, other: str, *, together: bool
) -> None:
    assert (limits.network(one) == limits.network(other)) is together


def test_guesses_from_one_ipv6_network_are_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "MOST_WRONG", 3)

    def guess(address: str) -> int:
        return Client(REMOTE_ADDR=address).get("/in/guess").status_code

    assert [guess(f"2001:db8:0:7::{n:x}") for n in range(4)] == [404, 404, 404, 429]
    assert guess("2001:db8:0:8::1") == 404


def test_a_port_behind_an_address_makes_no_other_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VOLTRAIL_PROXIES", 1)
    monkeypatch.setattr(intake, "MOST_WRONG", 3)

    def guess(told: str) -> int:
        return Client(headers={"x-forwarded-for": told}).get("/in/guess").status_code

    assert [guess(f"192.0.2.7:{n}") for n in range(4)] == [404, 404, 404, 429]
    assert [guess(f"[2001:db8::7]:{n}") for n in range(4)] == [404, 404, 404, 429]
