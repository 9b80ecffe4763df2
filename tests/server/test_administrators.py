"""Who counts as a second administrator, who is alone, and what ends with the function."""

import pytest

pytest.importorskip("django")

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from server.access_site import access, account, number, posts, site
from server.authenticator import Authenticator
from server.signing_site import Site, text
from server.test_invitations import invited
from voltrail.errors import NotPermittedError, ProductError
from voltrail_server.people import administrators, apart, bindings, functions, may
from voltrail_server.people.bindings import Wanted
from voltrail_server.people.functions import Holding
from voltrail_server.people.models import Account, Binding, Invitation, Request
from voltrail_world.cast import HALL

__all__ = ["access", "site"]

OWN = {"function": "quality", "reason": "I need it."}


def cannot_log_in(name: str) -> None:
    found = account(name)
    found.set_unusable_password()
    found.save()


def stated(name: str) -> Binding:
    """The appointment of an administrator."""
    return Binding.objects.get(person=account(name).person, function="administrator")


def test_who_cannot_log_in_is_no_second_and_makes_nobody_alone(access: Site) -> None:
    access.browser("olga")
    cannot_log_in("olga")
    assert administrators.able(access.now()) == (account("otto"),)
    answer = posts(access, "otto", f"/people/{number('otto')}/functions/", **OWN)
    assert (answer.status_code, "cannot log in now" in text(answer)) == (403, True)
    assert functions.names(account("otto")) == {"administrator"}


def test_the_last_administrator_who_can_log_in_stays(access: Site) -> None:
    access.browser("olga")
    row = stated("otto")
    cannot_log_in("olga")
    with pytest.raises(NotPermittedError, match="last administrator stays"):
        bindings.end(None, row.number, "Tired.")


def test_who_closed_the_other_decides_alone_two_weeks_later(access: Site) -> None:
    access.browser("olga")
    posts(access, "otto", f"/people/{number('olga')}/leave/", reason="She moved.")
    page = f"/people/{number('otto')}/functions/"
    answer = posts(access, "otto", page, **OWN)
    assert (answer.status_code, "less than 14 days ago" in text(answer)) == (403, True)
    access.later(days=15)
    Account.objects.filter(username="otto").update(joined_at=access.now())
    assert posts(access, "otto", page, **OWN).status_code == 302
    assert functions.names(account("otto")) == {"administrator", "quality"}


def test_an_administrator_of_one_place_is_no_second_one(access: Site) -> None:
    access.browser("meret")
    place = Wanted("administrator", (str(HALL),), reason="One hall.")
    bindings.grant(account("meret"), place, ())
    assert administrators.able(access.now()) == (account("otto"),)
    answer = posts(access, "meret", f"/people/{number('otto')}/sessions/end/")
    assert (answer.status_code, "does not reach every place" in text(answer)) == (403, True)


def test_links_and_requests_end_with_the_function(access: Site) -> None:
    access.browser("olga"), access.browser("meret")
    row = stated("otto")
    invited(access)
    access.later(minutes=1)
    page = f"/people/{number('meret')}/functions/"
    posts(access, "otto", page, function="administrator", reason="She takes over.")
    bindings.end(account("olga"), row.number, "He does something else now.")
    assert not Invitation.objects.filter(revoked_at=None).exists()
    assert not Request.objects.filter(settled_at=None).exists()
    assert posts(access, "olga", f"/people/{number('nora')}/link/").status_code == 200


def test_a_request_of_who_is_an_administrator_no_more_is_not_confirmed(access: Site) -> None:
    access.browser("olga"), access.browser("meret")
    page = f"/people/{number('meret')}/functions/"
    first, until = stated("otto"), access.now() + timedelta(days=2)
    bindings.grant(account("otto"), Wanted("administrator", (), None, until, reason="Short."), ())
    bindings.end(None, first.number, "For two days more.")
    posts(access, "otto", page, function="administrator", reason="She takes over.")
    access.later(days=2)
    asked = Request.objects.get()
    answer = posts(access, "olga", f"/people/requests/{asked.pk}/", confirm="1")
    assert (answer.status_code, "administrator no more" in text(answer)) == (403, True)
    assert posts(access, "olga", f"/people/requests/{asked.pk}/").status_code == 302


def test_who_invited_somebody_is_told_who_confirms_their_key(access: Site) -> None:
    access.browser("vera")
    invited(access)
    with pytest.raises(NotPermittedError) as refused:
        apart.need(account("otto"), account("nora"), "key-confirm")
    assert refused.value.hint == "Ask vera."
    apart.need(account("vera"), account("nora"), "key-confirm")
    cannot_log_in("vera")
    apart.need(account("otto"), account("nora"), "key-confirm")


def test_where_everybody_let_a_person_in_those_who_did_least_may(access: Site) -> None:
    access.browser("olga")
    invited(access)
    given = {"function": "facilities", "reason": "She helps there too."}
    posts(access, "olga", f"/people/{number('nora')}/functions/", **given)
    with pytest.raises(NotPermittedError):
        apart.need(account("otto"), account("nora"), "training-record")
    apart.need(account("olga"), account("nora"), "training-record")


def test_what_reaches_everywhere_takes_a_function_that_holds_everywhere() -> None:
    here = (Holding("administrator", (str(HALL),)), Holding("quality", (str(HALL),)))
    placed = [act for act, row in may.MAY.items() if row.where is not may.ANYWHERE]
    for act in placed:
        assert not may.allowing(here, act), act
        assert bool(may.somewhere(here, act)) == (may.of(act).where is may.PLACE), act
    assert may.allowing(here, "place-classify", str(HALL))
    assert {"person-invite", "import-upload", "waiver-ask"} <= set(placed)


def test_two_administrators_who_end_each_other_at_once_leave_one(access: Site) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time: nothing to race")
    access.browser("olga")
    rows = {"otto": stated("olga"), "olga": stated("otto")}
    access.later(minutes=1)

    def ends(by: str) -> bool:
        try:
            bindings.end(account(by), rows[by].number, "The other one goes.")
        except ProductError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(ends, rows))
    assert sorted(done) == [False, True]
    assert len(administrators.able(access.now())) == 1


def test_a_waiting_passkey_is_a_way_in_and_an_ended_one_is_none(access: Site) -> None:
    assert access.adds("meret", Authenticator()).status_code == 302
    cannot_log_in("meret")
    assert administrators.can_log_in(account("meret"))
    account("meret").passkeys.all().delete()
    assert not administrators.can_log_in(account("meret"))
