"""`voltrail init`: what a terminal is asked for, and what scripts give as arguments."""

import argparse
import getpass
import sys
from pathlib import Path

from voltrail.cli.keys import open_file
from voltrail.cli.output import emit, say
from voltrail.errors import RefusedError
from voltrail.trust.key_uri import is_uri


def init(arguments: argparse.Namespace) -> int:
    """Create operator, register, keys, the first administrator and the first place."""
    from voltrail_server import wiring  # noqa: PLC0415 — after Django's set-up
    from voltrail_server.operations.installing import (  # noqa: PLC0415
        Administrator,
        FirstPlace,
        Plan,
        install,
    )

    _ask_for_what_is_missing(arguments)
    administrator = None
    if arguments.administrator:
        administrator = Administrator(arguments.administrator, _password(arguments))
    place = None
    if arguments.place:
        place = FirstPlace(
            arguments.place,
            arguments.place_name or arguments.place,
            arguments.place_class,
            arguments.operator_name,
            arguments.country,
            arguments.zone,
        )
    key = _key(arguments) if arguments.operator_key else None
    plan = Plan(arguments.operator, arguments.origin, key, administrator, place)
    done = install(plan, wiring.now())
    if arguments.json:
        identity = {"operator": str(done.identity.operator), "origin": done.identity.origin}
        emit({**identity, "made": list(done.made)})
        return 0
    for one in done.made:
        say(f"Made: {one}.")
    if not done.made:
        say("This installation is complete already; nothing was changed.")
    say(f"{done.identity.operator} keeps the register {done.identity.origin}.")
    if administrator is None:
        say("Next: voltrail account add NAME --role administrator, then voltrail serve.")
    else:
        say("Next: voltrail serve.")
    return 0


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; a terminal is asked for those that are missing."""
    parser.add_argument("--operator", default="", help="urn:voltrail:party:<you>")
    parser.add_argument(
        "--origin", default="", help="name of the register, for example a domain; chosen once"
    )
    parser.add_argument("--operator-key", help="PEM file of an existing operator key")
    parser.add_argument("--passphrase-file", metavar="FILE", help="holds that file's passphrase")
    parser.add_argument("--operator-name", default="", help="your firm's name")
    parser.add_argument("--country", default="", help="where your firm is, two letters")
    parser.add_argument("--administrator", default="", help="log-in of the first administrator")
    parser.add_argument("--password-file", help="file that holds the password; - reads stdin")
    parser.add_argument("--place", default="", help="key of the first place, for example hall-7")
    parser.add_argument("--place-name", default="", help="what people call it")
    parser.add_argument("--place-class", default="data-center", help="what the place is for")
    parser.add_argument("--zone", default="UTC", help="time zone of the place")
    parser.add_argument("--json", action="store_true")


def _ask_for_what_is_missing(arguments: argparse.Namespace) -> None:
    asked = {
        "operator": "Operator, urn:voltrail:party:<you>: ",
        "origin": "Name of the register, for example log.your-domain.example: ",
        "administrator": "Log-in of the first administrator (empty: later): ",
        "place": "Key of the first place, for example hall-7 (empty: later): ",
    }
    told = arguments.operator and arguments.origin
    for name, question in asked.items():
        if getattr(arguments, name) or (told and name in {"administrator", "place"}):
            continue
        if not sys.stdin.isatty():
            if name in {"operator", "origin"}:
                raise RefusedError(f"No {name} is named.", hint=f"Say --{name}.")
            continue
        try:
            setattr(arguments, name, input(question).strip())
        except EOFError as error:
            raise RefusedError(
                "The terminal was closed.", hint="Run voltrail init again."
            ) from error


def _key(arguments: argparse.Namespace) -> bytes:
    if is_uri(arguments.operator_key) and not Path(arguments.operator_key).exists():
        raise RefusedError(
            "An operator's key that lives elsewhere is named in a setting, for every start.",
            hint="Leave out --operator-key, and set VOLTRAIL_OPERATOR_KEY to the URI.",
        )
    return open_file(Path(arguments.operator_key), arguments).pem()


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_file == "-":  # noqa: S105 — the usual name of stdin
        return sys.stdin.readline().rstrip("\r\n")
    if arguments.password_file:
        return Path(arguments.password_file).read_text().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise RefusedError(
            "Nobody is at a terminal to type the administrator's password.",
            hint="Give --password-file FILE, or - for stdin. There is no default password.",
        )
    first, second = (getpass.getpass(f"Password {word}: ") for word in ("once", "again"))
    if first != second:
        raise RefusedError("The two passwords differ.", hint="Type the same one twice.")
    return first
