"""Recalls as pages, programs and sheets ask for them: the suspect, its scope, how one stands."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail.actions import recall as actions
from voltrail.actions import recall_report
from voltrail.actions.recall import Answer, Notice
from voltrail.actions.recall_notice import call_back, case_of
from voltrail.actions.recall_report import AtPlace, Report
from voltrail.errors import MalformedError
from voltrail.ids import subject as ids
from voltrail.ids.subject import PersonId, PlaceId
from voltrail.projections.related import Relation, Suspect
from voltrail.projections.scope import Related, Scope
from voltrail.projections.view import Recorded
from voltrail.statements.fields import stamp
from voltrail.statements.recall import RecallAction, RecallAnswer
from voltrail_server import wiring
from voltrail_server.panels import words
from voltrail_server.reading import find

SCOPE_HEAD = ("asset", "certainty", "definite", "possible", "lots", "place", "since", "why")
REPORT_HEAD = ("thing", "certainty", "place", "answer", "answeredAt", "entry")
RELATIONS = tuple(map(str, Relation))
_USUAL = {"party": Relation.HANDS, "place": Relation.FACTORY, "firmware": Relation.FIRMWARE}
_ANSWERS = {"found": "found", "not-found": "missing", "not-here": "elsewhere"}
_PREFIX = "answer:"


def suspect(given: Mapping[str, str]) -> Suspect:
    """Return the suspect that a form or an address names: an identity, a code, or a scan."""
    about = given.get("about", "").strip()
    only = find.find(about, wiring.now().date()).only if about else None
    about = only.subject if only is not None and only.subject else about
    chosen = given.get("relation", "")
    if chosen and chosen not in set(Relation):
        raise MalformedError(
            _("There is no relation %(name)s.") % {"name": chosen[:40]},
            hint=_("Choose one of: %(names)s.") % {"names": ", ".join(Relation)},
        )
    kind = ids.parse(about).kind if ids.is_identity(about) else ""
    relation = Relation(chosen) if chosen else _USUAL.get(kind, Relation.LOT)
    return Suspect(about, relation, _day(given.get("since", "")), _day(given.get("until", "")))


def scope(wanted: Suspect) -> Scope:
    """Return everything that a suspect reaches."""
    return actions.scope(wiring.desk(), wanted)


def begin(form: Mapping[str, str], person: PersonId, at: datetime) -> int:
    """Hold everything in a scope and call it back, or rehearse that; return the notice's place."""
    wanted, mock = suspect(form), form.get("verb") != "hold"
    case, started = case_of(form.get("case", "")), _started(form.get("started", ""), at)
    how = _action(form.get("action", ""))
    notice = Notice(case, "1", form.get("reason", ""), how, mock, started)
    return call_back(wiring.desk(), scope(wanted), notice, person, at).index


def _action(text: str) -> RecallAction:
    """Return what whoever has it shall do; keep apart where nothing is chosen."""
    if text and text not in list(RecallAction):
        raise MalformedError(
            _("Nobody can %(action)s here.") % {"action": text[:40]},
            hint=_("Choose what whoever has it shall do."),
        )
    return RecallAction(text or RecallAction.QUARANTINE)


def reports() -> list[Report]:
    """Return how each recall stands, newest first."""
    desk = wiring.desk()
    return [recall_report.report(desk, one.entry.index) for one in recall_report.recalls(desk)]


def report(index: int) -> Report:
    """Return how one recall stands."""
    return recall_report.report(wiring.desk(), index)


def read_answer(index: int, form: Mapping[str, str], person: PersonId) -> Answer:
    """Return what a form says of the things that a recall names at a place."""
    place = form.get("place", "")
    lines = recall_report.place_of(report(index), place)
    said: dict[str, list[Any]] = {name: [] for name in _ANSWERS.values()}
    for line in lines:
        word = _ANSWERS.get(form.get(f"{_PREFIX}{line.thing}", ""))
        if word is not None:
            said[word].append(line.thing)
    found, missing, elsewhere = (tuple(said[name]) for name in ("found", "missing", "elsewhere"))
    note = form.get("note", "")
    return Answer(PlaceId.read(place), person, found, missing, elsewhere, note)


def scope_rows(found: Scope) -> Iterator[tuple[object, ...]]:
    """Yield one row for each asset, then one for each thing that nobody says."""
    for one in found.related:
        lots = " ".join(lot.key for lot in one.lots)
        places = " ".join(stay.place for stay in one.stays)
        since = one.stays[-1].since if one.stays else ""
        counts = one.definite, one.possible
        yield one.asset, one.certainty, *counts, lots, places, since, str(one.why)
    for gap in found.unknown:
        yield gap.about, "not proven", "", "", "", "", "", str(gap.sentence)


def report_rows(found: Report) -> Iterator[tuple[object, ...]]:
    """Yield one row for each thing that a recall names."""
    for one in found.lines:
        at = stamp(one.answered_at) if one.answered_at else ""
        yield one.thing, one.certainty, one.place, one.word, at, one.answered


def shown(found: Scope) -> dict[str, Any]:
    """Return a scope for programs."""
    return {
        "about": found.suspect.about,
        "relation": found.suspect.relation,
        "size": found.size,
        "leads": [
            {
                "subject": one.thing,
                "certainty": one.certainty,
                "why": str(one.why),
                "entries": list(one.entries),
            }
            for one in found.leads
        ],
        "related": [_asset(one) for one in found.related],
        "unknown": [
            {"subject": one.about, "sentence": str(one.sentence), "ask": one.ask}
            for one in found.unknown
        ],
    }


def _asset(one: Related) -> dict[str, Any]:
    return {
        "asset": one.asset,
        "certainty": one.certainty,
        "definite": one.definite,
        "possible": one.possible,
        "lots": list(one.lots),
        "why": str(one.why),
        "places": [
            {"place": stay.place, "since": stay.since, "entry": stay.entry} for stay in one.stays
        ],
    }


def shown_report(found: Report, told: datetime | None) -> dict[str, Any]:
    """Return how a recall stands for programs."""
    issued = found.recall.issued_at
    return {
        "index": found.index,
        "case": found.recall.case,
        "number": found.recall.number,
        "reason": found.recall.reason,
        "action": found.recall.action,
        "mock": found.recall.mock,
        "about": found.recall.suspect,
        "relation": found.recall.relation,
        "since": found.recall.since,
        "until": found.recall.until,
        "issued_at": issued,
        "scope_s": found.scope_s,
        "told_s": (told - issued).total_seconds() if told else None,
        "answered_s": found.answered_s,
        "places": [_counted(one) for one in found.places],
        "not_found": [one.thing for one in found.not_found],
    }


def shown_answers(found: Report) -> dict[str, Any]:
    """Return what each place answered, and who still owes an answer, for programs."""
    return {
        "index": found.index,
        "answer_by": found.recall.answer_by,
        "places": [
            {
                **_counted(one.at),
                "owed": list(one.owed),
                "answers": [_said(each) for each in one.answers],
            }
            for one in recall_report.by_place(found)
        ],
    }


def _counted(one: AtPlace) -> dict[str, Any]:
    return {
        "place": one.place or None,
        "things": one.things,
        "found": one.found,
        "not_found": one.missing,
        "not_here": one.elsewhere,
        "not_answered": one.open,
    }


def _said(one: Recorded[RecallAnswer]) -> dict[str, Any]:
    fact = one.fact
    return {
        "entry": one.entry.index,
        "by": fact.by,
        "at": fact.at,
        "found": list(fact.found),
        "not_found": list(fact.missing),
        "not_here": list(fact.elsewhere),
        "note": fact.note,
    }


def new_case(at: datetime) -> str:
    """Return a case number made of the time."""
    return f"recall-{words.stamp(at)[:10]}-{at:%H%M%S}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise MalformedError(
            _("%(day)s is no day.") % {"day": text[:20]}, hint=_("Write it as 2026-11-28.")
        ) from error


def _started(text: str, at: datetime) -> datetime:
    """Return when the search began; the time of the act where the form does not say, or errs."""
    try:
        began = datetime.fromisoformat(text)
    except ValueError:
        return at
    return began if began.tzinfo is not None and began <= at else at
