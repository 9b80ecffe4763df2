"""A person's own, by API: notices, how they are told, saved filters, taking a remark back."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

pytest.importorskip("django")

from django.test import Client

from server.signing_site import Site, site, text
from server.test_remarks import GOODS, PAGE, noted, notes
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken
from voltrail_server.notices import making
from voltrail_server.notices.finding import Found
from voltrail_server.notices.models import Habit, Notice, Wish
from voltrail_server.people.models import Account
from voltrail_server.saved.models import SavedFilter
from voltrail_world.cast import MERET

__all__ = ["site"]
API = "/api/v1"
JSON = "application/json"


@pytest.fixture
def own(site: Site) -> Iterator[Client]:
    """A program with the operator's token; runa, meret, vera, ines and otto have accounts."""
    for name in ("runa", "meret", "vera", "ines", "otto"):
        site.browser(name)
    yield bearer(str(site.desk.operator))
    for table in (Notice, Wish, Habit, ApiToken):
        table.objects.all().delete()


def bearer(party: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {tokens.issue(party, 'test')}"})


def send(client: Client, method: str, to: str, /, **body: object) -> Any:  # noqa: ANN401
    return getattr(client, method)(API + to, json.dumps(body), JSON)


def told(site: Site, name: str, kind: str, *sentences: str) -> None:
    account = Account.objects.get(username=name)
    found = (Found(kind, one, "", partial(str, one), "/arrivals/", account.pk) for one in sentences)
    making.tell(found, site.now())


def test_a_program_reads_and_marks_what_the_page_shows(site: Site, own: Client) -> None:
    told(site, "runa", "alarm", "Swollen cells.")
    told(site, "runa", "duty", "A pack is due.")
    found = own.get(f"{API}/notices?person=runa").json()
    assert [one["sentence"] for one in found] == ["A pack is due.", "Swollen cells."]
    assert own.get(f"{API}/notices?person=runa&kind=duty").json() == found[:1]
    marked = send(own, "post", "/notices/read", person="runa", notice=found[0]["number"])
    assert (marked.status_code, marked.json()) == (200, {"unread": 1})
    (left,) = own.get(f"{API}/notices?person=runa&show=unread").json()
    assert (left["kind"], left["readAt"], left["address"]) == ("alarm", None, "/arrivals/")
    for _ in range(2):
        assert send(own, "post", "/notices/read", person="runa").json() == {"unread": 0}
    assert own.get(f"{API}/notices?person=runa&show=unread").json() == []
    assert "Swollen cells." in text(site.browser("runa").get("/notices/"))


def test_nobody_reads_or_marks_the_notices_of_another(site: Site, own: Client) -> None:
    told(site, "runa", "alarm", "Swollen cells.")
    mine = site.browser("runa").get(f"{API}/notices").json()
    assert [one["sentence"] for one in mine] == ["Swollen cells."]
    assert site.browser("runa").get(f"{API}/notices?person=runa").json() == mine
    assert site.browser("meret").get(f"{API}/notices").json() == []
    assert site.browser("meret").get(f"{API}/notices?person=runa").status_code == 403
    number = mine[0]["number"]
    taken = send(own, "post", "/notices/read", person="meret", notice=number)
    assert taken.status_code == 404
    assert Notice.objects.filter(read_at=None).count() == 1


CALLS = [
    ("get", "/notices?person=runa", {}),
    ("post", "/notices/read", {"person": "runa"}),
    ("get", "/notices/settings?person=runa", {}),
    ("patch", "/notices/settings", {"person": "runa", "hour": 6}),
    ("get", "/filters?person=runa", {}),
    ("post", "/filters", {"person": "runa", "path": "/lots/", "query": "text=a", "name": "A"}),
    ("delete", "/filters/1?person=runa", {}),
    ("post", "/remarks/1/withdrawal", {"by": str(MERET), "why": "No."}),
]
WRITES = [one for one in CALLS if one[0] != "get"]


def asks(client: Client, method: str, path: str, body: dict[str, object]) -> Any:  # noqa: ANN401
    return client.get(API + path) if method == "get" else send(client, method, path, **body)


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_a_firms_token_and_nobody_have_no_business_here(
    own: Client, method: str, path: str, body: dict[str, object]
) -> None:
    assert asks(bearer("urn:voltrail:party:kestrel"), method, path, body).status_code == 403
    assert asks(Client(), method, path, body).status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_session_writes_nothing(
    site: Site, own: Client, method: str, path: str, body: dict[str, object]
) -> None:
    assert asks(site.browser("runa"), method, path, body).status_code == 401
    assert not Habit.objects.exists()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_token_does_nothing_for_a_closed_account(
    site: Site, own: Client, method: str, path: str, body: dict[str, object]
) -> None:
    Account.objects.filter(username__in=("runa", "meret")).update(is_active=False)
    assert asks(own, method, path, body).status_code in {403, 404}
    assert not Habit.objects.exists()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(("method", "path", "body"), CALLS[:7])
def test_a_token_says_for_whom_it_acts(
    own: Client, method: str, path: str, body: dict[str, object]
) -> None:
    for name in ("", "nobody", "1"):
        asked = path.replace("=runa", f"={name}")
        given = {**body, "person": name} if body else body
        assert asks(own, method, asked, given).status_code == 404, name
    assert asks(own, method, path.replace("=runa", "=%00"), body).status_code in {200, 201, 400}


def test_a_person_is_told_as_a_program_chose(site: Site, own: Client) -> None:
    before = own.get(f"{API}/notices/settings?person=runa").json()
    assert (before["hour"], before["zone"]) == (7, "UTC")
    chosen = {"hour": 23, "zone": "Asia/Tokyo", "mail": {"work": "now"}, "shown": {"duty": False}}
    for _ in range(2):
        found = send(own, "patch", "/notices/settings", person="runa", **chosen)
        assert found.status_code == 200, found.content
    after = found.json()
    assert (after["hour"], after["zone"]) == (23, "Asia/Tokyo")
    changed = [one for one in after["kinds"] if one not in before["kinds"]]
    assert [(one["kind"], one["shown"], one["mail"]) for one in changed] == [
        ("duty", False, "daily"),
        ("work", True, "now"),
    ]
    assert site.browser("runa").get(f"{API}/notices/settings").json() == after
    told(site, "runa", "duty", "A pack is due.")
    assert own.get(f"{API}/notices?person=runa").json() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"hour": -1},
        {"hour": "7"},
        {"zone": "Mars/Base"},
        {"zone": "\0"},
        {"mail": {"duty": "pigeon"}},
        {"mail": {"gossip": "now"}},
        {"shown": {"gossip": True}},
        {"shown": {"duty": "yes"}},
        {"colour": "red"},
        {"person": 7},
    ],
)
def test_a_wish_without_sense_leaves_everything_as_it_was(
    own: Client, wrong: dict[str, object]
) -> None:
    found = send(own, "patch", "/notices/settings", **{"person": "runa", "hour": 5, **wrong})
    assert found.status_code == 400, found.content
    assert found.json()["hint"]
    assert not Habit.objects.exists()
    assert not Wish.objects.exists()


def test_a_body_that_is_none_is_malformed(own: Client) -> None:
    for method, path, _ in WRITES:
        if method == "delete":  # takes no body
            continue
        ask = getattr(own, method)
        for raw in (" ", "[]", "{", "null", '{"person":"runa","person":"meret"}', "\xff"):
            assert ask(API + path, raw, JSON).status_code == 400, (path, raw)
        assert ask(API + path, "{}", "text/plain").status_code == 415, path
        assert ask(API + path, " " * 65_537, JSON).status_code == 413, path


def test_unknown_kinds_and_lists_are_named(own: Client) -> None:
    assert own.get(f"{API}/notices?person=runa&kind=gossip").status_code == 400
    assert own.get(f"{API}/notices?person=runa&show=some").status_code == 422
    assert own.get(f"{API}/filters?person=runa&path=/me/").status_code == 400


def test_a_filter_is_kept_once_shown_on_its_list_and_forgotten(site: Site, own: Client) -> None:
    given = {"person": "runa", "path": "/lots/", "query": "text=b&cursor=x", "name": "Mine"}
    first = send(own, "post", "/filters", **given)
    assert first.status_code == 201, first.content
    again = send(own, "post", "/filters", **{**given, "query": "text=a"})
    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])
    assert again.json()["address"] == "/lots/?text=a"
    assert 'href="/lots/?text=a"' in text(site.browser("runa").get("/lots/"))
    assert own.get(f"{API}/filters?person=runa&path=/lots/").json() == [again.json()]
    assert own.get(f"{API}/filters?person=runa&path=/orders/").json() == []
    assert site.browser("runa").get(f"{API}/filters").json() == [again.json()]
    assert own.get(f"{API}/filters?person=meret").json() == []
    number = again.json()["number"]
    assert own.delete(f"{API}/filters/{number}?person=meret").status_code == 404
    assert own.delete(f"{API}/filters/{number}?person=runa").status_code == 204
    assert own.delete(f"{API}/filters/{number}?person=runa").status_code == 404
    assert own.delete(f"{API}/filters/{number}").status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"path": "/me/"}, {"query": "cursor=x"}, {"name": " "}, {"name": "a" * 41}]
)
def test_what_is_no_filter_is_refused(own: Client, wrong: dict[str, str]) -> None:
    given = {"person": "runa", "path": "/lots/", "query": "text=a", "name": "Mine", **wrong}
    assert send(own, "post", "/filters", **given).status_code == 400
    assert not SavedFilter.objects.exists()


@pytest.fixture
def goods(site: Site) -> None:
    """Goods that came before anything else was said: the register's clock runs forward only."""
    site.seen.deliver(GOODS)


@pytest.mark.usefixtures("goods")
def test_a_remark_is_taken_back_by_its_person_or_an_administrator(site: Site, own: Client) -> None:
    for words in ("First.", "Second."):
        assert notes(site, text=words).status_code == 302
        site.later(minutes=1)
    second, first = (one.entry.index for one in noted(site))
    gone = {"by": str(MERET), "why": "It was another lot."}
    vera = {**gone, "by": "urn:voltrail:person:p-vera"}
    assert send(own, "post", f"/remarks/{first}/withdrawal", **vera).status_code == 403
    assert (
        send(own, "post", f"/remarks/{first}/withdrawal", **{**gone, "why": " "}).status_code == 400
    )
    made = send(own, "post", f"/remarks/{first}/withdrawal", **gone)
    assert made.status_code == 201, made.content
    shown = own.get(f"{API}/remarks?about={GOODS.arrival}").json()
    assert [one["withdrawnBy"] for one in shown] == [None, made.json()["index"]]
    assert "Taken back" in text(site.browser("ines").get(PAGE))
    again = send(own, "post", f"/remarks/{first}/withdrawal", **gone)
    assert (again.status_code, again.json()["hint"]) == (400, f"Read entry {made.json()['index']}.")
    otto = {**gone, "by": "urn:voltrail:person:p-otto"}
    assert send(own, "post", f"/remarks/{second}/withdrawal", **otto).status_code == 201


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("urn:voltrail:person:p-ines", 403),  # an auditor notes nothing and takes nothing back
        ("urn:voltrail:person:p-nobody", 404),
        ("nonsense", 400),
        ("urn:voltrail:party:kestrel", 400),
    ],
)
@pytest.mark.usefixtures("goods")
def test_who_may_not_take_a_remark_back_does_not_by_token(
    site: Site, own: Client, by: str, status: int
) -> None:
    notes(site, text="First.")
    index = noted(site)[0].entry.index
    found = send(own, "post", f"/remarks/{index}/withdrawal", by=by, why="No.")
    assert found.status_code == status, found.content
    assert noted(site)[0].withdrawn_by is None


def test_what_is_no_remark_is_not_taken_back(own: Client) -> None:
    for index in (0, 10**6, 10**20):
        found = send(own, "post", f"/remarks/{index}/withdrawal", by=str(MERET), why="No.")
        assert found.status_code == 404, found.content
