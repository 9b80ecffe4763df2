"""
Ed25519 and P-256 fall: from a day on anybody can sign with them in any name.

A register of some hundred statements spans that day: some firms sign in two schemes, some in a
classical one alone. A policy that was approved before switches the classical ones off. Whatever is
dual stays valid, whatever is proven older becomes historical, and nothing newer rests on a key that
anybody may have.
"""

import base64
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from msgspec import Struct, field
from msgspec.structs import replace

from voltrail.actions import judge
from voltrail.controls.policy import of_record
from voltrail.ids.subject import LotId, ProductId, SubjectId
from voltrail.projections import anchors as key_fold
from voltrail.projections.view import recorded
from voltrail.statements import statement as statements
from voltrail.statements.fields import Digest
from voltrail.statements.key import KeyEvent, KeyVerb
from voltrail.statements.lot import LotRecord
from voltrail.statements.policy import PolicyRecord
from voltrail.statements.statement import Header
from voltrail.trust import signer
from voltrail.trust.keys import CLASSICAL, Algorithm
from voltrail.trust.signer import LocalSigner
from voltrail.trust.standing import Standing
from voltrail_world.arrivals import Shipment, acts_of
from voltrail_world.cast import (
    ANSEL,
    BEGINS,
    KESTREL,
    NORDLICHT,
    OSTWALL,
    RUNA,
    SODALITH,
    TIDERACE,
    World,
)
from voltrail_world.story import FIRST_DAY, policy
from world_fixture import PlayedWorld, clean_shipment, fresh_world

DAY = timedelta(days=1)
FALL = (FIRST_DAY + 120 * DAY).replace(hour=0)
FALLEN = dict.fromkeys(map(str, CLASSICAL), FALL)
FIRMS = (KESTREL, TIDERACE, SODALITH, OSTWALL)  # Ed25519, P-256, ML-DSA-44, P-256
LOTS, SHIPMENTS = 240, 4
ENROLLED, APPROVED = FIRST_DAY - 45 * DAY, FIRST_DAY - 43 * DAY
RULES = tuple(
    replace(rule, limits={"classical_ends_yyyymmdd": int(f"{FALL:%Y%m%d}")})
    if rule.control == "KEY-04"
    else rule
    for rule in policy().rules
)
POLICY = PolicyRecord("Classical schemes end", APPROVED, RULES, (RUNA, ANSEL))


class Twice(World, frozen=True):
    """The same world, in which everybody signs with a second, post-quantum key as well."""

    second: dict[SubjectId, LocalSigner] = field(default_factory=dict)

    def say(
        self, fact: object, header: Header, *subjects: SubjectId, by: tuple[SubjectId, ...] = ()
    ) -> bytes:
        payload = statements.compose(fact, header, *subjects)
        who = by or (header.issuer,)
        both = [each[one] for one in who for each in (self.keys, self.second)]
        return signer.sealed(payload, *both).raw


class Fallen(Struct, frozen=True):
    """A register that lived through the fall: how each lot was signed, and the shipments."""

    seen: PlayedWorld
    twice: Twice
    ways: dict[int, str]
    goods: dict[str, tuple[Shipment, ...]]


@cache
def lived() -> Fallen:
    """Everything said before the fall and after it, in order of time."""
    seen = fresh_world()
    twice = Twice(seen.world.keys, seen.world.log, second=dict(_enrolled(seen)))
    raw = twice.say(POLICY, Header(RUNA, APPROVED), NORDLICHT, by=(RUNA, ANSEL))
    assert seen.hand_in(raw, APPROVED).fresh
    goods = {
        "classical before": _shipments(720, FALL - 40 * DAY),
        "twice before": _shipments(740, FALL - 40 * DAY),
        "classical after": _shipments(760, FALL + 60 * DAY),
        "twice after": _shipments(780, FALL + 60 * DAY),
    }
    said = list(_lots(seen, twice))
    for name, found in goods.items():
        world = twice if name.startswith("twice") else seen.world
        said += [(act.at, act.raw, "") for going in found for act in acts_of(world, going)]
    ways = {}
    for at, raw, way in sorted(said, key=lambda one: one[0]):
        placed = seen.hand_in(raw, at)
        if way:
            ways[placed.index] = way
    return Fallen(seen, twice, ways, goods)


def _enrolled(seen: PlayedWorld) -> Iterator[tuple[SubjectId, LocalSigner]]:
    """A key of ML-DSA for everybody, enrolled by the operator while its own key still stands."""
    for number, (who, own) in enumerate(seen.world.keys.items()):
        key, at = signer.generate(Algorithm.MLDSA44), ENROLLED + number * timedelta(minutes=1)
        (first,) = (
            one for one in seen.desk.anchors().of_issuer(who) if one.key.key_id == own.public.key_id
        )
        fact = KeyEvent(
            KeyVerb.ENROL,
            Digest(key.public.key_id),
            who,
            key.public.algorithm,
            base64.b64encode(key.public.spki).decode(),
            BEGINS,
            tuple(first.predicate_types or ()),
        )
        assert seen.hand_in(seen.world.say(fact, Header(NORDLICHT, at), who), at).fresh
        yield who, key


def _lots(seen: PlayedWorld, twice: Twice) -> Iterator[tuple[datetime, bytes, str]]:
    """Lots of four firms around the fall, the first and the last second of it among them."""
    draw = random.Random(1994)
    edge = [FALL - timedelta(seconds=1), FALL]
    for number in range(LOTS):
        at = (
            edge[number] if number < 2 else FALL + timedelta(seconds=draw.randint(-86, 86)) * 90_000
        )
        firm, way = FIRMS[number % 4], draw.choice(("alone", "twice"))
        lot = LotId.of(firm.key, f"F{number}")
        fact = LotRecord(lot, ProductId.of(firm.key, "X1"))
        world = twice if way == "twice" and number > 1 else seen.world
        stands = world is twice or firm == SODALITH
        yield at, world.say(fact, Header(firm, at), lot), "stands" if stands else "fell"


def _shipments(first: int, day: datetime) -> tuple[Shipment, ...]:
    named = Digest(of_record(POLICY).digest)
    return tuple(
        replace(clean_shipment(str(first + at)), day=day + at * timedelta(hours=7), policy=named)
        for at in range(SHIPMENTS)
    )


def later(found: Fallen) -> datetime:
    """A minute after whatever is on record, and long after the fall."""
    return (found.seen.desk.entries.last_time() or FALL) + timedelta(minutes=1)


def test_every_dual_statement_stays_valid_and_every_older_one_becomes_historical() -> None:
    found, seen = lived(), Counter()
    anchors = found.seen.desk.anchors()
    entries = found.seen.desk.entries
    for index, way in found.ways.items():
        one = recorded(next(iter(entries.at([index]))))
        before = key_fold.worth_of(anchors, one).standing
        after = key_fold.worth_of(anchors, one, fallen=FALLEN).standing
        old = one.entry.log_time < FALL
        wanted = Standing.HISTORICAL if old else Standing.INVALID
        assert before is Standing.VALID
        assert after is (Standing.VALID if way == "stands" else wanted), (index, way, old)
        seen[way, old] += 1
    assert min(seen.values()) > 20
    assert len(seen) == 4
    assert entries.size() > 400


def test_what_an_arrival_rests_on_is_judged_by_the_day_its_policy_names() -> None:
    found = lived()
    for name, goods in found.goods.items():
        for going in goods:
            decision = found.seen.decision(going.arrival).fact
            (said,) = (one for one in decision.findings if one.control == "KEY-04")
            fell = name == "classical after"
            assert said.outcome == ("violated" if fell else "holds"), (name, said.sentence)
            assert decision.policy == of_record(POLICY).digest
            assert not fell or decision.disposition != "release"


def test_goods_of_before_the_fall_are_judged_again_after_it_and_stand() -> None:
    found, desk = lived(), lived().seen.desk
    goods = [*found.goods["classical before"], *found.goods["twice before"]]
    with desk.entries.transaction():
        again = judge.judge(desk, [going.arrival for going in goods], later(found))
    assert len(again) == len(goods)
    for decision in again:
        (said,) = (one for one in decision.findings if one.control == "KEY-04")
        assert (said.outcome, "or older" in said.sentence) == ("holds", True)


def test_the_half_that_fell_is_no_way_around_the_half_that_stands() -> None:
    """Who can forge a classical signature strips the other one: what is left proves nothing."""
    found = lived()
    lot, at = LotId.of(KESTREL.key, "F-forged"), later(found)
    raw = found.seen.world.say(
        LotRecord(lot, ProductId.of("kestrel", "X1")), Header(KESTREL, at), lot
    )
    placed = found.seen.hand_in(raw, at)
    one = recorded(next(iter(found.seen.desk.entries.at([placed.index]))))
    anchors = found.seen.desk.anchors()
    assert key_fold.worth_of(anchors, one, fallen=FALLEN).standing is Standing.INVALID
