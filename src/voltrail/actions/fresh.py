"""What must still be so when somebody signs: a draft is asked about again before each signature."""

from datetime import datetime

from voltrail.actions import acceptance, waiver
from voltrail.actions.desk import Desk


def need_fresh(desk: Desk, payload: bytes, at: datetime) -> None:
    """
    Refuse to sign what is no longer as it was when the signatures were asked for.

    Args:
        desk: where it is kept
        payload: a draft's canonical bytes
        at: the time of signing

    Raises:
        StaleEvidenceError: an exception's risk, or the goods to be accepted, changed meanwhile.
        UnverifiableError: what an exception was asked about is not kept here.

    Source: mission, CO-07 and OQ-01; ADR 0022, ADR 0025.
    """
    waiver.need_fresh(desk, payload, at)
    acceptance.need_fresh(desk, payload, at)
