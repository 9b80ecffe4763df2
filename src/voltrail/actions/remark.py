"""
Remarks: note something about a subject, read what was noted, take a remark back.

A remark proves nothing: it bears on no decision and closes no duty. Whether a file may be kept is
judged before it comes here. Keeps no bytes and knows no names.
"""

from datetime import datetime
from typing import Any

from voltrail.actions import record, show
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids.subject import PersonId, SubjectId
from voltrail.projections.fold import view
from voltrail.projections.view import Recorded
from voltrail.register import blobs
from voltrail.statements import kinds
from voltrail.statements.correction import Correction
from voltrail.statements.fields import Digest
from voltrail.statements.remark import KeptFile, Remark
from voltrail.statements.statement import Header

REMARK_TYPE = kinds.uri("remark")


def remark(desk: Desk, noted: Remark, at: datetime) -> Registered:
    """
    Return the place of a remark in the register.

    Args:
        desk: holds the operator's key and the files
        noted: about what, by whom, and what
        at: log time

    Returns:
        Index and digest.

    Raises:
        MalformedError: neither a text nor a file is given.
        UnknownSubjectError: the bytes of a file are not kept here.
        RegisterCorruptError: the bytes kept have another digest.
        RefusedError: what the register refuses it with.

    Source: docs/spec/remark.md; ADR 0028.
    """
    if noted.text is None and not noted.files:
        raise MalformedError("The remark is empty.", hint="Write a sentence or add a file.")
    for one in noted.files:
        blobs.fetch(desk.blobs, one.content)
    return record.state(desk, noted, Header(desk.operator, at), noted.about)


def remarks(desk: Desk, about: SubjectId) -> tuple[Recorded[Remark], ...]:
    """
    Return the remarks about a subject, newest first, those taken back included.

    Args:
        desk: where they are kept
        about: which subject

    Returns:
        Recorded remarks; none where nobody noted anything.

    Source: docs/spec/remark.md.
    """
    found = view(desk.entries, desk.views, about).every(Remark)
    return tuple(reversed([one for one in found if one.fact.about == about]))


def one_remark(desk: Desk, index: int) -> Recorded[Remark]:
    """
    Return the remark of an entry, as it stands now.

    Args:
        desk: where it is kept
        index: its place in the register

    Returns:
        The recorded remark.

    Raises:
        UnknownSubjectError: the register has no such entry, or it is no remark.

    Source: docs/spec/remark.md.
    """
    found: Recorded[Any] = show.entry(desk, index)
    if not isinstance(found.fact, Remark):
        raise UnknownSubjectError(
            f"Entry {index} is no remark.", hint="Open it from the page of its subject."
        )
    standing = remarks(desk, found.fact.about)
    return next((one for one in standing if one.entry.index == index), found)


def file_of(desk: Desk, index: int, number: int) -> tuple[KeptFile, bytes]:
    """
    Return a file of a remark with its bytes, checked.

    Args:
        desk: where it is kept
        index: the remark's place in the register
        number: which of its files, from 0

    Returns:
        What the remark says of the file, and the bytes.

    Raises:
        UnknownSubjectError: no such remark or file, or its bytes were taken out.
        RegisterCorruptError: the bytes kept have another digest.

    Source: docs/spec/remark.md.
    """
    files = one_remark(desk, index).fact.files
    if not 0 <= number < len(files):
        raise UnknownSubjectError(
            f"The remark has no file {number}.", hint="Open it from the page of its subject."
        )
    return files[number], blobs.fetch(desk.blobs, files[number].content)


def withdraw(
    desk: Desk, index: int, by: tuple[PersonId, bool], why: str, at: datetime
) -> Registered:
    """
    Return the place of the correction that takes a remark back; the remark stays to be read.

    Args:
        desk: holds the operator's key
        index: the remark's place in the register
        by: who takes it back, and whether they may do so for others
        why: one sentence
        at: log time

    Returns:
        Index and digest of the correction.

    Raises:
        UnknownSubjectError: no such remark.
        NotPermittedError: it is somebody else's.
        MalformedError: it was taken back before, or no reason is given.
        RefusedError: what the register refuses it with.

    Source: docs/spec/remark.md; docs/spec/statement.md, corrections.
    """
    (person, may_all), found = by, one_remark(desk, index)
    if found.fact.by != person and not may_all:
        raise NotPermittedError(
            "This remark is somebody else's.", hint=f"Ask {found.fact.by.key} or an administrator."
        )
    if found.withdrawn_by is not None:
        raise MalformedError(
            "This remark was taken back before.", hint=f"Read entry {found.withdrawn_by}."
        )
    if not why.strip():
        raise MalformedError("No reason is given.", hint="Say in one sentence why.")
    fact = Correction(Digest(found.entry.digest), f"{person.key}: {why.strip()}")
    return record.state(desk, fact, Header(desk.operator, at), found.fact.about)
