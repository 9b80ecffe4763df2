"""
`voltrail label`: print labels, and say what a scan of one says.

    print    list of serials          → sheets as PDF, or one code as SVG or PNG
    read     photo, or scanned text   → which unit, and match, mismatch, unknown or cloned

Challenges to elements stand in `elements`. Works with the kernel and its extra `labels`; a folder
register or a server answers for the record.
"""

import argparse
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli import answers, elements
from voltrail.cli.errands import server_of
from voltrail.cli.keys import KEY_HELP, declare_secrets, opened
from voltrail.cli.output import emit, say
from voltrail.cli.shown import pinned_of, text_of
from voltrail.errors import MalformedError

if TYPE_CHECKING:
    from voltrail.labels.sheet import Printed
    from voltrail.labels.verdict import Answer, Bar

_EXAMPLES = """examples:
  voltrail label print --serials units.csv --product urn:voltrail:product:kestrel:KR-48 \\
    --host id.kestrel.example --out labels.pdf
  voltrail label print --serial K0001 --product … --host … --sign kestrel.pem --out one.svg
  voltrail label read photo.jpg --folder reg
  voltrail label read photo.jpg --lot lot.json --key kestrel.pem.pub --manifest units.csv
"""
_WORDS = {"may-install": "MATCH, MAY BE INSTALLED", "match-held": "MATCH, DO NOT INSTALL"}


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, PV-03; ADR 0039.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(dest="verb", required=True)
    _declare_print(verbs.add_parser("print", help="print labels of units"))
    _declare_read(verbs.add_parser("read", help="say what a scan of a label says"))
    elements.declare_offline(verbs)


def _declare_print(one: argparse.ArgumentParser) -> None:
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument("--serials", help="a list: CSV with a column serial, else the first one")
    which.add_argument("--serial", action="append", help="repeat for more units")
    one.add_argument("--product", required=True, help="urn:voltrail:product:<maker>:<model>")
    one.add_argument("--host", required=True, help="where a phone asks, for example id.example")
    one.add_argument("--gtin", default="", help="of the product; makes GS1 Digital Links")
    one.add_argument("--lot", default="", help="number of the lot, printed beside the code")
    one.add_argument("--layout", default="a4-24", help="a4-24, a4-65 or letter-30")
    one.add_argument("--sign", help=f"the maker's key, {KEY_HELP}: the code carries its signature")
    one.add_argument(
        "--form",
        choices=("cose", "8030"),
        default="cose",
        help="with --sign: a compact code, or the signature behind the link in AI 8030",
    )
    declare_secrets(one)
    one.add_argument("--out", required=True, help=".pdf for sheets; .svg or .png for one code")
    one.set_defaults(run=print_labels)


def _declare_read(one: argparse.ArgumentParser) -> None:
    one.add_argument("what", help="a photo, or the text of a code")
    one.add_argument("--seal", default="", help="the number of the seal on it")
    where = one.add_mutually_exclusive_group()
    where.add_argument("--folder", help="a folder register")
    where.add_argument("--server", help="a server's address")
    where.add_argument("--lot", dest="record", help="a signed lot record: judged offline")
    one.add_argument("--token-file", help="holds the operator's token; needed with --server")
    pinned = one.add_mutually_exclusive_group()
    pinned.add_argument("--key", action="append", help="the maker's public half, a .pub file")
    pinned.add_argument("--trust", help="anchors.json, the pinned trust")
    one.add_argument("--manifest", help="with --lot: the list that it commits to")
    one.add_argument("--place", help="where it was scanned: urn:voltrail:place:…")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=read_label)


def print_labels(arguments: argparse.Namespace) -> int:
    """
    Write labels of units, as sheets or as one code.

    Args:
        arguments: serials or serial, product, host, gtin, lot, layout, sign, passphrase_file,
            pin_file, out

    Returns:
        0.

    Raises:
        MalformedError: no serial, one that cannot be one, or more than one for a single code.
        UnverifiableError: the extra `labels` is not installed.

    Source: mission, PV-03; ADR 0039.
    """
    from voltrail.labels import code, sheet  # noqa: PLC0415 — only when needed

    out = Path(arguments.out)
    labels = _printed(arguments)
    if out.suffix == ".pdf":
        out.write_bytes(sheet.sheet(labels, arguments.layout))
    elif len(labels) > 1 or out.suffix not in (".svg", ".png"):
        raise MalformedError(
            "One code is an .svg or .png; more than one are a .pdf.", hint="Change --out."
        )
    elif out.suffix == ".svg":
        out.write_text(code.svg(labels[0].text), encoding="utf-8")
    else:
        out.write_bytes(code.png(labels[0].text))
    say(f"Labels in {out}: {len(labels):,}. Print at 100 %, not fitted to the page.")
    return 0


def read_label(arguments: argparse.Namespace) -> int:
    """
    Say what a scan of a label says: against a register, or offline against a lot record.

    Args:
        arguments: what, seal, folder, server or record, key or trust, manifest, json

    Returns:
        0 where it matches and, by the register, may be installed; 1 where it does not, is cloned,
        or may not be installed; 75 where nothing on record bears it.

    Raises:
        ProductError: it is no label, or could not be judged.

    Source: mission, PV-03; ADR 0039.
    """
    text = text_of(arguments.what)
    if arguments.server:
        found = _asked(arguments, text)
    elif arguments.folder:
        found = _on_folder(arguments, text)
    else:
        found = _offline(arguments, text)
    if arguments.json:
        emit(found)
    else:
        bar = found["bar"]
        say(f"{_WORDS.get(bar['word'], bar['word'].upper())}. {bar['sentence']}")
        for line in (bar["hint"], found["leftOut"]):
            if line:
                say(line)
    return {"may-install": 0, "match": 0, "unknown": 75}.get(found["bar"]["word"], 1)


def _printed(arguments: argparse.Namespace) -> "list[Printed]":
    from voltrail.ids.subject import ProductId, UnitId  # noqa: PLC0415 — only when needed
    from voltrail.labels import bare, link, signed  # noqa: PLC0415
    from voltrail.labels.sheet import Printed  # noqa: PLC0415

    product = ProductId.read(arguments.product)
    keys = opened([arguments.sign] if arguments.sign else [], arguments)
    lines = (f"{product.parts[0]} · {product.parts[1]}", arguments.lot and f"lot {arguments.lot}")
    found = []
    for serial in arguments.serial or _serials(Path(arguments.serials).read_text("utf-8-sig")):
        unit = UnitId.of(product.parts[0], serial)
        label = link.Label(unit, arguments.gtin, arguments.lot)
        if keys and arguments.form == "8030":
            text = bare.sign(label, arguments.host, keys[0])
        else:
            text = signed.sign(unit, keys[0]) if keys else link.address(label, arguments.host)
        found.append(Printed(text, serial, tuple(filter(None, (*lines, arguments.host)))))
    if not found:
        raise MalformedError("The list names no unit.", hint="One serial to a line below a header.")
    return found


def _serials(text: str) -> list[str]:
    from voltrail.readers import row_lines  # noqa: PLC0415 — only when needed
    from voltrail.statements.lot import serial_column  # noqa: PLC0415

    rows = row_lines.rows(list(io.StringIO(text, newline="")), ",")
    at = serial_column(rows[0]) if rows else 0
    return [row[at].strip() for row in rows[1:] if len(row) > at and row[at].strip()]


def _asked(arguments: argparse.Namespace, text: str) -> dict[str, Any]:
    server = server_of(arguments)
    wanted = {"text": text, "seal": arguments.seal, "place": arguments.place or ""}
    body = json.dumps(wanted).encode()
    if server is None:
        raise MalformedError("No server is named.", hint="Add --server URL.")
    return answers.read(server.send("POST", "/labels/read", body, "application/json"))


def _on_folder(arguments: argparse.Namespace, text: str) -> dict[str, Any]:
    from voltrail.actions.label import Shown  # noqa: PLC0415 — only when needed
    from voltrail.actions.rack import at_rack  # noqa: PLC0415
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.ids.subject import PlaceId  # noqa: PLC0415

    place = PlaceId.read(arguments.place) if arguments.place else None
    desk, shown = open_desk(Path(arguments.folder)), Shown(text, arguments.seal, place)
    found = at_rack(desk, shown, datetime.now(UTC))
    plain = _plain(found.scan, found.bar)
    install = found.install
    told = ("allowed", "sentence", "entries")
    plain["mayInstall"] = install and {name: getattr(install, name) for name in told}
    return plain


def _offline(arguments: argparse.Namespace, text: str) -> dict[str, Any]:
    """Judge against a lot record and pinned keys; what only the register knows is said."""
    from voltrail.labels import offline, verdict  # noqa: PLC0415 — only when needed

    pinned, record, commitment, data = pinned_of(arguments), None, None, b""
    if arguments.record:
        from voltrail.cli.lots import read_record  # noqa: PLC0415 — only when needed

        record, commitment = read_record(arguments)
        data = Path(arguments.manifest).read_bytes() if arguments.manifest else b""
    found = offline.judge(text, pinned, record, commitment, data)
    return _plain(found, verdict.of_scan(found))


def _plain(found: "Answer", bar: "Bar") -> dict[str, Any]:
    return {
        "bar": {
            "word": str(bar.word),
            "sentence": bar.sentence,
            "hint": bar.hint,
            "entries": list(bar.entries),
        },
        "verdict": str(found.verdict),
        "sentence": found.sentence,
        "hint": found.hint,
        "unit": str(found.unit) if found.unit else None,
        "entries": list(found.entries),
        "signed": found.signed,
        "leftOut": found.left_out,
        "held": found.held,
    }
