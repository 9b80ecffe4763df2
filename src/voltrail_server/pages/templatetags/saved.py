"""`{% saved_filters as chips %}`: a person's own filters of the list that is shown."""

from typing import Any

from django import template

from voltrail_server.people.models import Account
from voltrail_server.saved import filters
from voltrail_server.saved.filters import Chip

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_filters(context: Any) -> tuple[Chip, ...]:  # noqa: ANN401 — Django's context
    """Return the filters of this list; one question."""
    request = context["request"]
    if not isinstance(request.user, Account):
        return ()
    return filters.listing(request.user, request.path, request.META.get("QUERY_STRING", ""))


@register.simple_tag(takes_context=True)
def filter_here(context: Any) -> str:  # noqa: ANN401 — Django's context
    """Return what the address narrows the list to, or nothing."""
    return filters.plain(context["request"].META.get("QUERY_STRING", ""))
