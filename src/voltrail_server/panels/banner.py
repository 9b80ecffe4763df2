"""The hold banner: who holds it, why, since when, and what lifts it. Decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark

from voltrail_server.panels import words
from voltrail_server.panels.named import Named, Naming, key_of, unnamed

_WANTED = 2  # [persons] who lift a hold together
_COUNTS = {
    0: N_("nobody has lifted it yet"),
    1: N_("one person has lifted it, one more is needed"),
}


@dataclass(frozen=True, slots=True)
class Banner:
    """A hold that stands, as the pages of what it holds begin."""

    index: int
    case: str
    cause: str
    owner: Named
    placed_by: Named
    since: str
    lifted: str
    lifted_by: tuple[Named, ...]


def banners(holds: Iterable[Any], naming: Naming = unnamed) -> tuple[Banner, ...]:
    """Return the banners of the holds that stand."""
    return tuple(_banner(one, naming) for one in holds if one.stands)


def _banner(one: Any, naming: Naming) -> Banner:  # noqa: ANN401 — a hold with its lifts
    fact, persons = one.hold.fact, one.lifted_by
    return Banner(
        one.hold.entry.index,
        key_of(fact.case),
        fact.cause,
        naming(str(fact.owner)),
        naming(str(one.hold.issuer)),
        words.stamp(one.hold.entry.log_time),
        _lifted(len(persons)),
        tuple(naming(str(person)) for person in persons),
    )


def _lifted(count: int) -> str:
    if count in _COUNTS:
        return words.said(_COUNTS[count])
    return _("%(count)s of %(wanted)s persons have lifted it") % {"count": count, "wanted": _WANTED}
