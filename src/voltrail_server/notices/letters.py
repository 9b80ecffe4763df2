"""
What is written in a mail: plain text, a link to a page that asks who is there, how to end it.

It is in the language of the one who gets it, whoever caused it.

No secret stands in one but the one-time links that are made to be mailed; the text is wiped once it
is gone. Lines of a head are folded to one: nobody writes a second one.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from voltrail_server.notices.kinds import KINDS
from voltrail_server.notices.models import Letter, Notice
from voltrail_server.panels.named import key_of
from voltrail_server.people.language import speaking
from voltrail_server.people.models import Account

_SIGNS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SUBJECT = 150  # [characters]
_IN_A_DAY = 100  # [notices] that one daily mail lists


def is_set_up() -> bool:
    """Return whether this server can send mail at all."""
    return bool(settings.EMAIL_HOST)


def of_notice(one: Notice, at: datetime) -> Letter | None:
    """Return the letter of one notice, or nothing where its person has no address."""
    with speaking(one.account):
        title = _(KINDS[one.kind].title)
        body = "\n".join([*_paragraph(one), "", *_foot()])
    subject = f"{title}: {key_of(one.subject)}" if one.subject else one.sentence
    return write(one.account, subject, body, at)


def of_day(account: Account, found: Sequence[Notice], at: datetime) -> Letter | None:
    """Return the letter of a person's day, or nothing where they have no address."""
    with speaking(account):
        subject = _("%(n)s notices of today") % {"n": len(found)}
        body = "\n".join([*_day(found), *_foot()])
    return write(account, subject, body, at)


def _day(found: Sequence[Notice]) -> Iterator[str]:
    for kind in KINDS.values():
        listed = [one for one in found[:_IN_A_DAY] if one.kind == kind.name]
        if listed:
            title = f"{_(kind.title)} ({len(listed)})"
            yield from (title, "-" * len(title))
            for one in listed:
                yield from (*_paragraph(one), "")
    if found[_IN_A_DAY:]:
        yield from (_("And %(n)s more.") % {"n": len(found) - _IN_A_DAY}, "")


def write(account: Account, subject: str, body: str, at: datetime, to: str = "") -> Letter | None:
    """Keep a letter to be sent; nothing is kept where there is no address or no way to send."""
    mail = to or account.mail
    if not mail or not is_set_up() or account.left_at is not None:
        return None
    host = urlsplit(settings.VOLTRAIL_ORIGIN).hostname or "localhost"
    return Letter.objects.create(
        account=account,
        to=mail,
        subject=f"[Voltrail] {one_line(subject)[:_SUBJECT]}",
        body=body,
        message_id=f"<{secrets.token_hex(16)}@{host}>",
        created_at=at,
        next_at=at,
    )


def one_line(text: str) -> str:
    """Return a text on one line, without signs that end one."""
    return " ".join(_SIGNS.sub(" ", text).split())


def _paragraph(one: Notice) -> list[str]:
    return [one_line(one.sentence), one.hint, f"{settings.VOLTRAIL_ORIGIN}{one.address}"]


def _foot() -> list[str]:
    told = {"address": f"{settings.VOLTRAIL_ORIGIN}/me/notices/"}
    return ["-- ", _("Voltrail wrote this. Choose what it writes: %(address)s") % told]
