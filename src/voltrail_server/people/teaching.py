"""Record that somebody passed a course: stated by the operator, assessed by the one who records."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from voltrail.actions import training
from voltrail.actions.courses import courses
from voltrail.errors import MalformedError
from voltrail.statements.training import Training
from voltrail_server import wiring
from voltrail_server.people import apart, passkeys
from voltrail_server.people.models import Account


def record(by: Account, account: Account, form: Mapping[str, str]) -> int:
    """Return the entry that says a person passed a course."""
    apart.need(by, account, "training-record")
    course, note = form.get("course", ""), form.get("note", "").strip()
    passed = _day(form.get("passed", "")) or wiring.now()
    until = _day(form.get("until", "")) or passed + timedelta(days=_days(course))
    fact = Training(
        passkeys.person_of(account),
        course,
        passed,
        until,
        passkeys.person_of(by),
        note=note or None,
    )
    return training.train(wiring.desk(), fact, wiring.now()).index


def _days(course: str) -> int:
    return max((one.valid_days for one in courses() if one.course == course), default=1)


def _day(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()[:10]).replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError(
            _("%(text)s is no day.") % {"text": f"{text[:20]!r}"}, hint="Choose a day."
        ) from error
