"""
Rule about who may sign: R22.

Keys come from key statements only; a key that none of them enrolled says nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from voltrail.ids.subject import Kind
from voltrail.projections import anchors as key_fold
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.model import Found, Severity, Tolerances, rule
from voltrail.projections.view import Recorded
from voltrail.statements import kinds
from voltrail.statements.key import KeyEvent
from voltrail.trust.anchors import Anchor, Anchors


@rule("R22", Severity.HIGH, *Kind)
def signer_not_entitled(about: Bearing, limits: Tolerances) -> Iterator[Found]:
    """
    No key under a statement may sign it: bound to other things, ended, or not yet begun.

    Verification refuses what it knows at the time; here stands what key statements say since. A
    claim before the key began is back-dated, and is held for review only.

    Why: a signature by a key that was not bound to the signer is nobody's word.
    Remedy: the signer states it again with a key in force; the operator enrols that key.
    Source: our choice: ADR 0048.
    """
    used = {key for one in about.mine for key in one.keys}
    told = tuple(one for one in about.of(KeyEvent) if one.fact.key in used)
    bound = key_fold.folded(told, Anchors()).anchors if told else ()
    clock = timedelta(minutes=2 * limits.clock_min)
    for one in about.mine:
        enrolled = [anchor for anchor in bound if anchor.key.key_id in one.keys]
        said, severity = _fault(one, enrolled, clock)
        if said:
            events = tuple(each for each in told if each.fact.key in one.keys)
            yield Found(about.subject, (one, *events), said, severity)


def _fault(one: Recorded[object], enrolled: list[Anchor], clock: timedelta) -> tuple[str, Severity]:
    """Return what is wrong with a key under a statement, if anything."""
    kind, at = kinds.short(one.predicate_type), one.entry.log_time
    fitting = [
        anchor
        for anchor in enrolled
        if anchor.issuer == one.issuer and anchor.covers(one.predicate_type, one.header.place)
    ]
    if not enrolled or any(anchor.stands_at(at) for anchor in fitting):
        begins = min((anchor.valid_from for anchor in fitting), default=None)
        if begins is not None and one.header.claimed_time + clock < begins:
            claimed = f"{one.header.claimed_time:%Y-%m-%d}"
            return f"Claimed for {claimed}, before its key began.", Severity.MIDDLE
        return "", Severity.HIGH
    if not fitting:
        said = f"The key of {kind} is not bound to {one.issuer.key} for that."
        return said, Severity.HIGH
    return f"The key of {one.issuer.key} was not in force when {kind} came.", Severity.HIGH
