"""Start the server: what must stand first, which children there are, and where they answer."""

import argparse
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from voltrail.cli.output import say
from voltrail.errors import RefusedError, UnverifiableError
from voltrail_server import wiring
from voltrail_server.operations import first_run, promises, standing, upgrading, upkeep
from voltrail_server.operations.loopback import is_local, is_loopback
from voltrail_server.operations.supervisor import Child, Supervisor
from voltrail_server.witnesses import knowing


def serve(arguments: argparse.Namespace) -> int:
    """Keep web, sequencer and worker running until told to stop."""
    _need_files(arguments)
    standing.need_whole()
    if standing.installed():
        upgrading.need_current()
        wiring.desk()
        need_own_past()
    else:
        _need_first_run(arguments)
    _need_free(arguments.host, arguments.port)
    if not standing.installed():
        _invite(arguments)
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    upkeep.come_in(holder)
    standing.need_whole()  # what ended a moment ago has left its mark
    _leave_database()
    return Supervisor(list(_children(arguments, holder)), standing.run_folder()).run()


def need_own_past() -> None:
    """Refuse a register that was longer or other, as this folder or a witness knows."""
    promises.need_kept()
    knowing.need_known()


def _children(arguments: argparse.Namespace, holder: str) -> Iterator[Child]:
    module = (sys.executable, "-m", "voltrail_server.operations.child")
    tls = [
        str(Path(one).resolve()) for one in (arguments.tls_certificate, arguments.tls_key) if one
    ]
    yield Child("web", (*module, "web", arguments.host, str(arguments.port), *tls))
    yield Child("sequencer", (*module, "sequencer", holder), standing.installed)
    yield Child("worker", (*module, "worker", holder), standing.installed)


def _need_files(arguments: argparse.Namespace) -> None:
    if bool(arguments.tls_certificate) != bool(arguments.tls_key):
        raise RefusedError(
            "TLS needs a certificate and its key.", hint="Give --tls-certificate and --tls-key."
        )
    for path in filter(None, (arguments.tls_certificate, arguments.tls_key)):
        if not os.access(path, os.R_OK):
            raise RefusedError(f"{path} cannot be read.", hint="Check the path and its owner.")


def _need_first_run(arguments: argparse.Namespace) -> None:
    behind = settings.VOLTRAIL_PROXIES or not is_local(settings.VOLTRAIL_ORIGIN)
    if arguments.no_first_run or behind or not is_loopback(arguments.host):
        raise UnverifiableError(
            "This installation has no operator and no keys yet.",
            hint="Run: voltrail init. The first-run page needs loopback, and no proxy in front.",
        )


def _need_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as knock:
        knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            knock.bind((host, port))
        except OSError as error:
            raise RefusedError(
                f"Port {port} of {host} cannot be used: {error.strerror}.",
                hint="Stop what uses it, or name another: --port.",
            ) from error


def _invite(arguments: argparse.Namespace) -> None:
    code = first_run.open_door()
    scheme = "https" if arguments.tls_certificate else "http"
    say("Nobody has set this installation up yet.")
    say(f"Open {scheme}://localhost:{arguments.port}/first-run/ on this machine.")
    say(f"Its page asks for this code, which works once: {code}")
    sys.stdout.flush()


def _leave_database() -> None:
    """Close what the parent has open: only children work with the database."""
    from django.db import connections  # noqa: PLC0415 — only here

    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]
