"""
Exceptions from a control: asked for on a frozen snapshot, approved by two, ended by their date.

Whoever asks is not among the approvers. What was found meanwhile makes the snapshot stale, and a
stale one is not signed. Whether an exception binds is judged by controls.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from voltrail import canonical
from voltrail.actions import signing
from voltrail.actions.desk import Desk
from voltrail.actions.judge import governing, in_force
from voltrail.actions.waived import IN_FORCE, NOT_BEGUN, waiver
from voltrail.catalogue import load
from voltrail.decisions import waiver as frozen
from voltrail.decisions.waiver import SCOPE, Affected, Snapshot
from voltrail.errors import (
    MalformedError,
    NotPermittedError,
    RefusedError,
    StaleEvidenceError,
    UnknownSubjectError,
    UnverifiableError,
)
from voltrail.ids.subject import ArrivalId, PersonId, SubjectId, UnitId
from voltrail.projections import waivers as standing
from voltrail.projections.dossier import dossiers, gathering
from voltrail.projections.gathering import Gathering
from voltrail.projections.view import recorded
from voltrail.register import blobs
from voltrail.statements import fields as codec
from voltrail.statements import statement as statements
from voltrail.statements.arrival import Arrival
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.statement import Header
from voltrail.statements.waiver import Waiver

LONGEST = timedelta(days=365)  # our choice: ADR 0022
APPROVERS = 2  # [persons] mission, CO-07
_LARGEST = 4 * canonical.MAX_BYTES  # [bytes] of a snapshot: every arrival with its sentence
_MOST = 1_000  # [arrivals] of a scope: all are judged, frozen, and compared before each signature


class Asked(Struct, frozen=True):
    """The bytes that two persons sign, and the snapshot that they have before them."""

    payload: bytes
    snapshot: Snapshot
    digest: str


def read(wanted: bytes) -> Waiver:
    """
    Return what somebody asks for, from JSON.

    Args:
        wanted: the fields of docs/spec/waiver.md; snapshot and number may be left out

    Returns:
        The exception as asked for; its snapshot is not made yet.

    Raises:
        MalformedError: no such object, or a field of another form.

    Source: mission, CO-07.
    """
    found = canonical.parse(wanted, what="exception")
    whole = {"number": "to-be-given", **found, "snapshot": "0" * 64}
    return codec.read(Waiver, whole, "The exception")


def ask(desk: Desk, wanted: Waiver, at: datetime) -> Asked:
    """
    Return the bytes for two approvers to sign, with the risk as it stands now frozen into them.

    Args:
        desk: keeps the snapshot with the original files
        wanted: what is asked for; its snapshot is made here, and its number where it has none
        at: the time of asking

    Returns:
        The payload, the snapshot and its digest.

    Raises:
        MalformedError: no scope, no plan, an end before the beginning or after a year.
        NotPermittedError: the control allows no exception, or the persons are not two others with
            a key in force.
        RefusedError: more than 1,000 arrivals are in its scope.
        UnknownSubjectError: the catalogue has no such control.

    Source: mission, CO-07; ADR 0022.
    """
    _need_sense(wanted, at)
    _need_waivable(wanted.control)
    _need_approvers(desk, wanted, at)
    snapshot = look(desk, wanted, at)
    digest = desk.blobs.put(canonical.canonical_bytes(codec.write(snapshot)))
    number = wanted.number
    if number == "to-be-given":
        number = f"W-{at:%Y%m%d}-{digest[:6]}"
    fact = replace(wanted, snapshot=Digest(digest), number=number)
    payload = statements.compose(fact, Header(fact.approved_by[0], at), *_subjects(fact))
    return Asked(payload, snapshot, digest)


def look(desk: Desk, wanted: Waiver, at: datetime) -> Snapshot:
    """
    Return what an exception would cover and change, as of now; nothing is recorded.

    Args:
        desk: where it is kept
        wanted: what is asked for
        at: the time of asking

    Returns:
        The snapshot.

    Raises:
        RefusedError: more than 1,000 arrivals are in its scope.
        UnknownSubjectError: the catalogue has no such control.

    Source: mission, CO-07; our choice: ADR 0022.
    """
    _known(wanted.control)
    room = gathering(desk)
    found: list[Affected] = []
    for seen in dossiers(desk, room, _in_scope(desk, room, wanted)):
        if not standing.fits(wanted, seen.reach):
            continue
        one = frozen.affected(seen, governing(desk, seen), wanted, at)
        if one is not None:
            found.append(one)
    return frozen.snapshot(wanted, found, room.below or 0, in_force(desk, at), at)


def need_fresh(desk: Desk, payload: bytes, at: datetime) -> None:
    """
    Refuse to sign an exception whose snapshot no longer shows what is found.

    Args:
        desk: where it is kept
        payload: a draft's canonical bytes; other kinds of statement pass
        at: the time of signing

    Raises:
        StaleEvidenceError: something in scope is found otherwise now, or the exception has ended.
        RefusedError: more than 1,000 arrivals are in its scope now.
        UnverifiableError: the snapshot is not kept here.

    Source: mission, CO-07; reference, governance section 7, pain 7.
    """
    fact = signing.read(payload).fact
    if not isinstance(fact, Waiver):
        return
    if fact.valid_until <= at:
        raise StaleEvidenceError(
            f"The exception {fact.number} has ended before it was approved.",
            hint="Ask for a new one with a later end.",
        )
    news = snapshot(desk, fact.snapshot).differs(look(desk, fact, at))
    if news:
        raise StaleEvidenceError(
            f"What the exception was asked about has changed: {news[0]}",
            hint="Withdraw this draft and ask again, on what is found now.",
        )


def snapshot(desk: Desk, digest: str) -> Snapshot:
    """
    Return a kept snapshot.

    Args:
        desk: where it is kept
        digest: as the exception names it

    Returns:
        The snapshot.

    Raises:
        UnverifiableError: it is not kept here, or it is no snapshot.

    Source: mission, CO-07.
    """
    try:
        data = blobs.fetch(desk.blobs, digest)
        found = canonical.parse(data, what="snapshot", limit=_LARGEST)
        return codec.read(Snapshot, found, "The snapshot")
    except (UnknownSubjectError, MalformedError) as error:
        raise UnverifiableError(
            f"The snapshot {digest} is not kept here.", hint="Ask for the exception again."
        ) from error


def draft_end(desk: Desk, index: int, person: PersonId, reason: str, at: datetime) -> bytes:
    """
    Return the bytes with which one of the approvers ends an exception before its date.

    Args:
        desk: where it is kept
        index: its place in the register
        person: who will sign
        reason: why it ends
        at: the time the person claims

    Returns:
        Canonical bytes to be signed.

    Raises:
        UnknownSubjectError: that entry is no exception.
        NotPermittedError: it has ended, or this person did not approve it.
        MalformedError: no reason is given.

    Source: mission, CO-07; ADR 0022.
    """
    found = waiver(desk, index, at)
    fact = found.waiver.fact
    if found.state not in (IN_FORCE, NOT_BEGUN) or person not in fact.approved_by:
        raise NotPermittedError(
            f"{person.key} cannot end {fact.number}.",
            hint="One of the two who approved it ends it while it stands.",
        )
    if not reason.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why it ends.")
    ends = Correction(Digest(found.waiver.entry.digest), reason.strip())
    return statements.compose(ends, Header(person, at), *found.waiver.subjects)


def _subjects(fact: Waiver) -> Iterable[SubjectId]:
    return (one for one in (getattr(fact, name) for name in SCOPE) if one is not None)


def _in_scope(desk: Desk, room: Gathering, wanted: Waiver) -> Sequence[ArrivalId]:
    """Return the arrivals that lean on everything the scope names, by identity; never a part."""
    if wanted.arrival is not None:
        return [wanted.arrival]
    leaning = [_leaning(desk, room, one) for one in _subjects(wanted)]
    found = sorted(set.intersection(*leaning)) if leaning else []
    if len(found) > _MOST:
        raise RefusedError(
            f"{len(found):,} arrivals are in this scope; an exception covers at most {_MOST:,}.",
            hint="Name more: the order, lot, product or place that it is needed for.",
        )
    return found


def _leaning(desk: Desk, room: Gathering, one: SubjectId) -> set[ArrivalId]:
    """Return the arrivals in which a unit was seen, or that anything else of a scope reaches."""
    if isinstance(one, UnitId):
        return {ArrivalId.read(each) for each in desk.views.sightings([one]).get(one, ())}
    indices = desk.views.indices(f"affects:{one}", room.below)
    came = (recorded(entry).fact for entry in desk.entries.at(indices))
    return {fact.arrival for fact in came if isinstance(fact, Arrival)}


def _need_sense(wanted: Waiver, at: datetime) -> None:
    """Refuse what no exception can be."""
    if not list(_subjects(wanted)):
        raise MalformedError(
            "The exception has no scope.", hint=f"Name at least one of: {', '.join(SCOPE)}."
        )
    if not wanted.plan:
        raise MalformedError(
            "The exception has no plan.", hint="Say who does what until when to make it needless."
        )
    if not max(at, wanted.valid_from) < wanted.valid_until <= wanted.valid_from + LONGEST:
        raise MalformedError(
            "The exception does not end in time.",
            hint=f"Let it end after it begins, within {LONGEST.days} days, and not in the past.",
        )


def _known(control: str) -> load.CatalogueEntry:
    try:
        return load.entry(control)
    except KeyError as error:
        raise UnknownSubjectError(
            f"There is no control {control!r:.40}.", hint="Look at the list of controls."
        ) from error


def _need_waivable(control: str) -> None:
    instead = _known(control).never_waived
    if instead:
        raise NotPermittedError(f"{control} allows no exception.", hint=instead)


def _need_approvers(desk: Desk, wanted: Waiver, at: datetime) -> None:
    """Refuse persons who are not two others, each with a key in force for an exception."""
    asked, able = set(wanted.approved_by), signing.signers(desk, "waiver", at)
    if len(wanted.approved_by) != APPROVERS or len(asked) != APPROVERS:
        raise NotPermittedError(
            "An exception is approved by two persons.", hint="Name two different persons."
        )
    if wanted.requested_by in asked:
        raise NotPermittedError(
            f"{wanted.requested_by.key} asks for it and cannot approve it.",
            hint="Name two other persons.",
        )
    missing = sorted(asked - able)
    if missing:
        raise NotPermittedError(
            f"{missing[0].key} has no key in force for an exception.",
            hint="Choose somebody whose key was confirmed for it.",
        )
