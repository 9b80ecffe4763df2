"""
Hold the anomaly rules against planted faults and write the confusion matrix.

    PYTHONPATH=src python tools/confusion.py [--seeds 20] [--lots 120] [--out FILE]

Histories and rules were written apart, from the same table of rules. Counts lots: a rule that is
found in a lot where it was planted is right; found where nothing like it was planted, it is wrong;
what the planted deed also is by the letter of the table counts for neither. Judges nothing.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from voltrail.projections import anomalies
from voltrail_world.faulty import FAULTS, history, number_of

_HEAD = (
    "| rule | planted | found | missed | wrongly found | recall | precision |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
)


def counted(seeds: int, lots: int) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return, by rule, how many were planted, found where planted, and found where not."""
    planted, found, wrong = Counter[str](), Counter[str](), Counter[str]()
    for seed in range(seeds):
        told = history(seed, lots)
        by_lot = {number_of(one.subject): one for one in told.planted}
        planted.update(one.rule for one in told.planted)
        seen = {
            (number_of(str(one.subject)), one.rule)
            for one in anomalies.find(told.facts, anomalies.Tolerances())
        }
        for number, rule in seen:
            deed = by_lot.get(number)
            if deed is not None and deed.rule == rule:
                found[rule] += 1
            elif deed is None or rule not in deed.beside:
                wrong[rule] += 1
    return planted, found, wrong


def table(planted: Counter[str], found: Counter[str], wrong: Counter[str]) -> str:
    """Return the matrix as a table."""
    rules = sorted({*FAULTS, *wrong}, key=lambda rule: int(rule[1:]))
    lines = [*_HEAD]
    for rule in rules:
        here, right, bad = planted[rule], found[rule], wrong[rule]
        recall = f"{right / here:.3f}" if here else "-"
        precision = f"{right / (right + bad):.3f}" if right + bad else "-"
        lines.append(
            f"| {rule} | {here} | {right} | {here - right} | {bad} | {recall} | {precision} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the matrix, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--lots", type=int, default=120)
    parser.add_argument("--out")
    told = parser.parse_args()
    made = table(*counted(told.seeds, told.lots))
    if told.out:
        Path(told.out).write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
