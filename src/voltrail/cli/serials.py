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
0: the lists agree. 1: something differs, or a row holds no serial.
"""
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
    parser.add_argument("--ordered", type=int, help="how many items were ordered")
    parser.add_argument("--counted", type=int, help="how many items the dock counted")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Compare the lists of a delivery.

    Args:
        arguments: delivered, manifest, scanned, ordered, counted, json

    Returns:
        0 where they agree, 1 where something differs.

    Raises:
        MalformedError: a list is no list.

    Source: mission, CT-02; ADR 0055.
    """
    from voltrail.projections.reconcile import Lists, reconcile  # noqa: PLC0415 — only when needed

    wrong: dict[str, tuple[Wrong, ...]] = {}
    given = {
        name: _read(name, getattr(arguments, name), wrong)
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

        emit({"agrees": agrees, **msgspec.to_builtins(found), "wrong": msgspec.to_builtins(wrong)})
    else:
        _tell(found, wrong, agrees=agrees)
    return 0 if agrees else 1


def _read(
    name: str, path: str | None, wrong: dict[str, "tuple[Wrong, ...]"]
) -> Sequence[str] | None:
    from voltrail.readers.serials import read  # noqa: PLC0415 — only when needed

    if path is None:
        return None
    found = read(Path(path).read_bytes())
    wrong[name] = found.wrong
    return found.serials


def _tell(found: "Reconciled", wrong: dict[str, "tuple[Wrong, ...]"], *, agrees: bool) -> None:
    say(f"{found.delivered:,} serials delivered")
    for name, count in (("listed by the maker", found.listed), ("scanned", found.scanned)):
        if count is not None:
            say(f"{count:,} {name}")
    for name, count in (("than ordered", found.more), ("counted than serials", found.miscounted)):
        if count:
            say(f"! {abs(count):,} items {'more' if count > 0 else 'fewer'} {name}")
    for name, words in _KINDS:
        _tell_serials(words, getattr(found, name))
    if found.rest:
        say(f"  {found.rest:,} in the maker's list did not come with this delivery")
    for name, rows in wrong.items():
        _tell_wrong(name, rows)
    say("The lists agree." if agrees else "The lists do not agree: settle what is marked with !.")


def _tell_serials(words: str, serials: tuple[str, ...]) -> None:
    if serials:
        rest = f" and {len(serials) - _SHOWN:,} more" if len(serials) > _SHOWN else ""
        say(f"! {len(serials):,} {words}: {', '.join(serials[:_SHOWN])}{rest}")


def _tell_wrong(name: str, rows: "tuple[Wrong, ...]") -> None:
    for one in rows[:_SHOWN]:
        say(f"! {name}, row {one.number:,}: {one.sentence} {one.hint}")
    if len(rows) > _SHOWN:
        say(f"! {name}: {len(rows) - _SHOWN:,} more rows; all with --json")
