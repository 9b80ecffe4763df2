"""Saved filters: a name of one's own for a narrowed list, on every list, seen by nobody else."""

import pytest

pytest.importorskip("django")

from server.signing_site import Site, site, text
from voltrail_server.saved import filters
from voltrail_server.saved.models import SavedFilter

__all__ = ["site"]


def saves(site: Site, name: str, who: str = "otto", **more: str) -> object:
    body = {"path": "/arrivals/", "query": "disposition=quarantine&cursor=x&text=", **more}
    return site.browser(who).post("/saved/new/", {**body, "name": name})


@pytest.mark.parametrize("path", sorted(filters.LISTS))
def test_every_list_shows_ones_own_filters_and_saves_one(site: Site, path: str) -> None:
    browser = site.browser("otto")
    page = text(browser.get(f"{path}?text=a"))
    assert "Save this filter" in page
    assert saves(site, "Mine <b>", path=path, query="text=a").status_code == 302
    page = text(browser.get(path))
    assert "Mine &lt;b&gt;" in page
    assert f'href="{path}?text=a"' in page
    assert "Mine &lt;b&gt;" not in text(site.browser("vera").get(path))


def test_what_is_passing_or_empty_is_left_out_and_the_fitting_one_is_marked(site: Site) -> None:
    answer = saves(site, "Held")
    assert answer["Location"] == "/arrivals/?disposition=quarantine"
    page = text(site.browser("otto").get("/arrivals/?cursor=&disposition=quarantine"))
    assert 'href="/arrivals/?disposition=quarantine" aria-current="true">Held' in page


def test_the_same_name_takes_the_place_of_the_old_one(site: Site) -> None:
    saves(site, "Held")
    saves(site, " Held ", query="tier=1")
    assert SavedFilter.objects.get().query == "tier=1"


@pytest.mark.parametrize(
    "more",
    [
        {"path": "//evil.example/"},
        {"path": "https://evil.example/"},
        {"path": "/me/"},
        {"query": ""},
        {"query": "cursor=x"},
        {"query": "text=" + "a" * 2_000},
        {"name": " "},
        {"name": "a" * 41},
    ],
)
def test_what_is_no_filter_of_a_list_is_refused(site: Site, more: dict[str, str]) -> None:
    assert saves(site, **{"name": "Held", **more}).status_code == 400
    assert SavedFilter.objects.count() == 0


def test_a_list_keeps_twenty_and_a_person_removes_only_their_own(site: Site) -> None:
    for number in range(20):
        assert saves(site, f"F{number}", query=f"text={number}").status_code == 302
    assert saves(site, "one more").status_code == 400
    assert saves(site, "F3", query="text=x").status_code == 302
    assert saves(site, "elsewhere", path="/lots/", query="text=x").status_code == 302
    number = SavedFilter.objects.filter(name="F3").get().pk
    assert site.browser("vera").post(f"/saved/{number}/remove/").status_code == 404
    answer = site.browser("otto").post(f"/saved/{number}/remove/")
    assert answer["Location"] == "/arrivals/"
    assert not SavedFilter.objects.filter(name="F3").exists()
