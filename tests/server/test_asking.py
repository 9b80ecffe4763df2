"""Every refusal says who may, and asks them: a notice each, bounded, and nothing on record."""

import pytest

pytest.importorskip("django")

from server.mail_site import Post, post, site
from server.signing_site import Site, text
from voltrail_server.notices import making, sending
from voltrail_server.notices.models import Notice
from world_fixture import strict_shipment

__all__ = ["post", "site"]

GOODS = strict_shipment("756")


def asks(site: Site, **more: str) -> object:
    body = {"act": "hold-place", "address": "/holds/new/", "sentence": "Cells are swollen."}
    return site.browser("ines").post("/ask/", {**body, **more})


def test_the_page_that_says_no_names_who_may_and_asks_them(post: Post) -> None:
    site = post.site
    post.knows("runa", "runa@nordlicht.example")
    making.turn(site.now())
    site.browser("ines")
    size = site.desk.entries.size()
    page = text(site.browser("ines").get("/holds/new/"))
    assert "<b>runa</b>" in page
    assert 'name="address" value="/holds/new/"' in page
    assert asks(site).status_code == 302
    assert "Asked: " in text(site.browser("ines").get("/notices/"))
    told = Notice.objects.get(account__username="runa", kind="asked")
    assert told.sentence == "ines asks you: place a hold. “Cells are swollen.”"
    assert site.desk.entries.size() == size
    making.turn(site.now())
    assert sending.turn(site.now()) == 1
    assert "http://localhost:8000/holds/new/" in post.took()[0].get_content()
    answer = site.browser("runa").get(f"/notices/{told.pk}/")
    assert answer["Location"] == "/holds/new/"


def test_the_same_question_stands_once_and_no_more_than_five_are_asked(post: Post) -> None:
    post.site.browser("runa")
    for _ in range(5):
        assert asks(post.site).status_code == 302
    assert Notice.objects.filter(account__username="runa", kind="asked").count() == 1
    assert asks(post.site).status_code == 429


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"act": "fly"}, 404),
        ({"address": "https://evil.example/"}, 400),
        ({"address": "//evil.example/"}, 400),
        ({"address": "/\\evil.example/"}, 400),
        ({"address": "javascript:alert(1)"}, 400),
        ({"address": "/api/v1/statements"}, 400),
        ({"address": "/no/such/page/"}, 400),
        ({"address": ""}, 400),
        ({"sentence": "a" * 301}, 400),
    ],
)
def test_a_question_that_leads_elsewhere_is_refused(
    post: Post, more: dict[str, str], status: int
) -> None:
    post.site.browser("runa")
    assert asks(post.site, **more).status_code == status
    assert Notice.objects.filter(kind="asked").count() == 0


def test_a_refusal_about_an_arrival_leads_to_what_waits_for_whom(site: Site) -> None:
    site.seen.deliver(GOODS)
    body = {"verb": "accept", "arrival": str(GOODS.arrival)}
    answer = site.browser("ines").post("/acceptances/new/", body)
    assert answer.status_code == 403
    assert f"/arrivals/{GOODS.arrival.key}/#playbook" in text(answer)
