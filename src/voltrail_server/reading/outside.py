"""
What somebody of another firm sees: what is asked of that firm, and what it handed in.

Names nothing of other firms: a duty is told by what is asked and by the firm's own lot or order,
never by the reason, which may name somebody else. At a bounded cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import show
from voltrail_server import wiring
from voltrail_server.panels import words
from voltrail_server.panels.named import key_of
from voltrail_server.panels.today import Line
from voltrail_server.reading import links, waiting

_FEW = 20  # [lines] of one list
_NEWEST = 300  # [entries] about the firm looked through for its own
# What only the firm itself can give; everything else the operator settles at home.
_ASKED = frozenset(
    {
        "explain-hand-over",
        "explain-lot",
        "obtain-authorization",
        "obtain-certificate",
        "obtain-disclosure",
        "obtain-hand-over-half",
        "obtain-lot-record",
    }
)


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm's own view."""

    party: str
    name: str
    asked: tuple[Line, ...]
    links: tuple[Line, ...]
    said: tuple[Line, ...]


def firm(party: str, open_links: Iterable[Any], at: datetime) -> Firm:
    """Return what a firm sees; an account of no firm sees that it is of none."""
    if not party:
        return Firm("", "", (), (), ())
    return Firm(party, key_of(party), _asked(party, at), _links(open_links), _said(party))


def _asked(party: str, at: datetime) -> tuple[Line, ...]:
    rows = {row.arrival: row for row in waiting.held() if party in (row.seller, row.maker)}
    owed = (one for one in waiting.owed(tuple(rows.values()), at) if one.verb in _ASKED)
    until, late = _("wanted by %(due)s"), _("overdue since %(due)s")
    return tuple(
        Line(
            _(one.verb.replace("-", " ").capitalize()),
            meta=(late if one.late(at) else until) % {"due": words.stamp(one.due)},
            act=_("lot %(lot)s, order %(order)s")
            % {"lot": key_of(row.lot), "order": key_of(row.order)},
        )
        for one in owed
        if (row := rows.get(str(one.subject))) is not None
    )[:_FEW]


def _links(rows: Iterable[Any]) -> tuple[Line, ...]:
    until = _("open until %(until)s")
    return tuple(
        Line(
            one.label,
            meta=until % {"until": words.stamp(one.expires_at)},
            act=", ".join(words.kind_of(each) for each in one.predicate_types),
        )
        for one in islice(rows, _FEW)
    )


def _said(party: str) -> tuple[Line, ...]:
    desk = wiring.desk()
    near = links.facts_at(desk.views.indices(party)[-_NEWEST:])
    own = [one for one in near.values() if str(one.issuer) == party]
    newest = sorted(own, key=lambda one: -one.entry.index)[:_FEW]
    return tuple(_line(one) for one in newest)


def _line(one: Any) -> Line:  # noqa: ANN401 — a recorded fact
    told = {"at": words.stamp(one.entry.log_time), "index": one.entry.index}
    return Line(
        words.kind_of(one.predicate_type).capitalize(),
        meta=_("registered %(at)s as entry #%(index)s") % told,
        act=show.sentence_of(one),
    )
