"""`{% who_may act as people %}` and where a refusal stands: for the page that says no."""

from typing import Any
from urllib.parse import quote, urlsplit

from django import template

from voltrail.ids import subject as ids
from voltrail.ids.subject import ArrivalId
from voltrail_server import wiring
from voltrail_server.notices import asking
from voltrail_server.panels.named import address
from voltrail_server.people.models import Account

register = template.Library()
_NAMED_IN = ("arrival", "about", "subject", "scope")


@register.simple_tag(takes_context=True)
def who_may(context: Any, act: str) -> list[Account]:  # noqa: ANN401 — Django's context
    """Return those who may do what was refused."""
    user = getattr(context["request"], "user", None)  # none where a page is refused before log-in
    return asking.whom(user, act, wiring.now()) if act and isinstance(user, Account) else []


@register.simple_tag(takes_context=True)
def refused_at(context: Any) -> str:  # noqa: ANN401 — Django's context
    """Return the page on which something was refused; of a form, the page that holds it."""
    request = context["request"]
    came = urlsplit(request.META.get("HTTP_REFERER", ""))
    if request.method == "POST" and came.netloc == request.get_host():
        return f"{came.path}?{came.query}" if came.query else came.path
    return str(request.get_full_path()) if request.method == "GET" else str(request.path)


@register.simple_tag(takes_context=True)
def playbook_of(context: Any) -> str:  # noqa: ANN401 — Django's context
    """Return where the playbook stands of the arrival that a refused request was about."""
    request = context["request"]
    found = request.resolver_match
    if found is not None and (found.url_name or "").startswith("arrival") and found.kwargs:
        return f"/arrivals/{quote(str(found.kwargs.get('key', '')), safe=':@+~')}/#playbook"
    given = [request.POST.get(one) or request.GET.get(one, "") for one in _NAMED_IN]
    for text in given:
        if ids.is_identity(text) and isinstance(ids.parse(text), ArrivalId):
            return f"{address(text)}#playbook"
    return ""
