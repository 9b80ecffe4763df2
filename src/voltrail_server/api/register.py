"""What witnesses and auditors need without asking anybody: checkpoint, proofs, tiles."""

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from voltrail.actions import prove, tiles
from voltrail_server import wiring
from voltrail_server.api import problems
from voltrail_server.api.shapes import FAILURES, Shape

TEXT = "text/plain; charset=utf-8"
COSE = 'application/cose; cose-type="cose-sign1"'
_FOREVER = "public, max-age=31536000, immutable"  # a tile never changes once it is served

router = Router(tags=["Register"])


class Consistency(Shape):
    """Hashes, in base64, that lead from an earlier root to a later one."""

    old: int
    new: int
    hashes: list[str]


@router.get(
    "/statements/{int:index}/proof",
    auth=None,
    response={200: None, FAILURES: problems.Problem},
    summary="Prove that an entry stands in the register",
)
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """Return a C2SP tlog-proof: index, hashes and signed checkpoint, to be checked offline."""
    return HttpResponse(prove.proof(wiring.desk(), index), content_type=TEXT)


@router.get(
    "/statements/{int:index}/receipt",
    auth=None,
    response={200: None, FAILURES: problems.Problem},
    summary="Prove the same in COSE, for readers that speak SCITT",
)
def receipt(request: HttpRequest, index: int) -> HttpResponse:
    """Return an RFC 9942 receipt: the proof, the entry beside it, the root's signature."""
    return HttpResponse(prove.cose_receipt(wiring.desk(), index), content_type=COSE)


@router.get(
    "/checkpoint",
    auth=None,
    response={200: None, FAILURES: problems.Problem},
    summary="Read the newest signed checkpoint",
)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the C2SP checkpoint over every entry so far, as a signed note."""
    response = HttpResponse(prove.checkpoint(wiring.desk()), content_type=TEXT)
    response["Cache-Control"] = "no-store"
    return response


@router.get(
    "/consistency",
    auth=None,
    response={200: Consistency, FAILURES: problems.Problem},
    summary="Prove that the register only grew",
)
def consistency(request: HttpRequest, old: int, new: int) -> dict[str, Any]:
    """Return the RFC 9162 proof that the tree of size `new` extends the tree of size `old`."""
    hashes = prove.consistency(wiring.desk(), old, new)
    return {
        "old": old,
        "new": new,
        "hashes": [base64.b64encode(one).decode() for one in hashes],
    }


@router.get(
    "/tile/{path:path}",
    auth=None,
    response={200: None, FAILURES: problems.Problem},
    summary="Read a tile of the tree, or a bundle of its leaves",
)
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """Return a C2SP tile, for example 0/000.p/17 or entries/000; no envelopes are in it."""
    data = tiles.tile(wiring.desk(), f"tile/{path}")
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Cache-Control"] = _FOREVER
    return response
