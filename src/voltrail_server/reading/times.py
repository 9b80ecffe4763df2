"""A time in a form: the wall clock that a browser sends, and its offset from UTC."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from voltrail.errors import MalformedError


def read_time(clock: str, zone: str = "+00:00") -> datetime:
    """Return the UTC time of a wall clock such as 2026-11-22T08:40 at an offset."""
    try:
        found = datetime.fromisoformat(f"{clock.strip()}{zone.strip()}")
        return found.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise MalformedError(
            _("%(clock)s is no time.") % {"clock": f"{clock[:40]!r}"},
            hint="Choose day and time in the field.",
        ) from error
