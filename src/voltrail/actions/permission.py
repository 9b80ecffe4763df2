"""
Who may enter a place: allow people and firms, end a permission, read those on record.

The operator says it, and names who allows it. Whether somebody may allow is judged before.
"""

from datetime import datetime

from msgspec.structs import fields

from voltrail import canonical
from voltrail.actions import record
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId, PlaceId
from voltrail.projections import permissions
from voltrail.projections.fold import view
from voltrail.projections.permissions import Permit
from voltrail.statements import fields as codec
from voltrail.statements.permission import Permission, PermissionVerb
from voltrail.statements.place import Place
from voltrail.statements.statement import Header
from voltrail.wording import worded


def read(raw: bytes, place: PlaceId, at: datetime) -> Permission:
    """
    Return the permission that somebody wants to give or end, from JSON.

    Args:
        raw: people, parties, validFrom, validUntil, allowedBy, reason; number and verb
        place: which place
        at: the beginning where none is given

    Returns:
        The permission as asked for.

    Raises:
        MalformedError: no such object, or a field unknown or of another form.

    Source: mission, CU-04.
    """
    found = canonical.parse(raw, what="permission")
    known = {one.encode_name for one in fields(Permission)}
    strange = sorted(found.keys() - known)
    if strange:
        raise MalformedError(
            f"The permission has a field {strange[0][:40]!r} that is not known.",
            hint=f"Give: {', '.join(sorted(known - {'place'}))}.",
        )
    begins = codec.stamp(at.replace(microsecond=0))
    unset = {"number": f"E-{at:%Y%m%dT%H%M%S%f}", "verb": "allow", "validFrom": begins}
    return codec.read(Permission, {**unset, **found, "place": str(place)}, "The permission")


def of_place(desk: Desk, place: PlaceId) -> tuple[Permit, ...]:
    """
    Return the permissions of a place, oldest first.

    Args:
        desk: where they are kept
        place: which place

    Returns:
        Those that stand, are to come, and have ended; none where the place is open.

    Source: mission, CU-04.
    """
    facts = view(desk.entries, desk.views, place).facts
    return permissions.permits(one for one in facts if one.withdrawn_by is None)


def give(desk: Desk, wanted: Permission, at: datetime) -> Registered:
    """
    Return the place of a permission, or of its end, in the register.

    Args:
        desk: holds the operator's key
        wanted: the permission, or its end
        at: log time

    Returns:
        Index and digest.

    Raises:
        UnknownSubjectError: no such place, or no such permission to end.
        MalformedError: it ended before, or its end lies in the past.
        NotPermittedError: somebody allows themselves in.
        RefusedError: what the register refuses it with.

    Source: mission, CU-04; ADR 0051.
    """
    if view(desk.entries, desk.views, wanted.place).newest(Place) is None:
        raise UnknownSubjectError(
            worded("No place %(place)s is on record.", place=wanted.place.key),
            hint=worded("Choose a place of the list, or classify the new one first."),
        )
    if wanted.valid_until is not None and wanted.valid_until <= at:
        raise MalformedError(
            worded("The permission is over already."), hint=worded("Choose a later end.")
        )
    if wanted.verb is PermissionVerb.END:
        _need_standing(desk, wanted)
    elif wanted.allowed_by in wanted.people:
        raise NotPermittedError(
            worded("Nobody allows themselves in."),
            hint=worded("Have somebody else allow it, who may."),
        )
    return record.state(desk, wanted, Header(desk.operator, at), wanted.place)


def end(
    desk: Desk, place: PlaceId, which: tuple[str, PersonId], reason: str, at: datetime
) -> Registered:
    """
    Return the place of the statement that ends a permission now.

    Args:
        desk: holds the operator's key
        place: of the permission
        which: its number, and who ends it
        reason: one sentence; may be empty
        at: log time, and the end

    Returns:
        Index and digest.

    Raises:
        UnknownSubjectError: no such permission.
        MalformedError: it ended before.
        RefusedError: what the register refuses it with.

    Source: mission, CU-04.
    """
    number, person = which
    why = reason.strip() or None
    fact = Permission(number, PermissionVerb.END, place, at, person, reason=why)
    return give(desk, fact, at)


def _need_standing(desk: Desk, wanted: Permission) -> None:
    found = [
        one for one in of_place(desk, wanted.place) if one.allowed.fact.number == wanted.number
    ]
    if not found:
        raise UnknownSubjectError(
            worded("No permission %(number)s is on record there.", number=wanted.number),
            hint=worded("Look at the list of permissions of the place."),
        )
    if found[0].ended is not None:
        raise MalformedError(
            worded("This permission ended before."),
            hint=worded("Read entry %(index)s.", index=found[0].ended.entry.index),
        )
