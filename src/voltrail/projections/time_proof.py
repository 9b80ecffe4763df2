"""
By when others than the operator prove that entries existed, from the proofs of time on record.

Of the proofs that follow an entry the first few are looked at, and the earliest moment among them
counts. Does not judge the evidence: who recorded a proof had, and whoever checks a pack does again.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from voltrail.projections.gathering import Gathering
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
    facts = room.at({one for each in near.values() for one in each})
    times = {
        index: [facts[one].fact.proven_at for one in each if facts[one].fact.size > index]
        for index, each in near.items()
    }
    return {index: min(each) for index, each in times.items() if each}
