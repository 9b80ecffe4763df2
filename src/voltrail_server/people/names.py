"""What persons are called here: the names that accounts carry, by pseudonym."""

from collections.abc import Iterable

from voltrail_server.people.models import Account


def names_of(persons: Iterable[str]) -> dict[str, str]:
    """Return the name shown for each person that an account speaks for, in one question."""
    wanted = {str(one) for one in persons if one}
    if not wanted:
        return {}
    found = Account.objects.filter(person__in=wanted).order_by("-pk")
    return {one.person: str(one) for one in found}
