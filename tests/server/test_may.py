"""Every form × every role: the table says who may send it, and what is not listed nobody may."""

import pytest

pytest.importorskip("django")

from django.urls import URLPattern, get_resolver

from server.site_world import logged_in, site_desk
from voltrail.actions.desk import Desk
from voltrail_server.people import may
from voltrail_server.people.may import MAY
from voltrail_server.people.models import Role

__all__ = ["site_desk"]

SAMPLES = {
    "<key:key>": "kestrel:L26-101",
    "<key:urn>": "urn:voltrail:unit:kestrel:1",
    "<int:index>": "1",
    "<int:number>": "0",
    "<int:by>": "1",
    "<str:link>": "x",
    "<uuid:number>": "00000000-0000-4000-8000-000000000000",
}
OPEN = {
    "log-in",
    "log-in-code",
    "log-in-passkey",
    "log-in-provider",
    "log-in-back",
    "language",
    "log-out",
    "join",
    "join-passkey",
    "join-provider",
    "errors",
    "healthz",
    "metrics",
    "intake-link",
}
FORMS = {
    one.name: str(one.pattern)
    for one in get_resolver().url_patterns
    if isinstance(one, URLPattern) and one.name and one.name not in OPEN
}


ASK_AGAIN = {"order-new", "draft-upload"}  # what is done there is asked for once more


def address(route: str) -> str:
    for converter, sample in SAMPLES.items():
        route = route.replace(converter, sample)
    return f"/{route}"


def test_the_table_lists_no_form_that_is_not_there() -> None:
    beyond_an_address = {
        "keys-read",
        "people-read",
        "draft-hand-on",
        "order-place",
        "import-people",
        "move-undo-any",
    }
    assert MAY.keys() - FORMS.keys() == beyond_an_address


@pytest.mark.parametrize("role", Role.values)
def test_a_role_sends_the_forms_that_the_table_gives_it_and_no_other(
    site_desk: Desk, role: str
) -> None:
    client = logged_in(role)
    for name, route in FORMS.items():
        answer = client.post(address(route))
        if answer.headers.get("Location", "").startswith("/log-in/"):
            client = logged_in(role)  # a form before this one ended the session
            answer = client.post(address(route))
        told = answer.content.decode() if not answer.streaming else ""
        if role in may.of(name).who:
            assert name in ASK_AGAIN or "Your role" not in told, name
        else:
            assert answer.status_code == 403, name


def test_an_auditor_begins_nothing() -> None:
    begun = {"draft-begin", "hold-place", "hold-lift", "sign-off", "order-place", "hand-in"}
    assert not [act for act in begun if Role.AUDITOR in MAY[act].who]
