"""
`voltrail call NAME`: every verb of `actions` on a folder, every route of the API on a server.

Arguments are texts turned into what the verb's own annotation, or the server's description, asks
for: identities, numbers, bytes of a file, values as JSON.
"""

import argparse
import inspect
import json
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from voltrail import canonical
from voltrail.cli.errands import server_of
from voltrail.cli.given import pairs
from voltrail.cli.output import say
from voltrail.cli.registers import open_desk
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import SubjectId, parse
from voltrail.statements.fields import Fact, read

_EXAMPLES = """examples:
  voltrail call show.arrival which=urn:voltrail:arrival:nordlicht:2026-101 --folder reg
  voltrail call notices person=meret show=unread --server https://voltrail.example \\
    --token-file token
"""
NOUNS = ("record", "show", "prove", "pack", "policy", "order")


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: design, section 5.4.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("verb", help="a verb or a route; 'list' names them all")
    parser.add_argument("given", nargs="*", metavar="NAME=VALUE")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--folder", help="a folder register")
    where.add_argument("--server", help="a server's address")
    parser.add_argument("--token-file", help="holds the operator's token; needed with --server")
    parser.add_argument("--body", help="with --server: a file to send as it is")
    parser.add_argument("--out", help="with --server: where the answer is written")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """
    Yield every verb with its dotted name.

    Yields:
        Name and function.

    Source: design, section 5.4.
    """
    for noun in NOUNS:
        module = import_module(f"voltrail.actions.{noun}")
        for name, found in sorted(vars(module).items()):
            own = getattr(found, "__module__", "") == module.__name__
            if own and inspect.isfunction(found) and not name.startswith("_"):
                yield f"{noun}.{name}", found


def run(arguments: argparse.Namespace) -> int:
    """
    Call one verb of a folder or one route of a server, and print what it returns.

    Args:
        arguments: verb, given, folder or server, body, out, json

    Returns:
        0.

    Raises:
        UnknownSubjectError: no such verb, route or argument.
        MalformedError: a value does not fit its argument.
        ProductError: what a server refused it with.

    Source: design, section 5.4; ADR 0013.
    """
    if arguments.server:
        return _on_server(arguments)
    known = dict(verbs())
    if arguments.verb == "list":
        for name, found in known.items():
            say(f"{name}{inspect.signature(found)}")
        return 0
    if arguments.verb not in known or not arguments.folder:
        raise UnknownSubjectError(
            f"There is no verb {arguments.verb!r}, or no --folder to call it on.",
            hint="List them: voltrail call list.",
        )
    verb = known[arguments.verb]
    found = verb(open_desk(Path(arguments.folder)), **_typed(verb, pairs(arguments.given)))
    print(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    return 0


def _on_server(arguments: argparse.Namespace) -> int:
    from voltrail.cli import routes  # noqa: PLC0415 — HTTP only when needed

    server = server_of(arguments)
    if server is None:
        return 0
    if arguments.verb == "list":
        for one in routes.routes(server).values():
            say(f"{one.name:<18} {one.method:<6} {one.path}  {one.summary}")
        return 0
    found = routes.call(server, arguments.verb, pairs(arguments.given), arguments.body)
    if arguments.out:
        Path(arguments.out).write_bytes(found)
        say(f"Wrote {arguments.out}.")
    else:
        say(_pretty(found) if found else "Done.")
    return 0


def _pretty(found: bytes) -> str:
    try:
        return json.dumps(json.loads(found), ensure_ascii=False, indent=2)
    except ValueError:
        return _text(found)


def _text(found: bytes) -> str:
    """Return an answer that is no JSON as text; what is no text wants a file."""
    try:
        return found.decode().rstrip("\n")
    except UnicodeDecodeError as error:
        raise MalformedError("The answer is no text.", hint="Add --out FILE.") from error


def _typed(verb: Callable[..., Any], given: dict[str, str]) -> dict[str, Any]:
    hints = typing.get_type_hints(verb)
    typed: dict[str, Any] = {"at": datetime.now(UTC)} if "at" in hints else {}
    for name, text in given.items():
        if name not in hints:
            raise UnknownSubjectError(f"The verb takes no {name!r}.", hint="voltrail call list.")
        typed[name] = _value(hints[name], text)
    return typed


def _value(hint: Any, text: str) -> Any:  # noqa: ANN401 — a type annotation
    if isinstance(hint, type) and issubclass(hint, SubjectId):
        return parse(text)
    if hint is bytes:
        return Path(text).read_bytes()
    if isinstance(hint, type) and issubclass(hint, Fact):
        return read(hint, canonical.parse(text.encode(), what="value"), "The value")
    return _number(text) if int in (hint, *typing.get_args(hint)) else text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise MalformedError(f"{text[:40]!r} is no whole number.", hint="Write it in digits.")
    return int(text)


def _plain(found: Any) -> Any:  # noqa: ANN401 — any kernel value
    if isinstance(found, bytes):
        return found.decode(errors="replace")
    if isinstance(found, Struct):
        return _plain(structs.asdict(found))
    if isinstance(found, dict):
        return {str(key): _plain(value) for key, value in found.items()}
    if isinstance(found, tuple | list | frozenset):
        return [_plain(item) for item in found]
    return found if isinstance(found, int | bool | None) else str(found)
