"""Fold every view again from the register; decisions on record stay as they are."""

from datetime import datetime

from voltrail.actions.desk import Desk
from voltrail.actions.refold import refold


def rebuild(desk: Desk, at: datetime) -> int:
    """Return how many entries were folded; views come out as they were."""
    with desk.entries.transaction():
        return refold(desk, at)
