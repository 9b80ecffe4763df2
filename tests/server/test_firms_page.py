"""The page where a firm is given a token or a link, and where either ends."""

import pytest

pytest.importorskip("django")

import re

from server.access_site import access, posts, site
from server.signing_site import Site, text
from voltrail.actions import show
from voltrail.statements.administration import Administration
from voltrail_server.api import tokens
from voltrail_server.api.models import ApiToken, IntakeLink
from voltrail_world.cast import KESTREL

__all__ = ["access", "site"]

PAGE = "/people/firms/"


def gives(site: Site, by: str = "otto", **more: str) -> str:
    given = {"party": str(KESTREL), "kind": "token", "label": "ERP", "days": "30", **more}
    return text(posts(site, by, f"{PAGE}new/", **given))


def on_record(site: Site) -> list[Administration]:
    found = show.subject(site.desk, KESTREL)
    return [one.fact for one in found if isinstance(one.fact, Administration)]


def test_a_token_is_shown_once_works_and_names_who_gave_it(access: Site) -> None:
    secret = re.search(r"vt_[\w-]+", gives(access))
    assert secret is not None
    assert tokens.standing(ApiToken, secret[0]).party == str(KESTREL)
    assert secret[0] not in text(access.browser("otto").get(PAGE))
    assert {who.key for one in on_record(access) for who in one.by} == {"p-otto"}


def test_a_link_is_made_and_ended_with_a_reason(access: Site) -> None:
    assert "/in/" in gives(access, kind="link", label="Lot records for this page alone")
    name = tokens.name_of(IntakeLink.objects.latest("pk"))
    assert "Lot records for this page alone" in text(access.browser("otto").get(PAGE))
    posts(access, "otto", f"{PAGE}{name}/end/", reason="Sent to the wrong person.")
    assert "Lot records for this page alone" not in text(access.browser("otto").get(PAGE))
    assert "Sent to the wrong person." in {one.reason for one in on_record(access)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"party": "kestrel"}, "urn:voltrail"),
        ({"party": "urn:voltrail:party:nordlicht"}, "opens everything"),
        ({"label": " "}, "what it is for"),
        ({"days": "0"}, "number of days"),
        ({"days": "366"}, "number of days"),
        ({"days": "²"}, "number of days"),
    ],
)
def test_what_makes_no_sense_gives_nobody_a_way_in(
    access: Site, given: dict[str, str], said: str
) -> None:
    before = ApiToken.objects.count()
    assert said in gives(access, **given)
    assert ApiToken.objects.count() == before


def test_only_administrators_give_and_what_is_gone_cannot_end(access: Site) -> None:
    before = ApiToken.objects.count()
    for name in ("meret", "ines"):
        assert posts(access, name, f"{PAGE}new/", party=str(KESTREL), label="x").status_code == 403
    assert ApiToken.objects.count() == before
    assert posts(access, "otto", f"{PAGE}token-999/end/", reason="Gone.").status_code == 404
