"""
The server's verbs for the `voltrail` command: init, serve, account, token, upgrade, fsck.

Found by the kernel's command line through the entry-point group `voltrail.commands`.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from voltrail.cli.output import report_fsck, say
from voltrail_server import accounts

Arguments = argparse.Namespace
HTTP_PORT = 80  # browsers leave it out


def django_ready() -> None:
    """Load Django's settings once."""
    import django  # noqa: PLC0415 — Django costs a quarter of a second

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
    django.setup()


def init(arguments: Arguments) -> int:
    """Create the database, keys and pinned trust of a new installation."""
    django_ready()
    from django.conf import settings  # noqa: PLC0415

    from voltrail.ids.subject import PartyId  # noqa: PLC0415
    from voltrail_server import wiring  # noqa: PLC0415

    home = Path(settings.VOLTRAIL_DATA)
    home.mkdir(parents=True, exist_ok=True)
    upgrade(arguments)
    identity = wiring.Identity(PartyId.read(arguments.operator), arguments.origin)
    given = Path(arguments.operator_key).read_bytes() if arguments.operator_key else None
    begins = wiring.now().replace(microsecond=0)
    if wiring.initialise(home, identity, given, begins):
        say(f"Created {identity.operator} with register {identity.origin}.")
    else:
        say("This installation already has its keys; nothing was changed.")
    say("Next: voltrail account add NAME --role administrator, then voltrail serve.")
    return 0


def upgrade(_: Arguments) -> int:
    """Bring the database to this version's tables."""
    django_ready()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    return 0


def serve(arguments: Arguments) -> int:
    """Serve pages and API on loopback, or where told."""
    os.environ.setdefault("VOLTRAIL_SEQUENCER", "1")  # before settings are read; workers inherit it
    if not os.environ.get("VOLTRAIL_ORIGIN"):
        os.environ["VOLTRAIL_ORIGIN"] = _local_origin(arguments.port)
    django_ready()
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    from voltrail_server import wiring  # noqa: PLC0415

    wiring.desk()
    Granian(
        "voltrail_server.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
    return 0


def _local_origin(port: int) -> str:
    """Return the origin of a server that nobody gave a name, as a browser writes it."""
    return "http://localhost" if port == HTTP_PORT else f"http://localhost:{port}"


def account(arguments: Arguments) -> int:
    """Add, list and close accounts, or make a new link into one."""
    django_ready()
    return accounts.account(arguments)


def token(arguments: Arguments) -> int:
    """Issue a token with which a party hands in statements; prints it once."""
    django_ready()
    from voltrail_server.api import tokens  # noqa: PLC0415

    say(tokens.issue(arguments.party, arguments.label))
    return 0


def fsck(arguments: Arguments) -> int:
    """Re-check the whole register from its bytes."""
    django_ready()
    from voltrail.register.fsck import fsck as check  # noqa: PLC0415
    from voltrail.register.note import parse_vkey  # noqa: PLC0415
    from voltrail_server import wiring  # noqa: PLC0415

    desk = wiring.desk()
    key = parse_vkey(desk.log.verifier_key)
    return report_fsck(check(desk.entries, [key]), as_json=arguments.json)


def rebuild(_: Arguments) -> int:
    """Fold every view again from the register."""
    django_ready()
    from voltrail_server import wiring  # noqa: PLC0415
    from voltrail_server.jobs.rebuild import rebuild as again  # noqa: PLC0415

    count = again(wiring.desk(), wiring.now())
    say(f"Folded {count:,} entries.")
    return 0


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--operator", required=True, help="urn:voltrail:party:<you>")
    parser.add_argument(
        "--origin", required=True, help="name of the register, for example a domain"
    )
    parser.add_argument("--operator-key", help="PEM file of an existing operator key")


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)


def _token(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=["issue"])
    parser.add_argument("party")
    parser.add_argument("--label", default="command line")


def _plain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


# verb → (what it does, how its arguments are declared, the function)
VERBS: dict[
    str, tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[Arguments], int]]
] = {
    "init": ("create operator, keys and database", _init, init),
    "serve": ("serve pages and API", _serve, serve),
    "account": ("add, list and close accounts, make a new link", accounts.declare, account),
    "token": ("issue a party's token", _token, token),
    "upgrade": ("bring the database to this version", _plain, upgrade),
    "check-register": ("re-check the register from its bytes", _plain, fsck),
    "rebuild": ("fold every view again", _plain, rebuild),
}
