"""Statements and original files: hand in one or many, read one back as it came."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from voltrail.actions import pack, prove, record, show
from voltrail.actions.record import Registered
from voltrail.errors import ProductError
from voltrail_server import wiring
from voltrail_server.api import access, bodies, forms, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape

MAX_ENVELOPE = 2 * bodies.MEBIBYTE  # [bytes] as the kernel reads
MAX_BULK = 16 * bodies.MEBIBYTE  # [bytes]
MAX_ITEMS = 1_000  # [envelopes] in one request
MAX_BLOB = 32 * bodies.MEBIBYTE  # [bytes]
ENVELOPE = "application/vnd.dsse.envelope+json"
NDJSON = ("application/x-ndjson", "application/ndjson")
BLOB = "application/octet-stream"
PACK = "application/zip"

router = Router(tags=["Statements"])


class Placed(Shape):
    """Where a statement stands in the register."""

    index: int
    digest: str
    fresh: bool
    predicate_type: str
    subjects: list[str]


class Outcome(Shape):
    """What became of one envelope of many: a place, or a problem."""

    status: int
    result: Placed | None = None
    problem: problems.Problem | None = None


class Stored(Schema):
    """The digest that statements name an original file by."""

    digest: str


def _takes(*types: str, many: bool = False) -> dict[str, Any]:
    """Return the OpenAPI words for a body that is read raw."""
    shape = forms.ENVELOPES if many else forms.ENVELOPE
    content = {one: {"schema": forms.LINES if one in NDJSON else shape} for one in types}
    if BLOB in types:
        content = {BLOB: {"schema": forms.BYTES}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/statements",
    auth=tokens.WRITER,
    by_alias=True,
    response={201: Placed, 200: Placed, FAILURES: problems.Problem},
    summary="Hand in one signed statement",
    openapi_extra=_takes("application/json", ENVELOPE),
)
def hand_in(request: HttpRequest) -> Status:
    """Register a DSSE envelope: 201 where it is new, 200 where the same one already stood."""
    raw = bodies.read(request, MAX_ENVELOPE, ("application/json", ENVELOPE))
    access.need_own(_viewer(request), raw)
    found = record.hand_in(wiring.desk(), raw, wiring.now())
    return Status(201 if found.fresh else 200, _placed(found))


@router.post(
    "/statements/bulk",
    auth=tokens.WRITER,
    by_alias=True,
    exclude_none=True,
    response={207: list[Outcome], FAILURES: problems.Problem},
    summary="Hand in up to 1,000 signed statements",
    openapi_extra=_takes("application/json", *NDJSON, many=True),
)
def hand_in_many(request: HttpRequest) -> Status:
    """Register a JSON array or NDJSON of envelopes; each gets its own answer, in order."""
    data = bodies.read(request, MAX_BULK, ("application/json", *NDJSON))
    raws = bodies.split(data, lines=request.content_type in NDJSON)
    if len(raws) > MAX_ITEMS:
        raise problems.RequestError(
            413, f"The request holds {len(raws):,} statements; at most {MAX_ITEMS:,} are read."
        )
    return Status(207, [_outcome(one, request.path) for one in _hand_in_own(request, raws)])


@router.post(
    "/blobs",
    auth=tokens.WRITER,
    response={201: Stored, FAILURES: problems.Problem},
    summary="Store an original file of up to 32 MiB",
    openapi_extra=_takes(BLOB),
)
def store_blob(request: HttpRequest) -> Status:
    """Store a file's bytes; statements then name it by the digest returned."""
    data = bodies.read(request, MAX_BLOB, (BLOB,))
    return Status(201, {"digest": wiring.desk().blobs.put(data)})


@router.get(
    "/statements/{int:index}",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Read one envelope as it was received",
)
def envelope(request: HttpRequest, index: int) -> HttpResponse:
    """Return the envelope's bytes, so that anybody can check its signatures."""
    desk = wiring.desk()
    access.need_readable(_viewer(request), show.entry(desk, index), wiring.now())
    return HttpResponse(prove.statement(desk, index), content_type=ENVELOPE)


@router.get(
    "/statements/{int:index}/pack",
    auth=tokens.READER,
    response={200: None, FAILURES: problems.Problem},
    summary="Read one statement with its proof and its keys, to verify offline",
)
def statement_pack(request: HttpRequest, index: int) -> HttpResponse:
    """Return the pack that `voltrail verify` checks with pinned keys and nothing else."""
    desk = wiring.desk()
    access.need_readable(_viewer(request), show.entry(desk, index), wiring.now())
    response = HttpResponse(pack.statement_pack(desk, index), content_type=PACK)
    response["Content-Disposition"] = f'attachment; filename="statement-{index}.zip"'
    return response


def _hand_in_own(request: HttpRequest, raws: list[bytes]) -> list[Registered | ProductError]:
    found: list[Registered | ProductError | None] = []
    for raw in raws:
        try:
            access.need_own(_viewer(request), raw)
        except ProductError as error:
            found.append(error)
        else:
            found.append(None)
    own = [raw for raw, refused in zip(raws, found, strict=True) if refused is None]
    answers = iter(record.hand_in_many(wiring.desk(), own, wiring.now()) if own else ())
    return [one if one is not None else next(answers) for one in found]


def _outcome(one: Registered | ProductError, instance: str) -> dict[str, Any]:
    if isinstance(one, ProductError):
        return {"status": one.status, "problem": problems.of_error(one, instance)}
    return {"status": 201 if one.fresh else 200, "result": _placed(one)}


def _placed(found: Registered) -> dict[str, Any]:
    return {
        "index": found.index,
        "digest": found.digest,
        "fresh": found.fresh,
        "predicate_type": found.predicate_type,
        "subjects": [str(subject) for subject in found.subjects],
    }


def _viewer(request: HttpRequest) -> tokens.Viewer:
    return request.auth  # type: ignore[attr-defined]
