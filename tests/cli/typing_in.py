"""Somebody at a terminal: the command in a process of its own, on a folder and to a server."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from trust.enrolling import enrol
from voltrail.actions import training
from voltrail.cli.registers import open_desk
from voltrail.ids.subject import PersonId
from voltrail.statements.training import Training
from voltrail.trust.anchors import write
from voltrail_world.arrivals import Shipment
from voltrail_world.cast import ANSEL, MERET, NORDLICHT, ORIGIN, RUNA, World, born
from voltrail_world.play import play
from voltrail_world.story import groundwork
from world_fixture import NOW, PlayedWorld


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.out)


@dataclass
class Terminal:
    """A folder to work in, and where commands go: a folder register or a server."""

    home: Path
    where: tuple[str, ...]

    def types(self, *words: str) -> Said:
        """What a command answers there."""
        return self.runs(*words, *self.where)

    def runs(self, *words: str) -> Said:
        """What a command answers that goes nowhere."""
        kept = {name: one for name, one in os.environ.items() if not name.startswith("VOLTRAIL_")}
        done = subprocess.run(
            [sys.executable, "-m", "voltrail.cli.main", *words],
            cwd=self.home,
            env=kept,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def keep_key(self, world: World, person: PersonId) -> str:
        """Write a person's key into the folder; return its file."""
        path = self.home / f"{person.key}.pem"
        path.write_bytes(world.keys[person].pem())
        path.chmod(0o600)
        return path.name


def able(seen: PlayedWorld, *persons: PersonId) -> None:
    """Let persons sign what is asked below: their keys for places, their course for goods."""
    for person in persons:
        enrol(seen, person, "place")
        assessor = next(one for one in (RUNA, MERET, ANSEL) if one != person)
        passed = Training(person, "goods-acceptance", NOW, NOW + timedelta(days=730), assessor)
        training.train(seen.desk, passed, NOW)


def world_folder(home: Path, *shipments: Shipment, may: tuple[PersonId, ...] = ()) -> PlayedWorld:
    """The invented world in a folder register, in which some persons are able to sign."""
    world, folder = born(), home / "reg"
    folder.mkdir()
    (folder / "operator.pem").write_bytes(world.keys[NORDLICHT].pem())
    (folder / "log.pem").write_bytes(world.log.pem())
    (folder / "anchors.json").write_bytes(write(world.pinned, []))
    identity = {"operator": str(NORDLICHT), "origin": ORIGIN}
    (folder / "identity.json").write_text(json.dumps(identity))
    desk = open_desk(folder)
    play(desk, groundwork(world))
    seen = PlayedWorld(world, desk)
    for shipment in shipments:
        assert seen.deliver(shipment).fact.disposition == "release"
    able(seen, *may)
    desk.entries.close()  # type: ignore[attr-defined]  # a folder's
    return seen
