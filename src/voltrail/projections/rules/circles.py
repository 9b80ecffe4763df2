"""
Whether a unit is said to be in itself: at once, or in a whole that is in turn a part of it.

What somebody took apart again makes no circle. Does not know which of the statements is wrong.
"""

from collections import deque
from typing import Any

from voltrail.ids.subject import SubjectId, UnitId
from voltrail.projections.rules.bearing import Bearing
from voltrail.projections.rules.seen import names
from voltrail.projections.view import Recorded
from voltrail.statements.assembly import Action, Assembly, Certainty, Part

_Way = tuple[tuple[SubjectId, ...], tuple[Recorded[Any], ...]]


def circle(about: Bearing) -> _Way | None:
    """
    Return the way on which a unit is said to be in itself.

    Args:
        about: what bears on the unit

    Returns:
        The wholes between, and the assemblies that say so; None where there is no such way.

    Source: our choice: ADR 0048.
    """
    unit, every = about.subject, about.of(Assembly)
    joins = [one for one in every if one.fact.action is not Action.DELETE]
    apart = {pair for one in every if one.fact.action is Action.DELETE for pair in _pairs(one.fact)}
    waiting: deque[tuple[SubjectId, _Way]] = deque([(unit, ((), ()))])
    seen = set[SubjectId]()
    while waiting:
        thing, (between, told) = waiting.popleft()
        for one in joins:
            if not names(one.fact.inputs, thing):
                continue
            for whole in sorted(_sure(one.fact.outputs) - seen):
                if frozenset((thing, whole)) in apart:
                    continue
                if whole == unit:
                    return between, (*told, one)
                seen.add(whole)
                waiting.append((whole, ((*between, whole), (*told, one))))
    return None


def _pairs(fact: Assembly) -> set[frozenset[SubjectId]]:
    inputs, outputs = _sure(fact.inputs), _sure(fact.outputs)
    return {frozenset((one, other)) for one in inputs for other in outputs}


def _sure(parts: tuple[Part, ...]) -> set[UnitId]:
    return {one.unit for one in parts if one.unit and one.certainty is Certainty.DEFINITE}
