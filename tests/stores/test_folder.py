"""The plain folder: torn tails are set aside, corruption stops, files appear whole."""

from pathlib import Path

import pytest

from stores.support import Speaker
from voltrail import canonical
from voltrail.errors import RegisterCorruptError, UnknownSubjectError
from voltrail.register import blobs as sockets
from voltrail.register.blobs import BlobStore
from voltrail.register.folder import MAGIC, FolderBlobs, FolderEntries
from voltrail.register.fsck import fsck
from voltrail.register.memory import MemoryBlobs


@pytest.fixture(params=["memory", "folder"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return MemoryBlobs() if request.param == "memory" else FolderBlobs(tmp_path / "blobs")


def filled(path: Path, speaker: Speaker) -> bytes:
    store = FolderEntries(path)
    for _ in range(3):
        speaker.extend(store, 2)
    store.close()
    return (path / "journal").read_bytes()


def test_a_tail_torn_at_any_byte_is_set_aside(tmp_path: Path, speaker: Speaker) -> None:
    journal = filled(tmp_path / "whole", speaker)
    last = journal.rindex(MAGIC)
    for cut in [*range(last + 1, last + 60), *range(last + 60, len(journal), 97)]:
        path = tmp_path / str(cut)
        path.mkdir()
        (path / "journal").write_bytes(journal[:cut])
        store = FolderEntries(path)
        assert store.size() == 4
        assert [file.read_bytes() for file in path.glob("torn-*")] == [journal[last:cut]]
        speaker.extend(store, 2)
        store.close()
        again = FolderEntries(path)
        assert (again.size(), fsck(again, ()).faults) == (6, ())
        again.close()


def test_a_flipped_byte_before_the_last_frame_stops(tmp_path: Path, speaker: Speaker) -> None:
    journal = filled(tmp_path / "whole", speaker)
    last = journal.rindex(MAGIC)
    for at in [*range(60), *range(60, last, 211)]:
        path = tmp_path / str(at)
        path.mkdir()
        damaged = bytearray(journal)
        damaged[at] ^= 0x40
        (path / "journal").write_bytes(damaged)
        with pytest.raises(RegisterCorruptError, match="damaged"):
            FolderEntries(path)
        assert (path / "journal").read_bytes() == damaged


def test_a_journal_shorter_than_its_checkpoint_stops(tmp_path: Path, speaker: Speaker) -> None:
    store = FolderEntries(tmp_path)
    store.put_checkpoint(2, b"two")
    speaker.extend(store, 2)
    store.close()
    journal = tmp_path / "journal"
    journal.write_bytes(journal.read_bytes()[:-1])
    with pytest.raises(RegisterCorruptError, match="promises 2 entries"):
        FolderEntries(tmp_path)


def test_a_second_store_sees_what_the_first_appended(tmp_path: Path, speaker: Speaker) -> None:
    one, two = FolderEntries(tmp_path), FolderEntries(tmp_path)
    speaker.extend(one, 2)
    with two.transaction():
        assert two.size() == 2
        speaker.extend(two, 1)
    with one.transaction():
        assert one.size() == 3


def test_the_journal_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    FolderEntries(tmp_path)
    assert (tmp_path / "journal").stat().st_mode & 0o077 == 0


def test_a_blob_is_found_by_its_digest(blobs: BlobStore) -> None:
    digest = blobs.put(b"report")
    assert digest == blobs.put(b"report") == canonical.digest(b"report")
    assert sockets.fetch(blobs, digest) == b"report"
    assert blobs.get("0" * 64) is None
    with pytest.raises(UnknownSubjectError):
        sockets.fetch(blobs, "0" * 64)


def test_a_blob_that_was_changed_is_noticed_and_mended_by_handing_it_in(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    digest = blobs.put(b"report")
    (tmp_path / digest[:2] / digest).write_bytes(b"another")
    with pytest.raises(RegisterCorruptError):
        sockets.fetch(blobs, digest)
    blobs.put(b"report")
    assert sockets.fetch(blobs, digest) == b"report"
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [digest]


@pytest.mark.parametrize("name", ["../secret", "..", "", "A" * 64, "/" * 64, "é" * 64])
def test_a_name_that_is_no_digest_reaches_no_file(tmp_path: Path, name: str) -> None:
    assert FolderBlobs(tmp_path).get(name) is None
