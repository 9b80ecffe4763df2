"""
By when others than the operator prove that entries existed, from the proofs of time on record.

Of the proofs that follow an entry the first few are looked at, and the earliest moment among them
counts; one that was withdrawn counts for nothing. Does not judge the evidence: who recorded a proof
had, and whoever checks a pack does again.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from voltrail.projections.gathering import Gathering
from voltrail.projections.view import Recorded, fold
from voltrail.statements import kinds

TIME_TYPE = kinds.uri("time-proof")
_NEXT = 8  # [proofs] looked at after an entry; our choice: witnesses and up to seven services


def following(proofs: Sequence[int], index: int) -> Sequence[int]:
    """
    Return the proofs of time that may be the first to cover an entry.

    Args:
        proofs: indices of all proofs of time, ascending
        index: of the entry

    Returns:
        Indices of at most 8 proofs that follow it.

    Source: our choice: ADR 0044.
    """
    start = bisect_right(proofs, index)
    return proofs[start : start + _NEXT]


def proven(room: Gathering, indices: Iterable[int]) -> Mapping[int, datetime]:
    """
    Return by when others than the operator prove that entries existed.

    Args:
        room: what is on record at a register size
        indices: of the entries

    Returns:
        The earliest moment for each entry; an entry that nobody proves is left out.

    Source: reference on provenance, sections 2.4 and 2.6; ADR 0044.
    """
    proofs = room.indices_alone(TIME_TYPE)
    near = {index: following(proofs, index) for index in indices} if proofs else {}
    found = room.at({one for each in near.values() for one in each})
    facts = {one.entry.index: one for one in standing(room, found.values())}
    times = {
        index: [
            facts[one].fact.proven_at
            for one in each
            if one in facts and facts[one].fact.size > index
        ]
        for index, each in near.items()
    }
    return {index: min(each) for index, each in times.items() if each}


def standing(room: Gathering, found: Iterable[Recorded[Any]]) -> tuple[Recorded[Any], ...]:
    """
    Return the proofs of time that nobody withdrew.

    Args:
        room: what is on record at a register size
        found: proofs of time

    Returns:
        Those that stand; whoever stated one may learn later that its witness was robbed.

    Source: our choice: ADR 0044.
    """
    every = list(found)
    about = [each for one in every for each in room.facts(f"about:{one.entry.digest}")]
    told = fold(None, [*every, *about]).facts
    proofs = (one for one in told if one.predicate_type == TIME_TYPE)
    return tuple(one for one in proofs if one.withdrawn_by is None)
