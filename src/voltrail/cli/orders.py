"""`voltrail may-order` and `voltrail order`: to a folder register or to a server."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voltrail.cli.errands import declare_where, server_of
from voltrail.cli.output import complain, emit, say
from voltrail.errors import UnmetError

_FIELDS = {
    "product": "urn:voltrail:product:<maker>:<model>",
    "seller": "urn:voltrail:party:<seller>",
    "place": "urn:voltrail:place:<you>:<place>",
    "channel": "how it is bought, for example direct",
}
_EXAMPLES = """examples:
  voltrail may-order urn:voltrail:order:nordlicht:PO-900 --folder reg --quantity 16 \\
    --product urn:voltrail:product:kestrel:KP-24 --seller urn:voltrail:party:tiderace \\
    --place urn:voltrail:place:nordlicht:hall-7 --channel distributor
  voltrail order … the same …      places it, or leaves a refused attempt on record
"""


def declare(word: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        word: may-order or order
        parser: of this word

    Source: mission, SQ-02; our choice: ADR 0013.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("order", help="urn:voltrail:order:<you>:<number>")
    for name, text in _FIELDS.items():
        parser.add_argument(f"--{name}", required=True, help=text)
    parser.add_argument("--quantity", required=True, type=int, help="items")
    declare_where(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=may_order if word == "may-order" else order)


def may_order(arguments: argparse.Namespace) -> int:
    """
    Say whether something may be ordered now, and list everything that is unmet.

    Args:
        arguments: order, product, seller, place, channel, quantity, folder or server, json

    Returns:
        0 where it may, 1 where it may not.

    Raises:
        ProductError: the question could not be answered.

    Source: mission, SQ-02.
    """
    raw, server = _wanted(arguments), server_of(arguments)
    found = server.may_order(raw) if server else _asked(arguments.folder, raw)
    allowed = found.get("allowed") is True  # anything else is a no
    if arguments.json:
        emit(found)
        return 0 if allowed else 1
    say(str(found.get("sentence") or ("May be ordered." if allowed else "Do not order.")))
    _list(found.get("unmet", ()))
    for one in found.get("waived", ()):
        say(f"~ {one.get('control')}: {one.get('sentence', '')}")
    return 0 if allowed else 1


def order(arguments: argparse.Namespace) -> int:
    """
    Place an order, or list what refused it.

    Args:
        arguments: order, product, seller, place, channel, quantity, folder or server, json

    Returns:
        0 where it stands in the register, 1 where requirements are unmet.

    Raises:
        ProductError: it was refused for another reason.

    Source: mission, SQ-02.
    """
    raw, server = _wanted(arguments), server_of(arguments)
    try:
        found = server.order(raw) if server else _placed(arguments.folder, raw)
    except UnmetError as error:
        return _refused(error, as_json=arguments.json)
    if arguments.json:
        emit(found)
    else:
        say(f"{arguments.order} stands as entry {found['index']}, digest {found['digest']}.")
    return 0


def _wanted(arguments: argparse.Namespace) -> bytes:
    names = ("order", *_FIELDS, "quantity")
    return json.dumps({name: getattr(arguments, name) for name in names}).encode()


def _asked(folder: str, raw: bytes) -> dict[str, Any]:
    from voltrail.actions.order import may_order as ask  # noqa: PLC0415 — only when needed
    from voltrail.actions.order import read_wanted  # noqa: PLC0415
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    wanted = read_wanted(raw)
    found = ask(open_desk(Path(folder)), wanted, datetime.now(UTC))
    return {
        "order": str(wanted.order),
        "allowed": found.allowed,
        "sentence": found.sentence,
        "tier": found.tier,
        "policy": found.policy,
        "unmet": _plain(found.unmet),
        "met": _plain(found.met),
        "waived": _plain(found.waived),
    }


def _placed(folder: str, raw: bytes) -> dict[str, Any]:
    from voltrail.actions.order import place_order, read_wanted  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    wanted = read_wanted(raw)
    done = place_order(open_desk(Path(folder)), wanted, datetime.now(UTC))
    return {"order": str(wanted.order), "index": done.index, "digest": done.digest}


def _refused(error: UnmetError, *, as_json: bool) -> int:
    unmet = _plain(error.unmet)
    if as_json:
        said = {"error": type(error).__name__, "sentence": str(error), "hint": error.hint}
        emit({**said, "unmet": unmet, "attempt": error.attempt})
        return error.exit_code
    _list(unmet)
    return complain(error, as_json=False)


def _list(unmet: Any) -> None:  # noqa: ANN401 — requirements as JSON
    for one in unmet:
        say(f"✗ {one.get('control') or 'record'}: {one.get('sentence', '')}")
        if one.get("remedy"):
            say(f"  → {one.get('role') or 'somebody'}: {one['remedy']}")


def _plain(found: Any) -> list[dict[str, Any]]:  # noqa: ANN401 — requirements
    """Return requirements as JSON; a server has sent them so already."""
    from voltrail.statements.fields import write  # noqa: PLC0415 — only when needed

    return [one if isinstance(one, dict) else write(one) for one in found]
