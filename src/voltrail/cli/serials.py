"""`voltrail serials`: a delivery's list against the maker's, the order and what was scanned."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from voltrail.cli.output import emit, say

if TYPE_CHECKING:
    from voltrail.projections.reconcile import Reconciled
    from voltrail.readers.contract import Wrong

_EXAMPLES = """examples:
  voltrail serials delivered.csv --manifest lot.csv --ordered 100000
  voltrail serials delivered.csv --manifest lot.csv --scanned dock.csv --json
0: nothing differs; fewer than ordered is a partial delivery. 1: something differs, or a row holds
no serial.
"""
_DIGITS = 9  # of a number of items; our choice
_SHOWN = 5  # [serials] of each kind that a person is shown
_KINDS = (
    ("strange", "delivered, and not in the maker's list"),
    ("twice", "more than once in the delivery"),
    ("listed_twice", "more than once in the maker's list"),
    ("unexpected", "scanned, and not delivered"),
    ("unscanned", "delivered, and not scanned"),
)


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, CT-02.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("delivered", help="the delivery's list: CSV with a header line")
    parser.add_argument("--manifest", help="the maker's list of the lot")
    parser.add_argument("--scanned", help="what was scanned")
    parser.add_argument("--ordered", type=_items, help="how many items were ordered")
    parser.add_argument("--counted", type=_items, help="how many items the dock counted")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def _items(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is no number of items: write 0 or more in digits"
        )
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """
    Compare the lists of a delivery.

    Args:
        arguments: delivered, manifest, scanned, ordered, counted, json

    Returns:
        0 where nothing differs or only fewer came than were ordered, 1 where something differs.

    Raises:
        MalformedError: a list is no list.

    Source: mission, CT-02; ADR 0055.
    """
    from voltrail.projections.reconcile import Lists, reconcile  # noqa: PLC0415 — only when needed

    wrong: dict[str, tuple[Wrong, ...]] = {}
    columns: dict[str, str] = {}
    given = {
        name: _read(name, getattr(arguments, name), wrong, columns)
        for name in ("delivered", "manifest", "scanned")
    }
    found = reconcile(
        Lists(
            given["delivered"] or (),
            given["manifest"],
            given["scanned"],
            arguments.ordered,
            arguments.counted,
        )
    )
    agrees = found.agrees and not any(wrong.values())
    if arguments.json:
        import msgspec  # noqa: PLC0415 — only when needed

        told = {"agrees": agrees, "partial": found.more < 0, **msgspec.to_builtins(found)}
        emit({**told, "columns": columns, "wrong": msgspec.to_builtins(wrong)})
    else:
        for name, column in columns.items():
            if column.casefold() != "serial":
                say(f"  {name}: the first row is the header, {column[:40]!r} names the serials")
        _tell(found, wrong, agrees=agrees)
    return 0 if agrees else 1


def _read(
    name: str, path: str | None, wrong: dict[str, "tuple[Wrong, ...]"], columns: dict[str, str]
) -> Sequence[str] | None:
    from voltrail.readers.serials import read  # noqa: PLC0415 — only when needed

    if path is None:
        return None
    found = read(Path(path).read_bytes())
    wrong[name], columns[name] = found.wrong, found.column
    return found.serials


def _tell(found: "Reconciled", wrong: dict[str, "tuple[Wrong, ...]"], *, agrees: bool) -> None:
    say(f"{found.delivered:,} serials delivered")
    for name, count in (("listed by the maker", found.listed), ("scanned", found.scanned)):
        if count is not None:
            say(f"{count:,} {name}")
    _tell_numbers(found)
    for name, words in _KINDS:
        _tell_serials(words, getattr(found, name))
    if found.rest:
        say(f"  {found.rest:,} in the maker's list did not come with this delivery")
    for name, rows in wrong.items():
        _tell_wrong(name, rows)
    if not agrees:
        say("The lists do not agree: settle what is marked with !.")
    elif found.more < 0:
        say("Nothing contradicts what came. Ask when the rest comes.")
    else:
        say("The lists agree.")


def _tell_numbers(found: "Reconciled") -> None:
    if found.more > 0:
        say(f"! {found.more:,} items more than ordered")
    if found.more < 0:
        say(f"  {-found.more:,} items fewer than ordered: a partial delivery")
    if found.miscounted:
        word = "more" if found.miscounted > 0 else "fewer"
        say(f"! {abs(found.miscounted):,} items {word} counted than serials")


def _tell_serials(words: str, serials: tuple[str, ...]) -> None:
    if serials:
        rest = f" and {len(serials) - _SHOWN:,} more" if len(serials) > _SHOWN else ""
        say(f"! {len(serials):,} {words}: {', '.join(serials[:_SHOWN])}{rest}")


def _tell_wrong(name: str, rows: "tuple[Wrong, ...]") -> None:
    for one in rows[:_SHOWN]:
        say(f"! {name}, row {one.number:,}: {one.sentence} {one.hint}")
    if len(rows) > _SHOWN:
        say(f"! {name}: {len(rows) - _SHOWN:,} more rows; all with --json")
