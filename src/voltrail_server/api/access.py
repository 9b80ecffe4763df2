"""Who may hand in and who may read: here alone the API compares a firm with a statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from voltrail.actions import intake
from voltrail.actions.remark import REMARK_TYPE
from voltrail.errors import NotPermittedError
from voltrail.ids.subject import LotId, PartyId, ProductId, SubjectId, UnitId
from voltrail_server.api.tokens import Viewer


def need_operator(request: HttpRequest, sentence: str, hint: str = "") -> Viewer:
    """Return who asks; refuse, in this sentence, a token that speaks for a firm."""
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    if not viewer.everything:
        if hint:
            raise NotPermittedError(sentence, hint=hint)
        raise NotPermittedError(
            sentence, hint=f"This token speaks for {viewer.party}; use the operator's token."
        )
    return viewer


def need_own(viewer: Viewer, raw: bytes) -> None:
    """Refuse an envelope whose issuer is not the firm that hands it in."""
    if viewer.everything:
        return
    issuer = intake.issuer_of(raw)
    if issuer != viewer.party:
        raise NotPermittedError(
            f"This token speaks for {viewer.party}, not for {issuer}.",
            hint="Hand in your own statements; the operator forwards others.",
        )


def readable(viewer: Viewer, one: Any, at: datetime) -> bool:  # noqa: ANN401 — a recorded fact
    """Return whether a firm may read a recorded statement at a time."""
    if viewer.everything or one.header.issuer == viewer.party:
        return True
    if one.predicate_type == REMARK_TYPE:  # the operator's own notes, about whatever firm
        return False
    seen = one.header.visibility
    if seen.sealed_until is not None and at < seen.sealed_until:
        return False
    if seen.public or viewer.party in seen.parties:
        return True
    return any(_owner(subject) == viewer.party for subject in one.subjects)


def need_readable(viewer: Viewer, one: Any, at: datetime) -> None:  # noqa: ANN401 — a recorded fact
    """Refuse a statement that this firm may not read."""
    if not readable(viewer, one, at):
        raise NotPermittedError(
            f"Statement {one.entry.index} is not shown to {viewer.party}.",
            hint="Ask its issuer to name your firm in visibility.",
        )


def need_unit(viewer: Viewer, unit: UnitId, grounds: Sequence[Any], at: datetime) -> None:
    """Refuse an answer about a unit to a firm that may not read what the answer rests on."""
    for one in grounds:
        need_readable(viewer, one, at)
    if not grounds and not viewer.everything and _owner(unit) != viewer.party:
        raise NotPermittedError(
            f"Nothing about {unit} is shown to {viewer.party}.",
            hint="Ask the operator; makers may ask about their own units.",
        )


def _owner(subject: SubjectId) -> str | None:
    if isinstance(subject, PartyId):
        return subject
    if isinstance(subject, LotId | UnitId | ProductId):
        return PartyId.of(subject.parts[0])
    return None
