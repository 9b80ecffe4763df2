"""The tables, one file per noun. They hold bytes and the columns lists filter on; no rules."""

from voltrail_server.records.models.outbox import Outbox
from voltrail_server.records.models.register import (
    Checkpoint,
    Claim,
    DueCursor,
    Entry,
    Lease,
    SequencerLease,
    Tile,
)
from voltrail_server.records.models.views import (
    ArrivalRow,
    Found,
    Link,
    Reach,
    ReachName,
    Sighting,
    Stay,
    ViewState,
)
from voltrail_server.records.models.witnesses import Cosignature, WitnessStanding

__all__ = [
    "ArrivalRow",
    "Checkpoint",
    "Claim",
    "Cosignature",
    "DueCursor",
    "Entry",
    "Found",
    "Lease",
    "Link",
    "Outbox",
    "Reach",
    "ReachName",
    "SequencerLease",
    "Sighting",
    "Stay",
    "Tile",
    "ViewState",
    "WitnessStanding",
]
