"""Timing in rounds, by CPU time, and the table that says which bound is reached."""

import os
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

ROUNDS = 5
FULL = os.environ.get("FULL") == "1"


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle and the most of some rounds."""

    least: float
    middle: float
    most: float

    def text(self, unit: str = "", scale: float = 1.0) -> str:
        """Return the middle, with the least and the most in brackets."""
        least, middle, most = (_number(one * scale) for one in (self.least, self.middle, self.most))
        return f"{middle}{unit} [{least}-{most}]"


@dataclass(frozen=True, slots=True)
class Row:
    """One claim; `wanted` is a least ratio, or a largest one where `at_most`; 0 asks nothing."""

    claim: str
    bound: str
    measured: str
    ratio: float
    wanted: float = 0.0
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Whether the bound is reached, and by how much not."""
        if not self.wanted:
            return "reported"
        short = self.ratio - self.wanted if self.at_most else self.wanted - self.ratio
        return "reached" if short <= 0 else f"missed by {short:.3f}"

    def cells(self) -> tuple[str, ...]:
        """Return the words of the row."""
        sign = "<=" if self.at_most else ">="
        wanted = f"{sign} {self.wanted:g}" if self.wanted else "-"
        return self.claim, self.bound, self.measured, f"{self.ratio:.3f}", wanted, self.verdict


def spread(values: Iterable[float]) -> Spread:
    listed = sorted(values)
    return Spread(listed[0], statistics.median(listed), listed[-1])


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, in seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def both(work: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU time and the wall clock of one call, in seconds."""
    begun, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - begun, time.perf_counter() - clock


def pairs(
    bound: Callable[[], object], measured: Callable[[], object], rounds: int = ROUNDS
) -> list[tuple[float, float]]:
    """Return CPU times of both, side by side in each round, after one round that warms up."""
    bound()
    measured()
    return [(cpu(bound), cpu(measured)) for _ in range(rounds)]


def show(title: str, rows: Sequence[Row]) -> None:
    """Print the table."""
    head = ("claim", "bound", "measured", "ratio", "wanted", "reached/missed by")
    lines = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    print(f"\n{title}   ({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})")
    for line in lines:
        print(" | ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)))


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
