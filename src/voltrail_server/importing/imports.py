"""
The steps of an import: upload a file, say which column is what, confirm, or drop it.

A mapping that somebody saved is used unasked only where the header is the same to the letter; for
any other header it is offered as a start. Nothing is recorded before somebody confirms.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from voltrail.canonical import digest
from voltrail.errors import StaleEvidenceError, UnknownSubjectError
from voltrail.readers import registry, rows
from voltrail.readers.contract import Sheet
from voltrail_server import wiring
from voltrail_server.exporting import shelf
from voltrail_server.importing import files
from voltrail_server.importing.known import setting_of
from voltrail_server.importing.models import Import, SavedMapping, State
from voltrail_server.people import passkeys
from voltrail_server.people.models import Account
from voltrail_server.work import queue
from voltrail_server.work.models import State as WorkState
from voltrail_server.work.models import Work
from voltrail_server.work.progress import Progress

Begin = Callable[[Account | None, str, str, Mapping[str, Any]], Work]
LARGE = 512 * 1_024  # [bytes] a larger workbook takes too long for a request
LISTED = 50  # [imports] the newest ones that a list shows
_OPEN = frozenset({State.UPLOADED, State.READY})
_DROPS = frozenset({State.READING, State.FAILED, *_OPEN})
_UNREAD = frozenset({State.READING, State.FAILED})
_NAME = 200  # [letters] of a file's name


def upload(
    by: Account | None,
    kind: str,
    name: str,
    data: bytes,
    later: Begin | None = None,
    taking: str | None = None,
) -> Import:
    """
    Return a new import of a file; a large workbook is read by a worker where one may.

    `taking` is a saved mapping's name, or nothing where what was told is to count as it is; without
    it a person looks at the columns first.
    """
    reader = registry.reader(kind)
    made = Import(
        kind=reader.name,
        name=(name.rpartition("/")[2].replace("\0", "") or reader.name)[:_NAME],
        size=len(data),
        comma=False if files.is_workbook(data) else None,
        uploaded_by=by,
        created_at=wiring.now(),
    )
    if later is not None and files.is_workbook(data) and len(data) > LARGE:
        return _read_later(made, data, later, taking)
    _read(made, data)
    made.save()
    _settle(made, taking)
    return made


def read_list(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read a large workbook: the work behind an upload; tried again, a failed one is read again."""
    found = find(UUID(arguments["import"]))
    link = {"link": f"/import/{found.pk}/", "sentence": _("The list is read.")}
    if found.state not in _UNREAD:
        return link
    progress.tell(0, 0, _("Reading the workbook."))
    waiting = found.digest
    try:
        _read(found, shelf.list_of(waiting))
    except Exception:
        Import.objects.filter(pk=found.pk, state=State.READING).update(state=State.FAILED)
        raise  # the work keeps the sentence, see `failure`
    found.work = None
    found.save()
    if found.kind != "people":
        shelf.forget_list(waiting)
    _settle(found, arguments.get("taking"))
    return link


def _read_later(made: Import, data: bytes, later: Begin, taking: str | None) -> Import:
    made.digest, made.state = digest(data), State.READING
    shelf.keep_list(made.digest, data)
    with transaction.atomic():
        made.save()
        title = _("Reading %(name)s") % {"name": made.name}
        work = later(
            made.uploaded_by, "read-list", title, {"import": str(made.pk), "taking": taking}
        )
        Import.objects.filter(pk=made.pk, state__in=_UNREAD).update(work=work.pk)
    made.refresh_from_db()
    return made


def _settle(found: Import, taking: str | None) -> None:
    """Let the columns count without a person: a saved mapping, else what was told."""
    if taking:
        start_from(found, taking)
    if taking is not None and found.state == State.UPLOADED:
        choose(found, found.sources, {"day_first": found.day_first, "comma": found.comma})


def _read(made: Import, data: bytes) -> None:
    """Read a file into an import: its rows, and which column is what."""
    sheet, kept = files.opened(data)
    made.digest, made.rows_digest = (_keep(made.kind, one) for one in (data, kept))
    made.columns, made.remarks = list(sheet.columns), list(sheet.remarks)
    saved = _saved_for(made)
    if saved is None:
        made.sources, made.state = _guessed(made, sheet), State.UPLOADED
    else:
        _take(made, saved)
        made.state = State.READY


def find(number: UUID) -> Import:
    """Return an import by its number."""
    found = Import.objects.select_related("uploaded_by").filter(pk=number).first()
    if found is None:
        raise UnknownSubjectError("No such import is known.", hint="Look at the list of imports.")
    return found


def failure(found: Import) -> Work | None:
    """Return the work behind an import where it failed: its sentence, and what to do."""
    if found.work is None:
        return None
    return Work.objects.filter(pk=found.work, state=WorkState.FAILED).first()


def listing() -> list[Import]:
    """Return the newest imports."""
    return list(Import.objects.select_related("uploaded_by")[:LISTED])


def saved(kind: str) -> list[SavedMapping]:
    """Return the mappings that were saved for a kind of list, newest first."""
    return list(SavedMapping.objects.filter(kind=kind))


def start_from(found: Import, name: str) -> None:
    """Begin from a saved mapping: its columns are found again by their names."""
    need_open(found)
    start = SavedMapping.objects.filter(kind=found.kind, name=name).first()
    if start is None:
        raise UnknownSubjectError(
            _("No mapping %(name)s is saved.") % {"name": f"{name[:40]!r}"},
            hint="Choose from the list.",
        )
    _take(found, start)
    found.save()


def choose(
    found: Import, sources: Mapping[str, Mapping[str, Any]], reads: Mapping[str, Any]
) -> None:
    """Keep which column is which field, how days and numbers read, and a name to save it under."""
    need_open(found)
    found.sources = {name: dict(one) for name, one in sources.items()}
    found.day_first, found.comma = reads.get("day_first"), reads.get("comma")
    found.mapping = str(reads.get("name") or "")[:80]
    found.state = State.READY
    with transaction.atomic():
        found.save()
        if found.mapping:
            SavedMapping.objects.update_or_create(
                kind=found.kind,
                name=found.mapping,
                defaults={
                    "columns": found.columns,
                    "sources": found.sources,
                    "day_first": found.day_first,
                    "comma": found.comma,
                    "saved_by": found.uploaded_by,
                    "saved_at": wiring.now(),
                },
            )


def confirm(by: Account | None, found: Import, begin: Begin = queue.begin) -> Work:
    """Return the work that records the good rows; asked again, the same work."""
    if by is not None and found.kind == "people":
        passkeys.person_of(by)  # nobody named is the machine, so who confirms people is a person
    with transaction.atomic():
        changed = Import.objects.filter(pk=found.pk, state=State.READY).update(
            state=State.RUNNING,
            confirmed_at=wiring.now(),
            confirmed_by=by.person if by else "",
        )
        if not changed:
            found.refresh_from_db()
            _need_read(found)
            if found.work is None:
                raise StaleEvidenceError(
                    "This import cannot be confirmed as it stands.",
                    hint="Say what the columns are.",
                )
            return queue.find(None, found.work)
        title = _("Import of %(name)s") % {"name": found.name}
        work = begin(by, "import", title, {"import": str(found.pk)})
        Import.objects.filter(pk=found.pk).update(work=work.pk)
    found.refresh_from_db()
    return work


def drop(found: Import) -> None:
    """Drop an import that nobody confirmed; nothing was recorded."""
    if not Import.objects.filter(pk=found.pk, state__in=_DROPS).update(state=State.DROPPED):
        raise StaleEvidenceError("This import is over already.", hint="Look at its result.")
    forget(found)


def _keep(kind: str, data: bytes) -> str:
    """Keep a file as a blob; names of people go where they can be forgotten."""
    if kind != "people":
        return wiring.desk().blobs.put(data)
    named = digest(data)
    shelf.keep_list(named, data)
    return named


def forget(found: Import) -> None:
    """Forget the names in a list of people, once it is recorded or dropped."""
    if found.kind == "people" or found.rows_digest == "":
        for one in (found.digest, found.rows_digest):
            shelf.forget_list(one)


def need_open(found: Import) -> None:
    """Refuse to touch the columns of an import that is over."""
    if found.state not in _OPEN:
        raise StaleEvidenceError(
            "This import is over; its columns stay as they were.", hint="Upload the file again."
        )


def _need_read(found: Import) -> None:
    """Refuse to record a list that nobody has read."""
    if found.state == State.READING:
        raise StaleEvidenceError(
            "The list of this import is still being read.", hint="Wait for the end, then confirm."
        )
    if found.state == State.FAILED:
        raise StaleEvidenceError(
            "The list of this import could not be read, so nothing of it is recorded.",
            hint="Read why on its page, then upload a list that can be read.",
        )


def _saved_for(made: Import) -> SavedMapping | None:
    """Return the newest mapping that was saved for just this header."""
    every = SavedMapping.objects.filter(kind=made.kind)
    return next((one for one in every if one.columns == made.columns), None)


def _take(found: Import, start: SavedMapping) -> None:
    """Take a saved mapping over; columns are found again by their names."""
    places = {name: at for at, name in enumerate(found.columns)}
    taken: dict[str, Any] = {}
    for name, one in start.sources.items():
        if one.get("column") is None:
            taken[name] = one
        elif start.columns[one["column"]] in places:
            taken[name] = {"column": places[start.columns[one["column"]]]}
    found.sources, found.mapping = taken, start.name
    found.day_first = start.day_first
    found.comma = start.comma if found.comma is None else found.comma


def _guessed(made: Import, sheet: Sheet) -> dict[str, Any]:
    told = rows.guess(sheet, registry.reader(made.kind), setting_of(made))
    return {name: {"column": one.column} for name, one in told.items()}
