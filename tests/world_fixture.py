"""The invented world in memory: played once for whoever only reads, or fresh for an attack."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from voltrail.actions import appointment
from voltrail.actions.desk import Desk
from voltrail.actions.record import Registered, hand_in
from voltrail.ids.subject import ArrivalId, PersonId, SubjectId
from voltrail.projections.fold import view
from voltrail.projections.view import Recorded
from voltrail.statements import envelope as envelopes
from voltrail.statements.appointment import Appointment, AppointmentVerb, Function
from voltrail.statements.decision import DecisionRecord
from voltrail.statements.envelope import Signature
from voltrail.statements.statement import Header
from voltrail_world.arrivals import Shipment, acts_of
from voltrail_world.cast import World, born
from voltrail_world.play import Played, desk_of, play
from voltrail_world.story import FIRST_DAY, courses, groundwork, script, stories

NOW = FIRST_DAY + timedelta(days=21)  # after everything the story holds


class PlayedWorld(Struct, frozen=True):
    """A world, its desk, and what came of every act."""

    world: World
    desk: Desk
    played: tuple[Played, ...] = ()

    def say(
        self,
        fact: object,
        issuer: SubjectId,
        *subjects: SubjectId,
        by: tuple[SubjectId, ...] = (),
    ) -> bytes:
        """A fact's envelope, signed by its issuer or by `by`, claimed a minute before now."""
        header = Header(issuer, NOW - timedelta(minutes=1))
        return self.world.say(fact, header, *subjects, by=by)

    def hand_in(self, raw: bytes, at: datetime = NOW) -> Registered:
        """Hand in some bytes at a log time."""
        return hand_in(self.desk, raw, at)

    def since(self, size: int) -> list[str]:
        """Short kinds of the entries from an index on."""
        found = self.desk.entries.entries(size, self.desk.entries.size())
        return [short(entry.parsed.predicate_type) for entry in found]

    def decision(self, arrival: ArrivalId) -> Recorded[DecisionRecord]:
        """The newest decision on an arrival."""
        found = view(self.desk.entries, self.desk.views, arrival).every(DecisionRecord)
        assert found, f"{arrival} was never judged"
        return max(found, key=lambda one: one.entry.index)

    def deliver(self, shipment: Shipment) -> Recorded[DecisionRecord]:
        """Play one shipment and return what was decided about it."""
        play(self.desk, sorted(acts_of(self.world, shipment), key=lambda act: act.at))
        return self.decision(shipment.arrival)


@cache
def played_world() -> PlayedWorld:
    """The whole story, played once, and somebody in each function; for tests that only read."""
    world = born()
    desk = desk_of(world)
    played = play(desk, script(world))
    appoint_all(desk)
    return PlayedWorld(world, desk, played)


def appoint_all(desk: Desk) -> None:
    """Put somebody into each function."""
    for function in Function:
        appoint(desk, function, person_in(function), NOW)


def appoint(desk: Desk, function: str, person: PersonId, at: datetime) -> None:
    """Give somebody a function, everywhere and for good."""
    number, verb = f"AP-{function}-{person.key}", AppointmentVerb.APPOINT
    wanted = Appointment(number, verb, person, Function(function), at, (), "Is here.")
    appointment.appoint(desk, wanted, at)


def person_in(function: str) -> PersonId:
    """Somebody who holds one function and is nobody of the story."""
    return PersonId.of(f"p-in-{function}")


def fresh_world() -> PlayedWorld:
    """A world of a test's own, with the groundwork laid and no arrival yet."""
    world = born()
    desk = desk_of(world)
    return PlayedWorld(world, desk, play(desk, groundwork(world)))


def trained_world() -> PlayedWorld:
    """The same, and its three people have passed the courses that their signatures need."""
    seen = fresh_world()
    play(seen.desk, courses(seen.world))
    return seen


def signed(seen: PlayedWorld, payload: bytes, *persons: PersonId) -> bytes:
    """The envelope of a draft's bytes, with the signature of each of some persons."""
    pae = envelopes.pae(envelopes.PAYLOAD_TYPE, payload)
    keys = sorted((seen.world.keys[one] for one in persons), key=lambda one: one.public.key_id)
    made = tuple(Signature(one.public.key_id, one.sign(pae)) for one in keys)
    return envelopes.build(payload, made).raw


def clean_shipment(number: str = "701") -> Shipment:
    """A tier 2 shipment about which nobody lies, on its way to a fresh world."""
    return replace(stories()[1].shipment, number=number)


def strict_shipment(number: str = "702") -> Shipment:
    """A tier 1 shipment about which nobody lies, on its way to a fresh world."""
    return replace(stories()[0].shipment, number=number)


def short(kind: str) -> str:
    """The short name of a predicate type."""
    return kind.rpartition(":v")[0].rpartition(":")[2]


def leading(decision: DecisionRecord) -> Iterator[str]:
    """Controls whose finding weighs as much as the gravest, in order."""
    gravest = decision.findings[0].consequence
    return (one.control for one in decision.findings if one.consequence == gravest)
