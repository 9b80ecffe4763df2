"""
The `voltrail` command.

Each group of verbs is a module that is imported only when its word is typed. Verbs of the server
and the gateway are found through the entry-point group `voltrail.commands`.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from voltrail.errors import ProductError

Declare = Callable[[argparse.ArgumentParser], None]

# word → (module, what it does)
GROUPS = {
    "pack": ("packs", "check an evidence pack offline"),
    "verify": ("statements", "verify a signed statement with pinned keys"),
    "sign": ("statements", "sign a draft statement with a key of your own"),
    "read": ("reading", "say what a file of somebody else says, as unsigned drafts"),
    "passport": ("passports", "check a battery passport against the Commission's data points"),
    "bom": ("boms", "say what changed between two parts lists"),
    "draft": ("drafts", "write an unsigned statement from NAME=VALUE pairs"),
    "key": ("firm_keys", "make a signing key; list, enrol, restrict and end the keys of firms"),
    "trust": ("trust", "carry a register's keys to devices without a network"),
    "lot": ("lots", "sign a list of units, and prove single units of it"),
    "serials": ("serials", "compare a delivery's serials with the maker's list and the order"),
    "id": ("identities", "say what any code is: GS1, GB/T 34014, LEI, USCC, Catena-X, ours"),
    "custody": ("custody", "find what contradicts itself in statements, offline"),
    "label": ("labels", "print labels of units, and say what a scan of one says"),
    "scan": ("elements", "ask the chip in a unit through a server, and hand in its answer"),
    "register": ("registers", "keep a register in a plain folder"),
    "log": ("logs", "compare two checkpoints of a register: one history, or an alarm"),
    "timestamp": ("timestamps", "have others prove by when a file or a register existed"),
    "mirror": ("mirrors", "keep a verified copy of a partner's register, and prove from it"),
    "hand-in": ("errands", "hand signed statements in, to a server or a folder register"),
    "trace": ("traces", "trace a unit or a lot: made of what, gone where, and the gaps"),
    "provenance": ("provenance", "ask the five provenance questions about a unit"),
    "recall": ("recalls", "find everything related to a suspect, or rehearse calling it back"),
    "may-install": ("errands", "ask whether a unit may be installed"),
    "may-order": ("orders", "ask whether something may be ordered, and what is unmet"),
    "order": ("orders", "place an order where every requirement is met"),
    "classify": ("places", "classify a place: its tier from impact, lead time and exposure"),
    "accept": ("service", "ask two persons to accept goods"),
    "into-service": ("service", "ask two persons to put units into service"),
    "sign-draft": ("signing", "sign a draft that waits on a server"),
    "exception": ("waivers", "list exceptions from a control, and ask for one"),
    "call": ("call", "call any verb by name on a folder register"),
}
SERVER_WORDS = {
    "init": "create operator, keys and database",
    "serve": "serve pages and API",
    "account": "add a person who may log in",
    "token": "issue, list and revoke tokens and links of firms",
    "backup": "copy everything, or re-read a copy",
    "restore": "bring everything back from a backup",
    "upgrade": "bring the database to this version",
    "move": "carry the tables to another database",
    "contradictions": "say what contradicts itself on record",
    "check-register": "re-check the server's register from its bytes",
    "rebuild": "fold every view again",
    "import": "bring in a list",
    "work": "do long work that waits",
    "where": "say where a unit is, each of a lot, or what is at a place",
    "witness": "witness the registers of partners",
}
_EXAMPLES = """examples:
  voltrail pack check PACK.zip --trust anchors.json
  voltrail key new --issuer urn:voltrail:party:kestrel --out kestrel.pem
"""


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit code.

    Args:
        argv: arguments; the process's own where absent

    Returns:
        0 when all went well, else the error's code.

    Source: design, section 8.4.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    word = given[0] if given and not given[0].startswith("-") else ""
    known = {**{key: row[1] for key, row in GROUPS.items()}, **SERVER_WORDS}
    parser = argparse.ArgumentParser(
        prog="voltrail",
        description="Decides on evidence which batteries may be bought, installed and kept.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = parser.add_subparsers(dest="word", metavar="WORD", required=True)
    for name in (word,) if word in known else known:  # each parser costs a millisecond
        declared = words.add_parser(name, help=known[name], description=known[name])
        if name == word:
            _declare(name, declared)
    arguments = parser.parse_args(given)
    return _run(arguments)


def _declare(name: str, parser: argparse.ArgumentParser) -> None:
    if name in GROUPS:
        import_module(f"voltrail.cli.{GROUPS[name][0]}").declare(name, parser)
        return
    from importlib.metadata import entry_points  # noqa: PLC0415 — slow; only for foreign words

    for point in entry_points(group="voltrail.commands"):
        try:
            verbs = point.load()
        except ImportError:  # its extra is not installed; another package may have the word
            continue
        if name in verbs:
            _, declare, run = verbs[name]
            declare(parser)
            parser.set_defaults(run=run)
            return
    parser.set_defaults(run=_missing)


def _missing(arguments: argparse.Namespace) -> int:
    print(
        f"{arguments.word} needs the server. Install it: pip install 'voltrail[server]'",
        file=sys.stderr,
    )
    return 69


def _run(arguments: argparse.Namespace) -> int:
    try:
        return int(arguments.run(arguments))
    except ProductError as error:
        from voltrail.cli.output import complain  # noqa: PLC0415 — json costs start-up time

        return complain(error, as_json=getattr(arguments, "json", False))
    except FileNotFoundError as error:
        return _no_file(error, f"There is no file {error.filename}.", arguments)
    except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
        if error.filename is None:
            raise
        return _no_file(error, f"{error.filename} cannot be used: {error.strerror}.", arguments)
    except BrokenPipeError:
        return 0


def _no_file(error: OSError, sentence: str, arguments: argparse.Namespace) -> int:
    hint = "Check the path."
    if getattr(arguments, "json", False):
        from voltrail.cli.output import emit  # noqa: PLC0415 — json costs start-up time

        emit({"error": type(error).__name__, "sentence": sentence, "hint": hint})
    else:
        print(f"{sentence} {hint}", file=sys.stderr)
    return 66


if __name__ == "__main__":
    sys.exit(main())
