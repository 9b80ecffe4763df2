"""The keys of firms: two people enrol them, one restricts and ends them, a theft is seen before."""

from datetime import timedelta

import pytest

from voltrail.actions import doubt, firm_keys, worth
from voltrail.actions.firm_keys import Bound, Ending
from voltrail.actions.keys import Material
from voltrail.errors import (
    IssuerNotTrustedError,
    LapsedError,
    MalformedError,
    NotPermittedError,
    UnknownSubjectError,
)
from voltrail.ids.subject import LotId, PartyId, PersonId
from voltrail.statements import statement
from voltrail.statements.lot import LotRecord
from voltrail.statements.signal import Signal, SignalKind
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail_world.cast import KESTREL, PACK
from world_fixture import NOW, PlayedWorld, clean_shipment, fresh_world

LATER = NOW + timedelta(days=1)
TWO = (PersonId.of("p-runa"), PersonId.of("p-otto"))
NEWCOMER = PartyId.of("weircells")
LOT = LotId.of("kestrel", "L26-900")


def material(made: signer.LocalSigner) -> Material:
    return Material(str(made.public.algorithm), made.public.spki)


def enrolled(seen: PlayedWorld, bound: Bound = Bound()) -> signer.LocalSigner:  # noqa: B008 — frozen
    made = signer.generate()
    firm_keys.enrol_firm_key(seen.desk, NEWCOMER, material(made), bound, TWO, LATER)
    return made


def says(seen: PlayedWorld, made: signer.LocalSigner, days: int = 2, number: str = "1") -> bool:
    at = NOW + timedelta(days=days)
    lot = LotId.of("weircells", number)
    payload = statement.compose(LotRecord(lot, PACK), Header(NEWCOMER, at), lot)
    return seen.hand_in(signer.sealed(payload, made).raw, at).fresh


def test_a_key_that_two_people_enrolled_states_what_it_is_bound_to() -> None:
    seen = fresh_world()
    made = enrolled(seen, Bound(kinds=("lot",)))
    assert says(seen, made)
    (found,) = firm_keys.firm_keys(seen.desk, NEWCOMER, LATER)
    assert (found.state, found.bound.kinds) == ("active", ("lot",))
    at = NOW + timedelta(days=2)
    signal = Signal(SignalKind.PACKAGING, "Wet.")
    raw = signer.sealed(statement.compose(signal, Header(NEWCOMER, at), LOT), made).raw
    with pytest.raises(IssuerNotTrustedError):
        seen.hand_in(raw, at)


def test_nobody_enrols_a_firm_s_key_alone_and_no_key_twice() -> None:
    seen, made = fresh_world(), signer.generate()
    with pytest.raises(NotPermittedError):
        firm_keys.enrol_firm_key(
            seen.desk, NEWCOMER, material(made), Bound(), (TWO[0], TWO[0]), LATER
        )
    known = enrolled(seen)
    with pytest.raises(NotPermittedError):
        firm_keys.enrol_firm_key(seen.desk, KESTREL, material(known), Bound(), TWO, LATER)


@pytest.mark.parametrize(
    ("changed", "bound"),
    [
        ({"algorithm": "rot13"}, Bound()),
        ({"spki": b"no key"}, Bound()),
        ({"relying_party": "a.example"}, Bound()),
        ({}, Bound(kinds=("decision",))),
        ({}, Bound(kinds=("acceptance",))),
        ({}, Bound(kinds=("nonsense",))),
    ],
)
def test_what_is_no_key_or_states_no_firm_s_kind_is_refused(
    changed: dict[str, object], bound: Bound
) -> None:
    made = material(signer.generate())
    given = Material(**{"algorithm": made.algorithm, "spki": made.spki, **changed})  # type: ignore[arg-type]
    with pytest.raises(MalformedError):
        firm_keys.check_key(fresh_world().desk, given, bound)


def test_a_restricted_key_states_less_from_then_on() -> None:
    seen = fresh_world()
    made = enrolled(seen)
    assert says(seen, made, number="1")
    key, when = made.public.key_id, NOW + timedelta(days=3)
    firm_keys.restrict_firm_key(
        seen.desk, key, Bound(kinds=("custody",)), TWO[0], "They only carry.", when
    )
    with pytest.raises((IssuerNotTrustedError, LapsedError)):
        says(seen, made, days=4, number="2")
    with pytest.raises(MalformedError):
        firm_keys.restrict_firm_key(seen.desk, key, Bound(), TWO[0], "Nothing.", when)
    with pytest.raises(MalformedError):
        firm_keys.restrict_firm_key(seen.desk, key, Bound(kinds=("lot",)), TWO[0], " ", when)
    with pytest.raises(MalformedError):
        firm_keys.restrict_firm_key(seen.desk, key, Bound(kinds=("decision",)), TWO[0], "No.", when)


def test_a_replaced_key_goes_on_for_a_while_beside_the_new_one() -> None:
    seen = fresh_world()
    old = enrolled(seen)
    ending = Ending("supersede", until=NOW + timedelta(days=5))
    when = NOW + timedelta(days=2)
    firm_keys.end_firm_key(seen.desk, old.public.key_id, ending, TWO[0], "Rotated.", when)
    assert says(seen, old, days=4)
    with pytest.raises(LapsedError):
        says(seen, old, days=5, number="2")


@pytest.mark.parametrize(
    ("key", "ending", "error"),
    [
        ("0" * 64, Ending("cease"), UnknownSubjectError),
        ("", Ending("cease"), UnknownSubjectError),
        ("own", Ending("vanish"), MalformedError),
        ("own", Ending("compromise", since=LATER + timedelta(days=9)), MalformedError),
        ("pinned", Ending("compromise"), NotPermittedError),
    ],
)
def test_an_ending_without_sense_is_refused(
    key: str, ending: Ending, error: type[Exception]
) -> None:
    seen = fresh_world()
    own = enrolled(seen).public.key_id
    pinned = seen.desk.pinned.anchors[0].key.key_id
    which = {"own": own, "pinned": pinned}.get(key, key)
    with pytest.raises(error):
        firm_keys.end_firm_key(seen.desk, which, ending, TWO[0], "Why not.", LATER)


def test_what_a_theft_puts_in_doubt_is_seen_before_and_comes_to_pass() -> None:
    seen = fresh_world()
    seen.deliver(clean_shipment())
    (row,) = seen.desk.views.rows()
    (key,) = (one.key for one in firm_keys.firm_keys(seen.desk, KESTREL, NOW))
    at, size = NOW + timedelta(days=30), seen.desk.entries.size()
    ending = Ending("compromise")
    told = doubt.doubt(seen.desk, key, ending, at)
    assert {one.standing for one in told.statements} == {"suspect"}
    assert row.disposition == "release"
    assert [(one.arrival, one.after) for one in told.changes] == [(row.arrival, "quarantine")]
    assert seen.desk.entries.size() == size
    firm_keys.end_firm_key(seen.desk, key, ending, TWO[0], "Their laptop is gone.", at)
    (after,) = seen.desk.views.rows()
    assert (after.disposition, after.sentence) == ("quarantine", told.changes[0].sentence)


def test_a_theft_after_everything_puts_nothing_in_doubt() -> None:
    seen = fresh_world()
    seen.deliver(clean_shipment())
    (key,) = (one.key for one in firm_keys.firm_keys(seen.desk, KESTREL, NOW))
    at = NOW + timedelta(days=30)
    told = doubt.doubt(seen.desk, key, Ending("compromise", since=at), at)
    assert (told.statements, told.beyond) == ((), 0)


def test_a_verdict_can_be_asked_as_known_at_a_past_date() -> None:
    seen = fresh_world()
    made = enrolled(seen)
    assert says(seen, made, days=2)
    index, stolen = seen.desk.entries.size() - 1, NOW + timedelta(days=10)
    index = next(
        one.index
        for one in seen.desk.entries.entries(0, seen.desk.entries.size())
        if one.parsed.issuer == NEWCOMER
    )
    before = NOW + timedelta(days=9)
    ending = Ending("compromise", since=NOW + timedelta(days=1))
    firm_keys.end_firm_key(seen.desk, made.public.key_id, ending, TWO[0], "Stolen.", stolen)
    assert worth.worth_of(seen.desk, index, before).standing == "valid"
    now = worth.worth_of(seen.desk, index, stolen)
    assert (now.standing, now.size) == ("invalid", seen.desk.entries.size())
    with pytest.raises(UnknownSubjectError):
        worth.worth_of(seen.desk, index, NOW - timedelta(days=999))
