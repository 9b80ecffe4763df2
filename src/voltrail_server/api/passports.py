"""Passports against the record, for a program."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_  # noqa: N812 — gettext's own mark
from ninja import Router

from voltrail_server.api import access, problems, tokens
from voltrail_server.api.shapes import FAILURES, Shape
from voltrail_server.reading import passports as ask

router = Router(tags=["Subjects"])


class PassportFieldOut(Shape):
    """One field: what passport and record say; `agreement` is same, differs or not-there."""

    field: str
    said: str
    found: str
    agreement: str
    entries: list[int]


class PassportOut(Shape):
    """One passport: its entry, who sent it, the digest of its file, its fields."""

    entry: int
    sender: str
    file: str | None
    lines: list[PassportFieldOut]


class PassportsOut(Shape):
    """The passports about a subject, newest first, at one size of the register."""

    subject: str
    size: int
    passports: list[PassportOut]


@router.get(
    "/passports",
    auth=tokens.READER,
    by_alias=True,
    response={200: PassportsOut, FAILURES: problems.Problem},
    summary="Hold the passports about a unit, lot or product against the record",
)
def passports(request: HttpRequest, about: str) -> dict[str, Any]:
    """Return each passport that came in, field by field."""
    access.need_operator(request, N_("The comparison of passports is the operator's."))
    return ask.shown(ask.asked(about))
