"""Which database the environment names, and that it is held to losing nothing."""

from pathlib import Path

import pytest
from django.db import connections

from stores.support import Place
from voltrail.errors import MalformedError
from voltrail_server.database import databases


def test_without_a_url_the_data_folder_holds_sqlite(tmp_path: Path) -> None:
    found = databases("", tmp_path)["default"]
    assert found["NAME"] == str(tmp_path / "voltrail.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_url_names_a_postgresql_database(tmp_path: Path) -> None:
    url = "postgresql://ann:p%40ss@db.example:5433/volt?sslmode=verify-full"
    found = databases(url, tmp_path)["default"]
    assert (found["USER"], found["PASSWORD"], found["PORT"]) == ("ann", "p@ss", "5433")
    assert (found["HOST"], found["NAME"]) == ("db.example", "volt")
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["OPTIONS"]["pool"]


def test_another_scheme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedError):
        databases("mysql://localhost/volt", tmp_path)


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(database: Place) -> None:
    if database.kind == "sqlite":
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        ask = "PRAGMA {}"
    else:
        wanted = {"synchronous_commit": "on", "fsync": "on"}
        ask = "SHOW {}"
    with connections[database.alias].cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(ask.format(name))
            assert cursor.fetchone() == (value,)


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    from voltrail_server import settings  # noqa: PLC0415 — it reads the environment

    path = tmp_path / "secret_key"
    made = settings._kept_secret(path)
    assert settings._kept_secret(path) == made
    assert len(made) > 50
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
