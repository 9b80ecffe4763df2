"""What stands in a data folder and its database: nothing, something half made, or a register."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper

from voltrail.errors import RefusedError
from voltrail.register.folder import place

RESTORING = "restoring.json"  # while it stands, what is here is half of a backup
SEEN = "last-checkpoint"  # the newest promise this installation has made, outside the database
MOVED = "moved.json"
# What an installation is made of, besides the database.
PIECES = (
    "keys",
    "secret_key",
    "identity.json",
    "anchors.json",
    "blobs",
    "witnesses.policy",
    "timestamp-services.toml",
    SEEN,
    MOVED,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Operator and origin as the data folder says."""

    operator: str
    origin: str


def home() -> Path:
    """Return the data folder."""
    return Path(settings.VOLTRAIL_DATA)


def installed() -> bool:
    """Whether operator, keys and pinned trust stand here; the trust is written last."""
    return (home() / "anchors.json").exists() and not (home() / RESTORING).exists()


def run_folder() -> Path:
    """Return the folder in which running processes say how they are."""
    return home() / "run"


def identity() -> Identity | None:
    """Return who this installation is, or None where nobody has said."""
    path = home() / "identity.json"
    if not path.exists():
        return None
    found = json.loads(path.read_text())
    return Identity(str(found["operator"]), str(found["origin"]))


def tables(using: str = "default") -> set[str]:
    """Return the names of the tables that a database holds; an unreadable one has none."""
    return set(connections[using].introspection.table_names())


def entries(using: str = "default") -> int:
    """Return how many entries a database holds; 0 where it has no register."""
    return _count("SELECT size FROM records_lease WHERE id = 1", "records_lease", using)


def accounts(using: str = "default") -> int:
    """Return how many accounts a database holds."""
    return _count("SELECT count(*) FROM account", "account", using)


def need_whole() -> None:
    """Refuse where a restore was not finished, or the register went elsewhere."""
    if (home() / RESTORING).exists():
        raise RefusedError(
            "A restore into this data folder was not finished.",
            hint="Run the same voltrail restore again.",
        )
    moved = home() / MOVED
    if moved.exists() and json.loads(moved.read_text()).get("from") == database():
        to = json.loads(moved.read_text()).get("to")
        raise RefusedError(
            f"This register was moved to {to}.",
            hint="Set VOLTRAIL_DATABASE_URL to that database; two copies would part.",
        )


def database(using: str = "default") -> str:
    """Return the name of a database that holds no secret."""
    found = connections[using].settings_dict
    if connections[using].vendor == "sqlite":
        return f"sqlite://{found['NAME']}"
    port = found["PORT"] or "5432"
    return f"postgresql://{found['HOST'] or 'localhost'}:{port}/{found['NAME']}"


@dataclass(frozen=True, slots=True)
class Begun:
    """A restore under way: stamp, its backup's root, whether anything stood here, and is aside."""

    stamp: str
    root: str
    stood: bool
    placing: bool


def begun() -> Begun | None:
    """Return the restore that was not finished here, if there is one."""
    path = home() / RESTORING
    if not path.exists():
        return None
    found = json.loads(path.read_bytes())
    stamp, root, placing = str(found["stamp"]), str(found["root"]), bool(found["placing"])
    return Begun(stamp, root, bool(found.get("stood", True)), placing)


def stands() -> bool:
    """Whether anything of an installation stands here."""
    return identity() is not None or (home() / "keys").exists() or entries() + accounts() > 0


def mark(stamp: str, root: str, *, stood: bool, placing: bool = False) -> Begun:
    """Say that a restore is under way here; nobody serves while the mark stands."""
    write(RESTORING, {"stamp": stamp, "root": root, "stood": stood, "placing": placing})
    return Begun(stamp, root, stood, placing)


def make_room(under: Begun) -> Path | None:
    """Set aside what stood here before a restore began; return where it is kept."""
    found = home() / f"replaced-{under.stamp}"
    if under.placing:
        clear_half()
    else:
        if under.stood or any(True for _ in _pieces()):
            _set_aside(found, under.stamp.lower())
        mark(under.stamp, under.root, stood=under.stood, placing=True)
    if not under.stood:  # what the start of this very command made: no tables and a fresh secret
        shutil.rmtree(found, ignore_errors=True)
    return found if found.exists() else None


def clear_half() -> None:
    """Remove what a restore that died had put in place; what stood before is aside already."""
    for path in _pieces():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if connections["default"].vendor == "postgresql":
        with connections["default"].cursor() as cursor:
            current = _schema(cursor)
            cursor.execute(f'DROP SCHEMA "{current}" CASCADE')
            cursor.execute(f'CREATE SCHEMA "{current}"')


def stood() -> bool:
    """Whether an installation stands here; an unreadable database is one."""
    try:
        return stands()
    except RefusedError:
        return True


def _set_aside(aside: Path, name: str) -> None:
    aside.mkdir(mode=0o700, exist_ok=True)
    for path in _pieces():
        shutil.move(path, _unused(aside / path.name))
    if connections["default"].vendor != "postgresql":
        return
    with connections["default"].cursor() as cursor, transaction.atomic():
        current = _schema(cursor)
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [f"replaced_{name}"])
        if not cursor.fetchone():
            cursor.execute(f'ALTER SCHEMA "{current}" RENAME TO "replaced_{name}"')
            cursor.execute(f'CREATE SCHEMA "{current}"')


def _unused(wanted: Path) -> Path:
    """Return a name under which nothing is kept: who died on the way had kept the true one."""
    found, number = wanted, 1
    while found.exists():
        number += 1
        found = wanted.with_name(f"{wanted.name}.{number}")
    return found


def _schema(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT current_schema()")
    return str(cursor.fetchone()[0])


def write(name: str, found: dict[str, object]) -> None:
    """Write a small file of the data folder, whole."""
    place(home() / name, json.dumps(found).encode())


def _pieces() -> Iterator[Path]:
    connections["default"].close()
    names = list(PIECES)
    if connections["default"].vendor == "sqlite":
        file = Path(connections["default"].settings_dict["NAME"])
        yield from (one for one in file.parent.glob(f"{file.name}*") if one.is_file())
    yield from (home() / name for name in names if (home() / name).exists())


def _count(query: str, table: str, using: str) -> int:
    try:
        if table not in tables(using):
            return 0
        with connections[using].cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
    except DatabaseError as error:
        raise RefusedError(
            f"The database cannot be read: {error.__class__.__name__}.",
            hint="Look at VOLTRAIL_DATABASE_URL and the file's owner.",
        ) from error
    return int(row[0]) if row else 0


def only_ours(path: Path) -> None:
    """Let nobody but this user into a folder."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
