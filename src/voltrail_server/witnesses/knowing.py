"""
Ask the witnesses before a start or a restore whether they know a longer or another history.

A witness that is silent cannot tell; both then go on, and the server is told once it answers.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from voltrail.actions.desk import Desk
from voltrail.errors import RegisterCorruptError
from voltrail_server import wiring
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.witnesses import known
from voltrail_server.witnesses.asking import AT_ONCE, Asking
from voltrail_server.witnesses.known import Asked


def need_known() -> None:
    """Refuse to serve a register of which a witness has cosigned more, or another history."""
    found, desk = known.asked(), wiring.desk()
    for row in told(desk, DjangoCosignatures(), found, AT_ONCE):
        if row.alarm:
            raise RegisterCorruptError(
                f"The witness at {row.url} knows better: {row.problem}",
                hint="It went back in time. Run voltrail restore with the newest backup.",
            )


def told(
    desk: Desk, kept: DjangoCosignatures, found: Sequence[Asked], at_once: int
) -> list[Standing]:
    """Return how each witness stands once it was asked; nothing is asked before a checkpoint."""
    if not found or not desk.entries.checkpoints():
        return []
    asking, stands = Asking(desk, kept, wiring.now), kept.standings()

    def ask(one: Asked) -> Standing:
        try:
            return asking.ask(one, stands.get(one.url, Standing(one.url)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(ask, found))
