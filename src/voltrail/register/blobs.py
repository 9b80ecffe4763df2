"""
The socket for original files by digest.

A blob store owes durability before `put` returns. It is NOT trusted: whoever reads compares the
digest.
"""

from typing import Protocol

from voltrail import canonical
from voltrail.errors import RegisterCorruptError, UnknownSubjectError


class BlobStore(Protocol):
    """Bytes by their SHA-256."""

    def put(self, data: bytes) -> str:
        """Store bytes durably and return their digest."""

    def get(self, digest: str) -> bytes | None:
        """Return the bytes with a digest, or None."""


def fetch(blobs: BlobStore, digest: str) -> bytes:
    """
    Return the bytes with a digest, checked.

    Args:
        blobs: any blob store
        digest: SHA-256, hexadecimal

    Returns:
        The bytes.

    Raises:
        UnknownSubjectError: nothing is stored under this digest.
        RegisterCorruptError: what is stored has another digest.

    Source: our choice: design, section 7, committed table.
    """
    data = blobs.get(digest)
    if data is None:
        raise UnknownSubjectError(f"No file with digest {digest} is kept here.", hint="Hand it in.")
    if canonical.digest(data) != digest:
        raise RegisterCorruptError(
            f"The file {digest} was changed.", hint="Restore it from backup."
        )
    return data
