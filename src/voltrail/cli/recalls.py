"""`voltrail recall`: what a suspect reaches, and how long a rehearsal of calling it back takes."""

import argparse
import csv
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from voltrail.cli.errands import declare_where, server_of
from voltrail.cli.output import emit, say

if TYPE_CHECKING:
    from voltrail.actions.recall_report import Report
    from voltrail.projections.scope import Scope

_EXAMPLES = """examples:
  voltrail recall scope urn:voltrail:lot:kestrel:KC-2611-A --folder reg
  voltrail recall scope urn:voltrail:unit:kestrel:P-0001 --relation parts --csv --folder reg
  voltrail recall rehearse urn:voltrail:lot:kestrel:KC-2611-A --reason "Yearly rehearsal" \\
    --folder reg
  voltrail recall answers 412 --json --folder reg
0: every link is stated, every place answered. 1: something cannot be known, or is not answered.
"""
_RELATIONS = ("lot", "parts", "factory", "hands", "firmware", "shipment", "document")
_HEAD = ("asset", "certainty", "definite", "possible", "places", "why")


def declare(_: str, parser: argparse.ArgumentParser) -> None:
    """
    Declare the arguments of the word.

    Args:
        parser: of this word

    Source: mission, IR-02.
    """
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("verb", choices=("scope", "rehearse", "answers"))
    what = (
        "an identity, a firmware, a document's digest, a container; of answers, the recall's entry"
    )
    parser.add_argument("about", help=what)
    parser.add_argument("--relation", choices=_RELATIONS, default="lot", help="default: lot")
    parser.add_argument("--since", default="", help="first day, for factory, hands, container")
    parser.add_argument("--until", default="", help="last day")
    parser.add_argument("--reason", default="A rehearsal.", help="what a rehearsal says")
    parser.add_argument("--by", default="", help="who rehearses, on a server")
    declare_where(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true")
    how.add_argument("--csv", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Say what a suspect reaches or what places answered, or record a rehearsal of calling it back.

    Args:
        arguments: verb, about, relation, since, until, folder or server, json or csv

    Returns:
        0 where every link is stated, 1 where something cannot be known; a rehearsal returns 0;
        answers return 1 while one is owed.

    Raises:
        ProductError: nothing is related, or the question could not be answered.

    Source: mission, IR-02; ADR 0052.
    """
    server = server_of(arguments)
    if arguments.verb == "answers":
        return _tell_answers(_answers_of(server, arguments), as_json=arguments.json)
    if arguments.verb == "rehearse":
        found = _rehearsed(arguments) if server is None else _on_server(server, arguments)
        return _tell_rehearsal(found, as_json=arguments.json)
    if server is None:
        found = _shown(_scope_of(Path(arguments.folder), arguments))
    else:
        found = _asked(server, arguments)
    if arguments.json:
        emit(found)
    elif arguments.csv:
        _sheet(found)
    else:
        _tell(found)
    return 1 if found["unknown"] else 0


def _scope_of(folder: Path, arguments: argparse.Namespace) -> "Scope":
    from voltrail.actions.recall import scope  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    return scope(open_desk(folder), _suspect(arguments))


def _suspect(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 — imported late
    from voltrail.errors import MalformedError  # noqa: PLC0415 — only when needed
    from voltrail.projections.related import Relation, Suspect  # noqa: PLC0415

    try:
        days = [date.fromisoformat(d) if d else None for d in (arguments.since, arguments.until)]
    except ValueError as error:
        raise MalformedError("That is no day.", hint="Write it as 2026-11-28.") from error
    return Suspect(arguments.about, Relation(arguments.relation), *days)


def _rehearsed(arguments: argparse.Namespace) -> dict[str, Any]:
    from voltrail.actions import recall, recall_report  # noqa: PLC0415 — only when needed
    from voltrail.cli.registers import open_desk  # noqa: PLC0415
    from voltrail.ids.subject import CaseId  # noqa: PLC0415
    from voltrail.statements.recall import RecallAction  # noqa: PLC0415

    began, desk = datetime.now(UTC), open_desk(Path(arguments.folder))
    found = recall.scope(desk, _suspect(arguments))
    at = datetime.now(UTC)
    case = CaseId.of(f"rehearsal-{at:%Y-%m-%d-%H%M%S}")
    how = RecallAction.QUARANTINE
    notice = recall.Notice(case, "1", arguments.reason, how, mock=True, started_at=began)
    made = recall_report.report(desk, recall.issue(desk, found, notice, at).index)
    places = [{"place": one.place or None, "things": one.things} for one in made.places]
    return {"index": made.index, "scopeS": made.scope_s, "places": places}


def _on_server(server: Any, arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ANN401
    import json  # noqa: PLC0415 — only when needed

    from voltrail.cli.answers import read  # noqa: PLC0415

    names = ("about", "relation", "since", "until", "reason", "by")
    wanted = {name: getattr(arguments, name) for name in names} | {"mock": True}
    return read(server.send("POST", "/recalls", json.dumps(wanted).encode()))


def _asked(server: Any, arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ANN401
    from voltrail.cli.answers import read  # noqa: PLC0415 — only when needed

    names = ("about", "relation", "since", "until")
    given = urlencode({name: getattr(arguments, name) for name in names})
    return read(server.send("GET", f"/recalls/scope?{given}"))


def _answers_of(server: Any, arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ANN401
    from voltrail.cli.answers import read  # noqa: PLC0415 — only when needed
    from voltrail.errors import MalformedError  # noqa: PLC0415

    number = arguments.about
    if not (number.isascii() and number.isdigit()):
        raise MalformedError(
            f"{number} is no entry.", hint="Give the recall's place: recall answers 412."
        )
    if server is not None:
        return read(server.send("GET", f"/recalls/{number}/answers"))
    from voltrail.actions import recall_report  # noqa: PLC0415
    from voltrail.cli.registers import open_desk  # noqa: PLC0415

    return _shown_answers(recall_report.report(open_desk(Path(arguments.folder)), int(number)))


def _shown_answers(found: "Report") -> dict[str, Any]:
    from voltrail.actions.recall_report import by_place  # noqa: PLC0415 — only when needed

    due = found.recall.answer_by
    return {
        "index": found.index,
        "answerBy": None if due is None else due.isoformat(),
        "places": [
            {
                "place": one.at.place or None,
                "things": one.at.things,
                "found": one.at.found,
                "notFound": one.at.missing,
                "notHere": one.at.elsewhere,
                "notAnswered": one.at.open,
                "owed": [str(thing) for thing in one.owed],
                "answers": [_said(each) for each in one.answers],
            }
            for one in by_place(found)
        ],
    }


def _said(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded answer
    fact = one.fact
    things = {"found": fact.found, "notFound": fact.missing, "notHere": fact.elsewhere}
    return {
        "entry": one.entry.index,
        "by": str(fact.by),
        "at": fact.at.isoformat(),
        **{name: [str(thing) for thing in listed] for name, listed in things.items()},
        "note": fact.note,
    }


def _tell_answers(found: Mapping[str, Any], *, as_json: bool) -> int:
    owed = sum(len(one["owed"]) for one in found["places"])
    if as_json:
        emit(found)
        return 1 if owed else 0
    for one in found["places"]:
        counts = f"{one['found']} found, {one['notFound']} not found, {one['notHere']} not here"
        say(f"  {one['place'] or 'place not stated'}: {counts}, {one['notAnswered']} not answered")
        for said in one["answers"]:
            say(f"    #{said['entry']} {said['by']} {said['at']}")
        for thing in one["owed"]:
            say(f"    ? {thing}")
    say(f"Not answered: {owed}." if owed else "Everything is answered.")
    return 1 if owed else 0


def _shown(found: "Scope") -> dict[str, Any]:
    return {
        "about": found.suspect.about,
        "relation": str(found.suspect.relation),
        "size": found.size,
        "leads": [
            {
                "subject": str(one.thing),
                "certainty": str(one.certainty),
                "why": str(one.why),
                "entries": list(one.entries),
            }
            for one in found.leads
        ],
        "related": [
            {
                "asset": str(one.asset),
                "certainty": str(one.certainty),
                "definite": one.definite,
                "possible": one.possible,
                "lots": [str(lot) for lot in one.lots],
                "why": str(one.why),
                "places": [
                    {"place": stay.place, "since": stay.since, "entry": stay.entry}
                    for stay in one.stays
                ],
            }
            for one in found.related
        ],
        "unknown": [
            {"subject": str(one.about), "sentence": str(one.sentence), "ask": str(one.ask)}
            for one in found.unknown
        ],
    }


def _tell(found: Mapping[str, Any]) -> None:
    for one in found["leads"]:
        sure = "" if one["certainty"] == "definite" else " (possible)"
        say(f"{one['subject']}{sure}  {one['why']}")
    for one in found["related"]:
        sure = "" if one["certainty"] == "definite" else " (possible)"
        where = ", ".join(stay["place"] for stay in one["places"]) or "place not stated"
        say(f"  {one['asset']}{sure}  {where}")
    for gap in found["unknown"]:
        say(f"  ? {gap['sentence']} Ask {gap['ask']}.")
    many, gaps = len(found["related"]), len(found["unknown"])
    end = f" Gaps: {gaps}; ask for what is missing." if gaps else " Every link is stated."
    say(f"Related things: {many}.{end}")


def _sheet(found: Mapping[str, Any]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_HEAD)
    for one in found["related"]:
        places = " ".join(stay["place"] for stay in one["places"])
        counts = one["definite"], one["possible"]
        writer.writerow((one["asset"], one["certainty"], *counts, places, one["why"]))
    for gap in found["unknown"]:
        writer.writerow((gap["subject"], "not proven", "", "", "", gap["sentence"]))


def _tell_rehearsal(found: Mapping[str, Any], *, as_json: bool) -> int:
    if as_json:
        emit(found)
        return 0
    for one in found["places"]:
        say(f"  {one['place'] or 'place not stated'}: {one['things']}")
    took = found["scopeS"]
    say(f"Rehearsal #{found['index']}: scope known after {took:.1f} s. Nothing is held.")
    return 0
