"""
Ask the witnesses before anything is appended whether they know a longer or another history.

A witness that is silent cannot tell; the server then starts, and is told once it answers.
"""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from voltrail.errors import RegisterCorruptError
from voltrail_server import wiring
from voltrail_server.records.cosignatures import DjangoCosignatures, Standing
from voltrail_server.witnesses import known
from voltrail_server.witnesses.asking import AT_ONCE, Asking
from voltrail_server.witnesses.known import Asked


def need_known() -> None:
    """Refuse to serve a register of which a witness has cosigned more, or another history."""
    found = known.asked()
    desk, kept = wiring.desk(), DjangoCosignatures()
    if not found or not desk.entries.checkpoints():
        return
    asking, stands = Asking(desk, kept, wiring.now), kept.standings()

    def ask(one: Asked) -> Standing:
        try:
            return asking.ask(one, stands.get(one.url, Standing(one.url)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for row in pool.map(ask, found):
            if row.alarm:
                raise RegisterCorruptError(
                    f"The witness at {row.url} knows better: {row.problem}",
                    hint="It went back in time. Run voltrail restore with the newest backup.",
                )
