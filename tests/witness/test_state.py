"""The state of a witness: durable, one step, and never back from a backup unnoticed."""

import os
import shutil
from argparse import Namespace
from contextlib import closing
from pathlib import Path

import pytest

from voltrail.errors import RefusedError, UnverifiableError
from voltrail.register import folder as register_folder
from voltrail.register.witness import Head
from voltrail_witness import home, state
from voltrail_witness.state import FolderState

ONE, TWO, THREE = (Head(n, bytes([n]) * 32) for n in (1, 2, 3))
LOG = "register.example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    state.begin(tmp_path)
    return tmp_path


def test_a_head_is_there_after_the_next_start(folder: Path) -> None:
    with closing(FolderState(folder)) as found:
        assert found.newest(LOG) == Head()
        assert found.advance(LOG, Head(), ONE)
        assert not found.advance(LOG, Head(), TWO)
        assert found.advance(LOG, ONE, TWO)
    with closing(FolderState(folder)) as found:
        assert found.fits
        assert found.newest(LOG) == TWO


def test_two_witnesses_never_work_in_one_folder(folder: Path) -> None:
    with closing(FolderState(folder)), pytest.raises(RefusedError, match="Another witness"):
        FolderState(folder)


@pytest.mark.parametrize("names", [("heads",), ("anchor",), ("heads", "anchor")])
@pytest.mark.parametrize("how", ["copied over", "moved in"])
def test_a_state_restored_from_a_backup_refuses_until_told(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, names: tuple[str, ...], how: str
) -> None:
    """Pitfall 18: a witness that cosigns two histories after a restore from a backup."""
    kept = tmp_path_factory.mktemp("backup")
    with closing(FolderState(folder)) as found:
        found.advance(LOG, Head(), ONE)
        for name in names:
            shutil.copy2(folder / name, kept / name)
        found.advance(LOG, ONE, TWO)
        found.advance(LOG, TWO, THREE)
    for name in names:
        if how == "copied over":
            (folder / name).write_bytes((kept / name).read_bytes())
        else:
            shutil.copy2(kept / name, folder / f".{name}")
            (folder / f".{name}").replace(folder / name)
    with closing(FolderState(folder)) as found:
        assert not found.fits
        with pytest.raises(RefusedError, match="copy"):
            found.newest(LOG)
        with pytest.raises(RefusedError, match="copy"):
            found.advance(LOG, ONE, TWO)
        found.resume({LOG: THREE})
        assert found.newest(LOG) == THREE
    with closing(FolderState(folder)) as found:
        assert found.fits


def test_a_state_on_another_disk_refuses_until_told(folder: Path, tmp_path: Path) -> None:
    """Pitfall 18: a whole folder that was copied."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with closing(FolderState(copy)) as found:
        assert not found.fits


def test_what_is_told_never_takes_a_head_back_nor_forks_it(folder: Path) -> None:
    with closing(FolderState(folder)) as found:
        found.advance(LOG, Head(), TWO)
        found.resume({LOG: ONE})
        assert found.newest(LOG) == TWO
        with pytest.raises(RefusedError, match="two roots"):
            found.resume({LOG: Head(2, bytes(32))})


class Died(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("file", ["heads", "anchor"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_around_each_write_loses_no_head_and_needs_no_telling(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, when: str
) -> None:
    real = register_folder.place

    def dies(target: Path, data: bytes) -> None:
        if target.name == file and when == "before":
            raise Died
        real(target, data)
        if target.name == file:
            raise Died

    with closing(FolderState(folder)) as found:
        found.advance(LOG, Head(), ONE)
        with monkeypatch.context() as patch:
            patch.setattr(state, "place", dies)
            with pytest.raises(Died):
                found.advance(LOG, ONE, TWO)
    with closing(FolderState(folder)) as found:
        assert found.fits
        assert found.newest(LOG) == (ONE if (file, when) == ("heads", "before") else TWO)
        assert found.advance(LOG, found.newest(LOG), THREE)
    with closing(FolderState(folder)) as found:
        assert found.fits


def test_each_file_and_its_folder_are_synced_before_a_head_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pitfall 20: rename without fsync of the file and of the folder."""
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        done.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        real_sync(handle)

    def renamed(path: Path, target: Path) -> Path:
        done.append(f"rename {target.name}")
        return real_replace(path, target)

    with closing(FolderState(folder)) as found:
        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(Path, "replace", renamed)
        found.advance(LOG, Head(), ONE)
    assert done == ["file", "rename heads", "folder", "file", "rename anchor", "folder"]


def test_a_witness_is_made_once_and_only_in_an_empty_folder(tmp_path: Path) -> None:
    made = home.make(tmp_path / "w", "witness.example/1")
    assert [one.vkey for one in home.load(tmp_path / "w").keys] == [one.vkey for one in made.keys]
    assert (tmp_path / "w" / "mldsa.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(RefusedError):
        home.make(tmp_path / "w", "witness.example/1")
    with pytest.raises(UnverifiableError):
        home.load(tmp_path)


def test_a_witness_keeps_its_keys_encrypted_where_a_passphrase_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words"
    words.write_text("correct horse battery\n")
    monkeypatch.setenv("VOLTRAIL_KEY_PASSPHRASE_FILE", str(words))
    made = home.make(tmp_path / "w", "witness.example/w1")
    assert all(b"ENCRYPTED" in one.read_bytes() for one in (tmp_path / "w").glob("*.pem"))
    assert home.load(tmp_path / "w").keys[0].vkey == made.keys[0].vkey
    monkeypatch.delenv("VOLTRAIL_KEY_PASSPHRASE_FILE")
    with pytest.raises(RefusedError, match="Nobody is at a terminal"):
        home.load(tmp_path / "w")
    assert home.load(tmp_path / "w", Namespace(passphrase_file=str(words))).keys
