"""
The keys in force, folded from the register's key statements onto the pinned anchors.

One of the few folds that may read the index: a binding counts from the log time of its enrolment.
Only pinned issuers, and the operator's key officers, may state keys; verification has seen to that.
"""

import base64
from datetime import datetime

from msgspec.structs import replace

from voltrail.errors import MalformedError
from voltrail.projections.fold import of_type
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded
from voltrail.register.store import EntryStore
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.trust import keys
from voltrail.trust.anchors import Anchor, Anchors, KeyState

KEY_TYPE = "urn:voltrail:predicate:key:v1"
_STATES = {
    KeyVerb.SUPERSEDE: KeyState.SUPERSEDED,
    KeyVerb.CEASE: KeyState.CEASED,
    KeyVerb.COMPROMISE: KeyState.COMPROMISED,
}


def anchors(
    entries: EntryStore, views: ViewStore, pinned: Anchors, below: int | None = None
) -> Anchors:
    """
    Return the bindings in force at a register size.

    Args:
        entries: the register
        views: the links
        pinned: bindings accepted without further proof
        below: register size to stop at; None for all

    Returns:
        Pinned and enrolled bindings, endings applied.

    Source: reference on provenance, section 2.5; our choice: ADR 0004.
    """
    return folded(of_type(entries, views, KEY_TYPE, below), pinned)


def folded(events: tuple[Recorded[KeyEvent], ...], pinned: Anchors) -> Anchors:
    """
    Return the bindings that a set of key statements gives.

    Args:
        events: key statements in any order
        pinned: bindings accepted without further proof

    Returns:
        All bindings; an enrolment that names no usable key binds nothing.

    Source: our choice: ADR 0004.
    """
    ordered = sorted(events, key=lambda one: one.entry.index)
    bound = list(pinned.anchors)
    enrolled = (_bound(one.fact) for one in ordered if one.fact.verb is KeyVerb.ENROL)
    bound += [anchor for anchor in enrolled if anchor is not None]
    for one in ordered:
        if one.fact.verb is not KeyVerb.ENROL:
            bound = [_ended(anchor, one.fact, one.entry.log_time) for anchor in bound]
    return Anchors(tuple(bound), pinned.thresholds)


def _bound(event: KeyEvent) -> Anchor | None:
    """Return the binding an enrolment gives, or None where what is stored names no usable key."""
    try:
        spki = base64.b64decode(event.spki, validate=True)
        key = keys.parse(event.algorithm, spki, event.relying_party or "")
    except (MalformedError, ValueError):
        return None
    if key.key_id != event.key:
        return None
    return Anchor(
        key=key,
        issuer=event.issuer,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        predicate_types=frozenset(event.predicate_types),
        places=frozenset(event.places),
    )


def _ended(anchor: Anchor, event: KeyEvent, logged: datetime) -> Anchor:
    if anchor.key.key_id != event.key or anchor.issuer != event.issuer:
        return anchor
    until = logged if anchor.valid_until is None else min(logged, anchor.valid_until)
    if anchor.state is KeyState.COMPROMISED and event.verb is not KeyVerb.COMPROMISE:
        return replace(anchor, valid_until=until)  # what was stolen stays stolen
    since = event.compromised_since
    if event.verb is KeyVerb.COMPROMISE and anchor.state is KeyState.COMPROMISED:
        since = min(since or anchor.valid_from, anchor.compromised_since or anchor.valid_from)
    return replace(anchor, state=_STATES[event.verb], valid_until=until, compromised_since=since)
