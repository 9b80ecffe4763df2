"""
Exceptions on record: how each stands at a time, which steps of its plan are done.

Reads only. Asking for one, and ending one early, are in `actions.waiver`.
"""

from datetime import datetime

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.catalogue import load
from voltrail.errors import UnknownSubjectError
from voltrail.ids.subject import PersonId
from voltrail.projections import waivers as standing
from voltrail.projections.dossier import WAIVER_TYPE, gathering
from voltrail.projections.gathering import Gathering
from voltrail.projections.view import Recorded
from voltrail.statements.sign_off import SignOff
from voltrail.statements.waiver import Step, Waiver

FINISH = "finish-step"  # the verb with which the owner of a step says that it is done
IN_FORCE, NOT_BEGUN, ENDED, WITHDRAWN = "in-force", "not-begun", "ended", "withdrawn"


class Standing(Struct, frozen=True):
    """An exception on record, how it stands at a time, and which steps of its plan are done."""

    waiver: Recorded[Waiver]
    state: str
    done: tuple[int, ...] = ()

    @property
    def steps(self) -> tuple[tuple[int, Step, bool], ...]:
        """The plan: number, step, whether its owner said that it is done."""
        plan = enumerate(self.waiver.fact.plan, 1)
        return tuple((number, step, number in self.done) for number, step in plan)


def waivers(desk: Desk, at: datetime) -> tuple[Standing, ...]:
    """
    Return every exception on record, newest first.

    Args:
        desk: where they are kept
        at: the time their state is told for

    Returns:
        Each with its state: in-force, not-begun, ended or withdrawn.

    Source: mission, CO-07.
    """
    room = gathering(desk)
    found = room.every_of_type(WAIVER_TYPE)
    room.fetch(one.subjects[0] for one in found)
    listed = (Standing(one, _state(one, at), _done(room, one)) for one in found)
    return tuple(sorted(listed, key=lambda one: -one.waiver.entry.index))


def waiver(desk: Desk, index: int, at: datetime) -> Standing:
    """
    Return one exception.

    Args:
        desk: where it is kept
        index: its place in the register
        at: the time its state is told for

    Returns:
        The exception.

    Raises:
        UnknownSubjectError: that entry is no exception.

    Source: mission, CO-07.
    """
    for one in waivers(desk, at):
        if one.waiver.entry.index == index:
            return one
    raise UnknownSubjectError(
        f"Entry {index} is no exception.", hint="Look at the list of exceptions."
    )


def waivable() -> tuple[tuple[str, str], ...]:
    """
    Return the controls that an exception can be asked from.

    Returns:
        Id and title of each, by id.

    Source: mission, CO-07; the catalogue.
    """
    return tuple((one.id, one.title) for one in load.entries() if not one.never_waived)


def _state(one: Recorded[Waiver], at: datetime) -> str:
    if one.withdrawn_by is not None:
        return WITHDRAWN
    if at < one.fact.valid_from:
        return NOT_BEGUN
    return IN_FORCE if standing.in_force(one.fact, at) else ENDED


def _done(room: Gathering, one: Recorded[Waiver]) -> tuple[int, ...]:
    """Return the numbers of the steps whose owner signed that they are done."""
    said = room.view(one.subjects[0]).standing(SignOff)
    about = [each for each in said if each.fact.about == one.entry.digest]
    return tuple(
        number
        for number, step in enumerate(one.fact.plan, 1)
        if any(_finishes(each, step.owner, number) for each in about)
    )


def _finishes(said: Recorded[SignOff], owner: PersonId, number: int) -> bool:
    return (said.issuer, said.fact.verb, said.fact.note) == (owner, FINISH, str(number))
