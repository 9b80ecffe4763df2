"""`voltrail hand-in` and `voltrail may-install`: errands to a folder register or to a server."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import complain, emit, say
from voltrail.errors import MalformedError, ProductError

if TYPE_CHECKING:
    from voltrail.cli.remote import Server


def declare(word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        word: hand-in or may-install
        parser: of this word

    Source: our choice: ADR 0013.
    """
    if word == "hand-in":
        parser.add_argument("file", nargs="+", help="signed envelopes")
    else:
        parser.add_argument("unit", help="urn:voltrail:unit:<maker>:<serial>")
    declare_where(parser, "the firm's")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=hand_in if word == "hand-in" else may_install)


def declare_where(parser: argparse.ArgumentParser, whose: str = "the operator's") -> None:
    """
    Declare where an errand goes: to a folder register or to a server.

    Args:
        parser: of the word
        whose: token the server asks for

    Source: our choice: ADR 0013.
    """
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", "--register", dest="folder", help="a folder register")
    where.add_argument("--server", help="a server's address")
    parser.add_argument("--token-file", help=f"holds {whose} token; needed with --server")


def hand_in(arguments: argparse.Namespace) -> int:
    """
    Hand in signed statements one by one and say where each stands.

    Args:
        arguments: file, folder or server, token_file, json

    Returns:
        0, else the exit code of the first that was refused; the others are handed in all the same.

    Raises:
        ProductError: the folder or the server cannot be used at all.

    Source: design, section 8.4; ADR 0013.
    """
    envelopes = [(path, Path(path).read_bytes()) for path in arguments.file]
    server = server_of(arguments)
    take = server.hand_in if server else _folder(arguments.folder)
    codes: list[int] = []
    told: list[dict[str, Any]] = []
    for path, raw in envelopes:
        try:
            found = take(raw)
        except ProductError as error:
            codes.append(_refused(path, error, told, as_json=arguments.json))
            continue
        told.append({"file": path, **found})
        if not arguments.json:
            word = "registered" if found["fresh"] else "was already registered"
            say(f"{path} {word} as entry {found['index']}, digest {found['digest']}.")
    if arguments.json:
        emit({"statements": told})
    return next((code for code in codes if code), 0)


def may_install(arguments: argparse.Namespace) -> int:
    """
    Say whether a unit may be installed.

    Args:
        arguments: unit, folder or server, token_file, json

    Returns:
        0 where it may, 1 where it may not.

    Raises:
        ProductError: the question could not be answered.

    Source: design, walls; mission, II-07.
    """
    from voltrail.ids.subject import UnitId  # noqa: PLC0415 — only when needed

    unit = UnitId.read(arguments.unit)
    server = server_of(arguments)
    found = server.may_install(unit) if server else _asked(arguments.folder, unit)
    allowed = found.get("allowed") is True  # anything else is a no
    if arguments.json:
        emit({name: found.get(name) for name in ("unit", "allowed", "sentence", "entries")})
    else:
        say("May be installed." if allowed else "Do not install.")
        say(str(found.get("sentence", "")))
    return 0 if allowed else 1


def server_of(arguments: argparse.Namespace) -> "Server | None":
    """
    Return the server that a command names, or None where it names a folder.

    Args:
        arguments: server, token_file

    Returns:
        The server, connected to with the token.

    Raises:
        MalformedError: a server is named without a token.
        RefusedError: the token would travel in the clear, or others may read its file.

    Source: our choice: ADR 0013.
    """
    if not arguments.server:
        return None
    if not arguments.token_file:
        raise MalformedError(
            "A server needs a token.", hint="Add --token-file FILE; the operator issues tokens."
        )
    from voltrail.cli.remote import connect  # noqa: PLC0415 — HTTP only when needed

    return connect(arguments.server, Path(arguments.token_file))


def next_of(draft: Any, *, on_server: bool) -> str:  # noqa: ANN401 — a number or a file
    """
    Return what the two persons of a draft do next.

    Args:
        draft: its number on a server, or its file
        on_server: whether it waits on a server

    Returns:
        One sentence.

    Source: our choice: ADR 0014.
    """
    if on_server:
        return f"Next, each of the two: voltrail sign-draft {draft} --key KEY --server …"
    return f"Next: both sign {draft} with voltrail sign, then voltrail hand-in."


def _folder(folder: str) -> Any:  # noqa: ANN401 — takes bytes, returns a place
    from voltrail.actions.record import hand_in as take  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    desk = open_desk(Path(folder))

    def one(raw: bytes) -> dict[str, Any]:
        found = take(desk, raw, datetime.now(UTC))
        return {
            "index": found.index,
            "digest": found.digest,
            "fresh": found.fresh,
            "predicateType": found.predicate_type,
            "subjects": [str(subject) for subject in found.subjects],
        }

    return one


def _asked(folder: str, unit: Any) -> dict[str, Any]:  # noqa: ANN401 — a UnitId, imported late
    from voltrail.actions.show import may_install as ask  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    found = ask(open_desk(Path(folder)), unit, datetime.now(UTC))
    return {
        "unit": str(unit),
        "allowed": found.allowed,
        "sentence": found.sentence,
        "entries": list(found.entries),
    }


def _refused(path: str, error: ProductError, told: list[Any], *, as_json: bool) -> int:
    if as_json:
        refusal = {"error": type(error).__name__, "sentence": str(error), "hint": error.hint}
        told.append({"file": path, **refusal})
        return error.exit_code
    say(f"{path} was not registered.")
    return complain(error, as_json=False)
