"""One action as the desk does it: statements, claims, views and events in one transaction."""

from datetime import timedelta

from stores.support import NOON, Speaker, row
from voltrail.projections.store import ViewStore
from voltrail.register.log import Appended, LogKey, append, checkpoint
from voltrail.register.store import EntryStore

CHUNK = 3  # [statements] of one action


def act(
    store: EntryStore, views: ViewStore, speaker: Speaker, key: LogKey, number: int
) -> tuple[Appended, ...]:
    """Register three statements, fold them, and sign a checkpoint after the commit."""
    batch = [speaker.verified(number * CHUNK + at) for at in range(CHUNK)]
    with store.transaction():
        done = append(store, batch, NOON + timedelta(seconds=number))
        views.link((f"lot:{one.entry.index:04}", one.entry.index) for one in done)
        views.sight((f"unit:{one.entry.index:04}", "arrival:1", one.entry.index) for one in done)
        views.put_rows([row(number)])
        views.events((one.entry.index, "registered", "lot") for one in done if one.fresh)
        views.set_projected(store.size())
    checkpoint(store, key)
    return done
