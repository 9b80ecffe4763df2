"""Every route of pages and API, for nobody and for every role: what is not open is closed."""

import pytest

pytest.importorskip("django")

import re
from collections.abc import Iterator
from contextlib import closing as closed

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from server.site_world import logged_in, site_desk
from voltrail.actions.desk import Desk
from voltrail_server.pages.security import POLICY
from voltrail_server.people import may
from voltrail_server.people.may import MAY
from voltrail_server.people.models import Account, Role, Tally

__all__ = ["site_desk"]

# Open to whoever comes, and what they get there. Everything else asks who is there.
PUBLIC = {
    "/log-in/": {200},
    "/log-in/code/": {302},  # leads to the log-in where no password came before
    "/log-in/passkey/": {405, 409},
    "/log-in/provider/": {403},  # no provider is set up
    "/log-in/provider/back/": {403},
    "/language/": {302, 400, 405},
    "/log-out/": {302, 405},
    "/join/x/": {404},
    "/join/x/passkey/": {404, 405},
    "/join/x/provider/": {404, 405},
    "/docs/errors": {200},
    "/healthz": {200, 503},  # 503: not well
    "/metrics": {403},  # only with its token
    "/in/x": {404},
    "/api/v1/openapi.json": {200},
    "/api/v1/checkpoint": {200},
    "/api/v1/consistency": {422},  # which two sizes was not said
    "/api/v1/statements/1/proof": {200},
    "/api/v1/statements/1/times": {200},
    "/api/v1/statements/1/times/1/proof": {404},
    "/api/v1/statements/1/times/1/token": {404},
    "/api/v1/statements/1/receipt": {200},
    "/api/v1/tile/x": {400},
}
SAMPLES = {
    "str": "x",
    "key": "kestrel:L26-101",
    "int": "1",
    "path": "x",
    "uuid": "00000000-0000-4000-8000-000000000001",
}
FOLDERS = frozenset(
    {"etc", "home", "mnt", "opt", "proc", "root", "run", "srv", "tmp", "usr", "var", "work"}
)
CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")


def walk(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for one in patterns:
        route = before + CONVERTER.sub(lambda m: SAMPLES[m[1] or "str"], str(one.pattern))
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, route)
        elif not str(one.pattern).startswith("^") and (str(one.pattern) or before == "/"):
            yield route


EVERY = sorted(set(walk(get_resolver().url_patterns)))


@pytest.fixture(autouse=True)
def _counted_anew(site_desk: Desk) -> None:
    Tally.objects.all().delete()


def test_the_walk_reaches_pages_and_api() -> None:
    assert len([one for one in EVERY if one.startswith("/api/")]) > 20
    assert len([one for one in EVERY if not one.startswith("/api/")]) > 90


def test_no_address_looks_like_a_folder_of_some_machine() -> None:
    """Readers of logs take a path for a page, never for a place on a disk."""
    assert not [one for one in EVERY if one.split("/")[1] in FOLDERS]


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_nobody_is_let_in_where_it_is_not_public(method: str) -> None:
    opened = {}
    for address in EVERY:
        with closed(getattr(Client(raise_request_exception=False), method)(address)) as answer:
            pass
        to_log_in = answer.status_code == 302 and answer["Location"].startswith("/log-in/")
        if not to_log_in and answer.status_code not in {401, 405}:
            opened[address] = answer.status_code
    strange = {one: code for one, code in opened.items() if one not in PUBLIC}
    assert not strange
    if method in {"get", "post"}:
        wrong = {one: code for one, code in opened.items() if code not in PUBLIC[one] | {200, 403}}
        assert not wrong


def test_what_is_public_answers_as_the_table_says() -> None:
    for address, codes in PUBLIC.items():
        if address in EVERY:
            assert Client().get(address).status_code in codes, address


def test_a_token_nobody_issued_opens_nothing() -> None:
    bearer = {"Authorization": "Bearer vt_guessed"}
    for address in EVERY:
        if address.startswith("/api/") and address not in PUBLIC:
            answer = Client(raise_request_exception=False).get(address, headers=bearer)
            assert answer.status_code in {401, 405}, address


@pytest.mark.parametrize("role", Role.values)
def test_no_page_fails_for_any_role(role: str) -> None:
    client = logged_in(role)
    for address in EVERY:
        if not address.startswith("/api/"):
            with closed(client.get(address)) as answer:
                assert answer.status_code < 500 or address == "/healthz", address  # not well: 503


@pytest.mark.parametrize("role", [Role.FACILITIES, Role.AUDITOR, Role.QUALITY])
def test_what_is_the_administrators_stays_theirs(role: str) -> None:
    client = logged_in(role)
    for address in EVERY:
        if address.startswith("/people/") and any(
            part in address for part in ("/leave/", "/erase/", "/reset/", "/functions/", "/link/")
        ):
            assert client.post(address).status_code == 403, address
    assert client.get("/people/invite/").status_code == 403


def test_every_form_asks_for_its_secret() -> None:
    found = logged_in("administrator")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = found.cookies
    # Takes no cookie to heart: the address, or the token in the head, is the secret.
    without = {"/in/x"}
    taken = {
        address: code
        for address in EVERY
        if not address.startswith("/api/")
        and address not in without
        and (code := strict.post(address).status_code) != 403
    }
    assert not taken


def test_the_api_takes_no_session_for_writing() -> None:
    client = logged_in("administrator")
    for address in EVERY:
        if address.startswith("/api/") and address not in PUBLIC:
            answer = client.post(address, {}, content_type="application/json")
            assert answer.status_code in {401, 405}, address


def test_every_answer_carries_the_strict_policy() -> None:
    client = logged_in("administrator")
    for address in EVERY:
        for who in (client, Client()):
            with closed(who.get(address)) as answer:
                assert answer["Content-Security-Policy"] == POLICY, address
                assert answer["X-Content-Type-Options"] == "nosniff", address
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


def test_no_page_holds_script_or_style_of_its_own() -> None:
    client = logged_in("administrator")
    for address in EVERY:
        if address.startswith("/api/"):
            continue
        with closed(client.get(address)) as answer:
            pass
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        body = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", body), address


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "http:///elsewhere.example",
    ],
)
def test_a_log_in_leads_nowhere_else(wanted: str) -> None:
    account = logged_in("quality").session["_auth_user_id"]
    found = Account.objects.get(pk=account)
    found.set_password("nine kestrels over the quay")
    found.save()
    given = {"username": "quality", "password": "nine kestrels over the quay", "next": wanted}
    assert Client().post("/log-in/", given)["Location"] == "/"


def test_the_acts_of_administrators_are_all_guarded_by_a_second_factor() -> None:
    administrative = [act for act in MAY if act.startswith(("person-", "request-"))]
    assert administrative
    assert {MAY[act].factor for act in administrative} == {may.NEEDED}
    assert {MAY[act].where for act in administrative} == {may.EVERYWHERE}
