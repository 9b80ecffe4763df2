"""
The keys in force, folded from the register's key statements onto the pinned anchors.

One of the few folds that may read the index: a binding counts from the log time of its enrolment.
Only pinned issuers, and the operator's key officers, may state keys; verification has seen to that.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from voltrail.errors import MalformedError
from voltrail.projections.fold import of_type
from voltrail.projections.store import ViewStore
from voltrail.projections.view import Recorded
from voltrail.register.store import EntryStore
from voltrail.statements.custody import HandOver
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.trust import keys
from voltrail.trust.anchors import Anchor, Anchors, KeyState
from voltrail.trust.standing import Standing, Worth, worth

T = TypeVar("T")
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
        if one.fact.verb is KeyVerb.RESTRICT:
            bound = [kept for anchor in bound for kept in _restricted(anchor, one)]
        elif one.fact.verb is not KeyVerb.ENROL:
            bound = [_ended(anchor, one.fact, one.entry.log_time) for anchor in bound]
    return Anchors(tuple(bound), pinned.thresholds)


def worth_of(
    anchors: Anchors,
    one: Recorded[Any],
    *,
    corroborated: bool = False,
    fallen: Mapping[str, datetime] | None = None,
    others: Mapping[int, datetime] | None = None,
) -> Worth:
    """
    Return what a recorded statement is worth by the keys that signed it.

    Args:
        anchors: the bindings in force
        one: the statement
        corroborated: whether another party's own statement says the same
        fallen: from when on a signature scheme proves nothing any more, by its name
        others: by when others than the operator prove that entries existed, by index; where it is
            absent, log time is proof enough. A key in force is judged at log time either way.

    Returns:
        The standing. Where no signature names an enrolled key, any key that its issuer had then
        may have made it: suspect, where one of them is lost and another is not.

    Source: reference on provenance, section 2.6; ADR 0040.
    """
    logged = one.entry.log_time
    bound = [
        key
        for key in anchors.of_issuer(one.issuer)
        if key.covers(one.predicate_type, one.header.place)
    ]
    own = [key for key in bound if key.key.key_id in one.keys]
    if own:
        found = [
            worth([key], _proven(key, one, others), corroborated=corroborated, fallen=fallen)
            for key in own
        ]
        return max(found, key=lambda each: each.standing)
    begun = (
        key
        for key in bound
        if key.valid_from <= logged and (key.valid_until is None or logged < key.valid_until)
    )
    found = [worth([key], _proven(key, one, others), fallen=fallen) for key in begun]
    every = sorted(found, key=lambda one: one.standing)
    if every and not every[0].standing.is_good and every[-1].standing.is_good:
        return Worth(Standing.SUSPECT, "It may be by the key that was stolen.")
    return every[0] if every else Worth(Standing.VALID, "No key was bound to its issuer then.")


def _proven(
    key: Anchor, one: Recorded[Any], others: Mapping[int, datetime] | None
) -> datetime | None:
    """Return the time at which a key is held against a statement."""
    if others is None or key.state is KeyState.ACTIVE:
        return one.entry.log_time
    return others.get(one.entry.index)


def other_half_agrees(
    anchors: Anchors,
    one: Recorded[Any],
    halves: Iterable[Recorded[HandOver]],
    others: Mapping[int, datetime] | None = None,
) -> bool:
    """
    Return whether the other party of a hand-over says the same, by a key that is safe.

    Args:
        anchors: the bindings in force
        one: a statement; what is no half of a hand-over has no other half
        halves: those that stand about the same lot
        others: as in `worth_of`

    Returns:
        Whether number, quantity and seals agree.

    Source: reference on provenance, section 2.6, corroboration.
    """
    if not isinstance(one.fact, HandOver):
        return False
    return any(
        other.issuer != one.issuer
        and _gist(other.fact) == _gist(one.fact)
        and worth_of(anchors, other, others=others).standing.is_good
        for other in halves
    )


def _gist(half: HandOver) -> tuple[object, ...]:
    return half.lot, half.number, half.quantity, half.seals


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


def _restricted(anchor: Anchor, one: Recorded[KeyEvent]) -> Iterator[Anchor]:
    """Yield a binding as it was until now, and what is kept of it from now on, if anything."""
    event, logged = one.fact, one.entry.log_time
    if not _is_of(anchor, event) or anchor.state is not KeyState.ACTIVE:
        yield anchor
        return
    ends = anchor.valid_until
    if ends is not None and ends <= logged:
        yield anchor
        return
    if anchor.valid_from < logged:
        yield replace(anchor, valid_until=logged)
    kinds = _both(anchor.predicate_types, frozenset(event.predicate_types))
    places = _both(anchor.places, frozenset(event.places))
    until = min((at for at in (ends, event.valid_until) if at is not None), default=None)
    begins = max(anchor.valid_from, logged)
    if kinds is not None and places is not None and (until is None or begins < until):
        yield replace(
            anchor, valid_from=begins, valid_until=until, predicate_types=kinds, places=places
        )


def _both(old: frozenset[T], new: frozenset[T]) -> frozenset[T] | None:
    """Return what is in both, where none named means any; None where nothing is left."""
    if not old or not new:
        return old or new
    return old & new or None


def _is_of(anchor: Anchor, event: KeyEvent) -> bool:
    return anchor.key.key_id == event.key and anchor.issuer == event.issuer


def _ended(anchor: Anchor, event: KeyEvent, logged: datetime) -> Anchor:
    if not _is_of(anchor, event):
        return anchor
    ends = logged
    if event.verb is KeyVerb.SUPERSEDE and event.valid_until is not None:
        ends = max(logged, event.valid_until)  # as long as the old key may go on beside the new one
    until = ends if anchor.valid_until is None else min(ends, anchor.valid_until)
    if anchor.state is KeyState.COMPROMISED and event.verb is not KeyVerb.COMPROMISE:
        return replace(anchor, valid_until=until)  # what was stolen stays stolen
    if event.verb is not KeyVerb.COMPROMISE:
        return replace(anchor, state=_STATES[event.verb], valid_until=until)
    told = [event.compromised_since]
    if anchor.state is KeyState.COMPROMISED:
        told.append(anchor.compromised_since)
    known = [since for since in told if since is not None]
    return replace(
        anchor,
        state=KeyState.COMPROMISED,
        valid_until=until,
        compromised_since=min(known, default=None),
        theft_may_be_older=anchor.theft_may_be_older or (bool(known) and len(known) < len(told)),
    )
