"""
Ask those who may do something that one may not do oneself: a notice to each, no statement.

How often is bounded; the same question stands once an hour. What it leads to is a page here.
"""

from datetime import datetime

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail_server.notices import letters, making
from voltrail_server.notices.finding import Found
from voltrail_server.notices.models import Notice
from voltrail_server.panels import acts as act_words
from voltrail_server.people import explain, limits, may
from voltrail_server.people.models import Account

MOST = 5  # [questions] of one person in a window
_MOST_WORDS = 300  # [characters]
_WHOM = 20  # [persons] asked at once
_HOUR = 3_600  # [s]


def whom(account: Account, act: str, at: datetime) -> list[Account]:
    """Return those who may do something, each once, without who asks."""
    if act not in may.MAY:
        return []
    found = {one.pk: one for one, _held in explain.explain(account, act, "", at).who}
    found.pop(account.pk, None)
    return list(found.values())[:_WHOM]


def ask(by: Account, act: str, address: str, sentence: str, at: datetime) -> list[Account]:
    """Tell those who may do something that somebody asks for it; return whom."""
    if act not in may.MAY:
        raise UnknownSubjectError(
            _("There is no such act."), hint=_("Ask from the page that refused it.")
        )
    said = letters.one_line(sentence)
    if len(said) > _MOST_WORDS:
        raise MalformedError(
            _("The sentence has more than %(n)s letters.") % {"n": _MOST_WORDS},
            hint=_("Say it shorter."),
        )
    _need_page(address)
    limits.need_room("ask", str(by.pk), MOST, at)
    found = whom(by, act, at)
    if not found:
        raise NotPermittedError(
            _("Nobody else may do this now."), hint=_("Ask an administrator to appoint somebody.")
        )
    limits.count("ask", str(by.pk), at)

    def words() -> str:
        told = _("%(name)s asks you: %(act)s.") % {"name": by, "act": act_words.text(act)}
        return f"{told} “{said}”" if said else told

    source = f"asked {by.pk} {act} {address} {int(at.timestamp()) // _HOUR}"
    making.tell((Found("asked", source, "", words, address, one.pk) for one in found), at)
    return found


def _need_page(address: str) -> None:
    """Refuse an address that leads anywhere but to a page here."""
    path = address.partition("?")[0].partition("#")[0]
    if not path.startswith("/") or path.startswith(("//", "/\\", "/api/")) or not _leads(path):
        raise MalformedError(
            _("That is no page here."), hint=_("Ask from the page that refused it.")
        )


def _leads(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def told_about(address: str) -> datetime | None:
    """Return when the last of those who were told of a page was told, if anybody was."""
    newest = Notice.objects.filter(address__startswith=address).order_by("-created_at").first()
    return newest.created_at if newest is not None else None
