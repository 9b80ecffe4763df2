"""People as pages ask for them: the list, one of them, their sessions, courses, and what waits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from voltrail.actions import administration, appointment, show
from voltrail.actions import courses as courses_room
from voltrail.errors import MalformedError, UnknownSubjectError
from voltrail.ids.subject import PartyId
from voltrail_server import wiring
from voltrail_server.panels import acts as act_words
from voltrail_server.panels import persons as panel
from voltrail_server.panels import stories, words
from voltrail_server.panels.named import Named
from voltrail_server.panels.persons import FunctionLine, PersonLine, SessionLine, TrainingLine
from voltrail_server.panels.words import Word
from voltrail_server.people import (
    deputies,
    explain,
    factor,
    functions,
    gate,
    invitations,
    locks,
    may,
    passkeys,
    sessions,
    single_sign_on,
)
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.explain import Answer
from voltrail_server.people.models import Account, Factor, Passkey, Request, Role, Session
from voltrail_server.people.names import names_of
from voltrail_server.reading import parties, places
from voltrail_server.reading.names import Book
from voltrail_server.reading.times import read_time

MOST = 500  # [persons] on one page
_NEWEST = 50  # [entries] about one person
_ADMINISTRATIVE = frozenset(
    {administration.ADMINISTRATION_TYPE, appointment.APPOINTMENT_TYPE, courses_room.TRAINING_TYPE}
)
HEAD = ("name", "log-in", "state", "functions", "training", "second factor", "last seen")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    text: str = ""
    function: str = ""
    state: str = ""


def read_filter(given: Mapping[str, str]) -> Filter:
    """Return what the address asks for."""
    return Filter(given.get("text", "").strip(), given.get("function", ""), given.get("state", ""))


def get(number: int) -> Account:
    """Return an account by its number."""
    found = Account.objects.filter(pk=number).first()
    if found is None:
        raise UnknownSubjectError(
            _("There is no person %(number)s.") % {"number": number}, hint="Look at the list."
        )
    return found


def chosen(text: str) -> Account:
    """Return the account whose number a form names; a log-in or a pseudonym chooses nobody."""
    fit = text.isascii() and text.isdigit() and len(text) < 18  # noqa: PLR2004 — digits of a 64-bit number
    found = Account.objects.filter(pk=int(text)).first() if fit else None
    if found is None:
        raise UnknownSubjectError("Nobody here has that number.", hint="Choose from the list.")
    return found


def by_log_in(text: str) -> Account:
    """Return the account that logs in with a name; for questions, which change nothing."""
    found = Account.objects.filter(username=text).first()
    if found is None:
        raise UnknownSubjectError("Nobody here is called that.", hint="Look at the list of people.")
    return found


def listing(asked: Filter, at: datetime) -> tuple[PersonLine, ...]:
    """Return the people that fit a filter, by name."""
    rows = Account.objects.order_by("display_name", "username")
    if asked.text:
        rows = rows.filter(
            Q(display_name__icontains=asked.text) | Q(username__icontains=asked.text)
        )
    found = functions.accounts(rows[:MOST])
    lines = _lines(found, at)
    return tuple(
        one
        for one in lines
        if asked.state in ("", one.state.name)
        and (not asked.function or asked.function in {each.name for each in one.functions})
    )


def sheet(asked: Filter, at: datetime) -> Iterator[Sequence[object]]:
    """Yield the same people as rows of a file."""
    for one in listing(asked, at):
        held = "; ".join(_sheet_cell(each) for each in one.functions)
        trained = "; ".join(one.trained)
        yield one.name, one.log_in, one.state.text, held, trained, one.factor.text, one.seen


def functions_of(account: Account, at: datetime) -> tuple[FunctionLine, ...]:
    """Return every function a person has, had or will have, newest first."""
    rows, book = functions.every(account), Book()
    asked = {one.deputy_for for one in rows} | {who for one in rows for who in one.decided_by}
    names = names_of(asked)
    return tuple(panel.function(one, at, names, book) for one in reversed(rows))


def sessions_of(account: Account, own_key: str | None = None) -> tuple[SessionLine, ...]:
    """Return the sessions of an account that stand."""
    rows = sessions.of_account(account)
    return tuple(panel.session(row, sessions.number_of(row.session_key), own_key) for row in rows)


def trainings_of(person: str, at: datetime) -> tuple[TrainingLine, ...]:
    """Return the courses a person passed, or everybody's where no person is named."""
    found = [
        one for one in courses_room.trainings(wiring.desk()) if person in ("", str(one.fact.person))
    ]
    names = names_of({each for one in found for each in (one.fact.person, one.fact.assessed_by)})
    return tuple(panel.training(one, at, names) for one in reversed(found))


def requests(rows: Sequence[Request]) -> tuple[tuple[Request, str], ...]:
    """Return what waits for a second administrator, each with the name of who asked."""
    names = names_of(one.asked_by for one in rows)
    return tuple((one, panel.named(one.asked_by, names)) for one in rows)


def answer(found: Answer) -> dict[str, Any]:
    """Return an answer about permission as its page writes it."""
    asked = {one.deputy_for for one in (*found.held, *found.over)}
    asked |= {one.deputy_for for _, one in found.who}
    names, book = names_of(asked), Book()
    groups = {"by": found.by, "elsewhere": found.elsewhere, "held": found.held, "over": found.over}
    told: dict[str, Any] = {
        name: [panel.held(one, names, book) for one in group] for name, group in groups.items()
    }
    told["who"] = [(str(one), one.pk, panel.held(how, names, book)) for one, how in found.who]
    return {**told, "word": panel.MAY[found.allowed], "text": act_words.text(found.act)}


def acts() -> tuple[tuple[str, str], ...]:
    """Return every act and what it is called."""
    named = ((one, act_words.text(one)) for one in explain.acts())
    return tuple(sorted(named, key=lambda pair: pair[1]))


def every_act(account: Account) -> tuple[tuple[str, str, Word], ...]:
    """Return every act with whether an account may do it somewhere now."""
    may_do = may.acts_of(functions.held(account))
    return tuple((one, text, panel.MAY[one in may_do]) for one, text in acts())


def courses() -> tuple[Any, ...]:
    """Return the table of courses that signatures need."""
    return courses_room.courses()


def ways_in(account: Account) -> dict[str, Any]:
    """Return how an account can log in, and what was tried against it."""
    return {
        "codes_on": factor.is_on(account),
        "codes_left": account.codes.filter(used_at=None).count(),
        "identity": account.identities.first(),
        "may_come": invitations.may_come(account),
        "waits": account.invitations.filter(used_at=None, revoked_at=None).first(),
        "locked_from": locks.locked().get(account.username, ()),
        "has_password": account.has_usable_password(),
    }


def of_oneself(account: Account, session: Any) -> dict[str, Any]:  # noqa: ANN401 — Django's session
    """Return what a person's own page tells beside their keys."""
    at = wiring.now()
    return {
        "functions": functions_of(account, at),
        "sessions": sessions_of(account, session.session_key),
        "trainings": trainings_of(account.person, at) if account.person else (),
        "provider": single_sign_on.name(),
        "linking": bool(session.get(gate.LINKING)),
        "factor_shown": session.get(sessions.FACTOR, ""),
        "grace": factor.has_grace(account, at),
        "deputies": _deputies(account, at),
        "own_functions": sorted(
            {one.function for one in functions.held(account, at) if not one.deputy_for}
        ),
        "colleagues": colleagues(account),
        "guarded": factor.is_wanted(account),
        **ways_in(account),
    }


def read_deputy(form: Mapping[str, str]) -> Wanted:
    """Return the function, the end and the reason of a deputy, as a form says."""
    ends = form.get("ends", "").strip()
    until = read_time(f"{ends}T00:00") if ends else None
    return Wanted(form.get("function", ""), valid_until=until, reason=form.get("reason", ""))


def _deputies(account: Account, at: datetime) -> tuple[tuple[str, FunctionLine], ...]:
    rows, book = deputies.of_person(account), Book()
    names = names_of({one.person for one in rows})
    return tuple(
        (panel.named(one.person, names), panel.function(one, at, {}, book)) for one in rows
    )


def acts_about(account: Account) -> tuple[Any, ...]:
    """Return what administrators did about a person or as that person, newest first."""
    if not account.person:
        return ()
    book = Book()
    try:
        found = show.subject(wiring.desk(), passkeys.person_of(account))
    except UnknownSubjectError:
        return ()
    kept = [one for one in found if one.predicate_type in _ADMINISTRATIVE]
    return tuple(stories.lines(reversed(kept[-_NEWEST:]), show.sentence_of, book))


def choices() -> dict[str, Any]:
    """Return what forms about people offer: functions, places, courses, holders."""
    book = Book()
    return {
        "roles": [one for one in Role.choices if one[0] != Role.SUPPLIER],
        "places": [book(row.subject) for row in places.listing().items],
        "courses": sorted({(one.course, one.title) for one in courses_room.courses()}),
        "holders": holders(),
    }


def firms() -> list[Named]:
    """Return the first firms on record, to choose from; any other may be typed."""
    own, book = wiring.desk().operator, Book()
    return [book(row.subject) for row in parties.listing().items if row.subject != own]


def colleagues(account: Account) -> list[tuple[str, str]]:
    """Return everybody else who holds a function now: the number of an account and its name."""
    found = {one for one, _ in functions.holders(set(Role.values), wiring.now())}
    others = [one for one in found if one.person not in ("", account.person)]
    return [(str(one.pk), str(one)) for one in sorted(others, key=lambda one: str(one).lower())]


def holders() -> list[tuple[str, str]]:
    """Return everybody who holds a function now: person and name, by person."""
    found = functions.holders(set(Role.values), wiring.now())
    return sorted({(one.person, str(one)) for one, _ in found if one.person})


def read_invited(form: Mapping[str, str]) -> invitations.Invited:
    """Return who is invited, as a form says."""
    named = form.get("name", ""), form.get("log_in", "").strip().lower()
    return invitations.Invited(*named, form.get("mail", "").strip(), read_firm(form))


def read_firm(form: Mapping[str, str]) -> str:
    """Return the firm that somebody belongs to, as a form says; nothing for one's own people."""
    given = form.get("party", "").strip()
    if not given:
        return ""
    firm = PartyId.read(given)
    if firm == wiring.desk().operator:
        raise MalformedError(
            _("That is your own firm."), hint=_("Leave it out, and choose functions.")
        )
    show.subject(wiring.desk(), firm)
    return str(firm)


def _of_a_firm(chosen: Sequence[str]) -> list[str]:
    if set(chosen) - {Role.SUPPLIER}:
        raise MalformedError(
            _("Somebody of another firm holds no function here."),
            hint=_("Leave the functions out, or the firm."),
        )
    return [Role.SUPPLIER]


def read_wanted(form: Any, at: datetime) -> tuple[Wanted, ...]:  # noqa: ANN401 — Django's form data
    """Return the functions that a form asks for, all with the same places and interval."""
    begins, ends = form.get("begins", "").strip(), form.get("ends", "").strip()
    since = max(read_time(f"{begins}T00:00"), at) if begins else None
    until = read_time(f"{ends}T00:00") if ends else None
    named, given = tuple(form.getlist("place")), form.getlist("function")
    chosen = _of_a_firm(given) if read_firm(form) else given
    scope, deputy = tuple(dict.fromkeys(named)), form.get("deputy_for", "").strip()
    found = tuple(
        Wanted(one, scope, since, until, deputy, form.get("reason", ""))
        for one in dict.fromkeys(chosen)
    )
    if not found:
        raise MalformedError("No function is chosen.", hint="Choose at least one.")
    return found


def _lines(found: Sequence[Account], at: datetime) -> tuple[PersonLine, ...]:
    numbers = [one.pk for one in found]
    keys = set(Passkey.objects.filter(account__in=numbers).values_list("account", flat=True))
    on = Factor.objects.filter(account__in=numbers).exclude(confirmed_at=None)
    codes, locked, seen = set(on.values_list("account", flat=True)), locks.locked(), _seen(numbers)
    valid = _valid(at)
    names, book = names_of(_asked(found)), Book()
    return tuple(
        PersonLine(
            one.pk,
            str(one),
            one.username,
            panel.state(one, locked),
            tuple(panel.held(each, names, book) for each in functions.granted(one, at)),
            valid.get(one.person, ()),
            panel.factor(passkey=one.pk in keys, codes=one.pk in codes),
            words.stamp(seen.get(one.pk) or one.last_login),
        )
        for one in found
    )


def _asked(found: Sequence[Account]) -> set[str]:
    return {each.deputy_for for one in found for each in functions.every(one) if each.deputy_for}


def _seen(numbers: Sequence[int]) -> dict[int, datetime]:
    rows = Session.objects.filter(account__in=numbers).values("account").annotate(at=Max("seen_at"))
    return {row["account"]: row["at"] for row in rows}


def _valid(at: datetime) -> dict[str, tuple[str, ...]]:
    """Return the courses that are valid now, by person, each with its end."""
    found: dict[str, list[str]] = {}
    for one in courses_room.trainings(wiring.desk()):
        fact = one.fact
        if fact.passed_at <= at < fact.valid_until:
            text = f"{fact.course} ({fact.valid_until:%Y-%m-%d})"
            found.setdefault(str(fact.person), []).append(text)
    return {person: tuple(dict.fromkeys(texts)) for person, texts in found.items()}


def _sheet_cell(one: FunctionLine) -> str:
    where = ", ".join(map(str, one.places)) or "everywhere"
    return f"{one.name} · {where}" + (f" · until {one.until}" if one.until else "")
