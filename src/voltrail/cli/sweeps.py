"""`--worth` of fsck and check-register: every statement again, and what it is worth by its keys."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from voltrail.cli.output import emit, say
from voltrail.errors import RegisterCorruptError

if TYPE_CHECKING:
    from voltrail.actions.desk import Desk
    from voltrail.actions.sweep import Hands, Swept

G = TypeVar("G")
F = TypeVar("F")
FILE = "signed-by"
_MANY = 10_000  # [entries] from here on further processes cost less than they save
_SHOWN = 10  # [entries] of those that nothing may rest on; `--json` names 1,000
_EVERY = 100_000  # [entries] between two words on standard error


def run(desk: "Desk", folder: Path, *, as_json: bool) -> int:
    """
    Look at every statement again, say what each issuer's are worth, and remember the signatures.

    Args:
        desk: where they are kept
        folder: where what is remembered stands, in the file `signed-by`
        as_json: whether a program is listening

    Returns:
        0, or 70 where an entry is not as it was registered.

    Source: reference on provenance, section 4.2; ADR 0045.
    """
    from voltrail.actions import sweep as sweeping  # noqa: PLC0415 — only when needed
    from voltrail.register.folder import place  # noqa: PLC0415

    path = folder / FILE
    known = sweeping.recall(desk, path.read_bytes() if path.exists() else b"")
    many = desk.entries.size() - known.size >= _MANY
    with hands(os.cpu_count() or 1 if many else 1) as work:
        found = sweeping.sweep(desk, known, _tell_progress, work)
    if not found.faults:
        place(path, sweeping.remember(desk, known))
    if as_json:
        emit(_as_json(found))
    else:
        _tell(found)
    return RegisterCorruptError.exit_code if found.faults else 0


@contextmanager
def hands(processes: int, *, apart: bool = False) -> "Iterator[Hands]":
    """
    Do the same to many things in so many processes, and hold no more of them than are worked on.

    Args:
        processes: how many
        apart: whether even one of them is a process of its own

    Yields:
        What takes the place of `map`.

    Source: our choice: ADR 0045.
    """
    if processes == 1 and not apart:
        yield map
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield lambda work, given: _in_order(pool, processes + 1, work, given)


def _in_order(
    pool: ProcessPoolExecutor, most: int, work: Callable[[G], F], given: Iterable[G]
) -> Iterator[F]:
    waiting: deque[Future[F]] = deque()
    for one in given:
        waiting.append(pool.submit(work, one))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _tell_progress(count: int) -> None:
    if count % _EVERY == 0:
        print(f"{count:,} entries looked at", file=sys.stderr)


def _by_issuer(found: "Swept") -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, int]] = {}
    for (issuer, standing), count in sorted(found.counts.items()):
        rows.setdefault(issuer, {})[standing.name.lower()] = count
    return rows


def _as_json(found: "Swept") -> Mapping[str, object]:
    return {
        "entries": found.size,
        "checkedNow": found.fresh,
        "byIssuer": _by_issuer(found),
        "lost": found.lost,
        "bad": list(found.bad),
        "faults": list(found.faults),
    }


def _tell(found: "Swept") -> None:
    for fault in found.faults:
        say(f"✗ {fault}")
    for issuer, row in _by_issuer(found).items():
        words = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in row.items())
        say(f"{issuer}  {words}")
    if found.bad:
        shown = ", ".join(f"#{index}" for index in found.bad[:_SHOWN])
        say(f"Nothing may rest on {found.lost:,}: {shown}{' …' if found.lost > _SHOWN else ''}")
        say("Why, one by one: voltrail key worth INDEX.")
    say(f"{found.size:,} statements looked at, {found.fresh:,} signatures checked just now.")
