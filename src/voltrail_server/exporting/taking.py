"""Take a list away: a short one at once, a long one by a worker."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from django.utils.translation import gettext as _

from voltrail_server.people.models import Account
from voltrail_server.reading import exports
from voltrail_server.reading.sheets import Sheet
from voltrail_server.work import queue
from voltrail_server.work.models import State, Work

LONG = 5_000  # [rows] a request writes no more


def begun(by: Account, name: str, asked: Mapping[str, str], ending: str) -> Sheet | Work:
    """Return a short list itself, or the work that writes a long one."""
    head, rows = exports.sheet_of(name, asked)
    first: list[Sequence[object]] = list(islice(rows, LONG + 1))
    if len(first) <= LONG:
        return head, _again(first, rows)
    wanted = {"list": name, "ending": ending, "asked": dict(asked)}
    going = Work.objects.filter(
        started_by=by, verb="export", state__in=(State.WAITING, State.RUNNING)
    )
    same = next((one for one in going if one.arguments == wanted), None)
    title = _("The list of %(name)s as %(ending)s") % {"name": name, "ending": ending.upper()}
    return same or queue.begin(by, "export", title, wanted)


def _again(
    first: list[Sequence[object]], rest: Iterator[Sequence[object]]
) -> Iterator[Sequence[object]]:
    return chain(first, rest)
