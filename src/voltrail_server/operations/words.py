"""The words that look after an installation: their arguments, and what they say."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.output import emit, say
from voltrail.errors import RefusedError

if TYPE_CHECKING:
    from voltrail_server.operations.restore import Wish
    from voltrail_server.operations.vault import Lock

Arguments = argparse.Namespace
Verb = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[Arguments], int]]
CORRUPT = 70  # the exit code of RegisterCorruptError


def backup(arguments: Arguments) -> int:
    """Write a backup into a folder, or re-read one with --verify."""
    from voltrail_server import wiring  # noqa: PLC0415 — after Django's set-up
    from voltrail_server.operations import acts, standing, tail, trusting  # noqa: PLC0415
    from voltrail_server.operations.backup import backup as copy  # noqa: PLC0415

    folder = Path(arguments.folder)
    if arguments.verify:
        return _verify(arguments, folder)
    standing.need_whole()
    at, desk = wiring.now(), wiring.desk()
    made = copy(desk, folder, None if arguments.plain_keys else _lock(arguments, ask=2), at)
    detail = f"{made.found.size} entries, manifest of {made.path.name}"
    tail.add(desk, made, acts.kept(desk, detail, arguments.by, wiring.now()).index)
    fingerprint = trusting.fingerprint((standing.home() / trusting.ANCHORS).read_bytes())
    if arguments.json:
        told = {"path": str(made.path), "size": made.found.size, "root": made.found.root}
        emit({**told, "fingerprint": fingerprint})
    else:
        say(f"Backed up {made.found.size:,} entries and {made.found.bytes:,} bytes: {made.path}")
        for digest in made.found.damaged:
            say(f"✗ The original file {digest} is damaged here and not in the backup.")
        say(f"Fingerprint: {fingerprint}. Keep it elsewhere; a restore asks for it.")
        say("Next: copy the folder to another machine, and its file checkpoint to somebody else.")
    return CORRUPT if made.found.damaged else 0


def restore(arguments: Arguments) -> int:
    """Bring an installation back from a backup."""
    from voltrail_server import wiring  # noqa: PLC0415 — after Django's set-up
    from voltrail_server.operations import acts, upgrading  # noqa: PLC0415
    from voltrail_server.operations.restore import restore as bring_back  # noqa: PLC0415

    wish = _wish(arguments)
    done = bring_back(wish, wiring.now())
    wiring.desk.cache_clear()
    detail = f"{done.size} entries from {wish.source.name}, {done.imported} of them imported"
    upgrading.state_functions()
    acts.brought_back(wiring.desk(), detail, arguments.by, wiring.now())
    if arguments.json:
        told = {"size": done.size, "imported": done.imported, "aside": str(done.aside or "")}
        emit({**told, "silent": list(done.silent)})
        return 0
    more = f"; {done.imported:,} of them came from another source" if done.imported else ""
    say(f"Restored {done.size:,} entries{more}.")
    if done.aside:
        say(f"What stood here before is kept in {done.aside}.")
    for one in done.silent:
        say(f"✗ A witness could not tell how long the register was: {one}")
    for name, value in json.loads((wish.source / "settings.json").read_bytes()).items():
        say(f"It ran with {name}={value}")
    say("Everybody logs in again. Compare the newest checkpoint with the one that somebody kept.")
    return 0


def _wish(arguments: Arguments) -> "Wish":
    """Return what is asked for; whose backup it is comes before anybody types a passphrase."""
    from voltrail_server.operations import manifest, trusting, vault  # noqa: PLC0415
    from voltrail_server.operations.backup import PLAIN  # noqa: PLC0415
    from voltrail_server.operations.restore import Wish  # noqa: PLC0415

    source = manifest.newest(Path(arguments.folder))
    told = (arguments.trust or "", arguments.fingerprint, arguments.accept_folder_trust)
    trust = trusting.trust_of(source, trusting.Told(*told))
    plain = manifest.read(source).keys == PLAIN
    return Wish(
        source,
        vault.Lock() if plain else _lock(arguments, ask=1),
        trust,
        [Path(one) for one in arguments.known],
        [Path(one) for one in arguments.imports],
        arguments.replace,
    )


def upgrade(arguments: Arguments) -> int:
    """Bring the database to this version's tables and views."""
    from voltrail_server import wiring  # noqa: PLC0415 — after Django's set-up
    from voltrail_server.operations import acts, standing  # noqa: PLC0415
    from voltrail_server.operations.upgrading import upgrade as bring_up  # noqa: PLC0415

    given = Path(arguments.backup) if arguments.backup else standing.home() / "backups"
    done = bring_up(None if arguments.no_backup else given, wiring.now())
    if standing.identity() and standing.entries() and (done.steps or done.folded or done.stated):
        detail = f"{len(done.steps)} migrations, {done.folded or 0} entries folded again"
        detail += f", {done.stated} functions stated" if done.stated else ""
        acts.upgraded(wiring.desk(), detail, arguments.by, wiring.now())
    if arguments.json:
        made = str(done.made.path) if done.made else ""
        found = {"migrations": len(done.steps), "folded": done.folded or 0, "stated": done.stated}
        emit({**found, "backup": made})
        return 0
    if done.made:
        say(f"Backed up first: {done.made.path}")
    if not done.steps and done.folded is None and not done.stated:
        say("The database is of this version already; nothing was changed.")
    else:
        say(f"Applied {len(done.steps)} migrations; folded {done.folded or 0:,} entries again.")
    if done.stated:
        say(f"Stated {done.stated} functions that accounts held before.")
    return 0


def move(arguments: Arguments) -> int:
    """Carry the tables to another database."""
    from voltrail_server.operations.moving import move as carry  # noqa: PLC0415 — after set-up

    url = Path(arguments.to_file).read_text().strip() if arguments.to_file else arguments.to
    if not url:
        raise RefusedError("No database is named.", hint="Say --to URL, or --to-file FILE.")
    done = carry(url)
    if arguments.json:
        emit({"to": done.to, "size": done.size, "root": done.root.hex()})
        return 0
    say(f"{done.size:,} entries stand in {done.to}, with the same root.")
    if done.views_differed:
        say("The views here were not what the entries give; over there they were folded anew.")
    else:
        say("The views are the same to the byte.")
    say("Next: set VOLTRAIL_DATABASE_URL to it. This database will not serve again.")
    return 0


def _verify(arguments: Arguments, folder: Path) -> int:
    from voltrail_server.operations import backup as copies  # noqa: PLC0415
    from voltrail_server.operations import manifest, trusting  # noqa: PLC0415

    path = manifest.newest(folder)
    trust = Path(arguments.trust).read_bytes() if arguments.trust else None
    found, faults = copies.check(path, trust)
    claimed = trusting.fingerprint(trust or trusting.claimed(path))
    if arguments.json:
        told = {"path": str(path), "sound": not faults, "size": found.size, "faults": list(faults)}
        emit({**told, "fingerprint": claimed})
    else:
        for fault in faults:
            say(f"✗ {fault}")
        word = "Damaged" if faults else "Whole"
        say(f"{word}: {path}, {found.size:,} entries, {len(found.files)} files re-read.")
        if not trust:
            say(f"It was checked with its own keys, fingerprint {claimed}. Compare it with yours.")
    return CORRUPT if faults else 0


def _lock(arguments: Arguments, ask: int) -> "Lock":
    """Return how keys are closed or opened, from files or asked for as often as told."""
    from voltrail_server.operations.vault import Lock  # noqa: PLC0415

    recipient = getattr(arguments, "recipient", None) or getattr(arguments, "key_file", None)
    if recipient:
        return Lock(recipient=Path(recipient).read_bytes())
    if arguments.passphrase_file:
        return Lock(passphrase=Path(arguments.passphrase_file).read_bytes().rstrip(b"\r\n"))
    if not sys.stdin.isatty():
        raise RefusedError(
            "Nobody is at a terminal to type the passphrase of the keys.",
            hint="Give --passphrase-file FILE, or a recipient's key.",
        )
    typed = {getpass.getpass("Passphrase of the keys: ") for _ in range(ask)}
    if len(typed) > 1:
        raise RefusedError("The two passphrases differ.", hint="Type the same one twice.")
    return Lock(passphrase=typed.pop().encode())


def _backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="the folder in which each backup gets its own")
    parser.add_argument("--verify", action="store_true", help="re-read the newest backup, or one")
    parser.add_argument("--recipient", help="PEM file of the X25519 key that may open the keys")
    parser.add_argument("--plain-keys", action="store_true", help="leave the keys readable")
    parser.add_argument("--trust", help="anchors.json to check the signature with")
    _always(parser)


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="a backup, or a folder of backups: the newest counts")
    parser.add_argument("--replace", action="store_true", help="keep aside what stands here")
    parser.add_argument(
        "--known", action="append", default=[], help="checkpoint, pack or folder that proves a size"
    )
    parser.add_argument(
        "--import",
        action="append",
        default=[],
        dest="imports",
        help="pack, register's folder or other backup that holds the missing entries",
    )
    parser.add_argument("--key-file", help="PEM file of the recipient's private X25519 key")
    parser.add_argument("--trust", help="your own anchors.json, kept away from the backup")
    parser.add_argument("--fingerprint", default="", help="the 64 digits that each backup printed")
    parser.add_argument(
        "--accept-folder-trust", action="store_true", help="believe whatever the folder claims"
    )
    _always(parser)


def _upgrade(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backup", help="folder for the backup made before; else in the data")
    parser.add_argument("--no-backup", action="store_true", help="make no backup first")
    parser.add_argument("--by", default="", help="urn:voltrail:person:<who does this>")
    parser.add_argument("--json", action="store_true")


def _move(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", default="", help="URL of an empty database")
    parser.add_argument("--to-file", help="file that holds the URL, where it has a password")
    parser.add_argument("--json", action="store_true")


def _always(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase-file", help="file that holds the passphrase alone")
    parser.add_argument("--by", default="", help="urn:voltrail:person:<who does this>")
    parser.add_argument("--json", action="store_true")


WORDS: dict[str, Verb] = {
    "backup": ("copy everything, or re-read a copy", _backup, backup),
    "restore": ("bring everything back from a backup", _restore, restore),
    "upgrade": ("bring the database to this version", _upgrade, upgrade),
    "move": ("carry the tables to another database", _move, move),
}
