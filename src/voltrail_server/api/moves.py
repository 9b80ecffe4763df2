"""Moves by program: record one, undo one; where a unit is, and where every unit of a lot is."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status

from voltrail.actions import move as actions
from voltrail.errors import UnmetError
from voltrail.ids.subject import UnitId
from voltrail_server import wiring
from voltrail_server.api import access, bodies, oneself, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.people import passkeys
from voltrail_server.reading import moves as reading
from voltrail_server.reading import whereabouts

_OURS = N_("Moves are the operator's.")
_TEXT: dict[str, Any] = {"type": "string"}
_MANY: dict[str, Any] = {"type": "array", "items": _TEXT, "maxItems": 1_000}
_MOST = 1_048_576  # [bytes] of a body: 500 units with long names
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["verb", "to", "by"],
                    "properties": {
                        **dict.fromkeys(("to", "by", "lot", "container", "cameFrom"), _TEXT),
                        **dict.fromkeys(("contractor", "number", "at", "note"), _TEXT),
                        **dict.fromkeys(("units", "sealsFound", "sealsSet"), _MANY),
                        **dict.fromkeys(("placeSealsFound", "placeSealsSet"), _MANY),
                        "verb": {"enum": list(reading.VERBS)},
                        "quantity": {"type": "integer", "minimum": 1},
                        "sealsMissing": {"type": "boolean"},
                        "corrects": {"type": "array", "items": {"type": "integer", "minimum": 0}},
                    },
                }
            }
        },
    }
}

router = Router(tags=["Moves"])


class Remembering(Shape):
    """Whether somebody who may not enter a place is remembered by a signal."""

    report: bool = False


class MovedOut(Shape):
    """Where a move stands in the register, which units it moved, and the holds it led to."""

    index: int
    digest: str
    units: list[str]
    holds: list[int]


class HindranceOut(Shape):
    """One thing that stands against a move, and what to do about it."""

    name: str
    sentence: str
    hint: str
    about: str | None
    entry: int | None


class MoveProblem(problems.Problem):
    """A problem; where a move is refused, everything against it, and the signal's entry."""

    against: list[HindranceOut] | None = None
    signal: int | None = None


class UndoIn(Body):
    """Who undoes a move, and why."""

    by: str
    why: str


class UndoneOut(Shape):
    """The entry of the correction that withdrew a move."""

    index: int
    digest: str


class WhereOut(Shape):
    """The last known place of a unit, its holder, since when, by which entry; null: nobody says."""

    unit: str
    state: str | None
    place: str | None
    holder: str | None
    since: str | None
    entry: int | None
    container: str | None


class CountOut(Shape):
    """So many items in one state at one place [items]; a state of null: nobody saw them."""

    place: str | None
    state: str | None
    holder: str | None
    items: int


class LotUnitsOut(Shape):
    """Where every unit of a lot is; `isCut` where there are more units than are told."""

    lot: str
    counts: list[CountOut]
    units: list[WhereOut]
    unseen: int
    is_cut: bool


@router.post(
    "/moves",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: MovedOut, FAILURES: MoveProblem},
    summary="Move goods",
    openapi_extra=_BODY,
)
def move_goods(request: HttpRequest, asked: Query[Remembering]) -> Any:  # noqa: ANN401 — ninja's answers
    """Record a move for the person in `by`, or refuse it with everything that stands against it."""
    access.need_operator(request, _OURS)
    wanted = actions.read(bodies.read(request, _MOST, ("application/json",)))
    oneself.speaking(request, wanted.by, "move-record", wanted.to)
    try:
        done = actions.move(wiring.desk(), wanted, wiring.now(), report=asked.report)
    except UnmetError as error:
        told = problems.of_error(error, request.path)
        return problems.answer({**told, "against": _against(error), "signal": error.attempt})
    placed, holds = done.placed, [one.index for one in done.holds]
    told = {"index": placed.index, "digest": placed.digest, "units": done.units, "holds": holds}
    return Status(201, told)


@router.post(
    "/moves/{index}/undo",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: UndoneOut, FAILURES: problems.Problem},
    summary="Undo a move",
    openapi_extra=bodies.described(UndoIn),
)
def undo_move(request: HttpRequest, index: int) -> Any:  # noqa: ANN401 — ninja's answers
    """Withdraw a move by a correction, as long as its goods did not move on."""
    access.need_operator(request, _OURS)
    given, desk = bodies.fields(request, UndoIn), wiring.desk()
    found = actions.one_move(desk, index)
    account = oneself.speaking(request, given.by, "move-undo", found.fact.to)
    by = (passkeys.person_of(account), False)
    done = actions.undo(desk, index, by, given.why, wiring.now())
    return Status(201, {"index": done.index, "digest": done.digest})


@router.get(
    "/units/{path:urn}/whereabouts",
    auth=tokens.READER,
    by_alias=True,
    response={200: WhereOut, FAILURES: problems.Problem},
    summary="Ask where a unit is",
)
def whereabouts_of(request: HttpRequest, urn: str) -> dict[str, Any]:
    """Return the last known place, its holder and since when; `urn` is the whole URN or its key."""
    access.need_operator(request, _OURS)
    unit = UnitId.written(urn)
    return _where(unit, whereabouts.of_unit(unit))


@router.get(
    "/lots/{path:key}/units",
    auth=tokens.READER,
    by_alias=True,
    response={200: LotUnitsOut, FAILURES: problems.Problem},
    summary="Ask where every unit of a lot is",
)
def lot_units(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return counts by place and state, and each unit; `key` is the whole URN or its key."""
    access.need_operator(request, _OURS)
    found = whereabouts.of_lot(key.removeprefix("urn:voltrail:lot:"))
    counts = [whereabouts.count(one) for one in found.counts]
    units = [_where(unit, one) for unit, one in found.units.items()]
    told = {"lot": found.lot, "counts": counts, "units": units}
    return {**told, "unseen": found.unseen, "is_cut": found.is_cut}


def _where(unit: UnitId, found: Any) -> dict[str, Any]:  # noqa: ANN401 — whereabouts
    return {"unit": unit, **whereabouts.shown(found)}


def _against(error: UnmetError) -> list[dict[str, Any]]:
    names = ("name", "sentence", "hint", "about", "entry")
    return [{name: getattr(one, name) for name in names} for one in error.unmet]
