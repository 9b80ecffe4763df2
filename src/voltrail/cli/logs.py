"""`voltrail log compare`: two checkpoints of one register: one history, or an alarm."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, RefusedError, UnverifiableError

if TYPE_CHECKING:
    from voltrail.register.compare import Compared, Proofs

_EXAMPLES = """examples:
  voltrail log compare mine.checkpoint theirs.checkpoint --trust anchors.json --log mirror
  voltrail log compare a b --trust anchors.json --server https://voltrail.example
0: one history. 1: ALARM, two histories; both notes are kept. 75: nobody could tell.
"""
_UNPROVEN = UnverifiableError.exit_code


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, AT-04.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser(
        "compare",
        help="compare two checkpoints of one register",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.add_argument("one", help="a checkpoint")
    one.add_argument("other", help="another checkpoint of the same register")
    one.add_argument("--trust", required=True, help="anchors.json, the pinned trust")
    where = one.add_mutually_exclusive_group()
    where.add_argument("--log", help="a folder register or a mirror, which holds every entry")
    where.add_argument("--server", help="the register's server, which proves that it only grew")
    one.add_argument("--evidence", default=".", help="where both notes are kept on an alarm")
    one.add_argument("--json", action="store_true")
    parser.set_defaults(run=compare)


def compare(arguments: argparse.Namespace) -> int:
    """
    Compare two checkpoints, and keep both where they are of two histories.

    Args:
        arguments: one, other, trust, log or server, evidence, json

    Returns:
        0 where the second continues the first, 1 on a split view, 75 where nobody could tell.

    Raises:
        ProductError: a note is no checkpoint, or nobody known signed it.

    Source: mission, AT-04.
    """
    from voltrail.register import compare as comparing  # noqa: PLC0415 — only when needed
    from voltrail.register.note import parse_vkey  # noqa: PLC0415
    from voltrail.trust import anchors  # noqa: PLC0415

    _, logs = anchors.parse(Path(arguments.trust).read_bytes())
    notes = [Path(each).read_bytes() for each in (arguments.one, arguments.other)]
    keys = [parse_vkey(each) for each in logs]
    found = comparing.compare(
        notes[0], notes[1], keys, _proofs(arguments), held=not arguments.server
    )
    kept = ""
    if found.comparison is comparing.Comparison.SPLIT:
        kept = str(keep(found, notes, Path(arguments.evidence)))
    if arguments.json:
        emit(
            {
                "comparison": found.comparison,
                "sentence": found.sentence,
                "sizes": [found.older.size, found.newer.size],
                "evidence": kept,
            }
        )
    else:
        _tell(found, kept)
    exits = {comparing.Comparison.SPLIT: 1, comparing.Comparison.UNPROVEN: _UNPROVEN}
    return exits.get(found.comparison, 0)


def keep(found: "Compared", notes: Sequence[bytes], folder: Path) -> Path:
    """
    Keep two notes side by side as evidence; what is there already stays.

    Args:
        found: what was compared
        notes: both notes, as they came
        folder: where

    Returns:
        The new folder.

    Raises:
        RefusedError: other evidence stands there.

    Source: mission, AT-04.
    """
    from voltrail import canonical  # noqa: PLC0415 — only when needed
    from voltrail.register.folder import place  # noqa: PLC0415

    name = canonical.digest(b"".join(sorted(notes)))[:16]
    target = folder / f"split-view-{found.older.size}-{found.newer.size}-{name}"
    target.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(sorted(notes), 1):
        path = target / f"{number}.checkpoint"
        if path.exists() and path.read_bytes() != data:
            raise RefusedError(f"{path} holds something else.", hint="Name another --evidence.")
        place(path, data)
    return target


def _proofs(arguments: argparse.Namespace) -> "Proofs | None":
    if arguments.server:
        return _of_server(arguments.server.rstrip("/"))
    return _of_folder(Path(arguments.log)) if arguments.log else None


def _of_server(url: str) -> "Proofs":
    from voltrail.cli.fetching import fetch  # noqa: PLC0415 — only when needed
    from voltrail.register.note import from_base64  # noqa: PLC0415

    def proof(old: int, new: int) -> list[bytes]:
        data = fetch(f"{url}/api/v1/consistency?old={old}&new={new}", 65_536)
        try:
            return [from_base64(str(one), "proof") for one in json.loads(data)["hashes"]]
        except (ValueError, KeyError, TypeError) as error:
            raise MalformedError("The answer is no proof.", hint="Check --server.") from error

    return proof


def _of_folder(folder: Path) -> "Proofs":
    from voltrail import merkle  # noqa: PLC0415 — only when needed
    from voltrail.register import mirror_folder  # noqa: PLC0415
    from voltrail.register.folder import FolderEntries  # noqa: PLC0415

    if mirror_folder.is_mirror(folder):
        return _of_mirror(folder)

    def proof(old: int, new: int) -> list[bytes]:
        if not (folder / "entries" / "journal").exists():
            raise UnverifiableError(f"{folder} holds no register.", hint="Check --log.")
        store = FolderEntries(folder / "entries")
        try:
            if new > store.size():
                raise UnverifiableError(
                    f"{folder} holds {store.size():,} entries only.", hint="Bring it up to date."
                )
            return merkle.consistency_proof(old, new, store.node)
        finally:
            store.close()

    return proof


def _of_mirror(folder: Path) -> "Proofs":
    """Answer for a partner from a copy of its register, each hash of which leads to its root."""
    from voltrail import merkle  # noqa: PLC0415 — only when needed
    from voltrail.register import mirror_copy, mirror_folder  # noqa: PLC0415

    def proof(old: int, new: int) -> list[bytes]:
        mirror = mirror_folder.read(folder)
        held = mirror_copy.head(mirror.shelf, mirror.partner)
        if held is None or new > held.point.size:
            size = held.point.size if held else 0
            raise UnverifiableError(
                f"{folder} holds {size:,} entries only.", hint="Run voltrail mirror pull."
            )
        node = mirror_copy.nodes(mirror.shelf, held.point)
        return merkle.consistency_proof(old, new, node)

    return proof


def _tell(found: "Compared", kept: str) -> None:
    say(f"{found.older.origin}: {found.sentence}")
    if kept:
        say("ALARM: this register showed two histories. Whoever relies on it must know.")
        say(f"Both notes are kept in {kept}. Give them to its partners and the auditor.")
    elif found.comparison == "unproven":
        say("Unproven is not a pass. Name --log FOLDER or --server URL, and compare again.")
    else:
        say("Nothing more to do.")
