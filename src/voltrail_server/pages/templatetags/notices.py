"""`{% unread_notices user as unread %}`: how many notices a person has not read."""

from django import template

from voltrail_server.notices import own
from voltrail_server.people.models import Account

register = template.Library()


@register.simple_tag
def unread_notices(account: object) -> int:
    """Return how many notices wait to be read; one question."""
    return own.unread(account) if isinstance(account, Account) else 0
