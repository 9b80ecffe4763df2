"""Where the tables are kept: SQLite in the data folder, or PostgreSQL by URL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from voltrail.errors import MalformedError

BUSY_S = 30  # [s] how long a writer waits for another writer before it gives up
_SCHEMES = {"postgres", "postgresql"}


def databases(url: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES for a URL, or for SQLite in a folder where there is none."""
    return {"default": from_url(url) if url else sqlite(folder / "voltrail.sqlite3")}


def from_url(url: str) -> dict[str, Any]:
    """Return the settings of the database that a URL names."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in _SCHEMES:
        raise MalformedError(
            f"VOLTRAIL_DATABASE_URL names no known database: {parts.scheme!r}.",
            hint="Write postgresql://user@host:5432/name or sqlite:///path.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps connections; Django must not
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16}, **dict(parse_qsl(parts.query))},
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Return the settings of a SQLite file that loses nothing it has acknowledged."""
    wanted = (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        f"PRAGMA busy_timeout={BUSY_S * 1_000}",
        "PRAGMA foreign_keys=ON",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_S,
            "init_command": ";".join(wanted),
        },
    }
