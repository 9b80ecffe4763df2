"""Arrivals, their decisions, and what is on record about any subject."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router

from voltrail.actions import show
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail.ids import subject as ids
from voltrail.ids.subject import ArrivalId, LotId, PlaceId
from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.panels import sheet
from voltrail_server.panels.named import Naming, unnamed
from voltrail_server.reading import arrivals as listed
from voltrail_server.reading import sheets
from voltrail_server.reading.names import Book

Disposition = Literal["release", "quarantine", "reject", "isolate", "undecided"]
_PREFIX = "urn:voltrail:arrival:"
# field of a name → column of the identity it belongs to
_NAMES = {f"{column}_name": column for column in ("place", "product", "seller", "maker")}

router = Router(tags=["Subjects"])


class ArrivalOut(Shape):
    """One arrival as it stands."""

    arrival: str
    order: str
    lot: str
    place: str
    product: str
    seller: str
    maker: str
    tier: int
    quantity: int
    received_at: str
    disposition: str
    sentence: str
    layers: dict[str, str]
    assurance: str
    decided: int
    place_name: str | None = None
    product_name: str | None = None
    seller_name: str | None = None
    maker_name: str | None = None


class ArrivalPage(Shape):
    """Arrivals, newest first; an empty `next` says that no more follow."""

    items: list[ArrivalOut]
    next: str


class FactOut(Shape):
    """One recorded statement about a subject."""

    index: int
    digest: str
    log_time: str
    claimed_time: str
    issuer: str
    predicate_type: str
    subjects: list[str]
    sentence: str
    withdrawn_by: int | None


class SubjectOut(Shape):
    """A subject and the statements about it that the reader may see."""

    subject: str
    facts: list[FactOut]


class FindingOut(Shape):
    """One control's answer."""

    control: str
    revision: int
    layer: str
    outcome: str
    consequence: str
    sentence: str
    entries: list[int]
    remedy: str | None


class DecisionOut(Shape):
    """The newest decision about an arrival, with everything a replay compares."""

    index: int
    digest: str
    log_time: str
    about: str
    disposition: str
    sentence: str
    tier: int
    assurance: str
    policy: str
    kernel: str
    register_size: int
    judged_at: str
    findings: list[FindingOut]
    layers: dict[str, str]


class Narrowed(Shape):
    """How the list of arrivals is narrowed, and how it is given."""

    disposition: Disposition | None = None
    place: str = ""
    tier: int | None = None
    lot: str = ""
    cursor: str = ""
    format: Literal["json", "csv"] = "json"


@router.get(
    "/arrivals",
    auth=tokens.READER,
    by_alias=True,
    response={200: ArrivalPage, FAILURES: problems.Problem},
    summary="List arrivals, newest first",
)
def arrivals(request: HttpRequest, wanted: Query[Narrowed]) -> dict[str, Any] | HttpResponseBase:
    """Return a page of arrivals and the cursor to the next, or all as CSV, as far as shown."""
    viewer: tokens.Viewer = request.auth  # type: ignore[attr-defined]
    if sheet.wanted(request.headers.get("Accept", ""), wanted.format):
        return _sheet(viewer, _filter(wanted))
    page = listed.listing(_filter(wanted), "newest", wanted.cursor)
    rows = [row for row in page.items if _may_see(viewer, row)]
    naming = Book() if viewer.everything else unnamed
    items = [_row(row, naming) for row in rows]
    return {"items": [_called(item) for item in items], "next": page.next_cursor}


@router.get(
    "/arrivals/{path:key}/decision",
    auth=tokens.READER,
    by_alias=True,
    response={200: DecisionOut, FAILURES: problems.Problem},
    summary="Read the newest decision about an arrival",
)
def decision(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return disposition, findings, layers and policy; `key` is the arrival's key or whole URN."""
    which = ArrivalId.read(key if key.startswith(_PREFIX) else _PREFIX + key)
    found = show.arrival(wiring.desk(), which).decision
    if found is None:
        raise UnknownSubjectError(f"{which} is not decided yet.", hint="Ask again later.")
    access.need_readable(request.auth, found, wiring.now())  # type: ignore[attr-defined]
    return _decision(found)


@router.get(
    "/subjects/{path:urn}",
    auth=tokens.READER,
    by_alias=True,
    response={200: SubjectOut, FAILURES: problems.Problem},
    summary="List what is on record about a subject",
)
def subject(request: HttpRequest, urn: str) -> dict[str, Any]:
    """Return the statements about a subject that you may see, oldest claim first."""
    viewer, at = request.auth, wiring.now()  # type: ignore[attr-defined]
    about = ids.parse(urn)
    facts = [one for one in show.subject(wiring.desk(), about) if access.readable(viewer, one, at)]
    if not facts:
        raise NotPermittedError(
            f"Nothing about {about} is shown to {viewer.party}.",
            hint="Ask the issuers to name your firm in visibility.",
        )
    return {"subject": about, "facts": [_fact(one) for one in facts]}


def _sheet(viewer: tokens.Viewer, wanted: listed.Filter) -> HttpResponseBase:
    """Return the arrivals as CSV; firms see theirs, without the operator's names for others."""
    found = sheets.arrivals(
        wanted, may_see=lambda row: _may_see(viewer, row), named=viewer.everything
    )
    return sheet.handed_out("arrivals", *found)


def _filter(wanted: Narrowed) -> listed.Filter:
    return listed.Filter(
        disposition=wanted.disposition or "",
        place=PlaceId.read(wanted.place) if wanted.place else "",
        lot=LotId.read(wanted.lot) if wanted.lot else "",
        tier=_tier(wanted.tier),
    )


def _tier(tier: int | None) -> str:
    if tier is not None and not 0 <= tier <= 9:  # noqa: PLR2004 — a digit
        raise MalformedError(f"There is no tier {tier}.", hint="Ask for a tier of the policy.")
    return "" if tier is None else str(tier)


def _may_see(viewer: tokens.Viewer, row: Any) -> bool:  # noqa: ANN401 — an arrival's row
    if viewer.everything:
        return True
    return access.readable(viewer, show.entry(wiring.desk(), row.decided), wiring.now())


def _row(row: Any, naming: Naming) -> dict[str, Any]:  # noqa: ANN401 — an arrival's row
    plain = set(ArrivalOut.model_fields) - {"layers", *_NAMES}
    pairs = (pair.partition("=") for pair in row.layers.split(",") if pair)
    layers = {layer: state for layer, _, state in pairs}
    called = {name: naming(getattr(row, column)) for name, column in _NAMES.items()}
    return {**{name: getattr(row, name) for name in plain}, **called, "layers": layers}


def _called(item: dict[str, Any]) -> dict[str, Any]:
    """Write out the names, which are then looked up for the whole page at once."""
    return {**item, **{name: item[name].name or None for name in _NAMES}}


def _fact(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded fact
    return {
        **_place(one),
        "claimed_time": _stamp(one.header.claimed_time),
        "issuer": one.header.issuer,
        "predicate_type": one.predicate_type,
        "subjects": list(one.subjects),
        "sentence": show.sentence_of(one),
        "withdrawn_by": one.withdrawn_by,
    }


def _decision(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded decision
    fact = one.fact
    plain = set(DecisionOut.model_fields) - {"index", "digest", "log_time", "findings", "layers"}
    findings = [
        {name: getattr(finding, name) for name in FindingOut.model_fields}
        for finding in fact.findings
    ]
    return {
        **_place(one),
        **{name: getattr(fact, name) for name in plain},
        "findings": findings,
        "layers": {layer.layer: layer.state for layer in fact.layers},
    }


def _place(one: Any) -> dict[str, Any]:  # noqa: ANN401 — a recorded fact
    ref = one.entry
    return {"index": ref.index, "digest": ref.digest, "log_time": _stamp(ref.log_time)}


def _stamp(at: Any) -> str:  # noqa: ANN401 — a time in UTC
    return at.isoformat().replace("+00:00", "Z")
