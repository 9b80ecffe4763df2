"""Who witnesses this register, and how far each of them cosigned."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.actions import prove
from voltrail_server import wiring
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Body, Shape
from voltrail_server.reading import witnesses as ask

router = Router(tags=["Register"])


class WitnessOut(Shape):
    """One witness: its names in the policy, how far it cosigned, what is wrong with it."""

    names: list[str]
    url: str
    cosigned: int | None
    cosigned_at: datetime | None
    lag: int
    problem: str
    alarm: bool


class WitnessesOut(Shape):
    """Every witness, and whether those who cosigned the newest checkpoint are enough."""

    size: int
    quorum: bool
    sentence: str
    since: datetime | None
    witnesses: list[WitnessOut]


@router.get(
    "/witnesses",
    auth=tokens.READER,
    by_alias=True,
    response={200: WitnessesOut, FAILURES: problems.Problem},
    summary="Read who witnesses the register",
)
def witnesses(request: HttpRequest) -> dict[str, Any]:
    """Return every witness, its last cosigned size and time, and whether the quorum is reached."""
    access.need_operator(request, N_("Witnesses are the operator's."))
    return ask.listing()


class ComparedOut(Shape):
    """What two checkpoints are to each other: same, continues, split-view or unproven."""

    comparison: str
    sentence: str
    older: int
    newer: int


class CompareIn(Body):
    """Two signed checkpoints of this register, as texts."""

    one: str
    other: str


@router.post(
    "/checkpoints/compare",
    auth=tokens.WRITER,
    by_alias=True,
    response={200: ComparedOut, FAILURES: problems.Problem},
    summary="Compare two checkpoints of the register",
)
def compare_checkpoints(request: HttpRequest, wanted: CompareIn) -> dict[str, Any]:
    """Say whether the later checkpoint continues the earlier, by the register's own entries."""
    found = prove.compare(wiring.desk(), wanted.one.encode(), wanted.other.encode())
    return {
        "comparison": str(found.comparison),
        "sentence": found.sentence,
        "older": found.older.size,
        "newer": found.newer.size,
    }
