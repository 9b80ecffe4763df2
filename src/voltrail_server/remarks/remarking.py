"""Noting something, its files judged first and named in one statement; and taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from voltrail.actions import remark
from voltrail.actions.record import Registered
from voltrail.canonical import digest
from voltrail.errors import MalformedError
from voltrail.ids.subject import PersonId, SubjectId
from voltrail.statements.fields import Digest
from voltrail.statements.remark import KeptFile, Mail, Remark
from voltrail_server import wiring
from voltrail_server.people import functions, passkeys
from voltrail_server.people.models import Account, Role
from voltrail_server.remarks import files, mail
from voltrail_server.remarks.files import Judged

MAX_ALL = 60 * 1_048_576  # [bytes] of one remark, what mails hold included
_TEXT = 4_000  # [characters]


@dataclass
class _Taken:
    """What one remark keeps so far."""

    judged: dict[str, Judged] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)
    size: int = 0


def note(
    about: SubjectId, by: PersonId, text: str, given: Iterable[tuple[str, bytes]]
) -> Registered:
    """Keep what somebody noted about a subject; nothing is kept where one file is refused."""
    said = text.replace("\r\n", "\n").strip()
    if len(said) > _TEXT:
        raise MalformedError(
            _("The text has more than %(n)s letters.") % {"n": _TEXT},
            hint=_("Attach the long one as a file."),
        )
    taken = _Taken()
    for name, data in given:
        _take(taken, name, data, 0)
    desk = wiring.desk()
    kept = [_file(one, desk.blobs.put(one.data)) for one in taken.judged.values()]
    noted = Remark(about, by, said or None, tuple(kept), tuple(taken.mails.values()))
    return remark.remark(desk, noted, wiring.now())


def withdraw(account: Account, index: int, why: str) -> Registered:
    """Take a remark back for somebody: their own, or as an administrator anybody's."""
    may_all = Role.ADMINISTRATOR in functions.names(account)
    by = passkeys.person_of(account), may_all
    return remark.withdraw(wiring.desk(), index, by, why, wiring.now())


def _take(taken: _Taken, name: str, data: bytes, depth: int) -> None:
    """Judge a file, and what a mail holds; the same bytes are kept once."""
    found, key = files.judge(name, data), digest(data)
    if key in taken.judged:
        return
    taken.size += len(data)
    taken.judged[key] = found
    _need_room(taken)
    if found.media_type != "message/rfc822":
        return
    if depth >= mail.MAX_DEPTH:
        raise MalformedError(
            _("%(name)s lies too deep in other mails.") % {"name": found.name},
            hint=_("Save it by itself and attach that."),
        )
    read = mail.parse(found.name, data)
    taken.mails[key] = mail.head(read, Digest(key))
    for inner, content in mail.files_of(found.name, read):
        if content:
            _take(taken, inner, content, depth + 1)


def _need_room(taken: _Taken) -> None:
    if len(taken.judged) > files.MAX_FILES or taken.size > MAX_ALL:
        raise MalformedError(
            _("One remark keeps %(n)s files of %(m)s MiB together at most.")
            % {"n": files.MAX_FILES, "m": MAX_ALL // 1_048_576},
            hint=_("Part them into several remarks."),
        )


def _file(one: Judged, key: str) -> KeptFile:
    return KeptFile(one.name, one.media_type, len(one.data), Digest(key))
