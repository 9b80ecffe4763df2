"""What somebody may do is what their appointments say: where, from when, until when, for whom."""

import pytest

pytest.importorskip("django")

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.access_site import access, account, number, posts, site
from server.signing_site import Site, text
from voltrail.actions import show
from voltrail.actions.appointment import appointments
from voltrail.errors import MalformedError, NotPermittedError, UnknownSubjectError
from voltrail_server.panels import acts
from voltrail_server.people import bindings, functions, may, unstated
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account, Binding, Unstated
from voltrail_server.signing.models import Draft
from voltrail_world.cast import HALL, OFFICE

__all__ = ["access", "site"]

REASON = "Stands in for the season."


def gives(site: Site, by: str, to: str, **given: object) -> Binding:
    site.browser(to)
    answer = posts(site, by, f"/people/{number(to)}/functions/", reason=REASON, **given)
    assert answer.status_code == 302, text(answer)
    return Binding.objects.latest("pk")


def test_a_function_is_an_entry_and_a_row_that_names_who_decided(access: Site) -> None:
    made = gives(access, "otto", "ines", function="quality", place=[str(HALL)])
    said = show.entry(access.desk, made.entry).fact
    assert (said.function, said.places) == ("quality", (HALL,))
    assert [str(one) for one in said.decided_by] == ["urn:voltrail:person:p-otto"]
    assert made.places == [str(HALL)]


def test_nothing_but_an_appointment_gives_a_function(access: Site) -> None:
    gives(access, "otto", "ines", function="quality")
    assert functions.names(account("ines")) == {"auditor", "quality"}
    assert Binding.objects.filter(function="auditor").get().decided_by == []
    assert "role" not in {one.name for one in Account._meta.get_fields()}
    Binding.objects.all().delete()
    assert functions.names(account("otto")) == frozenset()
    bindings.refold()
    assert functions.names(account("otto")) == {"administrator"}


def test_what_the_register_says_already_is_not_stated_again_by_an_upgrade(access: Site) -> None:
    access.browser("ines"), access.browser("meret")
    nobody = Account.objects.create_user("nobody")
    held = (("ines", "security"), ("meret", "quality"), ("nobody", "facilities"))
    for name, function in held:
        Unstated.objects.create(account=account(name), function=function)
    Binding.objects.all().delete()  # the table of a backup that is older than the register
    size = access.desk.entries.size()
    assert unstated.waits()
    assert unstated.state_all() == 1
    assert not unstated.waits()
    assert unstated.state_all() == 0
    assert access.desk.entries.size() == size + 1
    assert functions.names(account("ines")) == {"auditor"}
    nobody.refresh_from_db()
    assert functions.names(nobody) == {"facilities"}
    said = show.entry(access.desk, size).fact
    assert (str(said.person), said.decided_by) == (nobody.person, ())
    assert said.reason == unstated.REASON


def test_a_function_at_one_place_does_not_reach_another(access: Site) -> None:
    held = (Holding("quality", (str(HALL),)),)
    assert may.need(held, "hold-place", str(HALL)).function == "quality"
    assert may.need(held, "hold-place").function == "quality"
    with pytest.raises(NotPermittedError, match="does not reach"):
        may.need(held, "hold-place", str(OFFICE))


def test_an_act_elsewhere_than_at_ones_place_is_refused_and_begins_nothing(access: Site) -> None:
    access.browser("meret")
    bindings.grant(account("meret"), Wanted("ot", (str(OFFICE),), reason="One office."), ())
    bindings.end(None, Binding.objects.get(function="quality").number, "Everywhere was too much.")
    entries = access.desk.entries
    facts = [show.entry(access.desk, index) for index in range(entries.size())]
    (hall,) = [one for one in facts if getattr(one.fact, "place", None) == HALL][:1]
    address = f"/register/{hall.entry.index}/sign-off/"
    answer = posts(access, "meret", address, verb="accept")
    assert answer.status_code == 403
    assert "does not reach" in text(answer)
    assert "/people/may/?act=sign-off" in text(answer)
    assert not Draft.objects.exists()
    (office,) = [one for one in facts if getattr(one.fact, "place", None) == OFFICE][:1]
    there = f"/register/{office.entry.index}/sign-off/"
    assert posts(access, "meret", there, verb="accept").status_code == 302


def test_a_function_ends_by_its_date_and_begins_at_its_own(access: Site) -> None:
    at = access.now()
    gives(access, "otto", "ines", function="quality", begins="2026-12-01", ends="2026-12-24")
    now = account("ines")
    assert "quality" not in functions.names(now, at)
    assert "quality" in functions.names(now, at + timedelta(days=20))
    assert "quality" not in functions.names(now, at + timedelta(days=40))


def test_an_ended_function_is_over_at_once(access: Site) -> None:
    made = gives(access, "otto", "ines", function="quality")
    access.later(minutes=1)
    address = f"/people/{number('ines')}/functions/{made.number}/end/"
    assert "No reason is given" in text(posts(access, "otto", address, reason=" "))
    assert posts(access, "otto", address, reason="The season is over.").status_code == 302
    assert "quality" not in functions.names(account("ines"), access.now())
    again = posts(access, "otto", address, reason="Once more.")
    assert (again.status_code, "No appointment" in text(again)) == (404, True)
    story = text(access.browser("otto").get(f"/people/{number('ines')}/"))
    assert "ended by entry" in story


def test_a_deputy_stands_in_until_a_day_and_for_somebody_who_holds_it(access: Site) -> None:
    access.browser("vera")
    runa = "urn:voltrail:person:p-runa"
    access.browser("runa")
    given = {"function": "security", "deputy_for": runa, "reason": "Her leave."}
    address = f"/people/{number('ines')}/functions/" if access.browser("ines") else ""
    assert "A deputy has no end" in text(posts(access, "otto", address, **given))
    answer = posts(access, "otto", address, **given, ends="2026-12-24")
    assert answer.status_code == 302
    held = functions.held(account("ines"), access.now())
    assert [one.deputy_for for one in held if one.function == "security"] == [runa]
    of_nobody = {**given, "function": "ot"}
    assert "Nobody stands in" in text(posts(access, "otto", address, **of_nobody))
    page = text(access.browser("ines").get("/me/"))
    assert "as deputy of" in page


def test_a_person_names_their_own_deputy_and_ends_it(access: Site) -> None:
    access.browser("ansel")
    ends = (access.now() + timedelta(days=10)).date().isoformat()
    given = {"function": "quality", "reason": "Leave.", "ends": ends}
    given["deputy"] = number("ansel")
    assert posts(access, "meret", "/me/deputies/", **given).status_code == 302
    made = Binding.objects.get(function="quality", deputy_for=account("meret").person)
    assert made.decided_by == [account("meret").person]
    assert functions.names(account("ansel"), access.now()) == {"procurement", "quality"}
    access.later(minutes=1)
    assert posts(access, "ansel", f"/me/deputies/{made.number}/end/").status_code == 404
    assert posts(access, "meret", f"/me/deputies/{made.number}/end/").status_code == 302
    assert functions.names(account("ansel"), access.now()) == {"procurement"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"function": "security"}, "in your own right"),
        ({"ends": ""}, "A deputy has an end"),
        ({"ends": "2029-01-01"}, "within 92 days"),
        ({"deputy": "meret"}, "Nobody here has that number"),
        ({"deputy": "oneself"}, "nobody who can stand in"),
        ({"reason": " "}, "No reason is given"),
    ],
)
def test_a_deputy_gets_no_more_than_the_person_has(
    access: Site, changed: dict[str, str], sentence: str
) -> None:
    access.browser("ansel"), access.browser("meret")
    ends = (access.now() + timedelta(days=10)).date().isoformat()
    given = {"function": "quality", "reason": "Leave.", "ends": ends, "deputy": number("ansel")}
    told = {**given, **changed}
    if told["deputy"] == "oneself":
        told["deputy"] = number("meret")
    answer = posts(access, "meret", "/me/deputies/", **told)
    assert answer.status_code in {400, 403, 404}
    assert sentence in text(answer)
    assert not Binding.objects.filter(function="quality").exclude(deputy_for="").exists()


def test_a_deputy_ends_with_whom_they_stand_in_for(access: Site) -> None:
    access.browser("ansel")
    ends = (access.now() + timedelta(days=10)).date().isoformat()
    made = gives(access, "otto", "meret", function="ot")
    given = {"function": "ot", "reason": "Leave.", "ends": ends, "deputy": number("ansel")}
    assert posts(access, "meret", "/me/deputies/", **given).status_code == 302
    access.later(minutes=1)
    bindings.end(account("otto"), made.number, "She moved.")
    assert "ot" not in functions.names(account("ansel"), access.now())


def test_an_administrators_deputy_waits_for_a_second_one(access: Site) -> None:
    access.browser("olga"), access.browser("ansel")
    ends = (access.now() + timedelta(days=10)).date().isoformat()
    given = {
        "function": "administrator",
        "reason": "Leave.",
        "ends": ends,
        "deputy": number("ansel"),
    }
    assert posts(access, "otto", "/me/deputies/", **given).status_code == 302
    assert "administrator" not in functions.names(account("ansel"), access.now())
    assert account("ansel").requests.get().content["deputy_for"] == account("otto").person


def test_what_a_deputy_begins_says_so(access: Site) -> None:
    access.browser("ines")
    wanted = Wanted("quality", valid_until=access.now() + timedelta(days=3), reason="Leave.")
    access.browser("meret")
    meret = account("meret").person
    bindings.grant(account("ines"), Wanted("auditor", reason="As before."), ())
    bindings.grant(
        account("ines"),
        Wanted("quality", valid_until=wanted.valid_until, deputy_for=meret, reason="Leave."),
        (),
    )
    draft = access.sign_off("ines")
    assert "As deputy of meret in quality." in draft.purpose


def test_nobody_gives_themselves_a_function_while_there_is_a_second(access: Site) -> None:
    access.browser("olga")
    size = access.desk.entries.size()
    address = f"/people/{number('otto')}/functions/"
    given = {"function": "quality", "reason": "I need it."}
    assert posts(access, "otto", address, **given).status_code == 302
    assert access.desk.entries.size() == size
    assert "quality" not in functions.names(account("otto"))
    waits = text(access.browser("olga").get("/people/requests/"))
    assert "Give the function quality" in waits
    own = posts(access, "otto", "/people/requests/1/", confirm="1")
    assert own.status_code in {403, 404}


def test_a_second_administrator_makes_it_so_and_both_are_named(access: Site) -> None:
    access.browser("olga")
    posts(
        access,
        "otto",
        f"/people/{number('otto')}/functions/",
        function="quality",
        reason="I need it.",
    )
    request = account("otto").requests.get()
    assert posts(access, "otto", f"/people/requests/{request.pk}/", confirm="1").status_code == 403
    done = posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1")
    assert done.status_code == 302
    made = Binding.objects.get(function="quality", person=account("otto").person)
    assert made.decided_by == ["urn:voltrail:person:p-otto", "urn:voltrail:person:p-olga"]
    again = posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1")
    assert again.status_code == 404


def test_the_only_administrator_decides_alone_and_the_statement_says_so(access: Site) -> None:
    made = gives(access, "otto", "otto", function="quality")
    assert "only administrator" in made.reason
    assert "only administrator" in show.entry(access.desk, made.entry).fact.reason


def test_an_administrator_is_made_by_two(access: Site) -> None:
    access.browser("olga"), access.browser("ines")
    given = {"function": "administrator", "reason": "She takes over."}
    address = f"/people/{number('ines')}/functions/"
    assert posts(access, "otto", address, **given).status_code == 302
    assert "administrator" not in functions.names(account("ines"))
    request = account("ines").requests.get()
    assert posts(access, "olga", f"/people/requests/{request.pk}/", confirm="1").status_code == 302
    assert "administrator" in functions.names(account("ines"))


def test_the_last_administrator_stays(access: Site) -> None:
    made = gives(access, "otto", "otto", function="quality")
    row = Binding.objects.get(function="administrator", person=made.person)
    address = f"/people/{number('otto')}/functions/{row.number}/end/"
    answer = posts(access, "otto", address, reason="Tired.")
    assert (answer.status_code, "The last administrator stays" in text(answer)) == (403, True)


def test_rows_fold_again_from_the_register_to_the_same(access: Site) -> None:
    made = gives(access, "otto", "ines", function="quality", place=[str(HALL)])
    access.later(minutes=1)
    bindings.end(account("otto"), made.number, "Over.")
    gives(access, "otto", "meret", function="ot", ends="2027-01-01")
    before = list(Binding.objects.order_by("entry").values())
    assert bindings.refold() == len(before)
    after = list(Binding.objects.order_by("entry").values())
    for old, new in zip(before, after, strict=True):
        assert {**old, "id": 0} == {**new, "id": 0}
    assert len(appointments(access.desk)) == len(before)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"function": "emperor"}, "There is no function"),
        ({"function": "quality", "place": ["urn:voltrail:party:x"]}, ""),
        ({"function": "quality", "ends": "2020-01-01"}, "before it begins, or has ended"),
        ({"function": "quality", "ends": "never"}, "is no time"),
        ({"function": "quality", "reason": ""}, "No reason"),
        ({}, "No function is chosen"),
    ],
)
def test_a_function_without_sense_is_refused_and_leaves_nothing(
    access: Site, given: dict[str, object], sentence: str
) -> None:
    access.browser("ines")
    size = access.desk.entries.size()
    told = {"reason": REASON, **given}
    answer = posts(access, "otto", f"/people/{number('ines')}/functions/", **told)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert access.desk.entries.size() == size
    assert functions.names(account("ines")) == {"auditor"}


def test_who_holds_nothing_sees_their_own_page_only(access: Site) -> None:
    made = gives(access, "otto", "ines", function="quality")
    access.later(minutes=1)
    bindings.end(None, made.number, "Over.")
    bindings.end(None, Binding.objects.get(function="auditor").number, "Over.")
    browser = access.browser("ines")
    assert browser.get("/me/").status_code == 200
    refused = browser.get("/arrivals/")
    assert (refused.status_code, "hold no function now" in text(refused)) == (403, True)
    assert browser.get("/api/v1/arrivals").status_code == 401


def test_the_kernel_ends_only_what_stands(access: Site) -> None:
    with pytest.raises(UnknownSubjectError):
        bindings.end(None, "AP-none", "Why not.")
    access.browser("ines")
    with pytest.raises(MalformedError, match="own deputy"):
        bindings.grant(
            account("ines"),
            Wanted(
                "auditor",
                valid_until=access.now() + timedelta(days=1),
                deputy_for=account("ines").person,
                reason="Me for me.",
            ),
            (),
        )


def test_every_permission_explains_itself(access: Site) -> None:
    made = gives(access, "otto", "ines", function="quality", place=[str(HALL)])
    browser = access.browser("ines")
    yes = text(browser.get("/people/may/", {"act": "hold-place", "place": str(HALL)}))
    assert "ines may do this: place a hold." in yes
    assert f"/register/{made.entry}/" in yes
    no = text(browser.get("/people/may/", {"act": "hold-place", "place": str(OFFICE)}))
    assert "may not do this" in no
    assert "does not reach that place" in no
    admin = text(browser.get("/people/may/", {"act": "person-invite"}))
    assert "It takes one of these functions: administrator." in admin
    assert "otto" in admin
    assert browser.get("/people/may/", {"act": "nothing"}).status_code == 404
    assert browser.get("/people/may/", {"act": "hold-place", "person": "x"}).status_code == 404
    other = text(browser.get("/people/may/", {"act": "hold-place", "person": "otto"}))
    assert "otto may do this" in other


def test_every_act_has_its_words_and_the_page_lists_them(access: Site) -> None:
    assert set(acts._WORDS) == set(may.MAY)
    page = text(access.browser("ines").get("/people/may/"))
    assert "What ines may do now" in page
    assert "Place an order" in page


def test_functions_cost_a_page_one_question(access: Site) -> None:
    browser = access.browser("ines")
    browser.get("/people/may/")
    with CaptureQueriesContext(connection) as found:
        browser.get("/people/may/")
    assert len([one for one in found if "people_binding" in one["sql"]]) == 1
    assert not [one for one in found if one["sql"].startswith("UPDATE")]


def test_a_refusal_leads_to_its_explanation(access: Site) -> None:
    answer = text(posts(access, "meret", f"/people/{number('otto')}/leave/"))
    assert "/people/may/?act=person-leave" in answer
