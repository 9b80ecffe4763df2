"""
The server's verbs for the `voltrail` command: init, serve, account, token, upgrade, fsck.

Found by the kernel's command line through the entry-point group `voltrail.commands`.
"""

import argparse
import os
from collections.abc import Callable

from voltrail.cli import sweeps
from voltrail.cli.output import emit, report_fsck, say
from voltrail.cli.registers import WORTH
from voltrail_server import accounts, contradicting, locating, passes
from voltrail_server.operations import asking
from voltrail_server.operations.words import WORDS

Arguments = argparse.Namespace
HTTP_PORT = 80  # browsers leave it out


def django_ready() -> None:
    """Load Django's settings once."""
    import django  # noqa: PLC0415 — Django costs a quarter of a second

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
    django.setup()


def serve(arguments: Arguments) -> int:
    """Serve pages and API, publish checkpoints and work through the queue, until told to stop."""
    if arguments.print_unit:
        from voltrail_server.operations.unit import text  # noqa: PLC0415 — needs no Django

        say(text(arguments.host, arguments.port).rstrip())
        return 0
    os.environ["VOLTRAIL_SEQUENCER"] = ""  # before settings are read; a child of its own does it
    os.environ["VOLTRAIL_SUPERVISED"] = "1"
    os.environ.setdefault("VOLTRAIL_LOG_REQUESTS", "1")
    if arguments.tls_certificate:
        os.environ.setdefault("VOLTRAIL_TLS", "1")
    if not os.environ.get("VOLTRAIL_ORIGIN"):
        os.environ["VOLTRAIL_ORIGIN"] = _local_origin(arguments.port)
    django_ready()
    from voltrail_server.operations.serving import serve as keep  # noqa: PLC0415 — after set-up

    return keep(arguments)


def _local_origin(port: int) -> str:
    """Return the origin of a server that nobody gave a name, as a browser writes it."""
    return "http://localhost" if port == HTTP_PORT else f"http://localhost:{port}"


def account(arguments: Arguments) -> int:
    """Add, list and close accounts, or make a new link into one."""
    django_ready()
    return accounts.account(arguments)


def token(arguments: Arguments) -> int:
    """Issue a token or a link for a firm, list those in force, or end one."""
    django_ready()
    return passes.token(arguments)


def fsck(arguments: Arguments) -> int:
    """Re-check the whole register from its bytes."""
    django_ready()
    from voltrail.register.fsck import fsck as check  # noqa: PLC0415
    from voltrail.register.note import parse_vkey  # noqa: PLC0415
    from voltrail_server import wiring  # noqa: PLC0415
    from voltrail_server.operations import standing  # noqa: PLC0415

    desk = wiring.desk()
    if arguments.worth:
        return sweeps.run(desk, standing.home(), as_json=arguments.json)
    keys = [parse_vkey(one) for one in desk.log.verifier_keys]
    return report_fsck(check(desk.entries, keys), as_json=arguments.json)


def rebuild(_: Arguments) -> int:
    """Fold every view again from the register."""
    django_ready()
    from voltrail.projections.fold import REVISION  # noqa: PLC0415
    from voltrail_server import wiring  # noqa: PLC0415
    from voltrail_server.jobs.rebuild import rebuild as again  # noqa: PLC0415
    from voltrail_server.records.views import DjangoViews  # noqa: PLC0415

    desk = wiring.desk()
    with desk.entries.transaction():
        count = again(desk, wiring.now())
        DjangoViews().set_revision(REVISION)
    say(f"Folded {count:,} entries.")
    return 0


def work(arguments: Arguments) -> int:
    """Do long work that waits, until told to end."""
    django_ready()
    from voltrail_server.operations import queue  # noqa: PLC0415
    from voltrail_server.work.worker import work as run  # noqa: PLC0415

    tidying = queue.tidying()
    if arguments.until_empty:
        tidying.turn()
    else:
        tidying.start()
    run(until_empty=arguments.until_empty)
    return 0


def _work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until-empty", action="store_true", help="end once nothing waits")


def bring(arguments: Arguments) -> int:
    """Bring in a list: show what each row becomes, and record the good ones where told so."""
    django_ready()
    from voltrail_server.importing.command import Wanted, run  # noqa: PLC0415

    check = arguments.check or not arguments.yes
    found = run(Wanted(arguments.kind, arguments.file, arguments.mapping, check))
    if arguments.json:
        emit(found)
    else:
        for one in found["wrong"]:
            say(f"Row {one['row']}: {one['sentence']} {one['hint']}")
        for one in found.get("refused", ()):
            say(f"Row {one['row']} refused: {one['sentence']}")
        counts = found["counts"]
        say(" · ".join(f"{name} {count:,}" for name, count in counts.items()))
        say(found.get("sentence") or "Nothing was recorded. To record the good rows: --yes.")
    return 0 if not found["wrong"] and not found.get("refused") else 1


def _bring(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", choices=["suppliers", "places", "products", "people", "orders", "stock"]
    )
    parser.add_argument("file", help="CSV or XLSX")
    parser.add_argument("--mapping", default="", help="saved columns to take")
    parser.add_argument("--check", action="store_true", help="show only, record nothing")
    parser.add_argument("--yes", action="store_true", help="record the good rows")
    parser.add_argument("--json", action="store_true")


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--tls-certificate", help="PEM file of the certificate and its chain")
    parser.add_argument("--tls-key", help="PEM file of the certificate's private key")
    parser.add_argument(
        "--no-first-run", action="store_true", help="refuse where nothing is set up"
    )
    parser.add_argument("--print-unit", action="store_true", help="print a systemd unit, and end")


def _plain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def _fsck(parser: argparse.ArgumentParser) -> None:
    _plain(parser)
    parser.add_argument("--worth", action="store_true", help=WORTH)


def _ready(run: Callable[[Arguments], int]) -> Callable[[Arguments], int]:
    """Set Django up before a word that needs it."""

    def started(arguments: Arguments) -> int:
        django_ready()
        return run(arguments)

    return started


def _before_appending(run: Callable[[Arguments], int]) -> Callable[[Arguments], int]:
    """Ask, before a word appends, whether anybody knows a longer register than the one here."""

    def started(arguments: Arguments) -> int:
        django_ready()
        if _appends(arguments):
            from voltrail_server.operations import serving, standing  # noqa: PLC0415

            if standing.installed():
                serving.need_own_past()
        return run(arguments)

    return started


def _appends(arguments: Arguments) -> bool:
    """Return whether a word will write: it neither lists, nor checks, nor only shows."""
    shows = getattr(arguments, "verb", "") == "list" or getattr(arguments, "verify", False)
    return not shows and getattr(arguments, "yes", True)


# verb → (what it does, how its arguments are declared, the function)
VERBS: dict[
    str, tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[Arguments], int]]
] = {
    "init": ("create operator, keys and database", asking.declare, _ready(asking.init)),
    "serve": ("serve pages and API", _serve, serve),
    "account": (
        "add, list and close accounts, make a new link",
        accounts.declare,
        _before_appending(account),
    ),
    "token": (
        "issue, list and end tokens and links of firms",
        passes.declare,
        _before_appending(token),
    ),
    "contradictions": (
        "say what contradicts itself on record",
        contradicting.declare,
        _ready(contradicting.run),
    ),
    "check-register": ("re-check the register from its bytes", _fsck, fsck),
    "rebuild": ("fold every view again", _plain, rebuild),
    "import": ("bring in a list", _bring, _before_appending(bring)),
    "work": ("do long work that waits", _work, _before_appending(work)),
    "where": (
        "say where a unit, a lot or a place's goods are",
        locating.declare,
        _ready(locating.where),
    ),
    **{
        word: (said, declare, (_before_appending if word == "backup" else _ready)(run))
        for word, (said, declare, run) in WORDS.items()
    },
}
