"""
The newest checkpoint as a file beside the database: what a database that went back cannot unsay.

Whoever serves or restores compares it with the entries. Losing the file loses this safeguard only.
"""

import logging
import threading

from django.db import close_old_connections

from voltrail import merkle
from voltrail.errors import RegisterCorruptError
from voltrail.register import checkpoint as checkpoints
from voltrail.register.folder import place
from voltrail.register.note import open_note, parse_vkey
from voltrail_server import wiring
from voltrail_server.operations import standing

EVERY_S = 2.0  # [s] between two looks for a newer checkpoint
_LOG = logging.getLogger(__name__)


class Keeper:
    """Keeps the file up to date."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._kept = -1

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop; a look that fails is logged and tried again."""
        while not stop.wait(EVERY_S):
            close_old_connections()
            try:
                self.turn()
            except Exception:  # noqa: BLE001 — the next look tries again
                _LOG.exception("The newest checkpoint could not be kept beside the database.")
            finally:
                close_old_connections()

    def turn(self) -> None:
        """Write the newest checkpoint where it is not the one that stands there."""
        newest = wiring.desk().entries.checkpoints()
        if newest and newest[0][0] > self._kept:
            place(standing.home() / standing.SEEN, newest[0][1])
            self._kept = newest[0][0]


def need_kept() -> None:
    """Refuse a database whose register is shorter or other than what was promised from here."""
    path = standing.home() / standing.SEEN
    if not path.exists():
        return
    desk = wiring.desk()
    text, _ = open_note(path.read_bytes(), map(parse_vkey, desk.log.verifier_keys))
    promised, size = checkpoints.parse(text), desk.entries.size()
    if promised.size > size:
        raise RegisterCorruptError(
            f"The database holds {size:,} entries; {promised.size:,} were promised from here.",
            hint="It went back in time. Run voltrail restore with the newest backup.",
        )
    if merkle.range_hash(0, promised.size, desk.entries.node) != promised.root:
        raise RegisterCorruptError(
            "The database holds another history than was promised from here.",
            hint="Do not serve it. Keep it, and run voltrail check-register.",
        )
