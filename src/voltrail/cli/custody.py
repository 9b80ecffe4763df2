"""
`voltrail custody check`: what contradicts itself in statements, drafts or packs, offline.

Nothing is believed about a signature unless trust is given; with it, what does not verify is left
out and counted. What is in no register is taken as registered when it was claimed.
"""

import argparse
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import emit, say
from voltrail.errors import MalformedError, ProductError

if TYPE_CHECKING:
    from voltrail.projections.rules.model import Anomaly
    from voltrail.projections.view import Recorded
    from voltrail.statements.envelope import Envelope
    from voltrail.trust.anchors import Anchors

_CANNOT_TELL = 75
_ZIP = b"PK"
_Read = tuple[str, "Recorded[Any]", "Envelope | None"]


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: our choice: ADR 0048.
    """
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="find what contradicts itself, by the rules R1 to R24")
    check.add_argument("files", nargs="+", metavar="FILE", help="statements, drafts, or a pack")
    check.add_argument("--trust", help="anchors.json; then only what verifies counts")
    check.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Say what contradicts itself in some files.

    Args:
        arguments: files, trust, json

    Returns:
        0 where nothing does, 1 where something does, 75 where statements were left out and the
        others agree.

    Raises:
        MalformedError: a file holds no statement, draft or pack.

    Source: our choice: ADR 0048.
    """
    from voltrail.projections.anomalies import find  # noqa: PLC0415 — only when needed
    from voltrail.projections.rules.model import tolerances  # noqa: PLC0415

    read = [one for name in arguments.files for one in _read(Path(name))]
    left: list[str] = []
    if arguments.trust:
        from voltrail.trust.anchors import parse  # noqa: PLC0415

        pinned, _ = parse(Path(arguments.trust).read_bytes())
        read, left = _verified(read, pinned)
    numbered = _numbered(read)
    found = find(numbered.values(), tolerances())
    names = {one.entry.index: name for name, one in numbered.items()}
    if arguments.json:
        emit(
            {
                "statements": len(numbered),
                "leftOut": left,
                "signatures": "verified" if arguments.trust else "not checked",
                "findings": [_shown(one, names) for one in found],
            }
        )
    else:
        _tell(found, names, left, trusted=bool(arguments.trust))
    if found:
        return 1
    return _CANNOT_TELL if left else 0


def _read(file: Path) -> Iterator[_Read]:
    """Yield where each statement of a file stands, its fact, and its envelope if it has one."""
    from voltrail.audit.pack import parse  # noqa: PLC0415 — only when needed

    data = file.read_bytes().removeprefix(BOM_UTF8)
    if not data.startswith(_ZIP):
        yield from _lines(file.name, data)
        return
    from voltrail.projections.view import recorded  # noqa: PLC0415
    from voltrail.statements import envelope  # noqa: PLC0415

    for entry in parse(data).entries:
        name = f"{file.name} entry {entry.index}"
        yield name, recorded(entry), envelope.parse(entry.raw)


def _lines(name: str, data: bytes) -> Iterator[_Read]:
    from voltrail import canonical  # noqa: PLC0415 — only when needed

    try:
        canonical.parse(data, what=name, limit=2 * canonical.MAX_BYTES)
        lines = {name: data}
    except MalformedError:
        listed = enumerate(data.splitlines(), 1)
        lines = {f"{name}:{number}": line for number, line in listed if line.strip()}
    if not lines:
        raise MalformedError(f"{name} is empty.", hint="Name a file of statements or a pack.")
    for where, line in lines.items():
        try:
            yield where, *_statement(line)
        except MalformedError as error:
            raise MalformedError(f"{where}: {error}", hint=error.hint) from error


def _statement(line: bytes) -> "tuple[Recorded[Any], Envelope | None]":
    from voltrail import canonical  # noqa: PLC0415 — only when needed
    from voltrail.projections.view import EntryRef, Recorded  # noqa: PLC0415
    from voltrail.statements import envelope, statement  # noqa: PLC0415

    body = canonical.parse(line, what="line", limit=2 * canonical.MAX_BYTES)
    signed = envelope.parse(line) if "payloadType" in body else None
    payload = canonical.canonical_bytes(body) if signed is None else signed.payload
    said = statement.parse(payload)
    digest = canonical.digest(payload) if signed is None else signed.digest
    keys = () if signed is None else tuple(one.keyid for one in signed.signatures)
    ref = EntryRef(0, digest, said.header.claimed_time)
    one = Recorded(said.fact, said.header, said.subjects, said.predicate_type, ref, keys=keys)
    return one, signed


def _verified(read: Iterable[_Read], pinned: "Anchors") -> tuple[list[_Read], list[str]]:
    """Return what verifies, key statements first, and why each of the others was left out."""
    from voltrail.projections.anchors import KEY_TYPE, folded  # noqa: PLC0415 — only when needed
    from voltrail.trust.verify import verify  # noqa: PLC0415

    good, left, events, anchors = list[_Read](), list[str](), list[Any](), pinned
    for name, one, envelope in sorted(read, key=_keys_first):
        try:
            if envelope is None:
                left.append(f"{name}: a draft has no signature.")
                continue
            verify(envelope, anchors, one.entry.log_time)
        except ProductError as error:
            left.append(f"{name}: {error}")
            continue
        good.append((name, one, envelope))
        if one.predicate_type == KEY_TYPE:
            events.append(one)
            anchors = folded(tuple(events), pinned)
    return good, left


def _keys_first(row: _Read) -> tuple[bool, datetime, str]:
    from voltrail.projections.anchors import KEY_TYPE  # noqa: PLC0415 — only when needed

    _, one, _ = row
    return one.predicate_type != KEY_TYPE, one.entry.log_time, one.entry.digest


def _numbered(read: Iterable[_Read]) -> "dict[str, Recorded[Any]]":
    """Return each statement once, by where it stands, numbered alike whatever order files came."""
    from msgspec.structs import replace  # noqa: PLC0415 — only when needed

    unique: dict[str, tuple[str, Any]] = {}
    for name, one, _ in sorted(read, key=lambda row: (row[1].entry.log_time, row[0])):
        unique.setdefault(one.entry.digest, (name, one))
    ordered = sorted(unique.values(), key=lambda row: (row[1].entry.log_time, row[1].entry.digest))
    return {
        name: replace(one, entry=replace(one.entry, index=index))
        for index, (name, one) in enumerate(ordered)
    }


def _shown(one: "Anomaly", names: dict[int, str]) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": str(one.severity),
        "subject": str(one.subject),
        "sentence": one.sentence,
        "instead": one.instead,
        "statements": [names[index] for index in one.entries],
    }


def _tell(
    found: "tuple[Anomaly, ...]", names: dict[int, str], left: list[str], *, trusted: bool
) -> None:
    words = {"H": "blocks", "M": "review", "L": "note"}
    for one in found:
        say(f"{one.rule:<4}{words[one.severity]:<8}{one.subject}")
        say(f"    {one.sentence}")
        say(f"    from     {', '.join(names[index] for index in one.entries)}")
        say(f"    instead  {one.instead}")
    for line in left:
        print(f"left out: {line}", file=sys.stderr)
    signed = "Signatures were verified" if trusted else "No signature was checked"
    say(f"{len(names):,} statements, {len(found):,} findings. {signed}.")
    if found:
        say("Ask whoever each finding names; a corrected statement takes a finding away.")
    elif left:
        say(f"{len(left):,} statements were left out. Have them signed or their keys pinned.")
    else:
        say("Nothing contradicts itself. That does not make it true.")
