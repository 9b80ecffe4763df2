"""`voltrail mirror`: a verified copy of a partner's register: init, pull, check, status, prove."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, ProductError

if TYPE_CHECKING:
    from voltrail.cli.remote import Server
    from voltrail.register.mirror_check import MirrorReport
    from voltrail.register.mirror_folder import Mirror

_EXAMPLES = """examples:
  voltrail mirror init partner --log 'register.partner.example+1a2b3c4d+AT…' \\
      --url https://voltrail.partner.example/api/v1
  voltrail mirror pull partner --token-file token
pull ends with 0: up to date. 1: ALARM, or the quorum is missing. 75: the partner is silent, or what
it shows does not lead to its own checkpoint.
"""
_BUNDLES, _ENVELOPES = 16, 1_000  # between two lines of progress
_CORRUPT = 70
_CUT = 16  # [characters] of a root that people compare first


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: docs/how-to/mirror-a-partner.md.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, (text, run) in _VERBS.items():
        one = verbs.add_parser(
            verb,
            help=text,
            description=text,
            epilog=_EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        one.add_argument("folder", help="where the copy is kept")
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=run)
        if verb == "init":
            _declare_init(one)
        elif verb == "pull":
            one.add_argument("--token-file", help="also fetch envelopes, with this token")
        elif verb == "prove":
            one.add_argument("index", type=int, help="place of the entry, from 0")
            one.add_argument("--out", help="file for the proof; standard output where absent")


def _declare_init(one: argparse.ArgumentParser) -> None:
    one.add_argument("--log", required=True, help="vkey of the partner's log")
    one.add_argument("--second", default="", help="vkey of its ML-DSA-44 key: both must sign")
    one.add_argument(
        "--url",
        required=True,
        help="where checkpoint and tiles stand; of a Voltrail server it ends with /api/v1",
    )
    one.add_argument("--policy", help="a tlog-policy file: which witnesses must have cosigned")


def _init(arguments: argparse.Namespace) -> int:
    from voltrail.cli.fetching import need_address  # noqa: PLC0415 — only when needed
    from voltrail.register import mirror_folder  # noqa: PLC0415

    need_address(arguments.url)
    policy = Path(arguments.policy).read_bytes() if arguments.policy else b""
    made = mirror_folder.make(
        Path(arguments.folder), arguments.url, arguments.log, arguments.second, policy
    )
    if arguments.json:
        emit({"origin": made.partner.log.name, "folder": str(made.path), "url": made.url})
    else:
        say(f"A mirror of {made.partner.log.name} in {made.path}; nothing is in it yet.")
        say(f"Next: voltrail mirror pull {made.path}")
    return 0


def _pull(arguments: argparse.Namespace) -> int:
    from voltrail.register import mirror, mirror_folder  # noqa: PLC0415 — only when needed

    found = mirror_folder.read(Path(arguments.folder))
    server = _server(found.url, arguments.token_file)
    with mirror_folder.held(found):
        done = mirror.pull(
            found.shelf, _fetch(found.url), found.partner, _progress("entries", _BUNDLES)
        )
        came, withheld = _envelopes(found, server, done.size)
        mirror_folder.mark_looked(found, datetime.now(UTC).replace(microsecond=0))
    told = {**_standing(found), "before": done.before, "fetched": done.fetched}
    if arguments.json:
        emit({**told, "envelopesCame": came, "envelopesWithheld": withheld})
        return 0
    say(f"{told['origin']}: {done.size:,} entries, {done.size - done.before:,} of them new.")
    if arguments.token_file:
        say(f"{came:,} envelopes came; {withheld:,} are not shown to this token.")
    _tell_envelopes(told)
    say("Nothing more to do.")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from voltrail.register import mirror_check, mirror_folder  # noqa: PLC0415 — only when needed

    found = mirror_folder.read(Path(arguments.folder))
    report = mirror_check.check(found.shelf, found.partner)
    if arguments.json:
        emit(
            {
                "sound": not report.faults,
                "entries": report.entries,
                "envelopes": report.envelopes,
                "root": report.root.hex(),
                "faults": list(report.faults),
            }
        )
    else:
        _tell_report(report)
    return _CORRUPT if report.faults else 0


def _status(arguments: argparse.Namespace) -> int:
    from voltrail.register import mirror_folder  # noqa: PLC0415 — only when needed

    told = _standing(mirror_folder.read(Path(arguments.folder)))
    if arguments.json:
        emit(told)
        return 0
    say(f"{told['origin']}, read from {told['url']}")
    say(f"  reaches   {told['size']:,} entries, root {told['root'][:_CUT]}…")
    say(f"  read      {told['looked'] or 'never'} without an alarm")
    if told["quorum"]:
        say(f"  witnesses {told['quorum']}")
    _tell_envelopes(told)
    for alarm in told["alarms"]:
        say(f"  ALARM     both notes are in {arguments.folder}/{alarm}")
    say(f"Next: voltrail mirror check {arguments.folder} does everything again from the bytes.")
    return 0


def _prove(arguments: argparse.Namespace) -> int:
    from voltrail.register import folder, mirror_copy, mirror_folder  # noqa: PLC0415

    found = mirror_folder.read(Path(arguments.folder))
    proof = mirror_copy.prove(found.shelf, found.partner, arguments.index)
    if arguments.out:
        folder.place(Path(arguments.out), proof)
    if arguments.json:
        emit({"index": arguments.index, "out": arguments.out, "proof": proof.decode()})
    elif arguments.out:
        say(f"The proof of entry {arguments.index} is in {arguments.out}.")
        say("Nothing more to do: whoever pins the partner's key can check it offline.")
    else:
        sys.stdout.write(proof.decode())
    return 0


_VERBS: dict[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
    "init": ("make the folder of a copy, and pin the partner's keys", _init),
    "pull": ("bring the copy up to the partner's newest checkpoint", _pull),
    "check": ("do everything again from the copy's bytes", _check),
    "status": ("say how far the copy reaches, and what is in it", _status),
    "prove": ("prove an entry from the copy alone", _prove),
}


def _fetch(url: str) -> Callable[[str, int], bytes]:
    from voltrail.cli.fetching import fetch  # noqa: PLC0415 — only when needed

    def fetched(path: str, most: int) -> bytes:
        return fetch(f"{url}/{path}", most)

    return fetched


def _server(url: str, token_file: str | None) -> "Server | None":
    """Return who gives envelopes: a Voltrail server, where somebody named a token."""
    from voltrail.cli import remote  # noqa: PLC0415 — only when needed

    if not token_file:
        return None
    if not url.endswith(remote.API):
        raise MalformedError(
            f"{url} gives no envelopes.",
            hint=f"Only a Voltrail server does, whose address ends with {remote.API}.",
        )
    return remote.connect(url.removesuffix(remote.API), Path(token_file))


def _envelopes(found: "Mirror", server: "Server | None", size: int) -> tuple[int, int]:
    """Fetch the envelopes that are missing; return how many came, and how many were not shown."""
    from voltrail.register import mirror_check  # noqa: PLC0415 — only when needed

    if server is None or not mirror_check.is_ours(found.shelf, size):
        return 0, 0
    came, withheld, tell = 0, 0, _progress("envelopes looked at", _ENVELOPES)
    for index, leaf in mirror_check.missing(found.shelf, size):
        raw = server.statement(index)
        tell(index + 1, size)
        if raw is None:
            withheld += 1
            continue
        mirror_check.keep_envelope(found.shelf, index, leaf, raw)
        came += 1
    return came, withheld


def _progress(what: str, every: int) -> Callable[[int, int], None]:
    """Return what tells on standard error how far long work is, a line at a time."""
    calls = 0

    def told(done: int, of: int) -> None:
        nonlocal calls
        calls += 1
        if calls % every == 0:
            print(f"{done:,} of {of:,} {what}", file=sys.stderr)

    return told


def _standing(found: "Mirror") -> dict[str, Any]:
    from voltrail.register import mirror, mirror_check, mirror_copy, mirror_folder  # noqa: PLC0415

    shelf = found.shelf
    held = mirror_copy.head(shelf, found.partner)
    size = held.point.size if held else 0
    alarms = {name.rpartition("/")[0] for name in shelf.names(mirror.ALARMS)}
    return {
        "origin": found.partner.log.name,
        "url": found.url,
        "size": size,
        "root": held.point.root.hex() if held else "",
        "looked": (shelf.get(mirror_folder.LOOKED) or b"").decode().strip(),
        "quorum": _quorum(found, held.note) if held else "",
        "envelopes": sum(1 for _ in shelf.names(mirror_check.BLOBS)),
        "ours": mirror_check.is_ours(shelf, size),
        "alarms": sorted(alarms),
    }


def _quorum(found: "Mirror", note: bytes) -> str:
    from voltrail.register import witness_policy  # noqa: PLC0415 — only when needed

    if found.partner.policy is None:
        return ""
    try:
        return witness_policy.quorum(found.partner.policy, note, [found.partner.log]).sentence
    except ProductError as error:
        return str(error)


def _tell_envelopes(told: dict[str, Any]) -> None:
    if not told["ours"]:
        if told["size"]:
            say("  envelopes none: a log of another maker; its entries are kept whole")
        return
    size, held = told["size"], told["envelopes"]
    if held < size:
        say(f"  envelopes {held:,} of {size:,}: of the others only the leaves are here")
    else:
        say(f"  envelopes all {size:,}")


def _tell_report(report: "MirrorReport") -> None:
    for fault in report.faults:
        say(f"✗ {fault}")
    word = "Damaged" if report.faults else "Sound"
    say(f"{word}: {report.entries:,} entries and {report.envelopes:,} envelopes re-checked.")
    if report.faults:
        say("Keep this folder, and pull a new copy into another one.")
    else:
        say("Nothing more to do.")
