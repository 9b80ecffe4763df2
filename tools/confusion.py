"""
Hold the anomaly rules against planted faults and write the confusion matrix.

    PYTHONPATH=src python tools/confusion.py [--seeds 20] [--lots 120] [--out FILE]

Histories and rules were written apart, from the same table of rules. Counts lots: a rule that is
found in a lot where it was planted is right; found where nothing like it was planted, it is wrong;
what the planted deed also is by the letter of the table counts for neither. A second table tells
the deeds of one rule apart. Judges nothing.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from voltrail.projections import anomalies
from voltrail_world.faulty import FAULTS, history, number_of
from voltrail_world.histories import Planted

_HEAD = (
    "| rule | planted | found | missed | wrongly found | recall | precision |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
)
_DEEDS = (
    "| rule | deed | planted | found | missed | also found, not called for |",
    "| --- | --- | ---: | ---: | ---: | --- |",
)


@dataclass
class Counted:
    """By rule, or rule and deed: planted, found where planted, found where nothing like it is."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    deeds: Counter[tuple[str, str]] = field(default_factory=Counter)
    found_deeds: Counter[tuple[str, str]] = field(default_factory=Counter)
    besides: Counter[tuple[str, str]] = field(default_factory=Counter)


def counted(seeds: int, lots: int) -> Counted:
    """Return what was planted, found where it was planted, and found where it was not."""
    every = Counted()
    for seed in range(seeds):
        told = history(seed, lots)
        by_lot = {number_of(one.subject): one for one in told.planted}
        every.planted.update(one.rule for one in told.planted)
        every.deeds.update((one.rule, one.deed) for one in told.planted)
        seen = {
            (number_of(str(one.subject)), one.rule)
            for one in anomalies.find(told.facts, anomalies.Tolerances())
        }
        for number, rule in seen:
            _count(every, by_lot.get(number), rule)
    return every


def _count(every: Counted, deed: Planted | None, rule: str) -> None:
    """Count one rule that was found in a lot, or in what belongs to no lot."""
    if deed is not None and deed.rule == rule:
        every.found[rule] += 1
        every.found_deeds[rule, deed.deed] += 1
    elif deed is None or rule not in deed.beside:
        every.wrong[rule] += 1
        every.besides["" if deed is None else deed.deed, rule] += 1


def table(told: Counted) -> str:
    """Return the matrix as a table."""
    rules = sorted({*FAULTS, *told.wrong}, key=lambda rule: int(rule[1:]))
    lines = [*_HEAD]
    for rule in rules:
        here, right, bad = told.planted[rule], told.found[rule], told.wrong[rule]
        recall = f"{right / here:.3f}" if here else "-"
        precision = f"{right / (right + bad):.3f}" if right + bad else "-"
        lines.append(
            f"| {rule} | {here} | {right} | {here - right} | {bad} | {recall} | {precision} |"
        )
    return "\n".join(lines) + "\n"


def by_deed(told: Counted) -> str:
    """Return a table of the deeds of rules that have more than one, and of lots without any."""
    lines = [*_DEEDS]
    for rule, deeds in FAULTS.items():
        for name in (deed.__name__ for deed in deeds):
            here, right = told.deeds[rule, name], told.found_deeds[rule, name]
            more = _more(told, name)
            if len(deeds) > 1 or more != "-":
                lines.append(f"| {rule} | {name} | {here} | {right} | {here - right} | {more} |")
    lines.append(f"| - | none | - | - | - | {_more(told, '')} |")
    return "\n".join(lines) + "\n"


def _more(told: Counted, name: str) -> str:
    """Return which rules were found in lots of a deed that are neither its own nor beside it."""
    found = sorted((rule, count) for (deed, rule), count in told.besides.items() if deed == name)
    return ", ".join(f"{rule} {count}" for rule, count in found) or "-"


def main() -> int:
    """Print the matrix, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--lots", type=int, default=120)
    parser.add_argument("--out")
    told = parser.parse_args()
    every = counted(told.seeds, told.lots)
    made = f"{table(every)}\n{by_deed(every)}"
    if told.out:
        Path(told.out).write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
