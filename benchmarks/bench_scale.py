"""Claim 11: no page asks more often over 100,000 arrivals and 5,000,000 entries than over few."""

import base64
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import bench_lists
import ground
import measure
from measure import Row

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]  # the tour of pages, which tests walk too

ARRIVALS = 100_000
ENTRIES = 5_000_000 if measure.FULL else 200_000
BATCH = 20_000  # [entries] of one transaction while the register is made
PER_LOT = 50  # [entries] that speak of one lot
TURNS = 5
PLACE_OF_NUMBER = b"0000000"


def grow(desk: Any) -> None:  # noqa: ANN401 — kernel values, imported late
    """Add arrivals as claim 4 has them, then short statements, all of the form of a signed one."""
    desk.views.put_rows(bench_lists.arrivals(0, ARRIVALS))
    started = desk.entries.size()
    for first in range(started, started + ENTRIES, BATCH):
        batch = list(_entries(desk, first, min(first + BATCH, started + ENTRIES)))
        with desk.entries.transaction():
            frontier = desk.entries.frontier().extend(one.leaf_hash for one in batch)
            desk.entries.append(batch, {}, frontier)
            desk.views.link((_lot(one.index), one.index) for one in batch)
            desk.views.set_projected(batch[-1].index + 1)


def _lot(index: int) -> str:
    return f"urn:voltrail:lot:kestrel:N{index // PER_LOT}"


def _entries(desk: Any, first: int, last: int) -> Iterator[Any]:  # noqa: ANN401 — the same
    """Yield entries whose envelopes differ in a number; only the first one's signature fits."""
    from voltrail.ids.subject import LotId  # noqa: PLC0415 — after set-up
    from voltrail.register.entry import Entry, Leaf  # noqa: PLC0415 — same
    from voltrail.statements import statement as statements  # noqa: PLC0415 — same
    from voltrail.statements.signal import Signal, SignalKind  # noqa: PLC0415 — same
    from voltrail.statements.statement import Header  # noqa: PLC0415 — same
    from voltrail.trust.signer import sealed  # noqa: PLC0415 — same

    party, at = desk.operator, ground.NOW + timedelta(days=1)
    fact = Signal(SignalKind.PACKAGING, f"Pallet {PLACE_OF_NUMBER.decode()} was wrapped twice.")
    said = sealed(
        statements.compose(fact, Header(party, at), LotId.of("kestrel", "N")), desk.signer
    )
    payload = base64.b64encode(said.payload)
    head, tail = said.raw.split(payload)
    for index in range(first, last):
        text = said.payload.replace(PLACE_OF_NUMBER, b"%07d" % index)
        raw = head + base64.b64encode(text) + tail
        digest = ground.digest_of(raw)
        known = at + timedelta(microseconds=index)
        leaf = Leaf(digest, "urn:voltrail:predicate:signal:v1", party, known, len(raw))
        yield Entry.of(index, leaf, raw)


def looked_at(client: Any, pages: list[str]) -> dict[str, tuple[int, float]]:  # noqa: ANN401 — Django's
    """Return, for each page that opens: its queries and its least wall clock in seconds."""
    from django.db import connection  # noqa: PLC0415 — after set-up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 — same

    found = {}
    for page in pages:
        if client.get(page).status_code != 200:
            continue
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        queries, times = len(asked.captured_queries), []  # the next request forgets them
        for _ in range(TURNS):
            begun = time.perf_counter()
            client.get(page)
            times.append(time.perf_counter() - begun)
        found[page] = queries, min(times)
    return found


def compared(few: dict[str, tuple[int, float]], many: dict[str, tuple[int, float]]) -> list[Row]:
    """Return the pages that ask more, in one row, and the slowest ones."""
    more = [page for page in few if many[page][0] > few[page][0]]
    most = max(few, key=lambda page: many[page][0] - few[page][0])
    rows = [
        Row(
            f"queries of {len(few)} pages; most: {most}",
            f"{few[most][0]}",
            f"{many[most][0]}",
            many[most][0] / max(1, few[most][0]),
            1.0,
            at_most=True,
        )
    ]
    rows += [_timed(f"asks more: {page}", few[page], many[page]) for page in more]
    slowest = sorted(few, key=lambda page: -many[page][1])[:5]
    return rows + [_timed(f"slow: {page}", few[page], many[page]) for page in slowest]


def _timed(claim: str, few: tuple[int, float], many: tuple[int, float]) -> Row:
    bound, found = (f"{one[0]} queries, {one[1] * 1e3:.1f} ms" for one in (few, many))
    return Row(claim, bound, found, many[1] / few[1])


def main() -> None:
    import tour  # noqa: PLC0415 — after the path is set
    from django.test import Client  # noqa: PLC0415 — after set-up

    from voltrail_server import wiring  # noqa: PLC0415 — same
    from voltrail_world.cast import born  # noqa: PLC0415 — same
    from voltrail_world.play import play  # noqa: PLC0415 — same
    from voltrail_world.story import script  # noqa: PLC0415 — same

    world = born()
    desk = ground.desk_in(world)
    wiring.desk, wiring.now = (lambda: desk), (lambda: ground.NOW + timedelta(days=2))  # type: ignore[assignment]
    play(desk, script(world))
    client = Client()
    client.force_login(ground.somebody("administrator"))
    listed = [one for some in tour.PAGES.values() for one in some if "{" not in one]
    few = looked_at(client, listed)
    grow(desk)
    many = looked_at(client, list(few))
    left = sorted(set(listed) - set(few))
    measure.show(
        f"11 Pages over {desk.entries.size():,} entries and {ARRIVALS:,} arrivals",
        compared(few, many),
    )
    print(f"Not opened without the demo's people: {', '.join(left) or 'none'}")


if __name__ == "__main__":
    with ground.folder() as home:
        ground.django_up(home)
        main()
