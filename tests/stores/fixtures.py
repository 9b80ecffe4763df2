"""A fresh register of each kind, for every test that asks for one."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from stores.support import KINDS, Databases, Place, Speaker, fresh_place


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Databases]]:
    made: list[Databases] = []

    @cache
    def make() -> Databases:
        made.append(Databases(tmp_path_factory.mktemp("databases")))
        return made[0]

    yield make
    for one in made:
        one.close()


_MARKED = [
    pytest.param(kind, marks=pytest.mark.postgres) if kind == "postgres" else kind for kind in KINDS
]


@pytest.fixture(params=_MARKED)
def place(
    request: pytest.FixtureRequest, tmp_path: Path, databases: Callable[[], Databases]
) -> Iterator[Place]:
    with fresh_place(request.param, tmp_path, databases) as found:
        yield found


@pytest.fixture(params=_MARKED[2:])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, databases: Callable[[], Databases]
) -> Iterator[Place]:
    with fresh_place(request.param, tmp_path, databases) as found:
        yield found


@pytest.fixture(scope="session")
def speaker() -> Speaker:
    return Speaker()
