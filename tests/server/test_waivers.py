"""An exception on pages, by API and on the command line: asked, frozen, signed by two, ended."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

pytest.importorskip("django")

from server.authenticator import Authenticator
from server.signing_site import Site, again, newest, site, text
from voltrail import canonical
from voltrail.actions import due, waiver
from voltrail.ids.subject import ArrivalId
from voltrail.statements import fields as codec
from voltrail.statements.custody import Half
from voltrail_server.reading.waivers import read_form
from voltrail_world.cast import ANSEL, MERET, RUNA
from world_fixture import strict_shipment

__all__ = ["site"]

LOST = replace(strict_shipment("741"), lost_half=(0, Half.TAKEN))
MAY = ["waiver", "correction", "sign-off"]


def device(site: Site, name: str) -> Authenticator:
    made = Authenticator()
    assert site.adds(name, made).status_code == 302
    assert site.confirms("otto", made, MAY).status_code == 302
    site.later(minutes=1)
    return made


def form(site: Site, **more: str) -> dict[str, str]:
    ends = (site.now() + timedelta(days=7)).date().isoformat()
    plain = {
        "control": "CUS-01",
        "scope": str(LOST.arrival),
        "reason": "The carrier went out of business.",
        "compensating": "Every carton was weighed.",
        "ends": ends,
        "what-1": "Contract another carrier.",
        "owner-1": str(MERET),
        "due-1": (site.now() + timedelta(days=2)).date().isoformat(),
        "first": str(RUNA),
        "second": str(ANSEL),
    }
    return {**plain, **more}


def asked(site: Site) -> tuple[Authenticator, Authenticator]:
    """The exception asked for by Meret; the passkeys of both approvers."""
    both = device(site, "runa"), device(site, "ansel")
    answer = site.browser("meret").post("/exceptions/new/", form(site))
    assert answer.status_code == 302, text(answer)
    return both


def granted(site: Site) -> tuple[int, Authenticator, Authenticator]:
    first, second = asked(site)
    assert site.signs("runa", newest(), first).status_code == 302
    assert disposition(site) == "quarantine"
    assert site.signs("ansel", newest(), second).status_code == 302
    draft = again(newest())
    assert draft.state == "handed-in", draft.refusal
    assert draft.entry is not None
    site.later(minutes=1)
    return draft.entry, first, second


def disposition(site: Site) -> str:
    row = site.desk.views.row(LOST.arrival)
    assert row is not None
    return row.disposition


def test_two_persons_approve_an_exception_and_the_failure_stays_visible(site: Site) -> None:
    assert site.seen.deliver(LOST).fact.disposition == "quarantine"
    index, _, _ = granted(site)
    assert disposition(site) == "release"
    row = site.desk.views.row(LOST.arrival)
    assert row is not None
    assert "custody=waived" in row.layers
    page = text(site.browser("ines").get(f"/exceptions/{index}/"))
    for said in ("In force", "CUS-01", "Every carton was weighed.", "Contract another carrier."):
        assert said in page
    assert "Quarantine" in page
    assert "Release" in page
    assert "W-" in text(site.browser("ines").get("/exceptions/?state=in-force"))
    assert "No exception here." in text(site.browser("ines").get("/exceptions/?state=ended"))


def test_the_exception_ends_by_itself_and_its_page_says_so(site: Site) -> None:
    site.seen.deliver(LOST)
    index, _, _ = granted(site)
    before = site.now()
    site.later(days=8)
    due.ring(site.desk, before, site.now())
    assert disposition(site) == "quarantine"
    assert "Ended" in text(site.browser("ines").get(f"/exceptions/{index}/"))


def test_what_it_would_cover_is_shown_before_anybody_is_asked(site: Site) -> None:
    site.seen.deliver(LOST)
    size = site.desk.entries.size()
    answer = site.browser("meret").post("/exceptions/new/", form(site, look="1"))
    page = text(answer)
    assert answer.status_code == 200
    assert "What it would cover now" in page
    assert LOST.arrival.key in page
    assert site.desk.entries.size() == size


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scope": ""}, "no scope"),
        ({"scope": "hall"}, "hall"),
        ({"scope": "urn:voltrail:person:p-runa"}, "cannot be in this scope"),
        ({"control": ""}, "Choose the control"),
        ({"control": "RCL-01"}, "allows no exception"),
        ({"ends": "soon"}, "is no time"),
        ({"ends": "2020-01-01"}, "does not end in time"),
        ({"what-1": "", "due-1": ""}, "no plan"),
        ({"due-1": ""}, "Step 1 of the plan is not whole"),
        ({"second": str(RUNA)}, "two persons"),
        ({"second": str(MERET)}, "cannot approve it"),
        ({"second": "urn:voltrail:person:p-nobody"}, "no key in force"),
        ({"reason": "\0"}, "NUL"),
    ],
)
def test_a_form_without_sense_is_refused_and_loses_nothing(
    site: Site, changes: dict[str, str], sentence: str
) -> None:
    device(site, "runa")
    device(site, "ansel")
    answer = site.browser("meret").post("/exceptions/new/", form(site, **changes))
    assert answer.status_code in (400, 403, 404)
    assert sentence in text(answer)
    if "reason" not in changes:
        assert "The carrier went out of business." in text(answer)


def test_nothing_is_signed_once_what_was_frozen_has_changed(site: Site) -> None:
    site.seen.deliver(LOST)
    first, _ = asked(site)
    held = {"subject": str(LOST.lot), "cause": "Cells were stolen.", "case": "c-9"}
    assert site.browser("runa").post("/holds/new/", held).status_code == 302
    index = site.seen.decision(LOST.arrival).fact
    assert index.disposition == "quarantine"
    whole = replace(LOST, lost_half=None)
    from voltrail_world.arrivals import acts_of  # noqa: PLC0415 — one test

    for act in acts_of(site.seen.world, whole):
        site.seen.hand_in(act.raw, site.now())
    answer = site.signs("runa", newest(), first)
    assert answer.status_code == 409
    assert "has changed" in text(answer)


def test_an_approver_ends_it_early_and_nobody_else(site: Site) -> None:
    site.seen.deliver(LOST)
    index, first, _ = granted(site)
    body = {"reason": "The carrier signed after all."}
    assert site.browser("meret").post(f"/exceptions/{index}/end/", body).status_code == 403
    assert site.browser("runa").post(f"/exceptions/{index}/end/", body).status_code == 302
    assert site.signs("runa", newest(), first).status_code == 302
    assert disposition(site) == "quarantine"
    assert "Ended early" in text(site.browser("ines").get(f"/exceptions/{index}/"))


def test_the_owner_of_a_step_signs_that_it_is_done(site: Site) -> None:
    site.seen.deliver(LOST)
    index, _, _ = granted(site)
    own = device(site, "meret")
    page = text(site.browser("meret").get(f"/exceptions/{index}/"))
    assert "Sign that it is done" in page
    body = {"verb": "finish-step", "note": "1"}
    assert site.browser("meret").post(f"/register/{index}/sign-off/", body).status_code == 302
    assert site.signs("meret", newest(), own).status_code == 302
    assert "Done" in text(site.browser("ines").get(f"/exceptions/{index}/"))


def test_the_arrival_offers_the_exception_beside_the_finding(site: Site) -> None:
    site.seen.deliver(LOST)
    from voltrail_server.records.models import ArrivalRow  # noqa: PLC0415 — Django is ready

    assert ArrivalRow is not None
    page = site.browser("meret").get(f"/arrivals/{LOST.arrival.key}/").content.decode()
    assert f"/exceptions/new/?control=CUS-01&amp;scope={str(LOST.arrival).replace(':', '%3A')}" in (
        page
    )


def test_the_api_lists_them_for_a_session_and_refuses_strangers(site: Site) -> None:
    site.seen.deliver(LOST)
    index, _, _ = granted(site)
    found = site.browser("ines").get("/api/v1/exceptions").json()
    assert [one["index"] for one in found] == [index]
    one = site.browser("ines").get(f"/api/v1/exceptions/{index}").json()
    assert (one["state"], one["control"]) == ("in-force", "CUS-01")
    assert site.browser("ines").get("/api/v1/exceptions/0").status_code == 404
    assert site.browser("ines").get("/api/v1/exceptions?state=ended").json() == []


def test_a_page_lists_two_hundred_arrivals_of_a_snapshot_and_says_how_many_more(
    site: Site,
) -> None:
    site.seen.deliver(LOST)
    site.browser("meret")
    seen = waiver.look(site.desk, read_form(form(site), MERET, site.now()), site.now())
    (one,) = seen.affected
    wide = replace(
        seen,
        affected=tuple(
            replace(one, arrival=ArrivalId.of("nordlicht", f"A-{number:04}"))
            for number in range(207)
        ),
    )
    digest = site.desk.blobs.put(canonical.canonical_bytes(codec.write(wide)))
    page = text(site.browser("meret").get(f"/exceptions/snapshots/{digest}/"))
    assert "A-0199" in page
    assert "A-0200" not in page
    assert "The first 200 arrivals are listed. 7 more are in the snapshot" in page
