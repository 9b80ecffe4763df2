"""
`voltrail read`: what a foreign file says, as drafts that nobody has signed.

A table for people; with `--json` one line for each draft and each remark.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.output import say

if TYPE_CHECKING:
    from voltrail.readers.foreign import Draft, Reading

_EXAMPLES = """examples:
  voltrail read events.json
  voltrail read passport.json --as passport --json
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
    parser.set_defaults(run=read)


def read(arguments: argparse.Namespace) -> int:
    """
    Read a foreign file and show its drafts.

    Args:
        arguments: file, form, json

    Returns:
        0 where it was read.

    Raises:
        MalformedError: no format fits, or the file is not what it should be.

    Source: ADR 0047.
    """
    from voltrail.readers import registry  # noqa: PLC0415 — only when needed

    found = registry.read(Path(arguments.file).read_bytes(), arguments.form)
    if arguments.json:
        _emit_lines(found)
    else:
        _tell(found)
    return 0


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
    from voltrail.readers.foreign import Named  # noqa: PLC0415

    told: list[str] = []
    for name in draft.said.__struct_fields__:
        value = getattr(draft.said, name)
        several = value if isinstance(value, tuple) else (value,)
        texts = (one.text if isinstance(one, Named) else one for one in several)
        told.extend(f"{name}={one}" for one in texts if isinstance(one, str | Quantity) and one)
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
