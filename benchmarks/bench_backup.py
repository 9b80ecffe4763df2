"""Claim 10: a backup and a restore cost at most twice what copying the same bytes durably costs."""

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ground
from ground import folder
from measure import FULL, ROUNDS, Row, show, spread

ENTRIES = 1_000_000 if FULL else 100_000
BLOBS, BLOB = (20_000, 4_096) if FULL else (2_000, 4_096)


def main() -> None:
    with folder() as home:
        os.environ["VOLTRAIL_DATA"] = str(home / "data")
        os.environ["DJANGO_SETTINGS_MODULE"] = "voltrail_server.settings"
        os.environ.pop("VOLTRAIL_DATABASE_URL", None)
        import django  # noqa: PLC0415 — only after the folder is known

        django.setup()
        _fill()
        _measure(home)


def _fill() -> None:
    """A register of short signed statements, its views, and original files of random bytes."""
    from voltrail.ids.subject import PartyId  # noqa: PLC0415 — after set-up
    from voltrail_server import wiring  # noqa: PLC0415
    from voltrail_server.operations.installing import Plan, install  # noqa: PLC0415

    begun = wiring.now().replace(microsecond=0)
    install(Plan("urn:voltrail:party:acme", "bench.example"), begun)
    desk = wiring.desk()
    ground.short_statements(desk, ENTRIES, desk.signer, PartyId.of("acme"))
    for number in range(BLOBS):
        desk.blobs.put(hashlib.shake_256(str(number).encode()).digest(BLOB))


def _measure(home: Path) -> None:
    from voltrail_server import wiring  # noqa: PLC0415 — after set-up
    from voltrail_server.operations import acts, backup, manifest, tail  # noqa: PLC0415

    def copied(source: Path) -> Callable[[], None]:
        return lambda: _copy(source, home / "copy")

    def fresh() -> None:
        """As the command does it: the act is on record, and stands beside the backup."""
        desk = wiring.desk()
        made = backup.backup(desk, home / "full", None, wiring.now())
        tail.add(desk, made, acts.kept(desk, "measured", "", wiring.now()).index)

    rows: dict[str, list[tuple[float, float]]] = {"backup": [], "again": [], "restore": []}
    for _ in range(ROUNDS):
        shutil.rmtree(home / "full", ignore_errors=True)
        taken = _clock(fresh)
        made = manifest.newest(home / "full")
        rows["backup"].append((_clock(copied(made)), taken))
        shutil.rmtree(home / "copy")
        rows["again"].append((rows["backup"][-1][0], _clock(fresh)))
        made = manifest.newest(home / "full")
        taken = _clock(lambda made=made: _restore(made, home / "back"))
        rows["restore"].append((_clock(copied(made)), taken))
        shutil.rmtree(home / "copy")
        shutil.rmtree(home / "back")
    size = manifest.read(made).bytes
    show(
        f"10 Backup: {ENTRIES:,} entries, {BLOBS:,} files, {size / 2**20:,.0f} MiB; clock",
        [
            _row("backup, all copied", rows["backup"]),
            _row("backup, files linked", rows["again"]),
            _row("restore, all re-read, whole process", rows["restore"]),
        ],
    )


def _row(claim: str, rounds: list[tuple[float, float]]) -> Row:
    ratio = statistics.median(taken / bound for bound, taken in rounds)
    bound, taken = spread(one for one, _ in rounds), spread(one for _, one in rounds)
    return Row(claim, bound.text(" s"), taken.text(" s"), ratio, 2.0, at_most=True)


def _copy(source: Path, target: Path) -> None:
    """The bound: each file copied and synced, then each folder."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        _sync(place)
    for path in [target, *(one for one in target.rglob("*") if one.is_dir())]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _restore(source: Path, home: Path) -> None:
    words = ["restore", str(source), "--accept-folder-trust"]
    command = [sys.executable, "-m", "voltrail.cli.main", *words]
    subprocess.run(
        command,
        env={**os.environ, "VOLTRAIL_DATA": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _clock(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
