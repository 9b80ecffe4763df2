"""`voltrail trust`: the register's keys on a stick for devices without a network."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.keys import KEY_HELP, declare_secrets, opened
from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, UnverifiableError

if TYPE_CHECKING:
    from voltrail.trust.tuf_check import Checked

_TARGET = "anchors.json"
_LARGEST = 16_777_216  # [bytes] of one file on a stick; our choice
_MOST = 4_096  # [files] on a stick; our choice


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: TUF 1.0.33; docs/how-to/carry-trust.md.
    """
    verbs = parser.add_subparsers(dest="verb", required=True)
    export = verbs.add_parser("export", help="write the keys of a register onto a stick")
    export.add_argument("stick", help="a folder; an earlier export in it is continued")
    source = export.add_mutually_exclusive_group(required=True)
    source.add_argument("--anchors", help="anchors.json, as the register hands it out")
    source.add_argument("--folder", help="a folder register, to take the keys from")
    export.add_argument(
        "--key", action="append", required=True, help=f"{KEY_HELP}; repeat for more"
    )
    export.add_argument("--old-key", action="append", default=[], help="a key that hands over")
    export.add_argument("--threshold", type=int, default=1, help="how many keys must sign")
    export.add_argument("--days", type=int, default=365, help="after which it must not be used")
    declare_secrets(export)
    check = verbs.add_parser("check", help="check a stick and say how old it is")
    check.add_argument("stick")
    check.add_argument("--root", required=True, help="the root metadata that is trusted already")
    check.add_argument("--warn-days", type=int, default=30)
    check.add_argument("--refuse-days", type=int, default=180)
    for one in (export, check):
        one.add_argument("--at", help="the moment to judge at; now where absent")
        one.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Write a stick, or check one.

    Args:
        arguments: verb, stick, and what the verb needs

    Returns:
        0, or 1 where a stick is too old to be used.

    Raises:
        RefusedError: a signature does not hold, or old keys do not hand over.
        UnverifiableError: a file or a package is missing.

    Source: TUF 1.0.33; docs/how-to/carry-trust.md.
    """
    from voltrail.statements.fields import instant  # noqa: PLC0415 — only when needed

    at = instant(arguments.at, "--at") if arguments.at else datetime.now(UTC)
    judge = _export if arguments.verb == "export" else _check
    return judge(arguments, at.replace(microsecond=0))


def _export(arguments: argparse.Namespace, at: datetime) -> int:
    from voltrail.trust import anchors, tuf_export  # noqa: PLC0415 — only when needed

    stick = Path(arguments.stick)
    pinned = _pinned(arguments)
    anchors.parse(pinned)
    terms = tuf_export.Terms(threshold=arguments.threshold, days=arguments.days)
    files = tuf_export.export(
        {_TARGET: pinned},
        opened(arguments.key, arguments),
        at,
        _files(stick) if stick.exists() else {},
        terms,
        retiring=opened(arguments.old_key, arguments),
    )
    for path, data in files.items():
        place = stick / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    if arguments.json:
        emit({"files": list(files), "madeAt": at.isoformat()})
        return 0
    say(f"Wrote {len(files)} files to {stick}.")
    say(f"Give each device {stick}/metadata/1.root.json once, by hand; then carry the stick.")
    return 0


def _pinned(arguments: argparse.Namespace) -> bytes:
    if arguments.anchors:
        return Path(arguments.anchors).read_bytes()
    from voltrail.actions.pack import anchors_file  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    return anchors_file(open_desk(Path(arguments.folder)))


def _check(arguments: argparse.Namespace, at: datetime) -> int:
    from voltrail.trust import tuf_check  # noqa: PLC0415 — only when needed

    patience = tuf_check.Patience(arguments.warn_days, arguments.refuse_days)
    root = Path(arguments.root).read_bytes()
    found = tuf_check.check(_files(Path(arguments.stick)), root, at, patience)
    if arguments.json:
        emit(
            {
                "verdict": found.verdict,
                "sentence": found.sentence,
                "madeAt": found.made_at.isoformat() if found.made_at else None,
                "versions": dict(found.versions),
                "targets": dict(found.targets),
            }
        )
    else:
        _tell(found)
    return 1 if found.verdict is tuf_check.Verdict.STALE_REFUSE else 0


def _tell(found: "Checked") -> None:
    say(f"{found.verdict}: {found.sentence}")
    for name, digest in found.targets.items():
        say(f"  {name:<16} SHA-256 {digest}")
    for name, version in found.versions.items():
        say(f"  {name:<16} version {version}")
    say("Signatures and files hold. Keys are taken from the register, never from a stick alone.")


def _files(stick: Path) -> dict[str, bytes]:
    """Return the files of a stick by their paths; links are not followed."""
    if not stick.is_dir():
        raise UnverifiableError(f"There is no folder {stick}.", hint="Check where the stick is.")
    found: dict[str, bytes] = {}
    for path in sorted(stick.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if len(found) >= _MOST or path.stat().st_size > _LARGEST:
            raise MalformedError("The stick holds too much.", hint="Use a folder of its own.")
        found[path.relative_to(stick).as_posix()] = path.read_bytes()
    return found
