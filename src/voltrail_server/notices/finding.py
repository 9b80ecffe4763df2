"""
What is to be told to whom: events on record, drafts, duties, ends, work. Tells nobody itself.

Whom: the persons named, and those whose functions the thing is for, at its place. The words are
found when it is told, in the language of the one who is told.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from voltrail.canonical import digest
from voltrail.statements import kinds
from voltrail_server.notices.kinds import KINDS
from voltrail_server.panels import words
from voltrail_server.panels.named import address, key_of
from voltrail_server.people import functions
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account, Binding, Role
from voltrail_server.reading import endings, outbox, recalls, waiting
from voltrail_server.signing.models import Draft, State
from voltrail_server.work.models import ENDED, Work

_DAY = timedelta(days=1)
_ALARMS = {
    "hold": (Role.SECURITY, Role.QUALITY, Role.FACILITIES),
    "recall": (Role.SECURITY, Role.QUALITY),
    "incident": (Role.SECURITY, Role.QUALITY, Role.OT),
    "change-notice": (Role.PROCUREMENT, Role.QUALITY),
}
_OWNERS = (Role.FACILITIES, Role.OT)  # who looks after a place answers for it
_DECIDED = (Role.QUALITY, Role.FACILITIES, Role.PROCUREMENT)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to be told: what kind, from which source, about what, and where it leads."""

    kind: str
    source: str
    subject: str
    say: Callable[[], str]  # in the language that is spoken when it is asked
    address: str
    account: int

    @property
    def key(self) -> str:
        """The source as it is kept: of one length, whatever it was made of."""
        return digest(self.source.encode())

    @property
    def hint(self) -> str:
        """What to do."""
        return _(KINDS[self.kind].hint)


class People:
    """Everybody with an open account and what they hold, asked for once."""

    def __init__(self, at: datetime) -> None:
        """Look everybody up."""
        rows = functions.accounts(Account.objects.filter(is_active=True))
        self._held = [(one.pk, functions.held(one, at)) for one in rows]
        self._numbers = {one.person: one.pk for one in rows if one.person}

    def of(self, roles: Iterable[str], place: str = "") -> list[int]:
        """Return those who hold one of some functions, at a place where one is known."""
        wanted = frozenset(roles)
        return [number for number, held in self._held if any(_fits(h, wanted, place) for h in held)]

    def named(self, persons: Iterable[object]) -> list[int]:
        """Return the accounts of persons."""
        return [self._numbers[one] for one in map(str, persons) if one in self._numbers]


def _fits(one: Holding, roles: frozenset[str], place: str) -> bool:
    return one.function in roles and one.covers(place or None)


def of_event(event: outbox.Event, people: People) -> Iterator[Found]:
    """Yield what an event on record is to whom."""
    fact, index = event.fact, event.fact.entry.index
    kind = kinds.short(fact.predicate_type)
    if event.topic.startswith("decision."):
        about = str(fact.fact.about)
        word = words.disposition(fact.fact.disposition)

        def decided() -> str:
            return f"{key_of(about)}: {word.text}. {event.sentence}"

        for one in people.of(_DECIDED, event.place):
            yield Found("decision", f"entry {index}", about, decided, address(about), one)
    elif kind == "recall":
        yield from _recalled(event, people)
    elif kind in _ALARMS:
        about = str(fact.subjects[0]) if fact.subjects else ""
        where = f"/register/{index}/"
        for one in people.of(_ALARMS[kind]):
            yield Found("alarm", f"entry {index}", about, lambda: event.sentence, where, one)


def _recalled(event: outbox.Event, people: People) -> Iterator[Found]:
    """Yield a recall to whoever is told of each, and to whoever looks after a place it reaches."""
    index = event.fact.entry.index
    where = f"/recalls/{index}/"
    for one in people.of(_ALARMS["recall"]):
        yield Found("alarm", f"entry {index}", "", lambda: event.sentence, where, one)
    for place in recalls.report(index).places:
        answers = f"{where}answer/?place={place.place}"
        for one in people.of(_OWNERS, place.place) if place.place else ():
            source = f"recall {index} {place.place}"
            yield Found("alarm", source, place.place, partial(_asked_for, place), answers, one)


def _asked_for(place: Any) -> str:  # noqa: ANN401 — a place of a report
    told = {"count": words.number(place.things), "place": key_of(place.place)}
    return _("A recall asks what is found at %(place)s; it names: %(count)s.") % told


def signatures(people: People, at: datetime) -> Iterator[Found]:
    """Yield the drafts that wait for somebody's signature."""
    rows = Draft.objects.filter(state=State.OPEN, expires_at__gt=at)
    for draft in rows.prefetch_related("signatures"):
        signed = draft.signatures.all()
        whom = people.named(one.person for one in signed if not one.key)
        if draft.role and draft.needed > len(signed):
            done = people.named(one.person for one in signed)
            whom += [one for one in people.of([draft.role]) if one not in done]
        say, where = partial(_asked, draft.purpose), f"/signing/{draft.pk}/"
        for one in dict.fromkeys(whom):
            yield Found("signature", f"draft {draft.pk}", "", say, where, one)


def _asked(purpose: str) -> str:
    return _("Your signature is asked for: %(purpose)s") % {"purpose": purpose}


def duties(people: People, at: datetime) -> Iterator[Found]:
    """Yield the duties that are due within a day, and once more those that are overdue."""
    for duty in waiting.owed(waiting.held(), at):
        if duty.due > at + _DAY:
            continue
        state, about = "overdue" if duty.late(at) else "due", str(duty.subject)
        say = partial(_owed, duty, about, late=duty.late(at))
        source = f"{about} {duty.verb} {duty.role} {duty.opened_by} {state}"
        for one in people.of([duty.role], str(duty.scope)):
            yield Found("duty", source, about, say, f"{address(about)}#playbook", one)


def _owed(duty: Any, about: str, *, late: bool) -> str:  # noqa: ANN401 — a duty
    told = {
        "what": _(duty.verb.replace("-", " ").capitalize()),
        "about": key_of(about),
        "due": words.stamp(duty.due),
        "why": words.said(duty.why),
    }
    if late:
        return _("Overdue: %(what)s, %(about)s, since %(due)s. %(why)s") % told
    return _("Due: %(what)s, %(about)s, until %(due)s. %(why)s") % told


def ends(people: People, at: datetime) -> Iterator[Found]:
    """Yield exceptions, qualifications, trainings and appointments that end within two weeks."""
    for one in endings.soon(at):
        about, where, whom = _whose(one, people)
        for number in dict.fromkeys(whom):
            say = partial(_ends, one.fact)
            yield Found("ending", f"entry {one.entry.index}", about, say, where, number)
    rows = Binding.objects.filter(
        valid_until__gt=at, valid_until__lte=at + endings.AHEAD, end_entry=None
    )
    for row in rows:
        say = partial(_held_until, row)
        for number in people.named([row.person]):
            source = f"appointment {row.number} {row.valid_until}"
            yield Found("ending", source, row.person, say, "/me/#functions", number)


def _held_until(row: Binding) -> str:
    told = {"function": _(row.function), "end": words.stamp(row.valid_until)}
    return _("You are %(function)s until %(end)s.") % told


def _whose(one: Any, people: People) -> tuple[str, str, list[int]]:  # noqa: ANN401 — recorded
    """Return what it is about that ends, where that is shown, and who is told."""
    fact = one.fact
    if _is_course(fact):
        return str(fact.person), "/me/#training", people.named([fact.person])
    if _is_qualification(fact):
        about = str(fact.supplier)
        return about, address(about), people.of([Role.PROCUREMENT, Role.QUALITY])
    owners = (step.owner for step in fact.plan)
    whom = people.named([fact.requested_by, *fact.approved_by, *owners])
    return "", f"/exceptions/{one.entry.index}/", whom


def _ends(fact: Any) -> str:  # noqa: ANN401 — a training, a qualification or an exception
    end = words.stamp(fact.valid_until)
    if _is_course(fact):
        return _("Your training in %(course)s ends %(end)s.") % {"course": fact.course, "end": end}
    if _is_qualification(fact):
        told = {"firm": key_of(str(fact.supplier)), "end": end}
        return _("The qualification of %(firm)s ends %(end)s.") % told
    return _("Exception %(number)s from %(control)s ends %(end)s.") % {
        "number": fact.number,
        "control": fact.control,
        "end": end,
    }


def _is_course(fact: object) -> bool:
    return hasattr(fact, "course")


def _is_qualification(fact: object) -> bool:
    return hasattr(fact, "supplier") and hasattr(fact, "verdict")


def works(at: datetime) -> Iterator[Found]:
    """Yield the work that ended within a day, to whoever began it."""
    rows = Work.objects.filter(state__in=ENDED, ended_at__gt=at - _DAY).exclude(started_by=None)
    for row in rows:
        source = f"work {row.pk} {row.attempt} {row.state}"
        say, where = partial(_ended, row), f"/long-work/{row.pk}/"
        yield Found("work", source, "", say, where, row.started_by_id or 0)


def _ended(row: Work) -> str:
    state = words.Word("", row.get_state_display(), "", "").text
    return f"{row.title}: {state}. {row.sentence}".strip()
