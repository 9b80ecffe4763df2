"""The search box: a whole identity leads to its page, anything else narrows the arrivals."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from voltrail.ids import subject as ids
from voltrail_server.panels.named import address


def find(request: HttpRequest) -> HttpResponse:
    """Return a redirect to what the box names."""
    text = request.GET.get("q", "").strip().removeprefix("#")
    if text.isdigit():
        return redirect(f"/register/{text}/")
    if not text.startswith(ids.PREFIX):
        return redirect(f"/arrivals/?{urlencode({'text': text})}")
    return redirect(address(ids.parse(text)))
