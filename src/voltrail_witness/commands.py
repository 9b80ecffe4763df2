"""
`voltrail witness`: make a witness, let it know logs, serve, look at it, go on from a copy.

Found by the kernel's command line through the entry-point group `voltrail.commands`.
"""

import argparse
import logging
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError
from voltrail.register.witness import Witness
from voltrail_witness import home
from voltrail_witness.server import Door
from voltrail_witness.server import serve as answer
from voltrail_witness.state import FolderState, look

Arguments = argparse.Namespace
_MAX_PORT = 65_535
_EXAMPLES = """examples:
  voltrail witness init w --name witness.example/w1
  voltrail witness add-log w register.example+1a2b3c4d+AT…
  voltrail witness serve w --listen 127.0.0.1:8421
"""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the word."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, text in _SAID.items():
        one = verbs.add_parser(verb, help=text, description=text)
        one.add_argument("folder", metavar="DIR")
        one.add_argument("--json", action="store_true")
        one.add_argument(
            "--passphrase-file", metavar="FILE", help="holds the passphrase of its keys, alone"
        )
        if verb == "init":
            one.add_argument(
                "--name", required=True, help="a name of yours, like witness.example/1"
            )
        elif verb == "add-log":
            one.add_argument("vkey", metavar="VKEY", help="the log's verifier key")
        elif verb == "serve":
            one.add_argument("--listen", default="127.0.0.1:8421", metavar="HOST:PORT")
        elif verb == "resume":
            one.add_argument("--checkpoint", action="append", default=[], metavar="FILE")


def run(arguments: Arguments) -> int:
    """Run one verb on the folder of a witness."""
    return _VERBS[arguments.verb](arguments)


def _init(arguments: Arguments) -> int:
    made = home.make(Path(arguments.folder), arguments.name, arguments)
    if arguments.json:
        emit({"name": arguments.name, "vkeys": [one.vkey for one in made.keys]})
        return 0
    say(f"Witness {arguments.name} in {arguments.folder}. Others pin these keys:")
    for one in made.keys:
        say(one.vkey)
    say(f"Next: voltrail witness add-log {arguments.folder} VKEY, then serve.")
    return 0


def _add_log(arguments: Arguments) -> int:
    found = home.add_log(Path(arguments.folder), arguments.vkey, arguments)
    if arguments.json:
        emit({"origin": found.name})
    else:
        say(f"Cosigns {found.name} from its next start on.")
    return 0


def _serve(arguments: Arguments) -> int:
    host, _, port = arguments.listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > _MAX_PORT:
        raise MalformedError(f"{arguments.listen} is no HOST:PORT.", hint="Write 127.0.0.1:8421.")
    folder = Path(arguments.folder)
    witness = home.load(folder, arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s"
    )
    with closing(FolderState(folder)) as state:
        state.need_fit()
        door = Door((host.strip("[]"), int(port)), witness, state)
        where = f"http://{host}:{door.server_address[1]}"
        answer(door, lambda: print(f"Witness listens on {where}.", flush=True))  # noqa: T201
    return 0


def _status(arguments: Arguments) -> int:
    folder = Path(arguments.folder)
    witness = home.load(folder, arguments)
    heads, fits = look(folder)
    rows = {name: heads[name].size if name in heads else 0 for name in _names(witness)}
    if arguments.json:
        emit({"name": witness.keys[0].name, "fits": fits, "logs": rows})
        return 0 if fits else 1
    for one in witness.keys:
        say(one.vkey)
    for origin, size in rows.items():
        say(f"{origin}  cosigned {size:,} entries")
    if not rows:
        say("It knows no log yet: voltrail witness add-log DIR VKEY.")
    if not fits:
        say(f"Its state is a copy. Go on: voltrail witness resume {folder} --checkpoint FILE.")
    return 0 if fits else 1


def _names(witness: Witness) -> list[str]:
    return sorted({one.name for one in witness.logs})


def _resume(arguments: Arguments) -> int:
    folder = Path(arguments.folder)
    witness = home.load(folder, arguments)
    newest = [home.told(witness, Path(one).read_bytes()) for one in arguments.checkpoint]
    with closing(FolderState(folder)) as state:
        state.resume(dict(sorted(newest, key=lambda one: one[1].size)))
        heads = state.heads()
    if arguments.json:
        emit({origin: head.size for origin, head in heads.items()})
        return 0
    for origin, head in heads.items():
        say(f"{origin}  goes on from {head.size:,} entries")
    say("Told and noted. Start it again: voltrail witness serve.")
    return 0


_SAID = {
    "init": "make a witness with new keys in an empty folder",
    "add-log": "let it cosign one more log",
    "serve": "answer add-checkpoint until told to stop",
    "status": "show its keys, the logs it knows and what it cosigned",
    "resume": "go on from a state that was restored, told the newest checkpoints it cosigned",
}
_VERBS: dict[str, Callable[[Arguments], int]] = {
    "init": _init,
    "add-log": _add_log,
    "serve": _serve,
    "status": _status,
    "resume": _resume,
}
VERBS = {"witness": ("witness the registers of partners", declare, run)}
