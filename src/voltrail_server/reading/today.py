"""
What a start page asks: what waits for somebody, and what matters to each function they hold.

Every section costs a fixed number of questions over at most one page of rows. Judges nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import acceptance
from voltrail.actions import hold as hold_actions
from voltrail.actions import policy as policy_actions
from voltrail.actions.administration import ADMINISTRATION_TYPE
from voltrail.actions.waiting import Duty
from voltrail.projections.fold import of_type
from voltrail.projections.view import View
from voltrail.statements import kinds
from voltrail.statements.acceptance import Acceptance
from voltrail.statements.administration import Act
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.place import Place
from voltrail.statements.product import Product
from voltrail.statements.qualification import Qualification, Verdict
from voltrail_server import wiring
from voltrail_server.panels import today as panel
from voltrail_server.panels import words
from voltrail_server.panels.named import address, key_of
from voltrail_server.panels.today import Line, Section
from voltrail_server.people import confirming, functions
from voltrail_server.people.models import Account, Invitation
from voltrail_server.reading import arrivals, links, orders, people, register, waiting, waivers
from voltrail_server.reading.names import Book

FEW = 5  # [rows] of one section
SOON = timedelta(days=60)  # our choice: a qualification takes weeks to renew
_NEWEST = 200  # [entries] looked through for the last backup
_READY = 12  # [arrivals] looked at for what two may sign next
_PLACES = 5  # [places] of one function
_QUALIFICATION = kinds.uri("qualification")


# How the server is at a time: whether all is well, and a word for each part.
Look = Callable[[datetime], tuple[bool, dict[str, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, when, by which functions; held arrivals and duties were read once for all."""

    account: Account
    at: datetime
    names: frozenset[str]
    held: tuple[Any, ...]
    owed: tuple[Duty, ...]
    book: Book
    look: Look

    @property
    def sees_all(self) -> bool:
        """Whether what waits for anybody is shown: to auditors and administrators."""
        return bool(self.names & {"administrator", "auditor"})

    @property
    def mine(self) -> tuple[Duty, ...]:
        """The duties that wait for one of the functions, or for anybody."""
        if self.sees_all:
            return self.owed
        return tuple(one for one in self.owed if one.role in self.names)

    def places(self, function: str) -> tuple[str, ...]:
        """Return where a function is held, a few places; nothing where it is held everywhere."""
        found = [one for one in functions.held(self.account, self.at) if one.function == function]
        every = any(not one.places for one in found)
        return (
            () if every else tuple(sorted({each for one in found for each in one.places}))[:_PLACES]
        )


def seen(account: Account, at: datetime, book: Book, look: Look) -> Seen:
    """Return what every section looks at."""
    held = waiting.held()
    owed = waiting.owed(held, at)
    return Seen(account, at, functions.names(account, at), held, owed, book, look)


def sections(found: Seen) -> list[Section]:
    """Return the sections of every function that somebody holds, each once."""
    wanted = [make for name, makes in _OF.items() if name in found.names for make in makes]
    return [make(found) for make in dict.fromkeys(wanted)]


def _ending(found: Seen) -> Section:
    desk, newest = wiring.desk(), dict[tuple[Any, ...], Any]()
    for one in of_type(desk.entries, desk.views, _QUALIFICATION):
        if isinstance(one.fact, Qualification) and one.fact.verdict == Verdict.QUALIFIED:
            newest[one.fact.supplier, one.fact.families, one.fact.channels, one.fact.tier] = one
    near = [one for one in newest.values() if abs(one.fact.valid_until - found.at) <= SOON]
    near.sort(key=lambda one: one.fact.valid_until)
    return Section(
        "ending",
        _("Qualifications that end soon"),
        tuple(panel.qualification(one, found.at, found.book) for one in near[:FEW]),
        _("No supplier's qualification ends within 60 days. It stands here before it does."),
        _("All parties"),
        "/parties/",
    )


def _refused(found: Seen) -> Section:
    page = orders.refused()
    return Section(
        "refused",
        _("Orders that were refused"),
        tuple(panel.refused(one, found.book) for one in page.items[:FEW]),
        _("No order was refused. One that misses a requirement stands here with its reason."),
        _("All refused"),
        "/orders/?show=refused",
    )


def _layers(found: Seen) -> Section:
    return Section(
        "layers",
        _("What holds arrivals"),
        panel.layers(found.held),
        _("No layer holds an arrival back."),
        _("Held arrivals"),
        "/arrivals/?disposition=quarantine",
    )


def _longest(found: Seen) -> Section:
    rows = [row for row in found.held if row.disposition == "quarantine"]
    return Section(
        "held",
        _("Held longest"),
        panel.arrivals(rows[:FEW], found.book),
        _("Nothing is held. An arrival stands here as soon as it cannot be released."),
        _("All in quarantine"),
        "/arrivals/?disposition=quarantine",
    )


def _ready(found: Seen) -> Section:
    rows = _at_places(found, "facilities", "release")[:_READY]
    said = links.views_of([row.arrival for row in rows])
    around = links.views_of({key for row in rows for key in (row.product, row.place)})
    fresh = [row for row in rows if _accepted_first(said.get(row.arrival), row, around)]
    way = "/acceptances/new/?verb={verb}&arrival={{arrival}}".format
    lines = (
        *panel.arrivals(fresh, found.book, (_("Accept"), way(verb="accept"))),
        *panel.arrivals(
            [row for row in rows if row not in fresh],
            found.book,
            (_("Put into service"), way(verb="install")),
        ),
    )
    return Section(
        "ready",
        _("Released: accept, then put into service"),
        lines[:FEW],
        _("No released arrival waits. Two people accept one before its first unit goes in."),
        _("All released"),
        "/arrivals/?disposition=release",
    )


def _accepted_first(own: View | None, row: Any, around: Mapping[str, View]) -> bool:  # noqa: ANN401
    """Return whether the next thing two persons sign about an arrival is that they accept it."""
    decided = None if own is None else own.newest(DecisionRecord)
    if own is None or decided is None or own.standing(Acceptance):
        return False
    model = around[row.product].newest(Product) if row.product in around else None
    site = around[row.place].newest(Place) if row.place in around else None
    family = "" if model is None else model.fact.family
    where = "" if site is None else str(site.fact.place_class)
    return acceptance.comes_first(wiring.desk(), decided.fact, family, where)


def _kept(found: Seen) -> Section:
    rows = _at_places(found, "facilities", "quarantine")
    return Section(
        "kept",
        _("Held at your places"),
        panel.arrivals(rows[:FEW], found.book),
        _("Nothing is held at your places. Goods that must not move stand here."),
        _("All in quarantine"),
        "/arrivals/?disposition=quarantine",
    )


def _isolated(found: Seen) -> Section:
    rows = [row for row in found.held if row.disposition == "isolate"]
    return Section(
        "isolated",
        _("Isolated"),
        panel.arrivals(rows[:FEW], found.book),
        _("Nothing is isolated. Units to be cut off from power and network stand here."),
        _("All isolated"),
        "/arrivals/?disposition=isolate",
    )


def _firmware(found: Seen) -> Section:
    return Section(
        "firmware",
        _("Firmware that is not told or not approved"),
        panel.arrivals(panel.lacking(found.held, "firmware")[:FEW], found.book),
        _("The firmware of every held arrival is read and approved."),
    )


def _server(found: Seen) -> Section:
    _well, parts = found.look(found.at)
    return Section(
        "server",
        _("How the server is"),
        tuple(panel.part(name, one) for name, one in parts.items()),
        "",
        _("As programs read it"),
        "/healthz",
    )


def _backup(found: Seen) -> Section:
    desk = wiring.desk()
    near = links.facts_at(desk.views.indices(ADMINISTRATION_TYPE)[-_NEWEST:])
    made = [one for one in near.values() if getattr(one.fact, "act", None) == Act.BACK_UP]
    lines = tuple(
        Line(
            words.age(one.entry.log_time, found.at),
            f"/register/{one.entry.index}/",
            words.stamp(one.entry.log_time),
        )
        for one in sorted(made, key=lambda one: -one.entry.index)[:1]
    )
    empty = _("No backup is on record. Run: voltrail backup FOLDER; each one stands here.")
    return Section("backup", _("The last backup"), lines, empty)


def _invited(found: Seen) -> Section:
    rows = Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=found.at)
    listed = rows.filter(is_reset=False).select_related("account")[:FEW]
    until = _("the link is good until %(until)s")
    lines = tuple(
        Line(
            str(one.account),
            f"/people/{one.account_id}/" if "administrator" in found.names else "",
            until % {"until": words.stamp(one.expires_at)},
            panel.WAITS,
        )
        for one in listed
    )
    return Section(
        "invited", _("Invited, not here yet"), lines, _("Everybody who was invited has come.")
    )


def _holds(found: Seen) -> Section:
    standing = [one for one in hold_actions.holds(wiring.desk()) if one.stands]
    return Section(
        "holds",
        _("Holds that stand"),
        tuple(panel.hold(one, found.book) for one in standing[:FEW]),
        _("No hold stands. Whoever doubts a lot, a unit or a firm places one at once."),
        _("All holds"),
        "/holds/",
    )


def _keys(found: Seen) -> Section:
    waits = people.waiting_keys(found.account)
    lines = tuple(
        Line(one.name, "/people/keys/", f"{one.label} · {one.since}", panel.WAITS)
        for one in waits[:FEW]
    )
    return Section(
        "keys",
        _("Keys that wait to be confirmed"),
        lines,
        _("No key waits. A new passkey stands here until somebody else confirms it."),
    )


def _flags(found: Seen) -> Section:
    owed = [one for one in found.owed if one.verb == "look-into-red-flag"]
    lines = tuple(
        Line(key_of(one.subject), f"{address(one.subject)}#why", one.why) for one in owed[:FEW]
    )
    return Section("flags", _("Red flags"), lines, _("No red flag stands on a held arrival."))


def _packs(found: Seen) -> Section:
    page = arrivals.listing(arrivals.Filter())
    way = (_("Evidence pack"), "/arrivals/{key}/pack.zip")
    return Section(
        "packs",
        _("Newest arrivals, each with its pack"),
        panel.arrivals(page.items[:FEW], found.book, way),
        _("No arrival is on record. Each one's pack can be checked without this server."),
        _("All arrivals"),
        "/arrivals/",
    )


def _policies(found: Seen) -> Section:
    every = policy_actions.all_policies(wiring.desk())
    newest = sorted(every, key=lambda one: -one.entry.index)[:FEW]
    since = _("from %(since)s")
    lines = tuple(
        Line(
            one.fact.title,
            f"/register/{one.entry.index}/",
            since % {"since": words.stamp(one.fact.valid_from)},
        )
        for one in newest
    )
    empty = _("Nobody has signed a policy yet; the built-in one counts.")
    return Section("policies", _("Versions of the policy"), lines, empty, _("Policy"), "/policy/")


def _checkpoint(found: Seen) -> Section:
    told = {"covered": words.number(register.covered()), "size": words.number(register.size())}
    text = _("The signed checkpoint covers %(covered)s of %(size)s entries.") % told
    return Section(
        "register", _("Register"), (Line(text, "/checkpoint"),), "", _("Entries"), "/register/"
    )


def _exceptions(found: Seen) -> Section:
    until = _("until %(until)s: %(reason)s")
    lines = tuple(
        Line(
            f"{one.waiver.fact.control}, {one.waiver.fact.number}",
            f"/exceptions/{one.waiver.entry.index}/",
            until
            % {
                "until": words.stamp(one.waiver.fact.valid_until),
                "reason": one.waiver.fact.reason,
            },
            words.WAIVED,
        )
        for one in waivers.listing(found.at, "in-force")[:FEW]
    )
    empty = _("No exception is in force: every required control binds.")
    return Section(
        "exceptions", _("Exceptions in force"), lines, empty, _("All exceptions"), "/exceptions/"
    )


def _requests(found: Seen) -> Section:
    asked = _("asked on %(at)s: %(reason)s")
    lines = tuple(
        Line(
            str(one.account),
            "/people/requests/",
            asked % {"at": words.stamp(one.asked_at), "reason": one.reason},
            panel.WAITS,
        )
        for one in confirming.waiting()[:FEW]
    )
    return Section(
        "requests",
        _("Waits for a second administrator"),
        lines,
        _("No request waits. A lost sign-in and a new administrator need two of you."),
    )


def _at_places(found: Seen, function: str, disposition: str) -> list[Any]:
    """Return newest arrivals with a disposition where a function is held, a page for each place."""
    wanted: Iterable[str] = found.places(function) or ("",)
    rows = [
        row
        for place in wanted
        for row in arrivals.listing(arrivals.Filter(disposition=disposition, place=place)).items
    ]
    return sorted(rows, key=lambda row: row.received_at, reverse=True)


_Make = Callable[[Seen], Section]
_OF: dict[str, tuple[_Make, ...]] = {
    "facilities": (_ready, _kept),
    "ot": (_isolated, _firmware),
    "quality": (_longest, _layers),
    "procurement": (_ending, _refused),
    "security": (_holds, _keys, _flags),
    "it": (_server, _backup, _invited),
    "administrator": (_requests, _invited, _keys),
    "auditor": (_packs, _checkpoint, _policies, _exceptions),
}
