"""
C2SP checkpoints: origin, size and root, the signed promise about all earlier entries.

Knows the text, and whose key must have signed it. Does not know whether two checkpoints agree.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from voltrail.errors import MalformedError, UnverifiableError
from voltrail.merkle import HASH_BYTES
from voltrail.register import note
from voltrail.register.note import ED25519, Verifier, from_base64, to_base64

MAX_SIZE = 2**63 - 1  # [entries] C2SP tlog-tiles implementations count in int64

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_HINT = "Ask the register for its checkpoint again."
_LINES = 3  # [lines] C2SP tlog-checkpoint: origin, size, root


class Checkpoint(Struct, frozen=True):
    """The state of one register: its origin, its size [entries] and its root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """
        Return the text that is signed.

        Returns:
            Lines of origin, size, root and extensions, each with its line end.

        Source: C2SP tlog-checkpoint.
        """
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Checkpoint:
    """
    Return the checkpoint in the text of a note.

    Args:
        text: at least three lines

    Returns:
        The checkpoint.

    Raises:
        MalformedError: an empty line, a size with leading zeros or beyond 2^63, no 32-byte root.

    Source: C2SP tlog-checkpoint.
    """
    *lines, rest = text.split("\n")
    if rest or len(lines) < _LINES or not all(lines):
        raise MalformedError("The checkpoint has not its three lines.", hint=_HINT)
    origin, size, root_text, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise MalformedError("The size in the checkpoint is no plain number.", hint=_HINT)
    root = from_base64(root_text, "root of the checkpoint")
    if len(root) != HASH_BYTES:
        raise MalformedError(f"The root has {len(root)} bytes, not {HASH_BYTES}.", hint=_HINT)
    return Checkpoint(origin, int(size), root, tuple(extensions))


def opened(signed: bytes, verifiers: Iterable[Verifier]) -> Checkpoint:
    """
    Return the checkpoint in a note that a known key of its own register signed.

    Args:
        signed: the note
        verifiers: keys of registers and witnesses that are known

    Returns:
        The checkpoint.

    Raises:
        MalformedError: the note is no signed checkpoint.
        SignatureInvalidError: a signature of a known key does not match.
        UnverifiableError: no known key of that register signed it.

    Source: C2SP tlog-checkpoint.
    """
    text, signers = note.open_signed(signed, verifiers)
    found = parse(text)
    if not any(one.name == found.origin and one.key_type == ED25519 for one in signers):
        raise UnverifiableError(
            f"No known key of {found.origin} signed the checkpoint.",
            hint="Add the register's vkey to the trusted keys.",
        )
    return found
