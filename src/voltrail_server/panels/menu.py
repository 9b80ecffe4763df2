"""
The menu: pages in groups that people think in, each person's own, the current one open.

Knows addresses and which act opens each. Does not judge: the page itself refuses who may not.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the menu: its address, its words, the act that opens it, what belongs to it."""

    address: str
    said: str
    act: str = ""
    also: tuple[str, ...] = ()

    def length(self, path: str) -> int:
        """Return how much of a path this page answers for."""
        mine = (self.address, *self.also)
        return max((len(one) for one in mine if path.startswith(one)), default=0)


@dataclass(frozen=True, slots=True)
class Link:
    """A page as the menu shows it: `current` is what `aria-current` says of it."""

    address: str
    text: str
    current: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the menu shows it; its address is its first page's."""

    text: str
    address: str
    links: tuple[Link, ...]
    current: bool


GROUPS: tuple[tuple[str, tuple[Page, ...]], ...] = (
    (N_("Today"), (Page("/", N_("What waits")),)),
    (
        N_("Goods"),
        (
            Page("/arrivals/", N_("Arrivals"), also=("/acceptances/",)),
            Page("/lots/", N_("Lots")),
            Page("/find/", N_("Units"), also=("/units/",)),
            Page("/scan/", N_("Scan")),
            Page("/moves/", N_("Move")),
            Page("/holds/", N_("Holds")),
            Page("/contradictions/", N_("Contradictions")),
            Page("/recalls/", N_("Recalls")),
            Page("/exceptions/", N_("Exceptions")),
        ),
    ),
    (
        N_("Buying"),
        (
            Page("/orders/", N_("Orders")),
            Page("/parties/", N_("Parties")),
            Page("/places/", N_("Places")),
        ),
    ),
    (N_("Signing"), (Page("/signing/", N_("Drafts to sign")),)),
    (
        N_("Rules"),
        (
            Page("/policy/", N_("Policy")),
            Page("/policy/practices/", N_("Tiers and practices")),
            Page("/threats/", N_("Threats")),
            Page("/people/may/", N_("Who may do what")),
        ),
    ),
    (
        N_("Register"),
        (
            Page("/register/", N_("Entries"), also=("/subjects/",)),
            Page("/register/hand-in/", N_("Hand in"), "hand-in"),
            Page("/register/witnesses/", N_("Witnesses")),
            Page("/keys/", N_("Keys of firms")),
        ),
    ),
    (
        N_("Administration"),
        (
            Page("/people/", N_("People"), "people-read"),
            Page("/people/requests/", N_("Requests"), "people-read"),
            Page("/people/keys/", N_("Keys"), "keys-read"),
            Page("/people/firms/", N_("Firms"), "people-read"),
            Page("/people/training/", N_("Training")),
            Page("/import/", N_("Import")),
            Page("/foreign/", N_("Files of others")),
            Page("/long-work/", N_("Work")),
        ),
    ),
)


def groups(path: str, acts: Collection[str]) -> tuple[Group, ...]:
    """Return the menu of somebody with some acts, on a page."""
    best = max((page.length(path) for _, pages in GROUPS for page in pages), default=0)
    return tuple(_group(said, pages, (path, acts, best)) for said, pages in GROUPS)


def _group(said: str, pages: tuple[Page, ...], where: tuple[str, Collection[str], int]) -> Group:
    path, acts, best = where
    mine = [one for one in pages if not one.act or one.act in acts]
    links = tuple(Link(one.address, gettext(one.said), _current(one, path, best)) for one in mine)
    return Group(gettext(said), links[0].address, links, any(one.current for one in links))


def _current(page: Page, path: str, best: int) -> str:
    """Return what a page is to a path: the page itself, what it lies under, or nothing."""
    if page.address == path:
        return "page"
    within = page.length(path) == best > 1
    return "true" if within else ""
