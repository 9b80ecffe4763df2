"""`voltrail sign-draft`: sign a draft that waits on a server, with a key that never leaves here."""

import argparse
from typing import Any

from voltrail.cli.errands import server_of
from voltrail.cli.keys import KEY_HELP, declare_secrets, opened
from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError

_EXAMPLES = """examples:
  voltrail sign-draft 12 --key runa.pem --server https://voltrail.example --token-file token
  voltrail sign-draft 12 --server https://voltrail.example --token-file token     shows it only
"""


def declare(_word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: our choice: ADR 0014.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("number", type=int, help="of the draft")
    parser.add_argument(
        "--key", action="append", default=[], help=f"{KEY_HELP}; none shows the draft only"
    )
    parser.add_argument("--server", required=True, help="the server's address")
    parser.add_argument("--token-file", required=True, help="holds the operator's token")
    declare_secrets(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=sign_draft)


def sign_draft(arguments: argparse.Namespace) -> int:
    """
    Show what a draft says, sign its exact bytes, and add the signature to it.

    Args:
        arguments: number, key, server, token_file, json

    Returns:
        0 where the signature stands, or the draft was shown only; 1 where everybody has signed
        and the register refused the record.

    Raises:
        MalformedError: the server's draft is no statement, or a key does not open.
        ProductError: what the server refused the signature with.

    Source: DSSE v1.0.2; our choice: ADR 0014.
    """
    from voltrail.trust.signer import sealed  # noqa: PLC0415 — only when needed

    server = server_of(arguments)
    if server is None:
        raise MalformedError("No server is named.", hint="Add --server URL.")
    payload = server.draft(arguments.number)
    shown = _shown(payload)
    if not arguments.json:
        for line in shown["lines"]:
            say(line)
    if arguments.key:
        made = sealed(payload, *opened(arguments.key, arguments))
        return _told(arguments, server.add_signatures(arguments.number, made.raw))
    if arguments.json:
        emit({"number": arguments.number, "statement": shown["statement"]})
    else:
        say("Nothing is signed. To sign it: add --key KEY.")
    return 0


def _shown(payload: bytes) -> dict[str, Any]:
    """Return what a draft says, so that nobody signs what they have not seen."""
    from voltrail import canonical  # noqa: PLC0415 — only when needed
    from voltrail.statements import statement  # noqa: PLC0415

    said = statement.parse(payload)
    whole = canonical.parse(payload, what="draft")
    predicate = whole["predicate"]
    fields = predicate if isinstance(predicate, dict) else {}
    about = ", ".join(map(str, said.subjects))
    lines = [f"{said.predicate_type} by {said.header.issuer} about {about}"]
    lines += [
        f"  {name}: {canonical.canonical_bytes(value).decode()}"
        for name, value in fields.items()
        if name != "header"
    ]
    return {"statement": whole, "lines": lines}


def _told(arguments: argparse.Namespace, found: dict[str, Any]) -> int:
    done, needed = sum(one["key"] is not None for one in found["signatures"]), found["needed"]
    stands = found["index"] is not None
    if arguments.json:
        emit(found)
    elif stands:
        say(f"In the register as entry {found['index']}.")
    else:
        say(f"{done} of {needed} signed. {found['refusal'] or 'The others sign next.'}")
    return 1 if done >= needed and not stands else 0
