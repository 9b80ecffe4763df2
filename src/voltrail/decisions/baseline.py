"""The catalogue's own policy: what stands until two people approve another."""

from functools import cache

from voltrail.catalogue import load
from voltrail.controls.policy import Policy, of_record
from voltrail.statements import fields
from voltrail.statements.policy import PolicyRecord


@cache
def baseline() -> Policy:
    """
    Return the catalogue's own policy.

    Returns:
        The baseline, with the digest decisions name.

    Source: design, section 7, policy.
    """
    begins = fields.instant("2020-01-01T00:00:00Z", "validFrom")
    return of_record(PolicyRecord("Baseline of the catalogue", begins, load.baseline_rules(), ()))
