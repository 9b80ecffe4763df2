"""`voltrail register`: keep a register in a plain folder: init, add, show, fsck, pack, receipt."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli import keys
from voltrail.cli.output import emit, report_fsck, say
from voltrail.errors import UnverifiableError

if TYPE_CHECKING:
    from voltrail.actions.desk import Desk
    from voltrail.register.log import LogKey


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: design, section 10.
    """
    verbs = parser.add_subparsers(dest="verb", required=True)
    init = verbs.add_parser("init", help="make a register in an empty folder")
    init.add_argument("folder")
    init.add_argument("--operator", required=True, help="urn:voltrail:party:<you>")
    init.add_argument(
        "--passphrase-file", metavar="FILE", help="encrypts its keys with what it holds"
    )
    init.add_argument("--origin", default="register.example", help="name of the register")
    for verb, text in _ON_FOLDER.items():
        one = verbs.add_parser(verb, help=text)
        one.add_argument("folder")
        if verb in ("add", "show", "pack", "receipt"):
            one.add_argument("what", nargs="+" if verb == "add" else None)
        if verb in ("pack", "receipt"):
            one.add_argument("--out", required=True)
        if verb == "fsck":
            one.add_argument("--worth", action="store_true", help=WORTH)
        one.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


WORTH = "check instead what every statement is worth by its keys; signatures are checked once"
_ON_FOLDER = {
    "add": "hand in signed statements",
    "show": "show what is on record about a subject",
    "fsck": "re-check everything from the bytes",
    "pack": "write the evidence pack of an arrival",
    "receipt": "write the COSE receipt of an entry, by its index",
}


def run(arguments: argparse.Namespace) -> int:
    """
    Run one verb on a folder register.

    Args:
        arguments: verb, folder, and what the verb needs

    Returns:
        The exit code.

    Raises:
        ProductError: whatever the verb raises.

    Source: design, section 8.4.
    """
    if arguments.verb == "init":
        return _init(arguments)
    desk = open_desk(Path(arguments.folder))
    verbs = {"add": _add, "show": _show, "fsck": _fsck, "pack": _pack, "receipt": _receipt}
    return verbs[arguments.verb](arguments, desk)


def open_desk(folder: Path) -> "Desk":
    """
    Return the desk of a folder register, its views folded anew.

    Args:
        folder: made by `voltrail register init`

    Returns:
        The desk.

    Raises:
        UnverifiableError: the folder holds no register.
        RefusedError: its keys are encrypted, and nobody is there to type the passphrase.

    Source: design, section 4.
    """
    from voltrail.actions.desk import Desk  # noqa: PLC0415 — only when needed
    from voltrail.actions.refold import refold  # noqa: PLC0415
    from voltrail.ids.subject import PartyId  # noqa: PLC0415
    from voltrail.projections.memory import MemoryViews  # noqa: PLC0415
    from voltrail.register.folder import FolderBlobs, FolderEntries  # noqa: PLC0415
    from voltrail.trust import anchors  # noqa: PLC0415

    if not (folder / "identity.json").exists():
        raise UnverifiableError(
            f"{folder} holds no register.", hint="Make one: voltrail register init FOLDER."
        )
    identity = json.loads((folder / "identity.json").read_text())
    pinned, _ = anchors.parse((folder / "anchors.json").read_bytes())
    typed: list[bytes] = []
    views = MemoryViews()
    desk = Desk(
        entries=FolderEntries(folder / "entries", [views]),
        views=views,
        blobs=FolderBlobs(folder / "blobs"),
        pinned=pinned,
        operator=PartyId.read(identity["operator"]),
        signer=keys.open_file(folder / "operator.pem", typed=typed),
        log=_log_key(folder, identity["origin"], typed),
    )
    with desk.entries.transaction():
        refold(desk, datetime.now(UTC))
    return desk


def _log_key(folder: Path, origin: str, typed: list[bytes]) -> "LogKey":
    from voltrail.register.log import LogKey  # noqa: PLC0415 — only when needed

    second = folder / "log-mldsa.pem"
    return LogKey(
        origin,
        keys.open_file(folder / "log.pem", typed=typed),
        keys.open_file(second, typed=typed) if second.exists() else None,
    )


def _init(arguments: argparse.Namespace) -> int:
    from voltrail.ids.subject import PartyId  # noqa: PLC0415 — only when needed
    from voltrail.register.log import LogKey  # noqa: PLC0415
    from voltrail.trust import signer  # noqa: PLC0415
    from voltrail.trust.anchors import Anchor, Anchors, write  # noqa: PLC0415
    from voltrail.trust.keys import Algorithm  # noqa: PLC0415

    folder, operator = Path(arguments.folder), PartyId.read(arguments.operator)
    folder.mkdir(parents=True, exist_ok=True)
    own, log, second = signer.generate(), signer.generate(), signer.generate(Algorithm.MLDSA44)
    secret = keys.told(arguments)
    for name, made in (("operator", own), ("log", log), ("log-mldsa", second)):
        keys.write_new(folder / f"{name}.pem", made.pem(secret))
    begins = datetime.now(UTC).replace(microsecond=0)
    pinned = Anchors((Anchor(own.public, operator, begins),))
    key = LogKey(arguments.origin, log, second)
    (folder / "anchors.json").write_bytes(write(pinned, key.verifier_keys))
    identity = {"operator": str(operator), "origin": arguments.origin}
    (folder / "identity.json").write_text(json.dumps(identity))
    say(f"Register of {operator} in {folder}.")
    if secret is None:
        say(f"Its keys are not encrypted: voltrail key protect {folder}/operator.pem.")
    say(f"Next: sign statements with {folder}/operator.pem, then voltrail register add {folder}.")
    return 0


def _add(arguments: argparse.Namespace, desk: "Desk") -> int:
    from voltrail.actions.record import hand_in  # noqa: PLC0415 — only when needed

    for path in arguments.what:
        found = hand_in(desk, Path(path).read_bytes(), datetime.now(UTC))
        if arguments.json:
            emit({"file": path, "index": found.index, "digest": found.digest})
        else:
            word = "registered" if found.fresh else "was already registered"
            say(f"{path} {word} as entry {found.index}.")
    for row in desk.views.rows():
        say(f"{row.arrival}  {row.disposition}  {row.sentence}")
    return 0


def _show(arguments: argparse.Namespace, desk: "Desk") -> int:
    from voltrail.actions import show  # noqa: PLC0415 — only when needed
    from voltrail.ids.subject import parse  # noqa: PLC0415

    for one in show.subject(desk, parse(arguments.what)):
        when = one.header.claimed_time
        say(f"#{one.entry.index}  {when:%Y-%m-%d %H:%MZ}  {show.sentence_of(one)}")
    return 0


def _fsck(arguments: argparse.Namespace, desk: "Desk") -> int:
    from voltrail.register.fsck import fsck  # noqa: PLC0415 — only when needed
    from voltrail.register.note import parse_vkey  # noqa: PLC0415

    if arguments.worth:
        from voltrail.cli import sweeps  # noqa: PLC0415 — only when needed

        return sweeps.run(desk, Path(arguments.folder), as_json=arguments.json)
    keys = [parse_vkey(one) for one in desk.log.verifier_keys]
    return report_fsck(fsck(desk.entries, keys), as_json=arguments.json)


def _pack(arguments: argparse.Namespace, desk: "Desk") -> int:
    from voltrail.actions.pack import evidence_pack  # noqa: PLC0415 — only when needed
    from voltrail.ids.subject import ArrivalId  # noqa: PLC0415

    Path(arguments.out).write_bytes(evidence_pack(desk, ArrivalId.read(arguments.what)))
    say(f"Wrote {arguments.out}.")
    say(f"Check it: voltrail pack check {arguments.out} --trust {arguments.folder}/anchors.json")
    return 0


def _receipt(arguments: argparse.Namespace, desk: "Desk") -> int:
    from voltrail.actions.prove import cose_receipt  # noqa: PLC0415 — only when needed

    index = int(arguments.what) if arguments.what.isdecimal() else -1
    Path(arguments.out).write_bytes(cose_receipt(desk, index))
    say(f"Wrote {arguments.out}.")
    say(
        f"Check it: voltrail verify {arguments.out} --as receipt --of STATEMENT"
        f" --trust {arguments.folder}/anchors.json"
    )
    return 0
