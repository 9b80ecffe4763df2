"""
Challenges to the chips in units: `voltrail scan` on a server, and `voltrail label` without one.

    scan challenge          serial or code, a server     → a challenge, kept there
    scan answer             the answer                   → what it says, on record there
    label challenge         a unit                       → a challenge, in a file
    label element-sign      a challenge and a key        → an answer: you play the element
    label answer            answer, file, unit record    → what it says; the file works once
"""

import argparse
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli import answers
from voltrail.cli.errands import server_of
from voltrail.cli.keys import declare_secrets, opened
from voltrail.cli.output import emit, say
from voltrail.cli.shown import pinned_of, text_of
from voltrail.errors import MalformedError, RefusedError

if TYPE_CHECKING:
    from voltrail.statements.unit import UnitRecord

_EXAMPLES = """examples:
  voltrail scan challenge K0001 --server https://voltrail.example --token-file t --qr ask.png
  voltrail scan answer answer.jpg --server https://voltrail.example --token-file t
"""
_PURPOSES = ("look", "receipt", "install")
_CODES = {"match": 0, "wrong-key": 1, "other-unit": 1}  # the others: nothing could be told
_SPENT = ".answered"


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of `voltrail scan`.

    Args:
        parser: of this word

    Source: mission, PV-03; ADR 0043.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("challenge", help="ask the element of a unit that is on record")
    one.add_argument("what", help="a serial, the text of a code, or a photo of it")
    _declare_asking(one)
    one.set_defaults(run=scan_challenge)
    two = verbs.add_parser("answer", help="hand in what an element answered")
    two.add_argument("answer", help="the text, a file that holds it, or a photo of its code")
    two.add_argument("--unit", default="", help="the unit in your hand, where you know it")
    two.set_defaults(run=scan_answer)
    for parsed in (one, two):
        parsed.add_argument("--server", required=True, help="a server's address")
        parsed.add_argument("--token-file", help="holds the operator's token")
        parsed.add_argument("--json", action="store_true")


def declare_offline(verbs: Any) -> None:  # noqa: ANN401 — argparse's sub-parsers
    """
    Declare the verbs of `voltrail label` that need no server.

    Args:
        verbs: of this word

    Source: mission, PV-03; ADR 0043.
    """
    one = verbs.add_parser("challenge", help="ask the element of a unit, without a server")
    one.add_argument("unit", help="urn:voltrail:unit:<maker>:<serial>")
    _declare_asking(one)
    one.add_argument("--out", required=True, help="where the challenge is kept until answered")
    one.set_defaults(run=challenge)
    one = verbs.add_parser("element-sign", help="answer a challenge with a key: play the element")
    one.add_argument("challenge", help="the text, a file that holds it, or a photo of its code")
    one.add_argument("--key", required=True, help="PEM of the element's key, Ed25519 or P-256")
    declare_secrets(one)
    one.add_argument("--out", help="where the answer goes; shown where absent")
    one.set_defaults(run=element_sign)
    one = verbs.add_parser("answer", help="judge what an element answered, without a server")
    one.add_argument("answer", help="the text, a file that holds it, or a photo of its code")
    one.add_argument("--challenge", required=True, help="the file that label challenge wrote")
    one.add_argument("--unit-record", required=True, help="the maker's signed unit record")
    pinned = one.add_mutually_exclusive_group(required=True)
    pinned.add_argument("--key", action="append", help="the maker's public half, a .pub file")
    pinned.add_argument("--trust", help="anchors.json, the pinned trust")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=answer)


def _declare_asking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--purpose", choices=_PURPOSES, default="look", help="what it is for")
    parser.add_argument("--qr", help="a .png or .svg to draw the challenge in")


def scan_challenge(arguments: argparse.Namespace) -> int:
    """
    Ask the element of a unit through a server.

    Args:
        arguments: what, purpose, qr, server, token_file, json

    Returns:
        0.

    Raises:
        ProductError: no unit bears it, it has no key on record, or the server does not answer.

    Source: mission, PV-03; ADR 0043.
    """
    wanted = {"text": _text(arguments.what), "purpose": arguments.purpose}
    found = _sent(arguments, "/labels/challenge", wanted)
    _draw(arguments.qr, found["challenge"])
    if arguments.json:
        emit(found)
        return 0
    say(found["challenge"])
    say(f"For {found['unit']}, until {found['expiresAt']}.")
    say("Next: voltrail scan answer ANSWER --server … --token-file …")
    return 0


def scan_answer(arguments: argparse.Namespace) -> int:
    """
    Hand in what an element answered, and say what it says.

    Args:
        arguments: answer, unit, server, token_file, json

    Returns:
        0 where it is a match, 1 where another key or unit answered, 75 where nothing is told.

    Raises:
        ProductError: no answer, nobody asked for it, or the server does not answer.

    Source: mission, PV-03; ADR 0043.
    """
    wanted = {"answer": _text(arguments.answer), "unit": arguments.unit}
    found = _sent(arguments, "/labels/answer", wanted)
    return _told(found, as_json=arguments.json)


def challenge(arguments: argparse.Namespace) -> int:
    """
    Ask the element of a unit without a server.

    Args:
        arguments: unit, purpose, qr, out

    Returns:
        0.

    Raises:
        MalformedError: no unit, or the file is there already.

    Source: mission, PV-03; ADR 0043.
    """
    from voltrail.ids.subject import UnitId  # noqa: PLC0415 — only when needed
    from voltrail.labels import element  # noqa: PLC0415

    unit, out = UnitId.read(arguments.unit), Path(arguments.out)
    chance = secrets.token_bytes(element.NONCE)
    asked = element.ask(unit, element.Purpose(arguments.purpose), chance, datetime.now(UTC))
    text = element.text(asked)
    try:
        with out.open("x", encoding="ascii") as file:
            file.write(f"{text}\n")
    except FileExistsError as error:
        raise MalformedError(f"{out} is there already.", hint="Name a new file.") from error
    _draw(arguments.qr, text)
    say(text)
    say(f"Kept in {out} until {asked.expires:%H:%M:%SZ}. Next: voltrail label answer ANSWER …")
    return 0


def element_sign(arguments: argparse.Namespace) -> int:
    """
    Answer a challenge with a key: what the element itself does.

    Args:
        arguments: challenge, key, passphrase_file, pin_file, out

    Returns:
        0.

    Raises:
        MalformedError: no challenge, or a key of another scheme.

    Source: docs/spec/element.md.
    """
    from voltrail.labels import element  # noqa: PLC0415

    (key,) = opened([arguments.key], arguments)
    text = element.answer(element.parse(_text(arguments.challenge)), key)
    if arguments.out:
        Path(arguments.out).write_text(f"{text}\n", encoding="ascii")
    else:
        say(text)
    return 0


def answer(arguments: argparse.Namespace) -> int:
    """
    Judge what an element answered against the maker's unit record, without a server.

    Args:
        arguments: answer, challenge, unit_record, key or trust, json

    Returns:
        0 where it is a match, 1 where another key answered, 75 where nothing is told.

    Raises:
        MalformedError: no challenge, no answer, or no unit record.
        RefusedError: the record is not the maker's, or is of another unit.

    Source: mission, PV-03; docs/spec/element.md.
    """
    from voltrail.labels import element  # noqa: PLC0415 — only when needed
    from voltrail.labels.element import Hand  # noqa: PLC0415
    from voltrail.projections.element import public_key  # noqa: PLC0415

    kept, spent = Path(arguments.challenge), Path(arguments.challenge + _SPENT)
    is_spent = spent.exists()
    asked = element.parse((spent if is_spent else kept).read_text("ascii"))
    record = _record(arguments)
    given = element.read(_text(arguments.answer))
    hand = Hand(record.unit, public_key(record), is_spent)
    found = element.judge(asked, given, hand, datetime.now(UTC))
    if found.counts:
        kept.rename(spent)
    told = {
        "unit": str(record.unit),
        "result": str(found.proof),
        "sentence": str(found.sentence),
        "hint": str(found.hint),
        "leftOut": "Not looked at: whether the record was withdrawn, holds, release.",
    }
    return _told(told, as_json=arguments.json)


def _record(arguments: argparse.Namespace) -> "UnitRecord":
    from voltrail.ids.subject import PartyId  # noqa: PLC0415 — only when needed
    from voltrail.statements import envelope  # noqa: PLC0415
    from voltrail.statements.unit import UnitRecord  # noqa: PLC0415
    from voltrail.trust.verify import verify  # noqa: PLC0415

    given = envelope.parse(Path(arguments.unit_record).read_bytes())
    found = verify(given, pinned_of(arguments), datetime.now(UTC)).statement
    if not isinstance(found.fact, UnitRecord):
        raise MalformedError("This statement is no unit record.", hint="Name the unit record.")
    if found.header.issuer != PartyId.of(found.fact.unit.parts[0]):
        raise RefusedError(
            f"{found.header.issuer.key} signed it, which is not the maker of the unit.",
            hint="Ask the maker for its own record.",
        )
    return found.fact


def _sent(arguments: argparse.Namespace, path: str, wanted: dict[str, str]) -> dict[str, Any]:
    server = server_of(arguments)
    if server is None:
        raise MalformedError("No server is named.", hint="Add --server URL.")
    body = json.dumps(wanted).encode()
    return answers.read(server.send("POST", path, body, "application/json"))


def _told(found: dict[str, Any], *, as_json: bool) -> int:
    if as_json:
        emit(found)
    else:
        say(f"{found['result'].upper()}. {found['sentence']}")
        for line in (found["hint"], found.get("leftOut")):
            if line:
                say(line)
        if found.get("entry") is not None:
            say(f"On record as entry {found['entry']}.")
    return _CODES.get(found["result"], 75)


def _text(what: str) -> str:
    """Return a text as typed, out of a file, or out of the one code in a photo."""
    text = text_of(what)
    path = Path(what)
    return path.read_text("ascii").strip() if text == what and _is_file(path) else text


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a text that is too long for a name
        return False


def _draw(out: str | None, text: str) -> None:
    if out is None:
        return
    from voltrail.labels import code  # noqa: PLC0415 — only when needed

    path = Path(out)
    if path.suffix == ".svg":
        path.write_text(code.svg(text), encoding="utf-8")
    elif path.suffix == ".png":
        path.write_bytes(code.png(text))
    else:
        raise MalformedError("A code is an .svg or a .png.", hint="Change --qr.")
