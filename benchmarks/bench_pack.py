"""Claim 3: checking a pack costs little more than loading the library that checks signatures."""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import ground
import measure
from measure import Row

from voltrail.actions import pack
from voltrail.actions.desk import Desk
from voltrail.audit.pack import parse
from voltrail.errors import ProductError
from voltrail_world import story
from voltrail_world.arrivals import acts_of
from voltrail_world.cast import born
from voltrail_world.play import desk_of, play

WANTED = 2.0
ENTRIES = 20
TURNS = 21 if measure.FULL else 7
LIBRARY = "import " + ", ".join(
    f"cryptography.hazmat.primitives.{name}"
    for name in ("asymmetric.ed25519", "asymmetric.ec", "serialization")
)
NEEDED = ("key of kestrel", "key of fjordlinie", "key of p-runa", "key of p-ansel", "policy")
WELCOME = ("qualification of kestrel", "product KR-48", "place Data hall")


def prepared() -> tuple[Desk, bytes]:
    """Return a desk and the pack of its one arrival, told until the pack holds 20 statements."""
    world = born()
    desk = desk_of(world)
    ground_acts = list(story.groundwork(world))
    play(desk, [act for act in ground_acts if act.note.startswith((*NEEDED, *WELCOME))])
    going = ground.shipment(1_000)
    data = b""
    for act in sorted(acts_of(world, going), key=lambda act: act.at):
        play(desk, [act])
        try:
            data = pack.evidence_pack(desk, going.arrival)
        except ProductError:
            continue
        if len(parse(data).entries) >= ENTRIES:
            break
    return desk, data


def spent(command: Sequence[str], compiled: Path) -> float:
    """Return the CPU time of a whole process that keeps its compiled files in a folder."""
    told = {name: word for name, word in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    told["PYTHONPYCACHEPREFIX"] = str(compiled)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=told)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(home: Path) -> list[Row]:
    desk, data = prepared()
    (home / "pack.zip").write_bytes(data)
    (home / "anchors.json").write_bytes(pack.anchors_file(desk))
    print(f"pack: {len(parse(data).entries)} statements, {len(data):,} bytes")
    words = ("pack", "check", str(home / "pack.zip"), "--trust", str(home / "anchors.json"))
    check = [sys.executable, "-m", "voltrail.cli.main", *words]
    library, bare = [sys.executable, "-c", LIBRARY], [sys.executable, "-c", "pass"]
    for command in (library, check, bare):
        spent(command, home)  # compiled files are warm from here on
    times = [tuple(spent(one, home) for one in (library, check, bare)) for _ in range(TURNS)]
    print(f"Python alone: {measure.spread(one[2] for one in times).text(' ms', 1e3)}")
    return [
        Row(
            "pack check, whole process",
            measure.spread(one[0] for one in times).text(" ms", 1e3),
            measure.spread(one[1] for one in times).text(" ms", 1e3),
            measure.spread(check / library for library, check, _ in times).middle,
            WANTED,
            at_most=True,
        )
    ]


if __name__ == "__main__":
    with ground.folder() as home:
        measure.show("3  Pack check against its library's import", measured(home))
