"""
`voltrail read`: what a foreign file says, as drafts that nobody has signed.

A table for people; with `--json` one line for each draft and each remark. With `--keep` what it
says goes on record as its sender's word, in a folder register or on a server.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voltrail.cli.output import say

if TYPE_CHECKING:
    from voltrail.cli.remote import Server
    from voltrail.ids.subject import PartyId
    from voltrail.readers.foreign import Draft, Reading

_EXAMPLES = """examples:
  voltrail read events.json
  voltrail read passport.json --as passport --json
  voltrail read events.json --keep --from urn:voltrail:party:kestrel --folder reg
"""
_SHOWN = 160  # [characters] of a draft for a person; our choice
_MOST = 40  # [lines] shown to a person; our choice


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of `voltrail read`.

    Args:
        parser: of this word

    Source: ADR 0047.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", help="JSON, XML or text of somebody else")
    parser.add_argument("--as", dest="form", default="", help="its format, where it is not told")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--keep", action="store_true", help="put it on record as their word")
    parser.add_argument("--from", dest="sender", default="", help="who sent it, by its whole URN")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--folder", help="a folder register, to keep it in")
    where.add_argument("--server", help="a server's address, to keep it there")
    parser.add_argument("--token-file", help="holds the operator's token; needed with --server")
    parser.set_defaults(run=read)


def read(arguments: argparse.Namespace) -> int:
    """
    Read a foreign file and show its drafts.

    Args:
        arguments: file, form, json; keep, sender, folder or server, token_file

    Returns:
        0 where it was read, and kept where told so; 1 where something of it was refused.

    Raises:
        MalformedError: no format fits, the file is not what it should be, or it is not said who
            sent it or where to keep it.

    Source: ADR 0047.
    """
    from voltrail.readers import registry  # noqa: PLC0415 — only when needed

    data = Path(arguments.file).read_bytes()
    found = registry.read(data, arguments.form)
    if arguments.keep:
        return _kept(arguments, data, found)
    if arguments.json:
        _emit_lines(found)
    else:
        _tell(found)
    return 0


def _kept(arguments: argparse.Namespace, data: bytes, found: "Reading") -> int:
    """Put what a file says on record, and say how much of it."""
    from voltrail.cli.errands import server_of  # noqa: PLC0415 — only when needed
    from voltrail.cli.output import emit  # noqa: PLC0415
    from voltrail.errors import MalformedError  # noqa: PLC0415
    from voltrail.ids.subject import PartyId  # noqa: PLC0415

    if not arguments.sender or not (arguments.folder or arguments.server):
        raise MalformedError(
            "It is not said who sent the file, or where to keep it.",
            hint="Add --from URN, and --folder DIR or --server ADDRESS.",
        )
    sender, server = PartyId.read(arguments.sender), server_of(arguments)
    if server is None:
        told = _kept_in_folder(Path(arguments.folder), data, found, sender)
    else:
        told = _kept_on_server(server, data, arguments.form, sender)
    if arguments.json:
        emit(told)
    else:
        for one in told.get("remarks", ()):
            say(f"  ! {one}")
        say(str(told["sentence"]))
    return 1 if told.get("refused") else 0


def _kept_in_folder(
    folder: Path, data: bytes, found: "Reading", sender: "PartyId"
) -> dict[str, Any]:
    from datetime import UTC, datetime  # noqa: PLC0415 — only when needed

    from voltrail.actions import foreign  # noqa: PLC0415
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.errors import ProductError  # noqa: PLC0415

    desk, at = open_desk(folder), datetime.now(UTC)
    desk.blobs.put(data)
    known = {one.text: foreign.meaning(desk, one, at) for one in foreign.names(found)}
    filed = foreign.Filed(found, sender, known)
    remarks = [
        f"{one.place}: {one.sentence}" for one in foreign.differing(desk, filed, found.drafts)
    ]
    answers = foreign.keep(desk, filed, found.drafts, at)
    refused = [str(one) for one in answers if isinstance(one, ProductError)]
    entries = [one.index for one in answers if not isinstance(one, ProductError)]
    fresh = sum(not isinstance(one, ProductError) and one.fresh for one in answers)
    same = len(entries) - fresh
    sentence = f"Kept: {fresh:,}. The same as before: {same:,}. Refused: {len(refused):,}."
    told = {"file": found.digest, "entries": entries, "refused": refused, "remarks": remarks}
    return {**told, "sentence": sentence}


def _kept_on_server(server: "Server", data: bytes, form: str, sender: "PartyId") -> dict[str, Any]:
    from urllib.parse import urlencode  # noqa: PLC0415 — only when needed

    from voltrail.cli.answers import read as answer  # noqa: PLC0415

    media = "application/octet-stream"
    seen = answer(server.send("POST", "/foreign?" + urlencode({"form": form}), data, media))
    given = urlencode({"sender": str(sender), "form": form})
    begun = answer(server.send("POST", f"/foreign/{seen['digest']}/keep?{given}", b"", media))
    sentence = f"{len(seen['drafts']):,} drafts are being kept: ask for work {begun['work']}."
    return {"file": seen["digest"], "work": begun["work"], "sentence": sentence}


def _emit_lines(found: "Reading") -> None:
    import msgspec  # noqa: PLC0415 — only when needed

    from voltrail.readers.foreign import plain  # noqa: PLC0415

    for draft in found.drafts:
        line = {"form": found.form, "file": draft.digest, "place": draft.place, "kind": draft.kind}
        sys.stdout.write(msgspec.json.encode({**line, "said": draft.said}, enc_hook=plain).decode())
        sys.stdout.write("\n")
    for remark in found.remarks:
        line = {"form": found.form, "place": remark.place, "remark": remark.sentence}
        line |= {"name": remark.name} if remark.name else {}
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")


def _tell(found: "Reading") -> None:
    say(f"{found.form}, SHA-256 {found.digest}")
    for draft in found.drafts[:_MOST]:
        say(f"  {draft.place:<14} {draft.kind:<12} {_short(draft)}")
    for remark in found.remarks[:_MOST]:
        say(f"  ! {plainly(remark.place)}: {plainly(remark.sentence)}")
    rest = max(0, len(found.drafts) - _MOST) + max(0, len(found.remarks) - _MOST)
    more = f" {rest:,} more lines with --json." if rest else ""
    drafts, remarks = _many(len(found.drafts), "draft"), _many(len(found.remarks), "remark")
    say(f"{drafts}, {remarks}; nobody signed what is here.{more}")


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _short(draft: "Draft") -> str:
    """Return the first texts of a draft for a person."""
    from voltrail.quantities import Quantity  # noqa: PLC0415 — only when needed
    from voltrail.readers.foreign import values  # noqa: PLC0415

    told = (
        f"{name}={one}"
        for name, one in values(draft.said)
        if isinstance(one, str | Quantity) and one
    )
    return plainly(" ".join(told))[:_SHOWN]


def plainly(text: str) -> str:
    """
    Return a stranger's text without what would steer a terminal.

    Args:
        text: as the file writes it

    Returns:
        The same, with ? for control characters.

    Source: our choice: ADR 0037.
    """
    return "".join(one if one.isprintable() else "?" for one in text)
