"""What a backup must not carry, must not spread, and must not write on its way back."""

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("django")

from operations.installation import PHRASE, Installation, living, played, rows

__all__ = ["living", "played"]

LOG_IN = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from django.contrib.auth import login
from django.test import Client
from voltrail_server.people.models import Account
found = Client()
found.force_login(Account.objects.get(username="runa"))
print(found.cookies["sessionid"].value)
"""


def test_a_backup_holds_no_session_that_somebody_could_go_on_with(
    living: Installation, tmp_path: Path
) -> None:
    cookie = living.child(sys.executable, "-c", LOG_IN).stdout.strip()
    assert cookie
    made = living.backup(tmp_path / "kept")
    kept = [
        key for (key,) in rows(made / "voltrail.sqlite3", "SELECT session_key FROM people_session")
    ]
    assert cookie not in kept, "whoever holds the backup is logged in as runa"


def test_a_file_that_rotted_in_one_backup_does_not_spoil_the_next(
    living: Installation, tmp_path: Path
) -> None:
    first = living.backup(tmp_path / "kept")
    path = next(first.glob("blobs/*/*"))
    path.chmod(0o644)
    path.write_bytes(
        b"x" * path.stat().st_size
    )  # the disk under the backups; the original is sound
    second = living.backup(tmp_path / "kept")
    spoilt = second / path.relative_to(first)
    original = living.home / path.relative_to(first)
    assert spoilt.read_bytes() == original.read_bytes(), "a new backup took over the rotten copy"


REPACK = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
import django; django.setup()
from pathlib import Path
from msgspec.structs import replace
from voltrail_server import wiring
from voltrail_server.operations import manifest, vault
path, phrase = Path(sys.argv[1]), sys.argv[2].encode()
lock = vault.Lock(passphrase=phrase)
files = vault.open_((path / manifest.VAULT).read_bytes(), lock)
files["../outside/authorized_keys"] = b"mallory"
(path / manifest.VAULT).write_bytes(vault.close(files, lock))
found = manifest.read(path)
told = tuple(
    manifest.File(one.path, *manifest.digest_of(path / one.path)) if one.path == manifest.VAULT
    else one for one in found.files
)
manifest.write(replace(found, files=told), path, wiring.desk().log)
"""


def test_a_restore_writes_nothing_outside_its_folder(living: Installation, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text(PHRASE)
    said = living.run("backup", tmp_path / "kept", "--passphrase-file", phrase, "--json")
    made = Path(json.loads(said)["path"])
    (tmp_path / "outside").mkdir()
    done = living.child(sys.executable, "-c", REPACK, str(made), PHRASE)
    assert done.returncode == 0, done.stderr
    back = Installation(tmp_path / "back")
    back.child(
        sys.executable,
        "-m",
        "voltrail.cli.main",
        "restore",
        str(made),
        "--accept-folder-trust",
        "--passphrase-file",
        str(phrase),
    )
    assert not (tmp_path / "outside" / "authorized_keys").exists()
