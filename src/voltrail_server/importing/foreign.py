"""
Files of others: look at what one says before anything is recorded, then let a worker keep it.

The file is a blob from the upload on, and its digest is its address. Begun again after a worker
died, the work finds what it kept as the same and goes on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import foreign
from voltrail.actions.foreign import Filed, Meaning
from voltrail.errors import ProductError, UnknownSubjectError
from voltrail.ids.subject import PartyId
from voltrail.readers import registry
from voltrail.readers.foreign import Reading
from voltrail_server import wiring
from voltrail_server.importing.files import need_small
from voltrail_server.people.models import Account
from voltrail_server.work import queue
from voltrail_server.work.models import Work
from voltrail_server.work.progress import Progress

BATCH = 100  # [drafts] kept in one transaction
ASKED = 200  # [identities] that a look asks for; the work asks for every one
_DIGEST = re.compile(r"[0-9a-f]{64}")
KEPT = 100  # [drafts] whose refusal is kept with the result, and as many remarks


@dataclass(frozen=True, slots=True)
class Look:
    """What a file says, and what its first identities are here."""

    reading: Reading
    meanings: tuple[Meaning, ...]
    more: int

    @property
    def unknown(self) -> tuple[Meaning, ...]:
        """The identities that nothing on record knows."""
        return tuple(one for one in self.meanings if not one.subjects)


def upload(data: bytes, form: str = "") -> Reading:
    """Return what a file says; its bytes are kept as a blob, and nothing is on record."""
    need_small(data)
    found = registry.read(data, form)
    wiring.desk().blobs.put(data)
    return found


def reading_of(digest: str, form: str = "") -> Reading:
    """Return what a file that was uploaded says."""
    data = wiring.desk().blobs.get(digest) if _DIGEST.fullmatch(digest) else None
    if data is None:
        raise UnknownSubjectError(_("No such file was uploaded."), hint=_("Upload it again."))
    return registry.read(data, form)


def look(reading: Reading) -> Look:
    """Return what a file says, and what its first identities are here."""
    names, desk, at = foreign.names(reading), wiring.desk(), wiring.now()
    asked = tuple(foreign.meaning(desk, one, at) for one in names[:ASKED])
    return Look(reading, asked, max(0, len(names) - ASKED))


def begin(by: Account | None, digest: str, form: str, sender: PartyId) -> Work:
    """Return the work that keeps what a file says, as its sender's unsigned word."""
    found = reading_of(digest, form)
    title = _("Keeping a file of %(sender)s") % {"sender": sender.key}
    told = {"file": found.digest, "form": form, "sender": str(sender)}
    return queue.begin(by, "keep-foreign", title, told)


def run(progress: Progress, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep each draft of a file: the work behind the yes."""
    sender = PartyId.read(arguments["sender"])
    reading = reading_of(arguments["file"], arguments["form"])
    progress.count(_("statements"))
    progress.tell(0, 0, _("Asking what the identities in the file are here."))
    desk, at = wiring.desk(), wiring.now()
    known = {one.text: foreign.meaning(desk, one, at) for one in foreign.names(reading)}
    filed, total, refused, same = Filed(reading, sender, known), len(reading.drafts), [], 0
    remarks = list(reading.remarks[:KEPT])
    for start in range(0, total, BATCH):
        progress.tell(start, total, _("Keeping what the file says."))
        drafts = reading.drafts[start : start + BATCH]
        remarks += foreign.differing(desk, filed, drafts)
        for one in foreign.keep(wiring.desk(), filed, drafts, wiring.now()):
            if isinstance(one, ProductError):
                refused.append({"sentence": str(one), "hint": one.hint})
            elif not one.fresh:
                same += 1
    progress.tell(total, total, _("Everything is kept."))
    counts = {"kept": total - same - len(refused), "same": same, "refused": len(refused)}
    told = {name: f"{count:,}" for name, count in counts.items()}
    sentence = _("Kept: %(kept)s. The same as before: %(same)s. Refused: %(refused)s.") % told
    link = f"/subjects/{sender}/"
    noted = [f"{one.place}: {one.sentence}" for one in remarks[: 2 * KEPT]]
    whole = {"link": link, "sentence": sentence, "counts": counts, "remarks": noted}
    return {**whole, "refused": refused[:KEPT]}
