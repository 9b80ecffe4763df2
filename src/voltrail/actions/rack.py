"""
One answer at the rack: what the label says and what the record allows, the weaker one first.

Two questions have one answer for whoever stands there: may this go in. Records nothing.
"""

from datetime import datetime

from msgspec import Struct

from voltrail.actions.desk import Desk
from voltrail.actions.label import Shown, judge_scan
from voltrail.actions.show import InstallAnswer, may_install
from voltrail.labels.verdict import Answer, Bar, Scanned, Word, of_scan
from voltrail.wording import worded


class AtRack(Struct, frozen=True):
    """The bar, and the two answers it was made of; no unit, no second answer."""

    bar: Bar
    scan: Answer
    install: InstallAnswer | None = None


def at_rack(desk: Desk, shown: Shown, at: datetime) -> AtRack:
    """
    Return the one answer to a scan.

    Args:
        desk: knows units, arrivals and keys
        shown: what was scanned
        at: the time of asking

    Returns:
        Its word is good only where the label matches and the unit may be installed.

    Raises:
        MalformedError: nothing was scanned, or no label can say that.

    Source: mission, PV-03, II-07; look and words, verdict bar; ADR 0043.
    """
    found = judge_scan(desk, shown)
    install = None if found.unit is None else may_install(desk, found.unit, at)
    return AtRack(_weaker(found, install), found, install)


def _weaker(found: Answer, install: InstallAnswer | None) -> Bar:
    if found.verdict is not Scanned.MATCH or install is None:
        return of_scan(found)
    entries = tuple(dict.fromkeys((*install.entries, *found.entries)))
    if install.allowed:
        sentence = worded("%(label)s %(record)s", label=found.sentence, record=install.sentence)
        return Bar(Word.MAY_INSTALL, sentence, found.hint, entries)
    hint = worded("Do not install it. The label itself is right: %(label)s", label=found.sentence)
    return Bar(Word.NOT_TO_INSTALL, install.sentence, hint, entries)
