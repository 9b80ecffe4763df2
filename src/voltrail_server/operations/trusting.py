"""
Whose backup is it? A folder proves nothing about who made it: it brings the keys it is signed with.

    --trust FILE            the pinned trust that somebody kept elsewhere
    --fingerprint HEX       the SHA-256 of that file, as every backup prints it
    an installation here    its own pinned trust: another one's backup is not put in its place
    a terminal              is shown what the folder claims, and asks
    --accept-folder-trust   believes the folder, because somebody said so

Nothing else is believed. Does not read the backup itself.
"""

import hmac
import string
import sys
from dataclasses import dataclass
from pathlib import Path

from voltrail import canonical
from voltrail.errors import MalformedError, RefusedError
from voltrail_server.operations import manifest, standing
from voltrail_server.operations.manifest import Manifest

ANCHORS = "anchors.json"
_DIGITS = 64  # [hexadecimal digits] of a fingerprint


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said about whose backup it is."""

    file: str = ""
    fingerprint: str = ""
    accept: bool = False


def fingerprint(anchors: bytes) -> str:
    """Return the one number that stands for operator, register and both keys."""
    return canonical.digest(anchors)


def trust_of(path: Path, told: Told) -> bytes:
    """Return the pinned trust that a backup is checked with, or refuse where nobody vouches."""
    if told.file:
        return Path(told.file).read_bytes()
    found = manifest.read(path)
    own = claimed(path)
    if told.fingerprint:
        _need_equal(told.fingerprint, own)
        return own
    ours = standing.home() / ANCHORS
    if ours.exists() and not standing.begun():  # a restore that died may have placed a stranger's
        _need_ours(ours.read_bytes(), own)
        return own
    _show(found, own)
    if not told.accept:
        _need_answer()
    return own


def claimed(path: Path) -> bytes:
    """Return the pinned trust that a backup brings along."""
    try:
        return (path / ANCHORS).read_bytes()
    except OSError as error:
        raise MalformedError(
            f"The backup {path} has no pinned trust.", hint="Take another copy of it."
        ) from error


def _need_equal(given: str, own: bytes) -> None:
    wanted = "".join(given.split()).lower()
    if len(wanted) != _DIGITS or set(wanted) - set(string.hexdigits):
        raise MalformedError(
            "This is no fingerprint.", hint="Give the 64 digits that voltrail backup printed."
        )
    if not hmac.compare_digest(wanted, fingerprint(own)):
        raise RefusedError(
            f"This backup is of another installation: its fingerprint is {fingerprint(own)}.",
            hint="Nothing was restored. Do not use this folder until you know who made it.",
        )


def _need_ours(ours: bytes, own: bytes) -> None:
    if ours != own:
        raise RefusedError(
            "The backup brings other keys than the installation that stands here.",
            hint=f"If it is the right one all the same: --fingerprint {fingerprint(own)}.",
        )


def _show(found: Manifest, own: bytes) -> None:
    """Say what the folder claims, without letting it write to the terminal what it likes."""
    lines = (
        "This folder claims to be a backup of:",
        f"  operator     {_plain(found.operator)}",
        f"  register     {_plain(found.origin)}, {found.size:,} entries, {_plain(found.made_at)}",
        f"  fingerprint  {fingerprint(own)}",
        "It is signed with keys that it brings along, so anybody could have made it. Compare the",
        "fingerprint with the one that voltrail backup printed, and that you kept elsewhere.",
    )
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def _need_answer() -> None:
    if not sys.stdin.isatty():
        raise RefusedError(
            "Nobody has said whose backup this is, and nothing was restored.",
            hint="Give --fingerprint HEX or --trust FILE; or --accept-folder-trust to believe it.",
        )
    sys.stderr.write("Is it yours? Type yes: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise RefusedError(
            "Nothing was restored.", hint="Ask whoever keeps the fingerprint, then try again."
        )


def _plain(claimed: str) -> str:
    return "".join(letter for letter in claimed[:80] if letter.isprintable())
