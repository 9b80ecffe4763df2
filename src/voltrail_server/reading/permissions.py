"""A permission as its form says it, and the people it can name."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError
from voltrail.ids.subject import PartyId, PersonId, PlaceId
from voltrail.projections.permissions import Permit
from voltrail.statements import fields
from voltrail.statements.permission import Permission, PermissionVerb
from voltrail_server.people.models import Account
from voltrail_server.people.names import names_of


def read(place: PlaceId, form: Any, by: PersonId, at: datetime) -> Permission:  # noqa: ANN401 — form data
    """Return the permission that a form says."""
    parties = str(form.get("parties", "")).replace(",", " ").split()
    return Permission(
        number=f"E-{at:%Y%m%dT%H%M%S%f}",
        verb=PermissionVerb.ALLOW,
        place=place,
        valid_from=_day(str(form.get("begins", ""))) or at.replace(microsecond=0),
        allowed_by=by,
        people=tuple(PersonId.read(one) for one in form.getlist("people")),
        parties=tuple(PartyId.written(one) for one in dict.fromkeys(parties)),
        valid_until=_day(str(form.get("ends", ""))),
        reason=str(form.get("reason", "")).strip()[:1_000] or None,
    )


def people() -> list[tuple[str, str]]:
    """Return the operator's people who may be named, by name."""
    rows = (
        Account.objects.filter(is_active=True).exclude(person="").values_list("person", flat=True)
    )
    listed = sorted(set(rows))
    names = names_of(listed)
    return sorted(((one, names.get(one) or one) for one in listed), key=lambda pair: pair[1])


def shown(one: Permit, now: datetime) -> dict[str, Any]:
    """Return a permission for programs."""
    fact = one.allowed.fact
    return {
        "number": fact.number,
        "people": fact.people,
        "parties": fact.parties,
        "valid_from": fields.stamp(fact.valid_from),
        "valid_until": fields.stamp(fact.valid_until) if fact.valid_until else None,
        "ended": None if one.ended is None else one.ended.entry.index,
        "stands": one.stands_at(now),
        "allowed_by": fact.allowed_by,
        "reason": fact.reason,
        "entry": one.allowed.entry.index,
    }


def _day(text: str) -> datetime | None:
    """Return the beginning of a day in UTC, or nothing where none is given."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError(
            _("%(text)s is no day.") % {"text": text[:40]}, hint=_("Write days like 2026-11-22.")
        ) from error
