"""May this be ordered, place it, and what was refused: one order or many in one request."""

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Query, Router, Status

from voltrail.actions import order as actions
from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.api import access, bodies, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.panels import sheet
from voltrail_server.panels.named import Named
from voltrail_server.reading import orders as reading
from voltrail_server.reading import sheets
from voltrail_server.reading.names import Book

MAX_BODY = bodies.MEBIBYTE  # [bytes]
MAX_ITEMS = 1_000  # [orders] in one request
_NAMED = ("product", "seller", "place")
_WANTED = {
    "type": "object",
    "required": ["order", "product", "seller", "place", "quantity", "channel"],
    "properties": {
        **{name: {"type": "string"} for name in ("order", "product", "seller", "place", "channel")},
        "quantity": {"type": "integer", "minimum": 1},
    },
}
_ITEM = {"description": "An order; whatever else stands here gets a problem of its own."}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"oneOf": [_WANTED, {"type": "array", "items": _ITEM}]}}
        },
    }
}

router = Router(tags=["Orders"])
_OURS = N_("Orders are the operator's.")


class RequirementOut(Shape):
    """One requirement: its control, the sentence, what to do, who can, the entries."""

    control: str | None = None
    sentence: str
    remedy: str | None = None
    role: str | None = None
    entries: list[int]


class AnswerOut(Shape):
    """Whether something may be ordered now, with everything that is unmet and met."""

    order: str
    allowed: bool
    sentence: str
    tier: int
    policy: str
    unmet: list[RequirementOut]
    met: list[RequirementOut]
    waived: list[RequirementOut]


class PlacedOut(Shape):
    """Where a new order stands in the register."""

    order: str
    index: int
    digest: str


class UnmetProblem(problems.Problem):
    """A problem; where requirements are unmet, the list of them and the attempt's entry."""

    unmet: list[RequirementOut] | None = None
    attempt: int | None = None


class AskedOut(Shape):
    """What became of one question of many."""

    status: int
    result: AnswerOut | None = None
    problem: problems.Problem | None = None


class OrderedOut(Shape):
    """What became of one order of many."""

    status: int
    result: PlacedOut | None = None
    problem: UnmetProblem | None = None


class AttemptOut(Shape):
    """A refused order: what was wanted, and every requirement it did not meet."""

    index: int
    at: str
    order: str
    product: str
    product_name: str | None
    seller: str
    seller_name: str | None
    place: str
    place_name: str | None
    quantity: int
    channel: str
    by: str | None
    unmet: list[RequirementOut]


class AttemptPage(Shape):
    """Refused orders, newest first; an empty `next` says that no more follow."""

    items: list[AttemptOut]
    next: str


class Asked(Shape):
    """Which page of the refused orders, and how."""

    cursor: str = ""
    format: Literal["json", "csv"] = "json"


@router.post(
    "/orders/check",
    auth=tokens.WRITER,
    by_alias=True,
    exclude_none=True,
    response={200: AnswerOut, 207: list[AskedOut], FAILURES: problems.Problem},
    summary="Ask whether something may be ordered",
    openapi_extra=_BODY,
)
def may_order(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Return what is met and unmet for one order, or for each of a list; nothing is recorded."""
    access.need_operator(request, _OURS)
    return _each(request, _ask, 200)


@router.post(
    "/orders",
    auth=tokens.WRITER,
    by_alias=True,
    exclude_none=True,
    response={201: PlacedOut, 207: list[OrderedOut], FAILURES: UnmetProblem},
    summary="Place an order",
    openapi_extra=_BODY,
)
def place_order(request: HttpRequest) -> Any:  # noqa: ANN401 — ninja's answers
    """Place one order, or each of a list; one that is refused leaves an attempt on record."""
    access.need_operator(request, _OURS)
    return _each(request, _place, 201)


@router.get(
    "/orders/attempts",
    auth=tokens.READER,
    by_alias=True,
    response={200: AttemptPage, FAILURES: problems.Problem},
    summary="List the orders that were refused",
)
def attempts(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any] | HttpResponseBase:
    """Return one page of refused orders, newest first; or all of them as CSV."""
    access.need_operator(request, _OURS)
    if sheet.wanted(request.headers.get("Accept", ""), asked.format):
        return sheet.handed_out("refused-orders", *sheets.attempts())
    page, book = reading.refused(asked.cursor), Book()
    named = [[book(getattr(one.fact.wanted, name)) for name in _NAMED] for one in page.items]
    items = [_attempt(one, each) for one, each in zip(page.items, named, strict=True)]
    return {"items": items, "next": page.next_cursor}


def _each(request: HttpRequest, verb: Callable[[bytes], dict[str, Any]], done: int) -> Any:  # noqa: ANN401
    """Answer one order as it is, and many with an outcome each."""
    data = bodies.read(request, MAX_BODY, ("application/json",))
    if not data.lstrip().startswith(b"["):
        try:
            return Status(done, verb(data))
        except ProductError as error:
            return problems.answer(_problem(error, request.path))
    raws = bodies.split(data, lines=False)
    if len(raws) > MAX_ITEMS:
        raise problems.RequestError(
            413, f"The request holds {len(raws):,} orders; at most {MAX_ITEMS:,} are read."
        )
    return Status(207, [_outcome(raw, verb, done, request.path) for raw in raws])


def _outcome(
    raw: bytes, verb: Callable[[bytes], dict[str, Any]], done: int, path: str
) -> dict[str, Any]:
    try:
        return {"status": done, "result": verb(raw)}
    except ProductError as error:
        return {"status": error.status, "problem": _problem(error, path)}


def _ask(raw: bytes) -> dict[str, Any]:
    wanted = actions.read_wanted(raw)
    found = actions.may_order(wiring.desk(), wanted, wiring.now())
    plain = {name: getattr(found, name) for name in ("allowed", "sentence", "tier", "policy")}
    needs = {name: _needs(getattr(found, name)) for name in ("unmet", "met", "waived")}
    return {"order": wanted.order, **plain, **needs}


def _place(raw: bytes) -> dict[str, Any]:
    wanted = actions.read_wanted(raw)
    done = actions.place_order(wiring.desk(), wanted, wiring.now())
    return {"order": wanted.order, "index": done.index, "digest": done.digest}


def _problem(error: ProductError, path: str) -> dict[str, Any]:
    found = problems.of_error(error, path)
    unmet = getattr(error, "unmet", None)
    if unmet is None:
        return found
    return {**found, "unmet": _needs(unmet), "attempt": getattr(error, "attempt", None)}


def _needs(found: Any) -> list[dict[str, Any]]:  # noqa: ANN401 — requirements
    names = RequirementOut.model_fields
    return [{name: getattr(one, name) for name in names} for one in found]


def _attempt(one: Any, named: list[Named]) -> dict[str, Any]:  # noqa: ANN401 — a recorded attempt
    fact = one.fact.wanted
    plain = ("order", *_NAMED, "quantity", "channel", "by")
    called = zip(_NAMED, named, strict=True)
    return {
        "index": one.entry.index,
        "at": one.entry.log_time.isoformat().replace("+00:00", "Z"),
        **{name: getattr(fact, name) for name in plain},
        **{f"{name}_name": each.name or None for name, each in called},
        "unmet": _needs(one.fact.unmet),
    }
