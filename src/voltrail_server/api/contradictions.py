"""What stands against itself, about one subject or arrival by arrival, for a program."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail.actions import contradictions as actions
from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import contradictions as ask

router = Router(tags=["Subjects"])


class ContradictionOut(Shape):
    """One finding: rule, severity H, M or L, what was seen, what would change it, its entries."""

    rule: str
    name: str
    severity: str
    subject: str
    sentence: str
    instead: str
    entries: list[int]
    arrival: str | None


class ContradictionsOut(Shape):
    """
    Findings about a subject, or the next of all of them.

    `nearby` are about the lot of a unit; `isCut` says that not everything was looked at; `cursor`
    goes on to older arrivals, null at the end.
    """

    about: str | None
    findings: list[ContradictionOut]
    nearby: list[ContradictionOut]
    is_cut: bool
    cut: list[str]
    cursor: str | None


@router.get(
    "/contradictions",
    auth=tokens.READER,
    by_alias=True,
    response={200: ContradictionsOut, FAILURES: problems.Problem},
    summary="What contradicts itself, about one subject or by arrival, newest first",
)
def contradictions(
    request: HttpRequest,
    about: str = "",
    severity: str = "",
    rule: str = "",
    cursor: str = "",
) -> dict[str, Any]:
    """Return findings; with `about` of one subject, else of the next arrivals."""
    access.need_operator(request, N_("Contradictions are the operator's."))
    wanted = ask.read_wanted({"severity": severity, "rule": rule})
    if about:
        return _about(wanted, about)
    page = ask.listing(wanted, cursor)
    rows = [_shown(row.found, row.arrival) for row in page.items]
    return {**_NOTHING, "findings": rows, "cursor": page.next_cursor or None}


_NOTHING: dict[str, Any] = {"about": None, "nearby": [], "is_cut": False, "cut": [], "cursor": None}


def _about(wanted: ask.Wanted, subject: str) -> dict[str, Any]:
    told = ask.about(subject)
    return {
        **_NOTHING,
        "about": subject,
        "findings": [_shown(one) for one in told.found if wanted.fits(one)],
        "nearby": [_shown(one) for one in told.nearby if wanted.fits(one)],
        "is_cut": told.more or bool(told.cut),
        "cut": list(told.cut),
    }


def _shown(found: Any, arrival: str | None = None) -> dict[str, Any]:  # noqa: ANN401 — an anomaly
    names = ("rule", "severity", "subject", "sentence", "instead")
    told = {name: str(getattr(found, name)) for name in names}
    named = {"name": actions.names()[found.rule], "entries": list(found.entries)}
    return {**told, **named, "arrival": arrival}
