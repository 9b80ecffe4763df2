"""What every test gets: no network, an order drawn by lot, real components where they answer."""

import os
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("voltrail", deadline=None)
settings.load_profile("voltrail")

DATABASE_URL = "postgresql://postgres@127.0.0.1:5432/test"
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
SEED = "VOLTRAIL_TEST_SEED"
DRILL = "VOLTRAIL_DRILL"
SOFT_TOKENS = ("lib/softhsm", "lib/*/softhsm", "lib64/pkcs11", "local/lib/softhsm")


def pytest_configure(config: pytest.Config) -> None:
    # Workers of pytest-xdist inherit the environment, so all of them draw the same order.
    os.environ.setdefault(SEED, str(random.SystemRandom().randrange(10**6)))
    # What the server writes goes to a folder of this process, never into the source tree.
    folder = tempfile.TemporaryDirectory(prefix="voltrail-test-", ignore_cleanup_errors=True)
    os.environ["VOLTRAIL_DATA"] = folder.name
    os.environ["VOLTRAIL_WORK"] = "immediate"  # a test that wants a worker starts one itself
    config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle modules, and tests inside each, from one printed seed; the long ones come first."""
    draw = random.Random(int(os.environ[SEED]))
    _leave_one_database(items, draw)
    _leave_half(items, draw)
    rooms: dict[str, list[pytest.Item]] = {}
    for item in items:
        rooms.setdefault(item.nodeid.partition("::")[0], []).append(item)
    order = sorted(rooms)
    draw.shuffle(order)
    order.sort(key=lambda room: not _is_long(rooms[room][0]))
    for room in order:
        draw.shuffle(rooms[room])
    items[:] = [item for room in order for item in rooms[room]]


def _leave_one_database(items: list[pytest.Item], draw: random.Random) -> None:
    """Of a long test on either database one is drawn; the drill runs both."""
    both: dict[str, list[pytest.Item]] = {}
    for item in items:
        if "either" in getattr(getattr(item, "callspec", None), "params", {}):
            both.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name in sorted(both):
        chosen = draw.choice(("sqlite", "postgres"))
        for item in both[name]:
            if os.environ.get(DRILL) == "1" or item.callspec.params["either"] != chosen:
                item.add_marker(pytest.mark.drill)


def _leave_half(items: list[pytest.Item], draw: random.Random) -> None:
    """Of what waits for processes, and of guided fuzzing, half is drawn; the drill runs all."""
    whole = ("tests/operations/", "tests/faults/")
    singly = ("tests/fuzz/test_guided.py", "tests/server/test_description.py::test_drawn")
    named: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.nodeid.startswith(whole):
            named.setdefault(item.nodeid.partition("[")[0], []).append(item)
        elif item.nodeid.startswith(singly):
            named.setdefault(item.nodeid, []).append(item)
    for name in sorted(named):
        left_out = draw.random() < 0.5
        for item in named[name]:
            if os.environ.get(DRILL) == "1" or left_out:
                item.add_marker(pytest.mark.drill)


def _is_long(item: pytest.Item) -> bool:
    """Whether a test waits for browsers or for processes that are killed."""
    slow = ("tests/faults/", "tests/operations/", "tests/world/")
    return item.get_closest_marker("chromium") is not None or item.nodeid.startswith(slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seed = os.environ[SEED]
    terminalreporter.write_line(f"Order drawn from seed {seed}; repeat it with {SEED}={seed}.")


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket's path
    return str(address[0]).startswith(LOOPBACK)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Let sockets reach this machine only."""
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guarded(name: str):  # noqa: ANN202 — a method of a C class has no better type
        def call(self: socket.socket, address: object) -> object:
            if not _is_loopback(address):
                raise RuntimeError(f"A test reached for {address!r}; tests have no network.")
            return real[name](self, address)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(socket.socket, name, guarded(name), raising=True)
        yield


def missing(reason: str) -> None:
    """Skip where a real component is absent; fail where the machine promised it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} With CI=true this is a failure.")
    pytest.skip(reason)


def reachable_database() -> str | None:
    """The test database's address: the given one, or the usual one where it answers."""
    given = os.environ.get("VOLTRAIL_TEST_DATABASE_URL")
    if given:
        return given
    place = urlsplit(DATABASE_URL)
    try:
        socket.create_connection((place.hostname, place.port), timeout=0.5).close()
    except OSError:
        return None
    return DATABASE_URL


def soft_token() -> str | None:
    """The library of a token in software: the named one, or where distributions put it."""
    named = os.environ.get("VOLTRAIL_TEST_SOFTHSM")
    usual = (one for at in SOFT_TOKENS for one in Path("/usr").glob(f"{at}/libsofthsm2.so"))
    return named or next((str(one) for one in usual), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and reachable_database() is None:
        missing("No PostgreSQL answers; set VOLTRAIL_TEST_DATABASE_URL.")
    named = os.environ.get("VOLTRAIL_TEST_CHROMIUM")
    if item.get_closest_marker("chromium") and not shutil.which(named or "chromium"):
        missing("Chromium is not installed; name one in VOLTRAIL_TEST_CHROMIUM.")
    if item.get_closest_marker("softhsm") and not (soft_token() and shutil.which("softhsm2-util")):
        missing("SoftHSM2 is not installed; name its library in VOLTRAIL_TEST_SOFTHSM.")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of a PostgreSQL the tests may write to."""
    url = reachable_database()
    if url is None:
        missing("No PostgreSQL answers; set VOLTRAIL_TEST_DATABASE_URL.")
    return str(url)
